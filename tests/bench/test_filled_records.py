"""Records that benches measure on: as real ones are."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from bench.filled_records import fill
from domain.core.case import ENDED
from domain.core.tasks import TaskState
from records.database import Database
from records.queries.core.cases import inbox
from records.tables.access import AskedRecord, PartHolderRecord
from records.tables.core import CaseRecord, PersonRecord, TaskRecord
from records.tables.dispatch import MailRecord
from records.tampering import check_all, keys_here
from service.registry.my_tasks import ids_in

CASES = 40


def test_they_hold_what_cases_have_written_about_people_there(tmp_path: Path) -> None:
    # given records that are filled
    database = Database(f"sqlite:///{tmp_path / 'waymark.db'}")
    filled = fill(database, CASES)

    with database.reading() as session:
        # then there are as many cases, on their way and ended, in cohorts and not
        cases = session.scalars(select(CaseRecord)).all()
        assert sorted(case.case_id for case in cases) == sorted(filled.cases)
        assert len(cases) == CASES
        assert {case.stage == ENDED for case in cases} == {True, False}
        assert {case.cohort for case in cases} == {None, *filled.cohorts}
        # and what is open is somebody's, some of it the manager's, and some of it late
        open_tasks = session.scalars(select(TaskRecord).where(TaskRecord.state == TaskState.OPEN.value)).all()
        asked = session.scalars(select(AskedRecord.task)).all()
        assert {task.task for task in open_tasks} == set(asked)
        assert inbox(session, filled.staff.manager)
        # and each seal holds
        assert check_all(session, keys_here(database.seals)).untouched
        # and nobody stands there but people on record
        there = set(session.scalars(select(PersonRecord.id)))
        assert {person for task in open_tasks for person in ids_in([task.people, task.facts])} <= there
        assert set(session.scalars(select(MailRecord.recipient))) <= there
        assert set(session.scalars(select(PartHolderRecord.person))) <= there
    database.close()
