"""What people ask of a case of any programme, and what they look at.

Every update is checked before it is let in; what is refused leaves no trace in the case.
"""

from __future__ import annotations

from typing import Any, Protocol

from temporalio import workflow

from domain.core.case import CaseState, Done, Unreadable, Withdraw
from domain.core.holdings import PlaceOffered
from domain.core.letters import MessageNotRead
from domain.core.model import Party
from domain.core.tasks import AnswerTask, Receipt
from workflows.case.context import CaseContext
from workflows.case.known_people import must_be_known
from workflows.case.updates import check, update


class Withdrawing(Protocol):
    """The changes of a case, as far as all cases have them."""

    def check_withdraw(self, request: Withdraw) -> None:
        """Refuse what can't be withdrawn."""

    def withdraw(self, request: Withdraw) -> Done:
        """End the case now, in good order."""


class CaseRequests:
    """The updates and queries that the cases of all programmes have; each programme adds its own."""

    state: CaseState
    context: CaseContext[Any]
    changes: Withdrawing

    def may_answer(self, message: AnswerTask) -> None:
        """Whoever is asked, or stands in for them, as :mod:`workflows.case.asking` has it."""
        self.context.asking.check(message)

    @update("Answer a task of this case, or hand it to somebody else", rule=may_answer)
    async def answer_task(self, message: AnswerTask) -> Receipt:
        """Answer or delegate; the same answer again gets the same receipt. Whoever is named is looked up first."""
        await must_be_known(self.context.asking.named(message))
        return self.context.asking.answer(message)

    @workflow.update(description="End the case now, in good order")
    async def withdraw(self, request: Withdraw) -> Done:
        """End the case now."""
        return self.changes.withdraw(request)

    @withdraw.validator
    def check_withdraw(self, request: Withdraw) -> None:
        """Reject what can't be withdrawn."""
        check(self.changes.check_withdraw, request)

    @workflow.signal(description="A place or money that this case waits for can be taken")
    def place_offered(self, offer: PlaceOffered) -> None:
        """What was waited for can be taken now."""
        self.state.offers.append(offer)

    @workflow.signal(description="A signal came that can't be read: HR hears of it (sent in its place by the worker)")
    def message_not_read(self, message: Unreadable) -> None:
        """A message that can't be read changes nothing, but somebody has to know that it was lost."""
        says = MessageNotRead(message=message.signal, why=message.why)
        self.context.report.letters(says, to=[Party.HR, Party.HR_LEAD])

    @workflow.query(description="The whole state, as JSON a person can read")
    def view(self) -> dict[str, Any]:
        """The whole state."""
        return self.state.view(self.context.now())

    @workflow.query(description="The tasks somebody still has to answer")
    def open_tasks(self) -> list[dict[str, Any]]:
        """The open tasks, the soonest due first."""
        return [task.model_dump(mode="json") for task in self.state.open_tasks()]
