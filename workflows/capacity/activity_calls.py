"""The activities that ask a capacity for something."""

from __future__ import annotations

from temporalio.exceptions import ActivityError, ApplicationError

from domain.capacity.reserving import CapacityStart, NotReserved, Release, ReleaseCall, Reserve, ReserveCall, Reserved
from domain.core.holdings import CapacityId, HolderId
from domain.core.tasks import REFUSED
from workflows.case.activity_calls import Activity, call

RESERVE_CAPACITY = Activity("reserve_capacity", ReserveCall, Reserved)
RELEASE_CAPACITY = Activity("release_capacity", ReleaseCall, Reserved)


async def reserve(start: CapacityStart, request: Reserve) -> Reserved | NotReserved:
    """Take a part of a capacity, which is started if need be."""
    try:
        asked = ReserveCall(start=start, request=request)
        return await call(RESERVE_CAPACITY, asked, f"{request.holder} takes of {start.id}")
    except ActivityError as error:
        return _refusal(error, start.id, request.holder)


async def release(capacity: CapacityId, request: Release) -> Reserved | NotReserved:
    """Give back what was taken of a capacity."""
    try:
        asked = ReleaseCall(capacity=capacity, request=request)
        return await call(RELEASE_CAPACITY, asked, f"{request.holder} gives back of {capacity}")
    except ActivityError as error:
        return _refusal(error, capacity, request.holder)


def _refusal(error: ActivityError, capacity: CapacityId, holder: HolderId) -> NotReserved:
    """A refusal that came by way of an activity; any other error is raised again."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type and cause.type.startswith(REFUSED):
        return NotReserved(capacity=capacity, holder=holder, why=cause.message, kind=cause.type.removeprefix(REFUSED))
    raise error
