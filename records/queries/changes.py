"""Whether anything has changed on record: marks that differ as soon as something has, for whoever follows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.core.letters import CONFIDENTIAL_LETTERS
from domain.core.model import CaseId
from domain.core.tasks import CONFIDENTIAL, TaskState
from records.among import among
from records.queries.cohort.cohorts import ASKED_TO_MENTOR
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, DecisionRecord, TaskRecord
from records.tables.dispatch import MailRecord

Mark = tuple[Any, ...]


def of_all(session: Session) -> Mark:
    """The mark of what boards show: each row counts how many its case has written before it."""
    cases = select(func.count(), func.sum(CaseRecord.position)).select_from(CaseRecord)
    tasks = select(func.count(), func.sum(TaskRecord.position)).where(
        TaskRecord.state == TaskState.OPEN.value, _not_confidential()
    )
    return (*session.execute(cases).one(), *session.execute(tasks).one())


def of_cases(session: Session, cases: Collection[CaseId]) -> dict[CaseId, Mark]:
    """The marks of what the pages of these cases show, by as many queries however many there are."""
    found: dict[CaseId, list[Any]] = {case: [] for case in cases}
    for query in (
        select(CaseRecord.case_id, CaseRecord.position, CaseRecord.at).where(among(CaseRecord.case_id, cases)),
        _counted(TaskRecord.case_id, TaskRecord.position, cases).where(_not_confidential()),
        _counted(DecisionRecord.case_id, DecisionRecord.n, cases),
        select(MailRecord.case_id, func.count(), func.max(MailRecord.sent_at))
        .where(among(MailRecord.case_id, cases), MailRecord.template.not_in(sorted(CONFIDENTIAL_LETTERS)))
        .group_by(MailRecord.case_id),
    ):
        for case, *mark in session.execute(query):
            found[case].extend(mark)
    return {case: tuple(mark) for case, mark in found.items()}


def of_rows(
    case: CaseRecord,
    tasks: Collection[TaskRecord],
    decisions: Collection[DecisionRecord],
    mails: Collection[MailRecord],
) -> Mark:
    """The same mark of a case whose rows were read already: all of it but what is confidential."""
    return (
        *(case.position, case.at),
        *_sum(task.position for task in tasks),
        *_sum(decision.n for decision in decisions),
        *((len(mails), max(mail.sent_at for mail in mails)) if mails else ()),
    )


def _sum(numbers: Iterable[int | None]) -> tuple[int, int | None] | tuple[()]:
    """As databases count and add up: of no rows there is neither, and what is not there adds nothing."""
    rows = list(numbers)
    there = [number for number in rows if number is not None]
    return (len(rows), sum(there) if there else None) if rows else ()


def of_cohorts(session: Session, cohorts: Collection[str]) -> dict[str, Mark]:
    """The marks of cohorts, each with those of its cases, and of who is asked in them to be a mentor."""
    own = select(CohortRecord.cohort, CohortRecord.position, CohortRecord.at).where(among(CohortRecord.cohort, cohorts))
    inside = (
        select(CaseRecord.cohort, func.count(), func.sum(CaseRecord.position))
        .where(among(CaseRecord.cohort, cohorts))
        .group_by(CaseRecord.cohort)
    )
    asked = (
        select(CaseRecord.cohort, func.count(), func.sum(TaskRecord.position))
        .join(TaskRecord, TaskRecord.case_id == CaseRecord.case_id)
        .where(among(CaseRecord.cohort, cohorts), *ASKED_TO_MENTOR)
        .group_by(CaseRecord.cohort)
    )
    found: dict[str, list[Any]] = {cohort: [] for cohort in cohorts}
    for query in (own, inside, asked):
        for cohort, *mark in session.execute(query):
            found[cohort].extend(mark)
    return {cohort: tuple(mark) for cohort, mark in found.items()}


def _not_confidential() -> ColumnElement[bool]:
    """Nobody is to learn, not even by a page that is loaded anew, that something was said in confidence."""
    return TaskRecord.kind.not_in([kind.value for kind in sorted(CONFIDENTIAL)])


def _counted(
    case: InstrumentedAttribute[str], rises: InstrumentedAttribute[Any], cases: Collection[CaseId]
) -> Select[str, int, Any]:
    return select(case, func.count(), func.sum(rises)).where(among(case, cases)).group_by(case)
