"""The credentials that were issued, as the tables hold them. Each question takes the session of a transaction."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.certification.credentials import Claims, Credential, CredentialStatus, Finding
from domain.core.case import ENDED
from domain.core.model import CaseId, CertificateId, PersonId
from domain.core.naming import Programme
from records.database import Database
from records.queries.core.people import Unknown
from records.tables.certification import CredentialRecord
from records.tables.core import CaseRecord

LOCK = "credentials"
"""The name of the lock (:func:`records.database.lock`) under which credentials are issued and change."""


def credential(session: Session, credential_id: str) -> CredentialRecord:
    """A credential. Raises :class:`Unknown`."""
    record = session.get(CredentialRecord, credential_id)
    if record is None:
        raise Unknown(f"no credential {credential_id} in the records")
    return record


def issued(session: Session, case: CaseId, n: int) -> Credential | None:
    """The ``n``-th credential of a case, once it was issued."""
    found = select(CredentialRecord).where(CredentialRecord.case_id == case, CredentialRecord.n == n)
    record = session.scalar(found)
    if record is None:
        return None
    return Credential(id=record.id, n=record.n, valid_from=record.valid_from, valid_until=record.valid_until)


def of_person(session: Session, person: PersonId) -> Sequence[CredentialRecord]:
    """All that was ever issued to somebody: by certificate, the oldest first."""
    found = select(CredentialRecord).where(CredentialRecord.person == person)
    return session.scalars(
        found.order_by(CredentialRecord.certificate, CredentialRecord.issued_at, CredentialRecord.n)
    ).all()


def of_case(session: Session, case: CaseId) -> Sequence[CredentialRecord]:
    """All that was ever issued in a certification, in order."""
    found = select(CredentialRecord).where(CredentialRecord.case_id == case)
    return session.scalars(found.order_by(CredentialRecord.n)).all()


def certifications(session: Session, person: PersonId, certificate: CertificateId) -> list[CaseId]:
    """The certifications of somebody and a certificate that run, by their ids. There should be one at most."""
    found = select(CaseRecord.case_id).where(
        CaseRecord.programme == Programme.CERTIFICATION,
        CaseRecord.person == person,
        CaseRecord.role == certificate,
        CaseRecord.stage != ENDED,
    )
    return list(session.scalars(found.order_by(CaseRecord.case_id)))


def status(session: Session, claims: Claims) -> Finding | None:
    """The status of a credential of this issuer; None where the records don't know it."""
    record = session.get(CredentialRecord, claims.id)
    if record is None or record.issuer != claims.issuer:
        return None
    return Finding(record.status)


def status_by_records(database: Database) -> Callable[[Claims], Finding | None]:
    """What looks up a certificate's status in the records, for :func:`service.certification.verifying.verify`."""

    def found(claims: Claims) -> Finding | None:
        with database.reading() as session:
            return status(session, claims)

    return found


def count(session: Session) -> int:
    """How many were ever issued."""
    return session.scalar(select(func.count()).select_from(CredentialRecord)) or 0


def homes(session: Session) -> list[tuple[str, str]]:
    """Each issuer of certificates (a DID), with the addresses of their status lists; the oldest first."""
    found = select(CredentialRecord.issuer, CredentialRecord.status_home)
    grouped = found.group_by(CredentialRecord.issuer, CredentialRecord.status_home)
    rows = session.execute(grouped.order_by(func.min(CredentialRecord.issued_at), CredentialRecord.issuer))
    return [(issuer, home) for issuer, home in rows]


def marked(session: Session, issuer: str, home: str, statuses: Collection[CredentialStatus]) -> list[int]:
    """The places, in an issuer's lists at an address, of those with one of these statuses, in order."""
    places = select(CredentialRecord.status_index).where(
        CredentialRecord.issuer == issuer,
        CredentialRecord.status_home == home,
        CredentialRecord.status.in_([status.value for status in statuses]),
    )
    return list(session.scalars(places.order_by(CredentialRecord.status_index)))


def last_change(session: Session) -> datetime | None:
    """When one was last issued, or changed its status."""
    return session.scalar(select(func.max(CredentialRecord.status_since)))


def free_index(session: Session, size: int) -> int:
    """A place below ``size`` that no credential has, drawn by lot: its number must not tell who came after whom.

    Call it under :data:`LOCK`, with a size of which at least half is free.
    """
    while True:
        index = secrets.randbelow(size)
        if session.scalar(select(CredentialRecord.id).where(CredentialRecord.status_index == index)) is None:
            return index
