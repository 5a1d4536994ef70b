"""The activities a worker runs, each with what it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from activities.delivery import DeliveryActivities
from activities.journal import JournalActivities
from activities.mail import PostActivities
from activities.mail_records import RecordsAddressBook, RecordsLedger
from activities.mentors import MentorActivities
from activities.planning import plan_calendar
from activities.transport import transport_for
from engine.settings import Settings
from records.database import Database

ACTIVITY_THREADS = 16
"""Activities are synchronous and spend their time waiting for the database or the mail server."""


def activities_for(database: Database, settings: Settings) -> list[Callable[..., Any]]:
    """All activities, on these records and with the mail settings given."""
    transport = transport_for(settings.smtp_url, settings.maildir)
    post = PostActivities(RecordsLedger(database), RecordsAddressBook(database), transport, settings.mail_from)
    return [
        DeliveryActivities(JournalActivities(database), post).deliver,
        MentorActivities(database).choose_mentor,
        post.send_post,
        plan_calendar,
    ]
