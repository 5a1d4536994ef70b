"""The table of forms that were sent in the console, so that one that is sent twice does what it asks once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class SentFormRecord(Base):
    """A form that somebody has sent: what it asks is being done since ``at``, or is done, and led to a page of ours.

    ``key`` is the SHA-256 of who sent it, where, and what stood in it. ``told`` is what that page says of it.
    """

    __tablename__ = "sent_forms"
    __table_args__ = (Index(None, "person"), Index(None, "at"))

    key: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    at: Mapped[datetime]
    led_to: Mapped[str | None]
    told: Mapped[dict[str, Any] | None]
