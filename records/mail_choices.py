"""Since when people have chosen one mail a day: letters written before that go by themselves, whenever they are sent.

So a letter that may have been sent already, and is sent again because nobody knows, is not held as well.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from records.tables.core import PersonRecord


def note_choices(session: Session, now: datetime) -> None:
    """Note for whoever has chosen one mail a day, by whichever way, that they have now; where it is known, it stays."""
    newly = (PersonRecord.mail_choice == "daily", PersonRecord.daily_since.is_(None))
    no_more = (PersonRecord.mail_choice != "daily", PersonRecord.daily_since.is_not(None))
    session.execute(update(PersonRecord).where(*newly).values(daily_since=now))
    session.execute(update(PersonRecord).where(*no_more).values(daily_since=None))
