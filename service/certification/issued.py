"""The certificates that were issued, as the records know them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.certification.credentials import CredentialStatus
from domain.core.model import CaseId, PersonId
from records.database import Database
from records.queries.certification import credentials
from records.queries.registry import time_zone
from records.tables.certification import CredentialRecord
from service.core.errors import Unknown
from service.core.people import check_known


def issued_to(database: Database, person: PersonId) -> tuple[Sequence[CredentialRecord], Mapping[CaseId, str | None]]:
    """Somebody's certificates, and where the case of each is at home. Raises ``Unknown`` for somebody unknown."""
    check_known(database, [person])
    with database.reading() as session:
        found = credentials.of_person(session, person)
        return found, {credential.case_id: time_zone(session, credential.case_id) for credential in found}


def issued_by(database: Database, case: CaseId, n: int | None) -> CredentialRecord:
    """The ``n``-th certificate of a certification, else its newest. Raises ``Unknown`` where there is none."""
    with database.reading() as session:
        found = [credential for credential in credentials.of_case(session, case) if n in (None, credential.n)]
    if not found:
        what = "no certificate" if n is None else f"no certificate {n}"
        raise Unknown(f"there is {what} of {case} in the records")
    return found[-1]


def status_of(credential: CredentialRecord, now: datetime) -> str:
    """How a certificate stands: what is on record of it, or ``expired`` by now."""
    return (
        "expired"
        if credential.status == CredentialStatus.VALID and credential.valid_until <= now
        else credential.status
    )
