"""Reads what the figures are made of: each table once, however many cases there are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.core.decisions import DecisionKind
from domain.core.model import CaseId, PersonId
from domain.core.naming import Programme
from domain.core.questions import TaskKind
from domain.core.skills import TrainingKind
from domain.core.tasks import TaskState
from domain.learning.enrolment import EnrolmentState
from domain.placement.stages import Outcome
from records.reporting.cases import Entered, Facts, Issued, Level, Path, Placement, PulseScore, Scores, Sums
from records.tables.certification import CredentialRecord
from records.tables.core import CaseRecord, DecisionRecord, PersonRecord, ProtectedRecord, StageRecord, TaskRecord
from records.tables.learning import LearningHoursRecord, LearningRecord, LevelRecord, TrainingRecord
from records.tables.placement import PayRecord, PulseRecord


class Reader:
    """Reads from the records what belongs to the cases of a cohort, or of all."""

    def __init__(self, session: Session, cohort: str | None) -> None:
        self.session = session
        self._cohort = cohort

    def rows(
        self, query: Select[*tuple[Any, ...]], case: InstrumentedAttribute[str], *conditions: ColumnElement[bool]
    ) -> Iterable[Any]:
        """The rows of a query on a table in which the column ``case`` names the case."""
        query = query.where(*conditions)
        if self._cohort is not None:
            query = query.where(case.in_(select(CaseRecord.case_id).where(CaseRecord.cohort == self._cohort)))
        return self.session.execute(query)


def read(session: Session, cohort: str | None = None) -> Facts:
    """Read what there is of the cases of a cohort, or of all cases."""
    reader = Reader(session, cohort)
    placements, paths, cohorts = _cases(reader)
    _add_stages(reader, {**placements, **paths})
    _add_decisions(reader, placements, paths)
    _add_follow_ups(reader, placements)
    _add_stipends(reader, placements)
    _add_trainings(reader, paths)
    _add_levels(reader, paths)
    _add_hours(reader, paths)
    return Facts(
        placements=list(placements.values()),
        paths=list(paths.values()),
        issued=_issued(reader, cohorts),
        scores=_scores(reader),
        protected=_protected(session, {placement.person for placement in placements.values()}),
        pulses=_pulses(reader),
        names=_names(session, [placement for placement in placements.values() if placement.withdrawn_because]),
    )


def _cases(reader: Reader) -> tuple[dict[CaseId, Placement], dict[CaseId, Path], dict[CaseId, str | None]]:
    """Placements, paths, and of all cases the cohort."""
    placements: dict[CaseId, Placement] = {}
    paths: dict[CaseId, Path] = {}
    cohorts: dict[CaseId, str | None] = {}
    columns = select(
        CaseRecord.case_id,
        CaseRecord.person,
        CaseRecord.cohort,
        CaseRecord.stage,
        CaseRecord.outcome,
        CaseRecord.programme,
        CaseRecord.time_zone,
    ).order_by(CaseRecord.case_id)
    for case, person, cohort, stage, outcome, programme, zone in reader.rows(columns, CaseRecord.case_id):
        cohorts[case] = cohort
        if programme == Programme.RETURNSHIP:
            placements[case] = Placement(case, person, cohort, stage, outcome)
        elif programme == Programme.UPSKILLING:
            paths[case] = Path(case, person, cohort, stage, outcome, time_zone=zone)
    return placements, paths, cohorts


def _add_stages(reader: Reader, cases: dict[CaseId, Any]) -> None:
    entered = select(StageRecord.case_id, StageRecord.stage, StageRecord.at, StageRecord.arrived)
    for case, *entry in reader.rows(entered.order_by(StageRecord.case_id, StageRecord.n), StageRecord.case_id):
        if case in cases:
            cases[case].entered.append(Entered(*entry))


def _add_decisions(reader: Reader, placements: dict[CaseId, Placement], paths: dict[CaseId, Path]) -> None:
    """Who left early, who withdrew and why, and which path is inside which placement: a placement puts it on record
    when it has begun its path, while the names of the two cases may be anybody's choice."""
    relevant = select(
        DecisionRecord.case_id, DecisionRecord.what, DecisionRecord.reason, DecisionRecord.evidence["case"].as_string()
    ).where(
        or_(
            DecisionRecord.what.in_((DecisionKind.LEFT_EARLY.value, DecisionKind.LEARNING.value)),
            and_(DecisionRecord.what == DecisionKind.OUTCOME.value, DecisionRecord.decided == Outcome.WITHDRAWN.value),
        )
    )
    for case, kind, reason, path in reader.rows(relevant, DecisionRecord.case_id):
        placement = placements.get(case)
        if placement is None:
            continue
        if kind == DecisionKind.LEFT_EARLY.value:
            placement.left_early = True
        elif kind == DecisionKind.OUTCOME.value:
            placement.withdrawn_because = reason or ""
        elif path in paths:
            placement.path = paths[path]
            paths[path].inside = True


