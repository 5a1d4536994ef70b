"""The activities a worker runs, each with what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from temporalio.client import Client

from activities.capacity.reserving import CapacityActivities
from activities.certification.credentials import CredentialActivities
from activities.certification.mail_records import RecordsCredentials
from activities.cohort.matching import CohortMatchingActivities
from activities.cohort.placements import CohortActivities
from activities.core.alone import StartActivities
from activities.core.contacts import Contact
from activities.core.daily_mail import DailyMailActivities
from activities.core.delivery import DeliveryActivities
from activities.core.departures import DepartureActivities
from activities.core.held_mails import HeldMails
from activities.core.journal import JournalActivities
from activities.core.mail import PostActivities
from activities.core.mail_records import RecordsAddressBook, RecordsLedger
from activities.core.people import PeopleActivities
from activities.core.transport import transport_for
from activities.core.whom_for import RecordsWhomFor
from activities.learning.plan import LearningActivities
from activities.learning.statements import StatementActivities
from activities.placement.mentors import MentorActivities
from activities.placement.planning import PlanningActivities, local_days
from engine.settings import Settings
from records.database import Database

ACTIVITY_THREADS = 16
"""Activities are synchronous and spend their time waiting for the database or the mail server."""


def by_name(activities: Iterable[Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Activities by the names under which workflows call them."""
    return {str(getattr(function, "__temporal_activity_definition").name): function for function in activities}


def activities_for(database: Database, settings: Settings, client: Client) -> list[Callable[..., Any]]:
    """All activities, on these records and with the settings given; ``client`` is for asking other workflows.

    Those that run in threads are defined with ``no_thread_cancel_exception``: an exception that the SDK throws into a
    thread at whatever instruction it stands can leave a lock held for ever, and the worker then never ends. All of them
    are short, and may run twice.
    """
    capacities = CapacityActivities(client, settings.task_queue)
    cohorts = CohortActivities(client, database, settings.task_queue)
    transport = transport_for(settings.smtp_url, settings.maildir)
    book, sender = RecordsAddressBook(database), settings.mail_from
    console = settings.console_url
    post = PostActivities(
        RecordsLedger(database),
        book,
        transport,
        sender,
        RecordsCredentials(database),
        RecordsWhomFor(database),
        console=console,
    )
    daily = DailyMailActivities(
        client,
        settings.task_queue,
        HeldMails(database, Contact.parse(sender), console),
        book,
        transport,
        sender,
        settings.daily_mail_at,
    )
    departures = DepartureActivities(client, database)
    credentials = CredentialActivities(database, settings)
    learning = LearningActivities(database)
    mentors = MentorActivities(database)
    return [
        capacities.release,
        capacities.reserve,
        cohorts.ask_placements,
        cohorts.cohort_figures,
        cohorts.gone_placements,
        cohorts.plan_cohort,
        cohorts.start_placements,
        cohorts.tell_proposals,
        CohortMatchingActivities(database).match_cohort,
        DeliveryActivities(JournalActivities(database), post).deliver,
        departures.find_parts,
        departures.hand_over_parts,
        departures.record_departure,
        daily.begin_daily_mail,
        daily.next_morning,
        daily.send_daily_mail,
        credentials.issue_credential,
        credentials.set_credential_status,
        learning.certificate_now,
        learning.known_levels,
        learning.propose_plan,
        local_days,
        mentors.check_mentor,
        mentors.choose_mentor,
        StartActivities(client, database).check_alone,
        PeopleActivities(database).known_people,
        post.send_post,
        PlanningActivities(database).plan_calendar,
        StatementActivities(database, settings).read_statement,
    ]
