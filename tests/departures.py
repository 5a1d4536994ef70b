"""Departures to test: people whom no other test has, and what HR declares of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle

from domain.core.departure import DepartureState
from domain.core.model import PersonId
from domain.core.naming import departure_workflow_id
from service.core.connecting import connected
from service.core.declaring import Declared, declare
from service.core.leaving import WantedDeparture
from tests.office import HR_LEAD, Office, new_people, person

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
TOMORROW = YESTERDAY + timedelta(days=2)
SECONDS = 20.0


def employ(office: Office) -> tuple[PersonId, ...]:
    """People whom no other test has, in the records: departures are named after people, on a server of all tests."""
    fresh = new_people()
    with office.database.session() as session:
        session.add_all(person(somebody) for somebody in fresh)
    return fresh


async def say(office: Office, leaver: PersonId, **more: Any) -> Declared:
    """HR declares it; what is theirs is looked for again after moments."""
    wanted = WantedDeparture(person=leaver, look_again=timedelta(seconds=0.5), **{"at_once": True, **more})
    return await declare(connected(office.client), office.database, wanted, HR_LEAD, office.queue, SECONDS)


def departure_of(office: Office, leaver: PersonId) -> WorkflowHandle[Any, DepartureState]:
    """The workflow that hands over what they have."""
    return office.client.get_workflow_handle(departure_workflow_id(leaver), result_type=DepartureState)
