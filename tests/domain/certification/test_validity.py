"""How long certificates are valid: calendar months, leap years, renewals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.certification.validity import CertificateEvent, coming_dates, expires, extends, renewal_opens, valid_until
from domain.core.months import months_after
from domain.learning.policy import CertificateRules

INSTANTS = some.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
MONTHS = some.integers(1, 240)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:30:00+00:00")


@pytest.mark.parametrize(
    ("passed", "months", "expiry"),
    [
        ("2027-03-15", 12, "2028-03-15"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2027-02-28", 12, "2028-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
    ],
)
def test_an_expiry_is_the_same_day_or_the_last_of_a_month_too_short_for_it(
    passed: str, months: int, expiry: str
) -> None:
    assert expires(at(passed), months) == at(expiry)


def test_the_day_is_that_of_utc_wherever_the_instant_was_written_down() -> None:
    late = datetime.fromisoformat("2028-03-01T00:30:00+02:00")  # still 29 February in UTC
    assert expires(late, 12) == datetime(2029, 2, 28, 22, 30, tzinfo=UTC)


def test_a_renewal_extends_from_the_old_expiry_however_early_it_comes() -> None:
    expiry = at("2028-02-29")
    opens = renewal_opens(expiry, 6)
    assert opens == at("2027-08-29")
    assert valid_until(opens, expiry, 12) == valid_until(at("2028-02-28"), expiry, 12) == at("2029-02-28")


def test_after_the_expiry_a_pass_counts_from_its_own_day() -> None:
    expiry = at("2028-03-15")
    assert valid_until(expiry, expiry, 12) == at("2029-03-15")
    assert valid_until(at("2028-04-01"), expiry, 12, taken_at=at("2028-03-14")) == at("2029-03-15")
    assert valid_until(at("2028-04-01"), expiry, 12) == at("2029-04-01")
    assert valid_until(at("2028-04-01"), None, 12) == at("2029-04-01")


def test_a_certificate_s_life_is_told_in_order_and_only_what_is_still_to_come() -> None:
    rules = CertificateRules(valid_months=1, renewal_opens_months=1, remind_days_before=[180, 14, 3])
    life = coming_dates(at("2027-03-01"), at("2027-04-01"), rules)
    assert [(moment.at, moment.what) for moment in life] == [
        (at("2027-03-18"), CertificateEvent.REMINDER),
        (at("2027-03-29"), CertificateEvent.REMINDER),
        (at("2027-04-01"), CertificateEvent.EXPIRY),
    ]


@given(INSTANTS, MONTHS)
def test_an_expiry_lies_in_the_month_it_should_and_never_later_in_it(moment: datetime, months: int) -> None:
    expiry = expires(moment, months)
    assert (expiry.year * 12 + expiry.month) - (moment.year * 12 + moment.month) == months
    assert expiry.day == moment.day or (expiry.day < moment.day and (expiry + timedelta(days=1)).day == 1)
    assert expiry.timetz() == moment.timetz()


@given(INSTANTS, INSTANTS, MONTHS)
def test_who_passes_on_a_later_day_never_has_an_earlier_expiry(
    passed_at: datetime, other: datetime, months: int
) -> None:
    first, second = sorted((passed_at, other))
    assert expires(first, months).date() <= expires(second, months).date()


def test_a_renewal_whose_result_took_longer_than_it_would_be_valid_begins_anew() -> None:
    expiry, taken = at("2028-03-15"), at("2028-03-14")
    assert valid_until(at("2029-03-14"), expiry, 12, taken_at=taken) == at("2029-03-15")
    assert valid_until(at("2029-03-15"), expiry, 12, taken_at=taken) == at("2030-03-15")
    assert not extends(expiry, 12, at("2029-03-15"), taken)


@given(INSTANTS, some.none() | INSTANTS, MONTHS, some.timedeltas(timedelta(0), timedelta(days=8000)))
def test_no_certificate_is_over_when_it_is_issued(
    passed: datetime, expiry: datetime | None, months: int, took: timedelta
) -> None:
    until = valid_until(passed, expiry, months, taken_at=passed - took)
    assert until > passed
    extended = extends(expiry, months, passed, passed - took)
    assert until == months_after(expiry if extended and expiry else passed, months)


@given(INSTANTS, MONTHS, some.integers(0, 120))
def test_every_renewal_within_its_window_lengthens_the_validity(passed: datetime, valid: int, window: int) -> None:
    expiry = expires(passed, valid)
    for _ in range(5):
        opens = renewal_opens(expiry, min(window, valid))
        assert opens <= expiry
        renewed = valid_until(opens, expiry, valid)
        assert renewed == months_after(expiry, valid) > expiry
        expiry = renewed
