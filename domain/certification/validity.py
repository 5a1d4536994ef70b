"""How long certificates are valid, counted in calendar months.

A month later is the same day of the next month at the same time of day (UTC), or that month's last day where there is
no such day: 31 January + 1 month is 28 or 29 February, 29 February + 12 months is 28 February (own rule; nobody
publishes one).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from domain.core.model import Fixed, Instant
from domain.core.months import months_after
from domain.learning.policy import CertificateRules


def expires(valid_from: datetime, months: int) -> datetime:
    """When something expires that is valid for so many months."""
    return months_after(valid_from, months)


def renewal_opens(expiry: datetime, months: int) -> datetime:
    """From when on something can be renewed that expires then: so many months before."""
    return months_after(expiry, -months)


def extends(expiry: datetime | None, months: int, passed_at: datetime, taken_at: datetime | None = None) -> bool:
    """Whether a certificate whose exam was passed then extends the one its holder had before, which expires then.

    Its exam must have been taken in time (``taken_at``): who takes it in time loses nothing by an examiner who took
    longer. But one whose result took so long that the extended one would be over too begins anew.
    """
    if expiry is None or (taken_at or passed_at) >= expiry:
        return False
    return expires(expiry, months) > passed_at


def valid_until(
    passed_at: datetime, expiry: datetime | None, months: int, taken_at: datetime | None = None
) -> datetime:
    """Until when a certificate is valid whose exam was passed then; always after that.

    ``expiry`` is that of the certificate its holder had before, if any: what :func:`extends` it counts from there,
    however early it comes; anything else counts from when it was passed.
    """
    return expires(expiry if expiry and extends(expiry, months, passed_at, taken_at) else passed_at, months)


class Happens(StrEnum):
    """What happens in the life of a certificate."""

    RENEWAL_OPENS = "renewal_opens"
    REMINDER = "reminder"
    EXPIRY = "expiry"


class Moment(Fixed):
    """Something that happens to a certificate at a moment that is still to come."""

    at: Instant
    what: Happens


def life_of(valid_from: datetime, expiry: datetime, rules: CertificateRules) -> list[Moment]:
    """What happens to a certificate from now, ``valid_from``, until it expires, in order."""
    moments = [
        Moment(at=renewal_opens(expiry, rules.renewal_opens_months), what=Happens.RENEWAL_OPENS),
        *(Moment(at=expiry - timedelta(days=days), what=Happens.REMINDER) for days in rules.remind_days_before),
        Moment(at=expiry, what=Happens.EXPIRY),
    ]
    return sorted((moment for moment in moments if moment.at > valid_from), key=lambda moment: moment.at)
