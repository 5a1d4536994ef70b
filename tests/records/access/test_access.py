"""Who somebody is by the records: parts, tasks, duties; granting and revoking them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from domain.core.access import Action, Duty, Tie, Viewer
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.tasks import Refused, TaskState
from records import migrations
from records.database import Database
from records.queries.core import access as queries
from records.queries.core.cases import inbox
from records.queries.core.people import Unknown
from records.queries.leaving import parts_of
from records.tables.access import AskedRecord, PartHolderRecord
from records.tables.core import CaseRecord, PersonRecord, TaskRecord
from service.core.access import access, grant, in_case, in_task, may_see_task, revoke, viewer_of
from service.core.people import check_starter
from tests.office import BUDGET_OWNER, HR, HR_LEAD, MANAGER, RETURNER, ROLE, STAND_IN
from tests.records.access.people import (
    CASE,
    MENTOR,
    OTHER,
    STRANGER,
    ask,
    open_case,
    parts_row,
    staff,
    statements,
    tell,
)


@pytest.fixture(autouse=True)
def _staffed(database: Database) -> None:
    staff(database)


def cases_of(database: Database, viewer: Viewer) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(CaseRecord.case_id).where(queries.visible(viewer))))


# Parts and tasks, by person


def test_who_takes_over_a_part_has_its_rights_and_who_gave_it_up_has_none(database: Database) -> None:
    open_case(database)
    tell(database, parts_row(minutes=5, manager=STRANGER))

    assert in_case(database, viewer_of(database, STRANGER), CASE).may(Action.EXTEND)
    before = in_case(database, viewer_of(database, MANAGER), CASE)
    assert before.parts == frozenset()
    assert not before.may(Action.CASE)


def test_a_row_of_parts_that_comes_late_changes_nothing(database: Database) -> None:
    open_case(database)
    tell(database, parts_row(minutes=5, manager=STRANGER))
    tell(database, parts_row(minutes=2, manager=MANAGER))

    assert Party.MANAGER in in_case(database, viewer_of(database, STRANGER), CASE).parts


def test_a_task_is_in_the_inbox_of_those_who_may_act_on_it_as_long_as_it_is_open(database: Database) -> None:
    open_case(database)
    ask(database, people=[MANAGER, STRANGER])
    with database.reading() as session:
        assert [task.task for task in inbox(session, STRANGER)] == [f"{CASE}-1"]
        assert parts_of(session, STRANGER)[0].tasks == [f"{CASE}-1"]

    ask(database, minutes=3, people=[MANAGER], state=TaskState.ANSWERED, answered_by=MANAGER)
    with database.reading() as session:
        assert inbox(session, MANAGER) == []
        assert session.scalars(select(AskedRecord)).all() == []


def test_whoever_is_asked_answers_and_whoever_was_sees_what_came_of_it(database: Database) -> None:
    open_case(database)
    task = ask(database, people=[STRANGER], assignee=STRANGER)
    there, record = in_task(database, viewer_of(database, STRANGER), task)
    assert there.may(Action.ANSWER)
    assert may_see_task(there, record)
    assert not there.may(Action.CASE)

    ask(database, minutes=3, people=[STRANGER], state=TaskState.ANSWERED, answered_by=STRANGER)
    there, record = in_task(database, viewer_of(database, STRANGER), task)
    assert not there.may(Action.ANSWER)
    assert may_see_task(there, record)

    there, record = in_task(database, viewer_of(database, MENTOR), task)
    assert not may_see_task(there, record)
    there, record = in_task(database, viewer_of(database, HR), task)
    assert may_see_task(there, record)
    assert there.may(Action.REOPEN)
    assert not there.may(Action.ANSWER)


def test_what_is_in_confidence_is_there_for_nobody_but_those_asked(database: Database) -> None:
    open_case(database)
    task = ask(database, kind=TaskKind.PULSE, party=Party.RETURNER, assignee=RETURNER, people=[RETURNER])
    for person, sees in ((RETURNER, True), (HR, False), (HR_LEAD, False), (MENTOR, False), (STRANGER, False)):
        assert may_see_task(*in_task(database, viewer_of(database, person), task)) is sees


def test_an_unknown_task_is_unknown_to_everybody(database: Database) -> None:
    with pytest.raises(Unknown):
        in_task(database, viewer_of(database, HR), f"{CASE}-99")


def test_older_records_are_looked_up_by_person_after_the_migration(database: Database) -> None:
    open_case(database)
    ask(database, people=[MANAGER, STRANGER])
    with database.engine.begin() as connection:
        migrations.downgrade(connection, "0022")
    database.migrate()

    with database.reading() as session:
        holders = session.scalars(select(PartHolderRecord.person)).all()
        assert set(holders) == {person for people in parts_row().parts.values() for person in people}
        assert sorted(session.scalars(select(AskedRecord.person))) == [MANAGER, STRANGER]


# Which cases somebody sees


def test_cases_are_seen_by_those_around_them_and_by_hr_of_their_role(database: Database) -> None:
    open_case(database)
    open_case(database, OTHER, role="OPS1", mentor="P-MENT2", hr=STAND_IN)

    assert cases_of(database, viewer_of(database, MENTOR)) == [CASE]
    assert cases_of(database, viewer_of(database, MANAGER)) == [CASE, OTHER]
    assert cases_of(database, viewer_of(database, STRANGER)) == []
    assert cases_of(database, viewer_of(database, STAND_IN)) == [OTHER]  # the HR of that role
    grant(database, STRANGER, Duty.HR, "OPS1")
    assert cases_of(database, viewer_of(database, STRANGER)) == [OTHER]
    grant(database, STRANGER, Duty.OPERATOR)
    assert cases_of(database, viewer_of(database, STRANGER)) == [CASE, OTHER]


def test_whose_only_part_is_a_task_sees_no_case(database: Database) -> None:
    open_case(database, it=STRANGER)
    assert cases_of(database, viewer_of(database, STRANGER)) == []


def test_who_somebody_is_takes_the_same_few_queries_however_much_there_is(database: Database) -> None:
    def queries_made() -> int:
        with statements(database) as made:
            viewer = viewer_of(database, HR)
            in_case(database, viewer, CASE)
            cases_of(database, viewer)
        return len([query for query in made if "FROM" in query])

    open_case(database)
    few = queries_made()
    for n in range(20):
        open_case(database, f"R-{n}X-DATA1")
    assert queries_made() == few <= 6


@pytest.mark.parametrize(
    ("of", "index"),
    [
        ("SELECT case_id FROM part_holders WHERE person = 'P-X'", "ix_part_holders_person"),
        ("SELECT task FROM asked WHERE person = 'P-X'", "ix_asked_person"),
        ("SELECT case_id FROM cases WHERE role = 'DATA1'", "ix_cases_role"),
    ],
)
def test_what_is_looked_up_by_person_has_an_index(database: Database, of: str, index: str) -> None:
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        assert index in str(connection.execute(text(f"{explain} {of}")).all())


# Duties


def test_the_first_hr_of_all_roles_is_made_by_whoever_holds_the_machine_and_makes_the_others(
    database: Database,
) -> None:
    first = grant(database, HR, Duty.HR)
    assert (first.by, first.role) == (None, None)
    with pytest.raises(Refused, match=f"{HR} is HR of all roles"):
        grant(database, STRANGER, Duty.OPERATOR)

    granted = grant(database, STRANGER, Duty.OPERATOR, by=HR)
    assert granted.by == HR
    assert grant(database, STRANGER, Duty.OPERATOR, by=HR).n == granted.n  # once more changes nothing
    assert viewer_of(database, STRANGER).operator
    assert viewer_of(database, HR).hr_of_all


def test_nobody_grants_without_being_hr_of_all_roles_nor_to_themselves(database: Database) -> None:
    grant(database, HR, Duty.HR)
    with pytest.raises(Refused, match="it is for HR of all roles"):
        grant(database, STRANGER, Duty.HR, "DATA1", by=HR_LEAD)
    with pytest.raises(Refused, match="can't grant themselves"):
        grant(database, HR, Duty.OPERATOR, by=HR)
    with pytest.raises(Refused, match="of no role"):
        grant(database, STRANGER, Duty.OPERATOR, "DATA1", by=HR)
    with pytest.raises(Unknown, match="no role NONE"):
        grant(database, STRANGER, Duty.HR, "NONE", by=HR)
    with pytest.raises(Unknown, match="no person P-NOBODY"):
        grant(database, "P-NOBODY", Duty.OPERATOR, by=HR)


def test_what_was_revoked_stays_on_record_and_counts_no_more(database: Database) -> None:
    grant(database, HR, Duty.HR)
    grant(database, STRANGER, Duty.HR, "OPS1", by=HR)
    assert viewer_of(database, STRANGER).is_hr_of("OPS1")

    revoke(database, STRANGER, Duty.HR, "OPS1", by=HR)

    assert not viewer_of(database, STRANGER).is_hr
    assert access(database, STRANGER).grants == []
    (before,) = access(database, STRANGER, with_revoked=True).grants
    assert (before.by, before.revoked_by) == (HR, HR)
    with pytest.raises(Refused, match="was not granted HR of OPS1"):
        revoke(database, STRANGER, Duty.HR, "OPS1", by=HR)


def test_anybody_gives_up_their_own_and_then_the_machine_grants_again(database: Database) -> None:
    grant(database, HR, Duty.HR)
    revoke(database, HR, Duty.HR, by=HR)
    assert grant(database, STRANGER, Duty.HR).by is None


def test_whoever_has_left_has_no_duties_and_gets_none(database: Database) -> None:
    grant(database, HR, Duty.HR)
    with database.session() as session:
        session.get_one(PersonRecord, HR).left_on = date(2026, 1, 31)

    left = viewer_of(database, HR)
    assert not left.is_hr
    with pytest.raises(Refused, match="left the company"):
        grant(database, STRANGER, Duty.OPERATOR, by=HR)
    with pytest.raises(Refused, match="left the company"):
        grant(database, HR, Duty.OPERATOR)
    assert grant(database, STRANGER, Duty.HR).by is None  # nobody else could


def test_roles_say_who_is_hr_and_who_owns_budgets(database: Database) -> None:
    assert viewer_of(database, HR).hr_of == {"DATA1"}
    assert viewer_of(database, HR_LEAD).hr_of == {"DATA1", "OPS1"}
    assert viewer_of(database, BUDGET_OWNER).owns_budgets
    assert access(database, HR).named == {"DATA1": [HR, HR_LEAD]}


def test_hr_of_a_role_by_a_grant_starts_cases_in_it_and_acts_in_none(database: Database) -> None:
    open_case(database)
    with pytest.raises(Refused, match="can't start a case in DATA1"):
        check_starter(database, ROLE, STRANGER)
    grant(database, STRANGER, Duty.HR, "DATA1")

    check_starter(database, ROLE, STRANGER)
    there = in_case(database, viewer_of(database, STRANGER), CASE)
    assert there.may(Action.DECISIONS)
    assert not there.may(Action.PAUSE)


def test_ties_are_of_this_moment(database: Database) -> None:
    task = ask(database, people=[MANAGER], not_theirs=[STRANGER])
    with database.reading() as session:
        record = session.get_one(TaskRecord, task)
        assert queries.ties_to(record, MANAGER) == {Tie.ASKED}
        assert queries.ties_to(record, STRANGER) == {Tie.WAS_ASKED}
        assert queries.ties_to(record, HR) == frozenset()


def test_duties_are_those_of_the_moment(database: Database) -> None:
    with database.session() as session:
        session.get_one(PersonRecord, HR).left_on = date(2026, 6, 30)
    with database.reading() as session:
        last_hour = datetime(2026, 6, 30, 22, tzinfo=UTC)
        assert queries.viewer(session, HR, last_hour).is_hr
        assert not queries.viewer(session, HR, last_hour + timedelta(hours=1)).is_hr
