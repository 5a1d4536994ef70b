"""What all simulated people of a rehearsal share: whom they know, what they see, and what has become of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from temporalio.client import Client

from domain.cohort.participants import Participant
from domain.core.model import CaseId, PersonId
from domain.core.naming import cohort_case
from domain.core.questions import TaskKind
from records.database import Database
from rehearsal.chance import Chance
from rehearsal.clocks import Clocks
from rehearsal.drawn import Event
from rehearsal.habits import Habits
from rehearsal.inputs import Inputs
from rehearsal.records_view import RecordsView
from simulated.sending import Sender

COHORT = "REHEARSAL"
"""What the cohort of a rehearsal is called."""

COHORT_CASE = cohort_case(COHORT)


@dataclass
class RehearsalLog:
    """What the people of a rehearsal have noticed. ``off`` are the programme days by which answers came later (or
    earlier) than they were meant to, because of the machine; ``unmatched`` those for whom no mentor was found, and why.
    """

    off: list[float] = field(default_factory=list)
    answered: int = 0
    nobody: Counter[TaskKind] = field(default_factory=Counter)
    unmatched: dict[CaseId, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


class RehearsalContext:
    """A rehearsal as its people see it. ``gone`` are mentors who have left, ``away`` the cases whose returner is ill,
    each with what tells that they are back."""

    def __init__(
        self, client: Client, database: Database, inputs: Inputs, habits: Habits, chance: Chance, clocks: Clocks
    ) -> None:
        self.client = client
        self.inputs = inputs
        self.habits = habits
        self.chance = chance
        self.clocks = clocks
        self.log = RehearsalLog()
        self.records_view = RecordsView(database)
        self.send = Sender(client)
        self.participants: dict[CaseId, Participant] = {
            participant.case: participant for participant in inputs.report.participants
        }
        self.gone: set[PersonId] = set()
        self.away: dict[CaseId, asyncio.Event] = {}

    def hr_of(self, case: CaseId) -> PersonId:
        """Who is HR in a placement."""
        return self.inputs.roles[self.participants[case].role].hr
