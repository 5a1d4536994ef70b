"""What a page of a case shows: what the records know of it, and what the case itself says where it can be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.access import Action, Viewer, may
from domain.core.model import CaseId
from domain.core.naming import COHORT, Programme, cohort_case
from domain.core.policy_rules import CasePolicy
from domain.core.questions import TaskKind
from domain.core.reopening import Never
from domain.core.tasks import TaskState
from domain.registry.reopening import REOPENING
from engine.errors import EngineUnreachable
from records.database import Database
from records.errors import RecordsError
from records.queries.changes import Mark, of_rows
from records.queries.cohort.cohorts import asked_to_mentor
from records.queries.core.access import parts_in, ties_to, visible
from records.queries.core.policies import content_on_record, titles_of_cases
from records.queries.placement.in_confidence import leaves
from records.queries.placement.mentors import tells_who_was_asked
from records.seal_files import SealFilesError
from records.tables.core import CaseRecord, DecisionRecord, TaskRecord
from records.tables.dispatch import MailRecord
from records.tables.placement import LeaveRecord
from records.tampering import problems_of
from service.core.access import InCase, in_case_of, may_see_task
from service.core.asking import view as view_of
from service.core.connecting import Connect
from service.core.errors import Forgotten, ForgottenCohort, Refused, Unknown, Unreachable
from service.placement.in_confidence import may_read
from service.registry.case_actions import CASE_ACTIONS, CaseAction, can_be_asked_now
from service.registry.case_records import CaseRecords, read_case

VIEW_SECONDS = 3.0
"""So long a page waits for a case to say how it stands; without, it shows what is on record."""


class Asked(StrEnum):
    """Whether a case has said of itself how it stands."""

    YES = "yes"
    NOT_NOW = "not_now"
    """Temporal can't be reached, or nobody has answered in time."""
    NO_MORE = "no_more"
    """It has ended, and Temporal keeps it no longer."""


@dataclass(frozen=True)
class CasePage:
    """A case as somebody sees it, who is ``there``.

    ``view`` is what the case says of itself, empty where it did not (``asked``): then what is on record has to do, and
    the case's ``policy`` says how it is read. ``now`` is the instant on its clock; ``problems`` are those of the seals
    of its decisions, for those who may see who was refused.
    """

    records: CaseRecords
    there: InCase
    view: Mapping[str, Any]
    asked: Asked
    now: datetime
    actions: Sequence[CaseAction] = ()
    problems: Sequence[str] = ()
    leaves: Sequence[LeaveRecord] = ()
    """When and why somebody was away: for HR of the case who may read what is said in confidence."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What texts of the case's policy are in the viewer's language."""
    policy: CasePolicy | None = None
    opens: Collection[CaseId] = ()
    """Of the cases that the page names (those within it, the one that it is within, its cohort), those whose pages the
    viewer may see."""
    asked_to_mentor: Mapping[str, int] = field(default_factory=dict)
    """Of a cohort: how many of its placements, by their stage, wait for the answer of somebody who is asked to be the
    mentor; of those that the viewer sees on the board."""

    @property
    def answered(self) -> bool:
        """Whether the case has said of itself how it stands."""
        return self.asked is Asked.YES

    def may(self, action: Action) -> bool:
        """Whether the viewer may see or do that here."""
        return self.there.may(action)

    @property
    def open_tasks(self) -> list[TaskRecord]:
        """The open tasks that the viewer may know of, the soonest due first.

        Those who decide, HR and operators know of all that is open, but for who is just asked to be the mentor, which
        is not for those who decide; others of what they may open.
        """
        return [task for task in self.records.tasks if task.state == TaskState.OPEN and self._knows_of(task)]

    def _knows_of(self, task: TaskRecord) -> bool:
        in_all = self.may(Action.MENTORS_ASKED if task.kind == TaskKind.MENTOR_REQUEST else Action.EVIDENCE)
        return in_all or self.there.viewer.operator or self.may_open(task)

    def may_open(self, task: TaskRecord) -> bool:
        """Whether the viewer may see the page of a task."""
        return may_see_task(self._tied_to(task), task)

    def may_reopen(self, task: TaskRecord) -> bool:
        """Whether the viewer may ask for another answer to a task, as far as the records know."""
        return task.state == TaskState.ANSWERED and not self.records.ended and self.may_ever_reopen(task)

    def may_ever_reopen(self, task: TaskRecord) -> bool:
        """The same, also where it was answered anew already, or the case has ended."""
        answered = task.state in (TaskState.ANSWERED, TaskState.REPLACED)
        return answered and self.may(Action.REOPEN) and not isinstance(REOPENING.get(TaskKind(task.kind)), Never)

    def _tied_to(self, task: TaskRecord) -> InCase:
        ties = ties_to(task, self.there.viewer.person)
        return InCase(self.there.viewer, self.there.case, self.there.role, self.there.parts | ties)

    @property
    def decisions(self) -> Sequence[DecisionRecord]:
        """What was decided, as far as the viewer may see that."""
        if not self.may(Action.DECISIONS):
            return ()
        all_of_it = self.may(Action.MENTORS_ASKED)
        return [each for each in self.records.decisions if all_of_it or not tells_who_was_asked(each)]

    @property
    def letters(self) -> Sequence[MailRecord]:
        """The letters that were sent or refused, the newest first."""
        return list(reversed(self.records.mails)) if self.may(Action.LETTERS) else ()

    @property
    def mark(self) -> Mark:
        """What tells apart how the records are, as far as the page shows them, from how they are later.

        Not of a cohort, whose page shows other cases, too.
        """
        assert isinstance(self.records.case, CaseRecord)
        return of_rows(self.records.case, self.records.tasks, self.records.decisions, self.records.mails)

    @property
    def risks(self) -> Sequence[str]:
        """Why the case is at risk: for those who decide, HR and operators see it all."""
        return self.records.case.at_risk if self.may(Action.EVIDENCE) else ()


