"""Local time: what people read is as it is where the case is at home, from the first zone of the world to the last."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.placement.planning import local_days
from domain.core.local_days import YEARS_AHEAD, LocalDaysRequest, local_day_of
from domain.placement.planner import make_plan
from domain.placement.programme_days import programme_week
from languages.speech import Speech
from records.local_time import day_text, elsewhere, local, local_day, same_time, time_text, with_local_times
from service.placement.working_days import local_times, working_days
from tests.domain.factories import plan_request

ZONES = [
    "Pacific/Kiritimati",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Dubai",
    "Africa/Nairobi",
    "Europe/Helsinki",
    "Europe/Berlin",
    "Africa/Casablanca",
    "Europe/London",
    "UTC",
    "Atlantic/Azores",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
]
MONDAY = date(2027, 1, 4)


@pytest.mark.parametrize("zone", ZONES)
def test_what_is_due_on_friday_at_five_says_friday_everywhere(zone: str) -> None:
    friday = date(2027, 1, 8)
    due = datetime.combine(friday, time(17), tzinfo=ZoneInfo(zone)).astimezone(UTC)

    assert (local_day(due, zone), day_text(due, zone)) == (friday, "2027-01-08")
    assert time_text(due.isoformat(), zone) == "2027-01-08 17:00"
    speech = Speech(zone=ZoneInfo(zone))
    assert speech.day(due.isoformat()) == "Friday 8 January 2027"
    assert speech.moment(due.isoformat()).startswith("Friday 8 January 2027, 17:00 ")
    assert with_local_times(f"closed since {due:%Y-%m-%dT%H:%M}Z (done)", zone).startswith(
        "closed since 2027-01-08 17:00 "
    )


@pytest.mark.parametrize("zone", ZONES)
def test_the_first_monday_has_week_1_from_its_first_minute_to_its_last(zone: str) -> None:
    request = plan_request(MONDAY, 16, []).model_copy(update={"time_zone": zone})
    plan = make_plan(request, working_days("IE"), local_times(zone))
    first, last = (datetime.combine(MONDAY, at, tzinfo=ZoneInfo(zone)) for at in (time(0), time(23, 59)))

    for instant in (first, plan.starts_at, last):
        assert plan.day_of(instant.astimezone(UTC)) == local_day(instant.astimezone(UTC), zone) == MONDAY
        assert programme_week(local_day(instant.astimezone(UTC), zone), plan.start, []) == 1
    assert programme_week(local_day(first - timedelta(minutes=1), zone), plan.start, []) is None


@given(st.sampled_from(ZONES), st.integers(0, YEARS_AHEAD * 365 * 24 * 60))
def test_a_path_knows_for_years_which_day_it_is_where_its_role_is(zone: str, minutes: int) -> None:
    began = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
    midnights = local_days(LocalDaysRequest.ahead(zone, began, "GB-ENG")).midnights

    instant = began + timedelta(minutes=minutes)

    assert local_day_of(instant, midnights) == local_day(instant, zone)


@pytest.mark.parametrize("typed", ["2027-02-30T10:00Z", "2027-01-04T09:00+99:00"])
@pytest.mark.parametrize("zone", ZONES)
def test_what_only_looks_like_an_instant_stays_as_it_was_typed(typed: str, zone: str) -> None:
    assert with_local_times(f"see {typed}", zone) == f"see {typed}"


@pytest.mark.parametrize("zone", ZONES)
def test_an_instant_that_the_calendar_does_not_have_there_is_no_error(zone: str) -> None:
    for typed in ("9999-12-31T23:59Z", "0001-01-01T00:00Z"):
        assert with_local_times(f"see {typed}, please", zone).endswith(", please")


@given(st.sampled_from(ZONES), st.integers(0, 4 * 366 * 24 * 60))
def test_an_instant_is_the_same_wherever_it_is_told(zone: str, minutes: int) -> None:
    instant = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    assert local(instant, zone) == local(instant.isoformat(), zone) == instant
    assert same_time(zone, "UTC", instant) is (local(instant, zone).utcoffset() == timedelta(0))


def test_the_reader_hears_of_zones_in_which_clocks_show_another_time() -> None:
    here = datetime(2027, 1, 4, 12, tzinfo=UTC)
    offset = here.astimezone().utcoffset()

    others = [zone for zone in ZONES if local(here, zone).utcoffset() != offset]

    assert elsewhere(ZONES, here) == sorted(others)
    assert "Pacific/Auckland" in others or "Pacific/Honolulu" in others


@given(st.datetimes(timezones=st.timezones()), st.sampled_from(ZONES))
def test_each_instant_has_a_local_day_to_the_end_of_all_time(instant: datetime, zone: str) -> None:
    request = LocalDaysRequest(time_zone=zone, country="GB-ENG", first=MONDAY, last=MONDAY + timedelta(days=400))

    day = local_day_of(instant, local_days(request).midnights)

    assert abs(day.toordinal() - instant.toordinal()) <= 2
