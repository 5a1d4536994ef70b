"""The activities a worker runs, each with what it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from temporalio.client import Client

from activities.capacity import CapacityActivities
from activities.cohort_matching import CohortMatchingActivities
from activities.cohorts import CohortActivities
from activities.credentials import CredentialActivities
from activities.delivery import DeliveryActivities
from activities.journal import JournalActivities
from activities.learning_plan import LearningActivities
from activities.mail import PostActivities
from activities.mail_records import RecordsAddressBook, RecordsCredentials, RecordsLedger
from activities.mentors import MentorActivities
from activities.people import PeopleActivities
from activities.planning import local_days, plan_calendar
from activities.starting import StartActivities
from activities.statements import StatementActivities
from activities.transport import transport_for
from engine.settings import Settings
from records.database import Database

ACTIVITY_THREADS = 16
"""Activities are synchronous and spend their time waiting for the database or the mail server."""


def activities_for(database: Database, settings: Settings, client: Client) -> list[Callable[..., Any]]:
    """All activities, on these records and with the settings given; ``client`` is for asking other workflows.

    Those that run in threads are defined with ``no_thread_cancel_exception``: an exception that the SDK throws into a
    thread at whatever instruction it stands can leave a lock held for ever, and the worker then never ends. All of them
    are short, and may run twice.
    """
    capacities = CapacityActivities(client, settings.task_queue)
    cohorts = CohortActivities(client, database, settings.task_queue)
    transport = transport_for(settings.smtp_url, settings.maildir)
    post = PostActivities(
        RecordsLedger(database),
        RecordsAddressBook(database),
        transport,
        settings.mail_from,
        RecordsCredentials(database),
    )
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
        plan_calendar,
        StatementActivities(database, settings).read_statement,
    ]
