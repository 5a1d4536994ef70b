"""Planning with the public holidays and time zones of today's data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.placement.planning import PlanningActivities, local_days, plan_calendar
from domain.core.local_days import LocalDaysRequest
from domain.core.working_pattern import FULL_WEEK, WorkingPattern, WorkingTime, WorkingWeek, read_patterns
from domain.placement.calendar import Plan
from records.database import Database
from records.errors import RecordsUnreachable
from records.tables.core import PersonRecord
from service.placement.working_days import begins_later
from tests.domain.factories import plan_request
from tests.migrated import new_records
from tests.office import person as office_person

MONDAY = date(2026, 11, 30)


def planned(start: date, country: str, time_zone: str) -> Plan:
    request = plan_request(start, 16, []).model_copy(update={"country": country, "time_zone": time_zone})
    return ActivityEnvironment().run(plan_calendar, request)


def test_public_holidays_are_no_working_days() -> None:
    boxing_day_observed, good_friday = date(2026, 12, 28), date(2027, 3, 26)

    assert planned(boxing_day_observed, "GB-ENG", "Europe/London").start == date(2026, 12, 29)
    plan = planned(good_friday - timedelta(weeks=16, days=-3), "GB-ENG", "Europe/London")
    assert plan.end == date(2027, 3, 28)
    assert plan.next_working_day == date(2027, 3, 30)
    assert plan.pay_days[0].on == date(2026, 12, 31)


@given(start=st.dates(date(2026, 1, 1), date(2030, 12, 31)), country=st.sampled_from(["GB-ENG", "IE", "DE-BY", "AE"]))
def test_a_first_day_that_is_not_worked_on_is_told_as_it_is_planned(start: date, country: str) -> None:
    told, first = begins_later(country, start), planned(start, country, "UTC").start

    assert (told is None) == (first == start)
    assert told is None or told.startswith(
        (f"the first day is {first}, because {start} is a ", f"the first day is {first}, because {start} is no ")
    )


def test_where_there_is_no_calendar_public_holidays_are_looked_up_with_the_local_days() -> None:
    now = datetime(2026, 12, 20, 12, tzinfo=UTC)

    def looked_up(country: str, week: WorkingWeek = FULL_WEEK) -> list[date]:
        request = LocalDaysRequest.ahead("Europe/London", now, country, week)
        return [day for day in ActivityEnvironment().run(local_days, request).days_off if day < date(2027, 3, 30)]

    christmas, boxing_day, new_year = date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)
    assert looked_up("GB-ENG") == [christmas, boxing_day, new_year, date(2027, 3, 26), date(2027, 3, 29)]
    assert looked_up("GB-ENG", WorkingWeek(monday=Decimal(8))) == [boxing_day, date(2027, 3, 29)]
    assert looked_up("IE") != looked_up("GB-ENG")


def test_the_first_day_is_one_on_which_the_returner_works() -> None:
    time = WorkingTime(read_patterns("wed-thu 8"))

    assert begins_later("GB-ENG", MONDAY, time) == (
        "the first day is 2026-12-02, because the returner does not work on 2026-11-30"
    )
    assert begins_later("GB-ENG", MONDAY + timedelta(days=2), time) is None


@pytest.mark.parametrize("known", [None, read_patterns("thu 8")])
def test_what_the_mentor_works_is_looked_up_and_while_the_records_cant_be_reached_it_is_what_was_known(
    tmp_path: Path, known: list[WorkingPattern] | None
) -> None:
    database = new_records(tmp_path / "records.db")
    with database.session() as session:
        session.add(office_person("P-MENTOR", mentor=True))
        session.flush()
        session.get_one(PersonRecord, "P-MENTOR").working_pattern = ["tue 8", "from 2027-02-01 60%"]
    activities = PlanningActivities(database)
    request = plan_request(MONDAY, 16, []).model_copy(update={"mentor": "P-MENTOR", "mentor_patterns": known})

    plan = ActivityEnvironment().run(activities.plan_calendar, request)
    assert plan.mentor_patterns == read_patterns("tue 8; from 2027-02-01 60%")
    assert {session.starts.weekday() for session in plan.sessions[:4]} == {1}

    database.close()
    with patch.object(Database, "reading", side_effect=RecordsUnreachable("unreachable")):
        if known is None:
            with pytest.raises(ApplicationError) as unreachable:
                ActivityEnvironment().run(activities.plan_calendar, request)
            assert unreachable.value.type == "RecordsUnreachable"
        else:
            assert ActivityEnvironment().run(activities.plan_calendar, request).mentor_patterns == known


def test_why_it_begins_later_is_told() -> None:
    why = {day: begins_later("GB-ENG", day) for day in (date(2026, 12, 25), date(2026, 12, 27), MONDAY)}

    assert why == {
        date(2026, 12, 25): "the first day is 2026-12-29, because 2026-12-25 is a public holiday in GB-ENG",
        date(2026, 12, 27): "the first day is 2026-12-29, because 2026-12-27 is no working day in GB-ENG",
        MONDAY: None,
    }
    assert begins_later("XX", MONDAY) is None


def test_where_a_country_is_named_without_its_part_the_plan_says_what_it_leaves_out() -> None:
    easter_monday = date(2027, 3, 29)

    without = planned(easter_monday, "GB", "Europe/London")

    assert without.start == easter_monday
    assert without.holidays_lack == (
        "those of the parts of GB are left out: the role names none of them (GB-ENG, GB-NIR, GB-SCT or GB-WLS)"
    )
    england = planned(easter_monday, "GB-ENG", "Europe/London")
    assert (england.start, england.holidays_lack) == (date(2027, 3, 30), None)


def test_a_country_nobody_knows_is_named() -> None:
    with pytest.raises(NotImplementedError, match="XX"):
        planned(MONDAY, "XX", "Europe/London")


@given(
    st.sampled_from(
        ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut"]
    ),
    st.integers(0, 2 * 366 * 24 * 60),
)
def test_every_instant_belongs_to_its_local_day(zone: str, minutes: int) -> None:
    instant = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    plan = planned(instant.date() - timedelta(days=60), "GB-ENG", zone)

    assert plan.day_of(instant) == instant.astimezone(ZoneInfo(zone)).date()
