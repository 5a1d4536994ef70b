"""The table of credentials: the certificates that were issued."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class CredentialRecord(Base):
    """A credential that was issued. ``document`` is its JSON as signed; the status is that of the status list.

    ``issuer`` is the DID that signed it; the lists that tell its status stand below the address ``status_home``.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "person"),
        Index(None, "issuer"),
        Index(None, "status_index", unique=True),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    n: Mapped[int]
    person: Mapped[str]
    certificate: Mapped[str]
    issuer: Mapped[str]
    issued_at: Mapped[datetime]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    status: Mapped[str]
    status_since: Mapped[datetime]
    status_reason: Mapped[str | None]
    status_index: Mapped[int]
    status_home: Mapped[str]
    document: Mapped[str]
