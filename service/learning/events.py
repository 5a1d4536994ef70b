"""Handing in a completion event: what a learning system says of somebody's e-learning."""

from __future__ import annotations

import asyncio

from domain.core.model import CaseId
from domain.core.updates import Update
from domain.learning.xapi import HandedIn, HandIn
from records.database import Database
from service.core.asking import ask
from service.core.connecting import Connect
from service.core.people import check_known


async def hand_in(connect: Connect, database: Database, case: CaseId, event: HandIn, seconds: float) -> HandedIn:
    """Hand an event to a path. Raises ``Unknown`` for somebody unknown, else as :func:`service.core.asking.ask`."""
    await asyncio.to_thread(check_known, database, [event.actor])
    return await ask(await connect(), database, case, Update.COMPLETION_EVENT, event, HandedIn, seconds)