def _add_follow_ups(reader: Reader, placements: Mapping[CaseId, Placement]) -> None:
    """What HR answered, and after how many days it was asked."""
    days_and_answer = TaskRecord.facts["days"].as_integer(), TaskRecord.answer["still_here"].as_boolean()
    answered = select(TaskRecord.case_id, *days_and_answer)
    for case, days, here in reader.rows(
        answered,
        TaskRecord.case_id,
        TaskRecord.kind == TaskKind.FOLLOW_UP.value,
        TaskRecord.state == TaskState.ANSWERED.value,
    ):
        if case in placements and days is not None and here is not None:
            placements[case].follow_ups[days] = here


def _add_stipends(reader: Reader, placements: Mapping[CaseId, Placement]) -> None:
    """All that payroll was told to pay. Summed up here, because SQLite would add amounts as floating numbers."""
    instructed = select(PayRecord.case_id, PayRecord.currency, PayRecord.amount)
    for case, currency, amount in reader.rows(instructed, PayRecord.case_id):
        if case in placements:
            _add(placements[case].paid, currency, amount)


def _add_trainings(reader: Reader, paths: Mapping[CaseId, Path]) -> None:
    """The cost of each training that was begun: from then on it is spent, whatever comes of it."""
    begun = select(LearningRecord.case_id, LearningRecord.cost_currency, LearningRecord.cost_amount)
    for case, currency, amount in reader.rows(begun, LearningRecord.case_id, _begun()):
        if case in paths and amount:
            _add(paths[case].trained, currency, amount)


def _add_hours(reader: Reader, paths: Mapping[CaseId, Path]) -> None:
    """Hours planned, of what was begun or may still come; and spent, of what counts. Summed up here, as amounts are."""
    begun_or_to_come = or_(LearningRecord.state != EnrolmentState.CALLED_OFF.value, _begun())
    planned = select(LearningRecord.case_id, LearningRecord.hours)
    for case, hours in reader.rows(planned, LearningRecord.case_id, begun_or_to_come):
        if case in paths:
            paths[case].planned_hours += hours
    spent = select(LearningHoursRecord.case_id, LearningHoursRecord.source, LearningHoursRecord.hours)
    for case, source, hours in reader.rows(spent, LearningHoursRecord.case_id, LearningHoursRecord.counts.is_(True)):
        if case in paths:
            _add(paths[case].spent_hours, source, hours)


def _begun() -> ColumnElement[bool]:
    """Whether a training was begun.

    Each try begins it at once, but in a workshop: there a try is at first the search for a seat. That a session took
    place is shown by a second try, a pass, or the trainer's being asked who attended.
    """
    attended = (
        select(TaskRecord.task)
        .join(TrainingRecord, TaskRecord.subject == "attendance: " + TrainingRecord.title)
        .where(
            TaskRecord.case_id == LearningRecord.case_id,
            TaskRecord.kind == TaskKind.ATTENDANCE.value,
            TrainingRecord.id == LearningRecord.training,
        )
    )
    return or_(
        LearningRecord.state == EnrolmentState.PASSED.value,
        and_(LearningRecord.kind != TrainingKind.WORKSHOP.value, LearningRecord.attempts >= 1),
        LearningRecord.attempts >= 2,
        attended.exists(),
    )


