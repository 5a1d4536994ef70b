"""Writing what cases tell: twice is once, newest wins, and what was decided can't be changed unseen."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from decimal import Decimal
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.case_rows import StageRow
from domain.core.journal import JournalBatch, Row
from domain.core.learning_rows import LevelRow
from domain.core.model import Party
from domain.core.placement_rows import PulseRow
from domain.core.skills import SkillLevel, Source
from domain.core.tasks import TaskState
from records import journal
from records.database import Database
from records.queries.core import cases as queries
from records.queries.core.people import Unknown
from records.tables.base import Base
from records.tables.core import AttemptRecord, CaseRecord, DecisionRecord, StageRecord, TaskRecord
from records.tables.placement import LeaveRecord, MentorshipRecord, MissedSessionRecord, PayRecord, PulseRecord
from records.tampering import problems_of
from tests.records.rows import (
    at,
    attempt_row,
    case_row,
    decision_row,
    leave_row,
    mentorship_row,
    missed_session_row,
    pay_row,
    stage_row,
    task_row,
)

OF_CASES: list[type[Base]] = [
    CaseRecord,
    StageRecord,
    TaskRecord,
    DecisionRecord,
    PayRecord,
    MentorshipRecord,
    MissedSessionRecord,
    LeaveRecord,
    AttemptRecord,
]
ON_EACH_DATABASE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def a_story(case: str) -> list[Row]:
    """What a case tells, with several things at the same instant."""
    return [
        stage_row(1, 0, "intake"),
        case_row(0),
        decision_row(1, 0),
        case_row(0, stage="matching"),
        task_row(case, 1, 5),
        task_row(case, 1, 5, people=["P-MANAGER", "P-SECOND"]),
        mentorship_row(1, 9, state="refused", reason="no time"),
        mentorship_row(2, 9),
        leave_row(1, 12),
        case_row(12, paused=True),
        case_row(12, paused=True, at_risk=["laptop"]),
        leave_row(1, 20, last=date(2026, 5, 9)),
        missed_session_row(3, 20),
        case_row(20, at_risk=["laptop"]),
        task_row(case, 1, 20, state=TaskState.ANSWERED, closed_at=at(20), answered_by="P-SECOND", answer={"yes": True}),
        attempt_row(1, 21),
        decision_row(2, 21, reason=None, by=None),
        pay_row(1, 30),
        case_row(30),
        task_row(case, 2, 30),
        task_row(
            case, 2, 30, state=TaskState.ANSWERED, closed_at=at(30), answered_by="P-MANAGER", answer={"yes": True}
        ),
        case_row(30, outcome="converted"),
    ]


LENGTH = len(a_story("R-1"))


@st.composite
def deliveries(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Batches as (first row, one past the last): any of them again or overlapping, but none skips rows.

    The last few were given up as lost and arrive after all others.
    """
    batches: list[tuple[int, int]] = []
    told = 0
    for starts_back, length in draw(st.lists(st.tuples(st.integers(0, LENGTH), st.integers(1, 9)), max_size=9)):
        first = max(0, told - starts_back)
        batches.append((first, min(first + length, LENGTH)))
        told = max(told, batches[-1][1])
    late = draw(st.lists(st.sampled_from(batches), max_size=3)) if batches else []
    return [*batches, (told, LENGTH), *late]


def tables(session: Session, case: str) -> dict[str, list[dict[str, Any]]]:
    """All that is stored of a case, without what names the case itself, or says when it came beside others."""
    return {table.__tablename__: [_content(row, case) for row in _rows(session, table, case)] for table in OF_CASES}


def _rows(session: Session, table: type[Base], case: str) -> list[Base]:
    key = table.__table__.primary_key
    return list(session.scalars(select(table).where(table.__table__.c.case_id == case).order_by(*key)))


def _content(row: Base, case: str) -> dict[str, Any]:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    hidden = {"case_id", "seal", "previous_seal", "arrived"}
    return {name: str(value).replace(case, "CASE") for name, value in values.items() if name not in hidden}