async def case_page(
    connect: Connect, database: Database, case: CaseId, viewer: Viewer, now: datetime, seconds: float = VIEW_SECONDS
) -> CasePage:
    """What somebody sees of a case. Raises ``Unknown`` for one that is not there, or not for them.

    Where Temporal or the worker can't be reached, what is on record has to do.
    """
    read = await asyncio.to_thread(_read, database, viewer, case, now)
    records, there = read.records, read.there
    view, asked = await _ask(connect, database, records, seconds)
    clock = records.now(now)
    if view.get("now"):
        clock = max(clock, datetime.fromisoformat(view["now"])) if not records.ended else clock
    actions = [
        offered
        for offered in CASE_ACTIONS[records.programme]
        if there.may(offered.action) and can_be_asked_now(offered, records, view)
    ]
    policy = await asyncio.to_thread(_policy, database, records) if asked is not Asked.YES else None
    return replace(read, view=view, asked=asked, now=clock, actions=actions, policy=policy)


def _policy(database: Database, records: CaseRecords) -> CasePolicy | None:
    with database.reading() as session:
        return content_on_record(session, records.case.policy)


def _read(database: Database, viewer: Viewer, case: CaseId, now: datetime) -> CasePage:
    """What is on record, before the case itself was asked."""
    with database.reading() as session:
        there = in_case_of(session, viewer, case)
        records = read_case(session, case)
        of_cohort = records.programme is Programme.COHORT
        if not there.may(Action.COHORT if of_cohort else Action.CASE):
            raise Unknown(f"no case {case} in the records; it was started a moment ago, or never")
        return CasePage(
            records=records,
            there=there,
            view={},
            asked=Asked.NOT_NOW,
            now=now,
            problems=_problems(session, records) if there.may(Action.ATTEMPTS) else [],
            leaves=_leaves(session, records, there),
            titles=titles_of_cases(session, [case], viewer.language).get(case, {}),
            opens=_opens(session, viewer, records),
            asked_to_mentor=asked_to_mentor(session, viewer, case.removeprefix(COHORT)) if of_cohort else {},
        )


def _opens(session: Session, viewer: Viewer, records: CaseRecords) -> Collection[CaseId]:
    """Of the cases beside this one, those whose pages the viewer may see."""
    ids = [*records.inside_cases, *(case.case_id for case in records.around)]
    cases = select(CaseRecord.case_id).where(CaseRecord.case_id.in_(ids), visible(viewer))
    found = set(session.scalars(cases))
    if records.cohort is not None:
        cohort = cohort_case(records.cohort.cohort)
        found |= {cohort} if may(viewer, Action.COHORT, parts_in(session, viewer.person, cohort)) else set()
    return found


def _leaves(session: Session, records: CaseRecords, there: InCase) -> Sequence[LeaveRecord]:
    """Why somebody was away, for those who may read it."""
    case, with_leaves = records.case, (Programme.RETURNSHIP, Programme.UPSKILLING)  # a certificate is no role
    if records.programme not in with_leaves or not isinstance(case, CaseRecord) or not there.may(Action.IN_CONFIDENCE):
        return ()
    return leaves(session, case.case_id) if may_read(session, case, there.viewer.person) else ()


def _problems(session: Session, records: CaseRecords) -> list[str]:
    """What is wrong with the seals of what was decided; none where their key is not to be had here."""
    try:
        return problems_of(session, records.case_id, records.sealed)
    except (RecordsError, SealFilesError):
        return []


async def _ask(
    connect: Connect, database: Database, records: CaseRecords, seconds: float
) -> tuple[Mapping[str, Any], Asked]:
    """What the case says of itself; whether it could be asked, now or any more."""
    try:
        async with asyncio.timeout(seconds):
            return await view_of(await connect(), database, records.case_id, seconds), Asked.YES
    except (Forgotten, ForgottenCohort):
        return {}, Asked.NO_MORE
    except (EngineUnreachable, Unreachable, Refused, Unknown, TimeoutError):
        return {}, Asked.NOT_NOW