def _add(sums: Sums, key: str, amount: Decimal) -> None:
    sums[key] = sums.get(key, Decimal(0)) + amount


def _add_levels(reader: Reader, paths: Mapping[CaseId, Path]) -> None:
    """All levels of everybody with a path, the oldest first; which count, the figure says."""
    of_person: dict[PersonId, list[Path]] = defaultdict(list)
    for path in paths.values():
        of_person[path.person].append(path)
    found = select(
        LevelRecord.person, LevelRecord.skill, LevelRecord.source, LevelRecord.found_on, LevelRecord.level
    ).order_by(LevelRecord.found_on)
    for person, skill, source, on, level in reader.session.execute(found):
        for path in of_person.get(person, []):
            path.levels.append(Level(skill, source, on, level))


def _issued(reader: Reader, cohorts: dict[CaseId, str | None]) -> list[Issued]:
    columns = select(
        CredentialRecord.case_id, CredentialRecord.certificate, CredentialRecord.n, CredentialRecord.status
    )
    return [
        Issued(cohorts.get(case), certificate, n, status)
        for case, certificate, n, status in reader.rows(columns, CredentialRecord.case_id)
    ]


def _scores(reader: Reader) -> list[Scores]:
    """The reviews that were answered, added up by cohort, round and kind."""
    score = TaskRecord.answer["score"].as_integer()
    added = (
        select(
            CaseRecord.cohort,
            TaskRecord.subject,
            TaskRecord.kind,
            func.coalesce(func.sum(score), 0),
            func.count(score),
            func.count() - func.count(score),
        )
        .join(CaseRecord, CaseRecord.case_id == TaskRecord.case_id)
        .group_by(CaseRecord.cohort, TaskRecord.subject, TaskRecord.kind)
    )
    reviews = [kind.value for kind in (TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)]
    rows = reader.rows(
        added, TaskRecord.case_id, TaskRecord.kind.in_(reviews), TaskRecord.state == TaskState.ANSWERED.value
    )
    return [Scores(*row) for row in rows]


def _pulses(reader: Reader) -> list[PulseScore]:
    """The scores of all pulses, in the order in which they came."""
    answered = select(
        CaseRecord.cohort,
        PulseRecord.person,
        PulseRecord.party,
        PulseRecord.week,
        PulseRecord.questions,
        PulseRecord.scores,
    ).join(CaseRecord, CaseRecord.case_id == PulseRecord.case_id)
    return [
        PulseScore(cohort, person, party, week, key, questions[key], score)
        for cohort, person, party, week, questions, scores in reader.rows(
            answered.order_by(PulseRecord.arrived), PulseRecord.case_id
        )
        for key, score in scores.items()
    ]


def _names(session: Session, withdrawn: Sequence[Placement]) -> frozenset[str]:
    """The words of everybody's names, as they are written; of those who withdrew also in small letters."""
    if not withdrawn:
        return frozenset()
    leavers = {placement.person for placement in withdrawn}
    words: set[str] = set()
    for person, name in session.execute(select(PersonRecord.id, PersonRecord.name)):
        own = {word for word in re.findall(r"\w+", name) if len(word) > 1 and not word.islower()}
        words |= own | ({word.lower() for word in own} if person in leavers else set())
    return frozenset(words)


def _protected(session: Session, people: Collection[PersonId]) -> dict[PersonId, dict[str, str]]:
    found: dict[PersonId, dict[str, str]] = defaultdict(dict)
    values = select(ProtectedRecord.person, ProtectedRecord.characteristic, ProtectedRecord.value)
    for person, characteristic, value in session.execute(values):
        if person in people:
            found[person][characteristic] = value
    return dict(found)