@ON_EACH_DATABASE
@given(batches=deliveries())
@example(batches=[(0, LENGTH), (0, LENGTH - 1), (LENGTH - 3, LENGTH - 2)])
def test_any_batching_and_repetition_of_what_a_case_tells_gives_the_same_tables(
    database: Database, batches: list[tuple[int, int]]
) -> None:
    with database.session() as session:
        # Given a case that told all at once, and a new one ...
        number = len(session.scalars(select(CaseRecord.case_id)).all())
        once, again = f"R-{number}-ONCE", f"R-{number}-AGAIN"
        journal.write(session, JournalBatch(case=once, rows=a_story(once), first=1))

    # ... when it tells the same piece by piece, with repetitions ...
    for first, end in batches:
        with database.session() as session:
            journal.write(session, JournalBatch(case=again, rows=a_story(again)[first:end], first=first + 1))

    # ... then nobody can tell the difference.
    with database.reading() as session:
        assert tables(session, again) == tables(session, once)
        assert problems_of(session, again) == []


OTHERWISE: list[tuple[Row, Row]] = [
    (decision_row(1), decision_row(1, reason="another reason")),
    (stage_row(1), stage_row(1, stage="matching")),
    (attempt_row(1), attempt_row(1, minutes=5)),
    (pay_row(1), pay_row(1, amount="1234.57")),
    (missed_session_row(1), missed_session_row(1, hours=3)),
    (leave_row(1), leave_row(1).model_copy(update={"first": date(2026, 4, 2)})),
    (leave_row(1, last=date(2026, 5, 9)), leave_row(1, last=date(2026, 5, 10))),
]


@pytest.mark.parametrize(("first", "other"), OTHERWISE, ids=lambda row: row.table)
def test_an_entry_of_the_same_number_that_says_otherwise_is_told_and_loses_nothing(
    database: Database, first: Row, other: Row
) -> None:
    # Given a case, and another under the same id which tells an entry of the same number
    conflicts: list[str] = []
    with database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=[first]), conflicts)
    before = [*_entries(database)]
    with database.session() as session:
        rows = [first, other, case_row(stage="matching")]
        journal.write(session, JournalBatch(case="R-1", rows=rows), conflicts)

    # Then that is told, the first stays, and what comes after it is written
    (told,) = conflicts
    kind = told.partition(" 1 of ")[0]
    assert told == f"{kind} 1 of R-1 is not on record: another {kind} of that number is, says otherwise, and stays"
    assert [*_entries(database)] == before
    with database.reading() as session:
        assert queries.case(session, "R-1").stage == "matching"
    # And whoever does not ask for what can't be written is stopped
    with pytest.raises(journal.EntryConflict), database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=[other]))


def _entries(database: Database) -> Iterator[Any]:
    with database.reading() as session:
        for table in (AttemptRecord, DecisionRecord, LeaveRecord, MissedSessionRecord, PayRecord, StageRecord):
            yield from session.execute(select(*table.__table__.columns)).all()


def test_a_batch_that_several_workers_write_at_once_is_written_once(database: Database) -> None:
    batch = JournalBatch(case="R-1", rows=a_story("R-1"), first=1)

    def write(_: int) -> None:
        with database.session() as session:
            journal.write(session, batch)

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(write, range(8)))
    with database.reading() as session:
        assert len(queries.decisions(session, "R-1")) == 2
        assert problems_of(session, "R-1") == []


def test_an_older_state_does_not_replace_a_newer_one(database: Database) -> None:
    with database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=[case_row(10, stage="placement")]))
        journal.write(session, JournalBatch(case="R-1", rows=[case_row(9, stage="matching")]))

    with database.reading() as session:
        assert queries.case(session, "R-1").stage == "placement"


def test_a_mentors_answer_keeps_the_score_of_the_match(database: Database) -> None:
    with database.session() as session:
        asked = {"state": "asked", "score": 0.75, "reasons": ["shared skills: sql"], "passed_over": []}
        session.add(MentorshipRecord(case_id="R-1", n=1, at=at(0), mentor="P-MENTOR", **asked))
    with database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=[mentorship_row(1, 5, state="held")]))

    with database.reading() as session:
        mentorship = session.get_one(MentorshipRecord, ("R-1", 1))
    assert (mentorship.state, mentorship.score, mentorship.reasons) == ("held", 0.75, ["shared skills: sql"])


def test_what_people_type_never_stops_the_journal(database: Database) -> None:
    nasty = "null \0, emoji 🎓, quote ', %s, :name"
    with database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=[decision_row(1, reason=nasty, evidence={"said": nasty})]))

    with database.reading() as session:
        assert queries.decisions(session, "R-1")[0].reason == nasty.replace("\0", "\N{REPLACEMENT CHARACTER}")
        assert problems_of(session, "R-1") == []


