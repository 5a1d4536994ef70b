"""What people ask of a case of any programme, and what they look at.

Each programme adds its own, in a module of the same name: for each update who may ask, when, and what happens. Who may
ask, and in which stages, stands in the subject's table (``MAY_ASK``), which each class names as its ``may_ask``.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

from temporalio import workflow

from domain.core.case import ENDED, CaseRequest, CaseState, Done, Unreadable
from domain.core.daily_mail import LetterSetAside, MailRefused
from domain.core.departure import IsBack
from domain.core.holdings import PlaceOffered
from domain.core.letters import MessageNotRead
from domain.core.model import Party
from domain.core.not_mine import NotMine
from domain.core.permissions import Permissions
from domain.core.reassigning import HandedOver, HandOver, Reassign
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask, DutiesNotSeparate, Receipt, Refused
from domain.core.wording import listed, spoken
from workflows.case.context import CaseContext
from workflows.case.known_people import look_up, must_be_known
from workflows.case.parts import Parts
from workflows.case.updates import update

WITHDRAW = "End the case now, in good order"
"""What operators read of the update by which a case is ended; each programme has rules of its own for it."""


class CaseRequests:
    """The updates, signals and queries that the cases of all programmes have, and the checks that updates share."""

    may_ask: ClassVar[Permissions]
    state: CaseState
    context: CaseContext[Any]
    parts: Parts

    # Tasks

    def may_answer(self, message: AnswerTask) -> None:
        """Whoever is asked, or stands in for them, as :mod:`workflows.case.asking` has it."""
        self.context.asking.check(message)

    @update("Answer a task of this case, or hand it to somebody else", rule=may_answer)
    async def answer_task(self, message: AnswerTask) -> Receipt:
        """Answer or delegate; the same answer again gets the same receipt. Whoever is named is looked up first."""
        await must_be_known(self.state, self.context.asking.named(message))
        receipt = self.context.asking.answer(message)
        self.parts.note_answer(message.task)
        return receipt

    # Who takes over

    def may_reassign(self, request: Reassign) -> None:
        """HR, somebody who may have the part. What the separation of duties forbids is refused later, and recorded."""
        self.check_who(request)
        self._check_not_ended()
        with suppress(DutiesNotSeparate):
            self.parts.check_request(request)

    @update("Give a part to somebody else, with its open tasks", rule=may_reassign)
    async def reassign(self, request: Reassign) -> Done:
        """Somebody else has the part from now on; whoever that is, is looked up first."""
        await must_be_known(self.state, [request.to])
        self.may_reassign(request)  # whoever asks may have left meanwhile, or have passed on their own part
        return self.context.done(self.parts.reassign(request))

    def may_hand_over(self, _: HandOver) -> None:
        """The departure of whoever has left, as long as anybody is asked anything: also while a case is being ended."""
        self._check_not_ended()

    @update("Hand over all that somebody had who has left the company", rule=may_hand_over)
    async def hand_over(self, request: HandOver) -> HandedOver:
        """Each thing goes to whoever is named, or HR is asked.

        They are looked up first: who is named, and who has declared that somebody leaves, and would stand in.
        """
        named = [*request.successors.values(), *([request.successor] if request.successor else [])]
        found = await look_up(self.state, named, besides=[request.actor, *self.state.gone.values()])
        self._check_not_ended()
        handed = self.parts.hand_over(request, found)
        return HandedOver(case=self.state.case, at=self.context.now(), parts=handed)

    def may_say_not_mine(self, message: NotMine) -> None:
        """Whoever is asked, of what is not theirs alone."""
        self.context.asking.not_theirs.check(message)

    @update("Say that a task is not yours: HR is asked whose it is", rule=may_say_not_mine)
    async def not_mine(self, message: NotMine) -> Done:
        """HR is asked whose it is; until it is known nobody reminds whoever has said so."""
        return self.context.done(self.context.asking.not_theirs.say(message))

    def may_reopen(self, request: ReopenTask) -> None:
        """HR, as long as nothing irrevocable hangs on the answer; also of one that is just being ended."""
        self.check_who(request)
        self._check_not_ended()
        self.context.asking.reopening.check(request)

    @update("Ask an answered task once more; the new answer takes the place of the first", rule=may_reopen)
    async def reopen_task(self, request: ReopenTask) -> Done:
        """Whoever was asked, or has the part now, is asked once more; until they answer, the first answer counts.

        They are looked up first: of somebody who has left the company the case may not have heard yet, and nobody is
        asked who has. What they have here goes to others, as their departure has it.
        """
        people = self.context.asking.reopening.concerned(request)
        found = await look_up(self.state, people)
        for person in people:
            if person in found.left and person not in (self.state.about, *self.state.gone):
                left = HandOver(actor=request.actor, person=person, left_on=found.left[person])
                self.parts.hand_over(left, found)
        self.may_reopen(request)  # the answer may hang on it by now
        return self.context.done(self.context.asking.reopening.reopen(request))

    # Who may ask what, and when: these raise Refused

    def check_may(self, request: CaseRequest) -> None:
        """Refuse what is not for whoever asks, or not for now."""
        self.check_who(request)
        self.check_when(request)

    def check_who(self, request: CaseRequest, who: frozenset[Party] | None = None) -> None:
        """Refuse somebody who plays none of the parts that may ask this, or none of ``who``."""
        allowed = who or self.may_ask[type(request)].who
        self.state.check_there(request.actor)
        if isinstance(allowed, frozenset) and not allowed.intersection(self.state.party_of(request.actor)):
            parties = ", ".join(party.spoken for party in sorted(allowed))
            raise Refused(f"{request.actor} can't do that in {self.state.case}: it is for {parties}", "forbidden")

    def check_when(self, request: CaseRequest, *, when: str | None = None) -> None:
        """Refuse what can't be asked any more, or not in this stage; when it can be says ``when``, else the stages."""
        permission, stages = self.may_ask[type(request)], self.may_ask[type(request)].stages
        self.check_not_over(f"and can't be {permission.done}" if permission.done else "")
        if stages is not None and self.state.stage not in stages:
            can = when or f"in {listed(spoken(stage.value) for stage in stages)}"
            stage = spoken(str(self.state.stage))
            raise Refused(f"{self.name} can't be {permission.done} in the stage {stage}; it can {can}")

    def check_not_over(self, more: str = "") -> None:
        """Refuse whatever is asked of a case that is over; ``more`` ends the sentence that says so."""
        if self.state.over:
            raise Refused(f"{self.name} has ended {more}".rstrip())

    def _check_not_ended(self) -> None:
        if self.state.stage == ENDED:
            raise Refused(f"{self.name} has ended")

    @property
    def name(self) -> str:
        """What people call the case."""
        return self.state.case

    # What other workflows and workers signal

    @workflow.signal(description="A place or money that this case waits for can be taken")
    def place_offered(self, offer: PlaceOffered) -> None:
        """What was waited for can be taken now."""
        self.state.offers.append(offer)

    @workflow.signal(description="A daily mail that told somebody of this case was refused for good: HR hears of it")
    def mail_refused(self, message: MailRefused) -> None:
        """Somebody who gets one mail a day is not reached by it."""
        self.context.report.unreachable(message.person, message.why)

    @workflow.signal(description="A letter of this case can't be written, so that no daily mail has it: HR hears of it")
    def letter_set_aside(self, message: LetterSetAside) -> None:
        """It waits until its text is mended."""
        self.context.report.set_aside(message.person, message.letter)

    @workflow.signal(description="Somebody who had left the company is there again, and can be asked")
    def is_back(self, message: IsBack) -> None:
        """They can be asked again, and are written to; what was handed over stays so, and what was not stays theirs."""
        self.parts.is_back(message.person)

    @workflow.signal(description="A signal came that can't be read: HR hears of it (sent in its place by the worker)")
    def message_not_read(self, message: Unreadable) -> None:
        """A message that can't be read changes nothing, but somebody has to know that it was lost."""
        letter = MessageNotRead(message=message.signal, why=message.why)
        self.context.report.letters(letter, to=[Party.HR, Party.HR_LEAD])

    # What people look at

    @workflow.query(description="The whole state, as JSON a person can read")
    def view(self) -> dict[str, Any]:
        """The whole state."""
        return self.state.view(self.context.now())

    @workflow.query(description="The tasks somebody still has to answer")
    def open_tasks(self) -> list[dict[str, Any]]:
        """The open tasks, the soonest due first; none that is confidential."""
        return [task.model_dump(mode="json") for task in self.state.shown_tasks()]
