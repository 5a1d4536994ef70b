"""Whether anything has changed on record: marks that differ as soon as something has, for whoever follows it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.core.letters import CONFIDENTIAL_LETTERS
from domain.core.model import CaseId
from domain.core.tasks import CONFIDENTIAL, TaskState
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
        select(CaseRecord.case_id, CaseRecord.position, CaseRecord.at).where(CaseRecord.case_id.in_(cases)),
        _counted(TaskRecord.case_id, TaskRecord.position, cases).where(_not_confidential()),
        _counted(DecisionRecord.case_id, DecisionRecord.n, cases),
        select(MailRecord.case_id, func.count(), func.max(MailRecord.sent_at))
        .where(MailRecord.case_id.in_(cases), MailRecord.template.not_in(sorted(CONFIDENTIAL_LETTERS)))
        .group_by(MailRecord.case_id),
    ):
        for case, *mark in session.execute(query):
            found[case].extend(mark)
    return {case: tuple(mark) for case, mark in found.items()}


def of_cohorts(session: Session, cohorts: Collection[str]) -> dict[str, Mark]:
    """The marks of cohorts, each with those of its cases."""
    own = select(CohortRecord.cohort, CohortRecord.position, CohortRecord.at).where(CohortRecord.cohort.in_(cohorts))
    inside = (
        select(CaseRecord.cohort, func.count(), func.sum(CaseRecord.position))
        .where(CaseRecord.cohort.in_(cohorts))
        .group_by(CaseRecord.cohort)
    )
    found: dict[str, list[Any]] = {cohort: [] for cohort in cohorts}
    for query in (own, inside):
        for cohort, *mark in session.execute(query):
            found[cohort].extend(mark)
    return {cohort: tuple(mark) for cohort, mark in found.items()}


def _not_confidential() -> ColumnElement[bool]:
    """Nobody is to learn, not even by a page that is loaded anew, that something was said in confidence."""
    return TaskRecord.kind.not_in([kind.value for kind in sorted(CONFIDENTIAL)])


def _counted(
    case: InstrumentedAttribute[str], rises: InstrumentedAttribute[Any], cases: Collection[CaseId]
) -> Select[str, int, Any]:
    return select(case, func.count(), func.sum(rises)).where(case.in_(cases)).group_by(case)
