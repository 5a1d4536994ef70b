"""Wishes for another mentor, which a returner tells HR in confidence.

Whatever follows is what follows when HR has the mentor replaced for any other reason: nobody else hears who asked.
"""

from __future__ import annotations

from temporalio import workflow

from domain.core.decisions import DecisionKind
from domain.core.model import PersonId, instant_text
from domain.core.placement_rows import MentorWishRow
from domain.core.tasks import Refused
from domain.placement.forms import MENTOR_WISH, WishChoice, WishReply
from domain.placement.in_confidence import MentorWish, WishState
from domain.placement.mentor_letters import MentorWishAnswered, MentorWished
from domain.placement.requests import AskForMentor
from workflows.case.answers import Answered
from workflows.placement.context import PlacementContext
from workflows.placement.mentoring import Mentoring

SUBJECT = "a request in confidence"
"""What letters and lists say of it: the rest stands within the letter."""

AFTER = {
    WishChoice.GRANT: WishState.GRANTED,
    WishChoice.TALK: WishState.TALK,
    WishChoice.DECLINE: WishState.DECLINED,
}


class MentorWishes:
    """The wishes of one placement, one at a time."""

    def __init__(self, context: PlacementContext, mentoring: Mentoring) -> None:
        self._context = context
        self._state = context.state
        self._mentoring = mentoring

    @property
    def open(self) -> MentorWish | None:
        """The wish that HR has still to answer."""
        return next((wish for wish in self._state.wishes if wish.is_open), None)

    def check_confidants(self) -> None:
        """Refuse where nobody in HR could keep it to themselves."""
        if not self._state.confidants:
            raise Refused("everybody in HR of this placement has another part in it; nobody can be asked in confidence")

    def ask(self, request: AskForMentor) -> str:
        """Ask HR, or say how it stands with what HR was asked already; what has happened, as a sentence."""
        if self.open is not None:
            return self._status(self.open)
        assert self._state.mentor is not None
        wish = MentorWish(
            n=len(self._state.wishes) + 1,
            at=self._context.now(),
            mentor=self._state.mentor,
            reason=request.reason,
        )
        self._state.wishes.append(wish)
        self._record(wish)
        self._context.spawn(self._hear(wish))
        return "HR is asked, and nobody else learns of it"

    def _status(self, wish: MentorWish) -> str:
        asked = f"HR was asked on {instant_text(wish.at)} already"
        if wish.state is WishState.TALK:
            return f"{asked}, and wants to talk about it with you first"
        return f"{asked}, and has not answered yet"

    async def _hear(self, wish: MentorWish) -> None:
        """Ask until HR grants or declines it, or there is nothing, or nobody, left to be asked."""
        while confidants := self._state.confidants:
            reply = await self._context.ask(
                MENTOR_WISH,
                SUBJECT,
                of=confidants[0],
                facts={"reason": wish.reason} if wish.reason else {},
                not_by=self._state.kept_out,
                opening_letter=MentorWished,
            )
            if not isinstance(reply, Answered):
                break
            self._answer(wish, reply.form, reply.by)
            if wish.state is WishState.GRANTED:
                await self._reassign(wish, reply)
            if not wish.is_open:
                return
        self._note(wish, WishState.LAPSED)

    def _answer(self, wish: MentorWish, reply: WishReply, by: PersonId) -> None:
        wish.message, wish.answered_by = reply.message or wish.message, by
        self._note(wish, AFTER[reply.reply])
        letter = MentorWishAnswered(reply=reply.reply.value, message=reply.message)
        self._context.report.letter(letter, to=self._state.returner)

    async def _reassign(self, wish: MentorWish, reply: Answered[WishReply]) -> None:
        """Replace the mentor, if it is still the same, as HR does at any other time."""
        await workflow.wait_condition(lambda: self._mentoring.search.nominee is None)
        if self._state.mentor != wish.mentor or self._context.now() >= self._context.plan.ends_at:
            return
        reason = reply.form.for_the_record
        self._context.report.decision(DecisionKind.MENTOR, "reassigned", by=reply.by, reason=reason)
        self._mentoring.reassign(None)

    def end(self) -> None:
        """The placement is over: what HR has not answered needs no answer any more."""
        if self.open is not None:
            self._note(self.open, WishState.LAPSED)

    def _note(self, wish: MentorWish, state: WishState) -> None:
        wish.state = state
        self._record(wish)

    def _record(self, wish: MentorWish) -> None:
        self._context.report.row(
            MentorWishRow(
                n=wish.n,
                at=self._context.now(),
                asked_at=wish.at,
                mentor=wish.mentor,
                reason=wish.reason,
                state=wish.state.value,
                message=wish.message,
                answered_by=wish.answered_by,
            )
        )