def test_an_inbox_holds_the_open_tasks_of_all_who_may_act(database: Database) -> None:
    rows: list[Row] = [
        task_row("R-1", 1, people=["P-MANAGER", "P-SECOND"], due_at=at(900)),
        task_row("R-1", 2, people=["P-SECOND"], due_at=at(300)),
        task_row("R-1", 3, state=TaskState.CLOSED, closed_at=at(1)),
    ]
    with database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=rows))

    with database.reading() as session:
        assert [task.task for task in queries.inbox(session, person="P-SECOND")] == ["R-1-2", "R-1-1"]
        assert [task.task for task in queries.inbox(session, person="P-MANAGER")] == ["R-1-1"]
        assert queries.inbox(session, person="P-SEC") == []
        assert queries.inbox(session, case="R-2") == []


def test_cases_are_found_by_programme_and_cohort(database: Database) -> None:
    with database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=[case_row()]))
        journal.write(session, JournalBatch(case="R-2", rows=[case_row(cohort=None)]))

    with database.reading() as session:
        assert [case.case_id for case in queries.cases(session)] == ["R-1", "R-2"]
        assert [case.case_id for case in queries.cases(session, cohort="spring")] == ["R-1"]
        assert queries.cases(session, programme="upskilling") == []
        with pytest.raises(Unknown, match="no case R-3 in the records"):
            queries.case(session, "R-3")


def test_a_task_names_its_case() -> None:
    assert queries.case_of_task("R-7F3K2M-DATA1-12") == "R-7F3K2M-DATA1"
    for bad in ("R-7F3K2M-DATA1", "7", "-7", ""):
        with pytest.raises(Unknown, match="not the id of a task"):
            queries.case_of_task(bad)


def test_two_cases_that_tell_of_the_same_level_and_of_decisions_never_wait_for_each_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two cases that write the same level and a decision each, in different order, and have both begun.
    found = SkillLevel(skill="sql", level=Decimal(3), source=Source.MANAGER, on=date(2027, 3, 1), by="P-MANAGER")
    level = LevelRow(person="P-ANN", found=found)
    told: dict[str, list[Row]] = {"U-1": [level, decision_row(1)], "U-2": [decision_row(1), level]}
    both = Barrier(2)
    write_row = journal._write_row

    def write_and_wait(*arguments: Any) -> None:
        write_row(*arguments)
        with suppress(BrokenBarrierError):
            both.wait(timeout=1)

    monkeypatch.setattr(journal, "_write_row", write_and_wait)

    def write(case: str) -> None:
        with database.session() as session:
            journal.write(session, JournalBatch(case=case, rows=told[case]))

    # Then both get through.
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, told))
    with database.reading() as session:
        assert sorted(session.scalars(select(DecisionRecord.case_id))) == ["U-1", "U-2"]


def test_stages_are_counted_in_the_order_in_which_they_came(database: Database) -> None:
    """So are pulses: what was entered before, and comes after, would take a step of five apart that was shown."""
    for case, minutes in (("R-1", 5), ("R-2", 1), ("R-1", 5)):
        with database.session() as session:
            journal.write(session, JournalBatch(case=case, rows=[StageRow(n=1, at=at(minutes), stage="ended")]))

    with database.reading() as session:
        came = session.execute(select(StageRecord.case_id, StageRecord.arrived).order_by(StageRecord.arrived)).all()
    assert came == [("R-1", 1), ("R-2", 2)]


def test_pulses_are_counted_in_the_order_in_which_they_came(database: Database) -> None:
    """One that was given before another and comes after it would take a step of five apart that was shown."""

    def pulse(minutes: int) -> PulseRow:
        who, asked = f"P-ANN{minutes}", {"support": "I feel supported"}
        return PulseRow(
            n=1,
            at=at(minutes),
            week=2,
            party=Party.RETURNER,
            person=who,
            questions=asked,
            scores={"support": 4},
            comment=None,
        )

    for case, minutes in (("R-1", 5), ("R-2", 1), ("R-1", 5)):
        with database.session() as session:
            journal.write(session, JournalBatch(case=case, rows=[pulse(minutes)]))

    with database.reading() as session:
        came = session.execute(select(PulseRecord.case_id, PulseRecord.arrived).order_by(PulseRecord.arrived)).all()
    assert came == [("R-1", 1), ("R-2", 2)]
