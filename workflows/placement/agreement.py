"""What returner and manager both have to agree to: whoever of them asks for it has agreed, the others are asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from domain.core.decisions import DecisionKind
from domain.core.letters import LetterFacts
from domain.core.model import Party, PersonId
from domain.core.questions import Question, YesNo
from domain.core.tasks import Refused
from domain.placement.agreements import AskedOfBoth
from domain.placement.stages import Stage
from workflows.case.answers import Answered, CalledOff
from workflows.placement.context import PlacementContext

Agreement: TypeAlias = Literal["agreed", "refused", "lapsed", "replaced"]
"""What came of something that was asked for."""

SIDES = (Party.RETURNER, Party.MANAGER)
THE_END = "the placement has ended in the meantime"

A = TypeVar("A", bound=AskedOfBoth)


class Consent(NamedTuple):
    """Whether both sides have agreed; who refused, and why. It lapses where they are not asked any more."""

    how: Literal["agreed", "refused", "lapsed"]
    by: PersonId | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Terms:
    """How something is agreed that was asked for: ``what`` it is (``an extension``), and the ``question`` asked.

    ``replaced`` says that another is asked for instead. It can be agreed in these ``stages``; later, ``too_late`` says
    why not, and on record ``why_lapsed``. Where it is not agreed, ``others`` besides HR hear of it too.
    """

    what: str
    replaced: str
    question: Question[YesNo]
    decision: DecisionKind
    stages: Sequence[Stage]
    too_late: str
    why_lapsed: str
    others: Sequence[Party]


class Agreements(ABC, Generic[A]):
    """What both sides are asked to agree to, one thing of its kind at a time; the last one asked for counts.

    ``asked`` is the list in the state of all that was ever asked for.
    """

    def __init__(self, context: PlacementContext, asked: list[A], terms: Terms) -> None:
        self._context = context
        self._state = context.state
        self._asked = asked
        self._terms = terms

    @property
    def being_agreed(self) -> A | None:
        """What both sides are just being asked for."""
        return next((asked for asked in self._asked if asked.agreed is None), None)

    def check_may_ask_instead(self, actor: PersonId) -> None:
        """Raise :class:`Refused` where something is being agreed already, and ``actor`` can't ask for another."""
        open_, hr = self.being_agreed, (self._state.parties[Party.HR], self._state.parties[Party.HR_LEAD])
        if open_ is not None and actor not in (open_.asked_by, *hr):
            raise Refused(
                f"{self._terms.what} is being agreed already; who asked for it, or HR, can ask for another instead"
            )

    def ask_for(self, wanted: A) -> str:
        """Ask both sides, but for whoever asks; one that is still being agreed is replaced. Who is asked, in words."""
        if self.being_agreed:
            self._close(agreed=False)
            self._context.asking.call_off(self._terms.replaced, kinds=[self._terms.question.kind])
        self._asked.append(wanted)
        self._context.spawn(self._agree(len(self._asked)))
        sides = self._sides_to_ask(wanted)
        return " and ".join(side.spoken for side in sides) + (" are asked" if len(sides) > 1 else " is asked")

    def lapse(self) -> None:
        """The placement is over: what both sides are being asked for has no more purpose."""
        if (asked := self.being_agreed) is not None:
            self._close(agreed=False)
            self._record("lapsed", asked, by=None, reason=THE_END)

    # What each kind says of itself

    @abstractmethod
    def _subject(self, asked: A) -> str:
        """What both sides are asked."""

    @abstractmethod
    def _facts(self, asked: A) -> Mapping[str, Any]:
        """What they are told of it, besides why it was asked for."""

    @abstractmethod
    def _evidence(self, asked: A) -> Mapping[str, Any]:
        """What goes on record of it, besides who asked for it and why."""

    @abstractmethod
    def _refusal(self, reason: str) -> LetterFacts:
        """The letter that says that it was not agreed."""

    @abstractmethod
    async def _carry_out(self, asked: A, n: int) -> None:
        """Both sides have agreed to the ``n``-th that was asked for, and it is on record: do it."""

    def _agreed(self, asked: A) -> A:
        """It, as both sides have just agreed to it."""
        return asked.model_copy(update={"agreed": True})

    # The agreement

    def _sides_to_ask(self, asked: A) -> list[Party]:
        """Both sides, but for whoever asked."""
        return [party for party in SIDES if self._state.parties[party] != asked.asked_by]

    async def _consent(self, asked: A) -> Consent:
        """Ask both sides, but for whoever asked, and wait for what they say."""
        facts, subject = {**self._facts(asked), "reason": asked.reason}, self._subject(asked)
        ask, question = self._context.ask, self._terms.question
        replies = await self._context.gather(
            *(ask(question, subject, of=party, facts=dict(facts)) for party in self._sides_to_ask(asked))
        )
        refused = next((reply for reply in replies if isinstance(reply, Answered) and not reply.form.yes), None)
        if refused is not None:
            return Consent("refused", refused.by, refused.form.reason)
        return Consent("lapsed" if any(isinstance(reply, CalledOff) for reply in replies) else "agreed")

    async def _agree(self, n: int) -> None:
        asked = self._asked[n - 1]
        consent = await self._consent(asked)
        if len(self._asked) != n:
            self._record("replaced", asked, by=None, reason="another was asked for instead")
        elif consent.how == "refused":
            self._not_agreed("refused", asked, consent)
        elif self._state.stage not in self._terms.stages or consent.how == "lapsed":
            self._not_agreed("lapsed", asked, Consent("lapsed", reason=self._terms.why_lapsed))
        else:
            self._asked[-1] = agreed = self._agreed(asked)
            self._record("agreed", agreed, by=asked.asked_by, reason=asked.reason)
            await self._carry_out(agreed, n)

    def _close(self, *, agreed: bool) -> None:
        self._asked[-1] = self._asked[-1].model_copy(update={"agreed": agreed})

    def _not_agreed(self, how: Agreement, asked: A, consent: Consent) -> None:
        """It stays as it is; the words of whoever refused are for HR alone."""
        self._close(agreed=False)
        self._record(how, asked, by=consent.by, reason=consent.reason)
        self._context.report.letters(self._refusal(consent.reason or "none was given"), to=[Party.HR])
        told = "not everybody could agree" if how == "refused" else self._terms.too_late
        self._context.report.letters(self._refusal(told), to=self._terms.others)

    def _record(self, how: Agreement, asked: A, *, by: PersonId | None, reason: str | None) -> None:
        evidence = {**self._evidence(asked), "asked_by": asked.asked_by, "asked_because": asked.reason}
        self._context.report.decision(self._terms.decision, how, by=by, reason=reason, evidence=evidence)
