"""Invitations to the sessions of workshops: sent, sent anew, and called off."""

from __future__ import annotations

from domain.core.model import PersonId
from domain.learning.catalogue import WorkshopSession
from domain.learning.enrolment import Enrolment
from domain.learning.letters import WorkshopCancelled, WorkshopInvitation
from workflows.case import invitations
from workflows.case.invitations import Entry, later
from workflows.learning.context import PathContext


class WorkshopInvitations:
    """What stands in the learner's calendar of the workshops of a path."""

    def __init__(self, context: PathContext) -> None:
        self._context = context
        self._state = context.state

    def write(self, enrolment: Enrolment, session: WorkshopSession, *, off_because: str | None = None) -> None:
        """Invite the learner; or call it off, where it says why."""
        enrolment.sequence = later(enrolment.sequence)
        title, trainer, place = enrolment.training.title, enrolment.training.trainer, session.place
        entry = Entry(
            key=f"training-{enrolment.n}-{session.id}",
            starts=session.starts,
            ends=session.ends,
            summary=f"Workshop {title}{' with {trainer}' if trainer else ''}",
            place=place,
            attendees=[self._state.learner],
        )
        letter = (
            WorkshopInvitation(title=title, trainer=trainer, place=place, starts=session.starts)
            if off_because is None
            else WorkshopCancelled(title=title, trainer=trainer, place=place, starts=session.starts, why=off_because)
        )
        invitations.send(self._context, letter, entry, enrolment.sequence, to=self._state.learner)

    def invite_anew(self, trainer: PersonId) -> None:
        """The learner hears of another trainer of sessions still to come in which there is a seat."""
        now = self._context.now()
        for enrolment in self._state.enrolments:
            if enrolment.settled or enrolment.training.trainer != trainer:
                continue
            for session in enrolment.training.sessions:
                if session.id == enrolment.session and session.starts > now:
                    self.write(enrolment, session)

    def call_off(self, why: str) -> None:
        """The learner does not come: sessions still to come are taken out of the calendar."""
        now = self._context.now()
        for enrolment in self._state.enrolments:
            for session in enrolment.training.sessions:
                if not enrolment.settled and session.id == enrolment.session and session.starts > now:
                    self.write(enrolment, session, off_because=why)
