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


class CertificateEvent(StrEnum):
    """What happens to a certificate between its issue and its expiry."""

    RENEWAL_OPENS = "renewal_opens"
    REMINDER = "reminder"
    EXPIRY = "expiry"


class CertificateDate(Fixed):
    """When something will happen to a certificate."""

    at: Instant
    what: CertificateEvent


def coming_dates(valid_from: datetime, expiry: datetime, rules: CertificateRules) -> list[CertificateDate]:
    """What happens to a certificate from now, ``valid_from``, until it expires, in order."""
    dates = [
        CertificateDate(at=renewal_opens(expiry, rules.renewal_opens_months), what=CertificateEvent.RENEWAL_OPENS),
        *(
            CertificateDate(at=expiry - timedelta(days=days), what=CertificateEvent.REMINDER)
            for days in rules.remind_days_before
        ),
        CertificateDate(at=expiry, what=CertificateEvent.EXPIRY),
    ]
    return sorted((coming for coming in dates if coming.at > valid_from), key=lambda coming: coming.at)
