"""The tables of what HR does with files in the console: those that were sent and wait for what is done with them, and
rehearsals.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class UploadRecord(Base):
    """A file that somebody has sent, between its check and what is done with it; gone when it ends.

    ``options`` say how it is to be read. ``outcome`` is what came of it; from then on there is no ``content``.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index(None, "person"), Index(None, "ends_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    content: Mapped[bytes]
    options: Mapped[dict[str, Any]]
    uploaded_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    outcome: Mapped[dict[str, Any] | None]


class RehearsalRecord(Base):
    """A rehearsal that somebody has started in the console: how far it is, and what would happen.

    ``seen_at`` is when the console that runs it last said so; where that is long ago, it broke off. ``result`` is the
    report as the command line gives it; ``problem`` is why there is none.
    """

    __tablename__ = "rehearsals"
    __table_args__ = (Index(None, "started_by"), Index(None, "started_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    started_by: Mapped[str]
    file: Mapped[str]
    options: Mapped[dict[str, Any]]
    state: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    progress: Mapped[list[str]]
    problem: Mapped[str | None]
    result: Mapped[dict[str, Any] | None]
