"""What returner and manager both have to agree to: whoever of them asks for it has agreed, the others are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from domain.core.model import Party, PersonId
from domain.core.questions import Question, YesNo
from domain.core.tasks import Refused
from workflows.case.answers import Answered, CalledOff
from workflows.placement.context import PlacementContext

Agreement: TypeAlias = Literal["agreed", "refused", "lapsed", "replaced"]
"""What came of something that was asked for."""

SIDES = (Party.RETURNER, Party.MANAGER)


class Consent(NamedTuple):
    """Whether both sides have agreed; who refused, and why. It lapses where they are not asked any more."""

    how: Literal["agreed", "refused", "lapsed"]
    by: PersonId | None = None
    reason: str | None = None


def sides_to_ask(context: PlacementContext, asked_by: PersonId) -> list[Party]:
    """Both sides, but for whoever asked."""
    return [party for party in SIDES if context.state.parties[party] != asked_by]


def check_may_ask_instead(context: PlacementContext, what: str, asked_by: PersonId, actor: PersonId) -> None:
    """Raise :class:`Refused` where ``what`` is being agreed already, and ``actor`` can't ask for another instead."""
    if actor not in (asked_by, context.state.parties[Party.HR], context.state.parties[Party.HR_LEAD]):
        raise Refused(f"{what} is being agreed already; who asked for it, or HR, can ask for another instead")


def are_asked(sides: Sequence[Party]) -> str:
    """``returner and manager are asked``."""
    return " and ".join(side.spoken for side in sides) + (" are asked" if len(sides) > 1 else " is asked")


async def consent_of_both(
    context: PlacementContext, question: Question[YesNo], subject: str, asked_by: PersonId, facts: Mapping[str, Any]
) -> Consent:
    """Ask both sides, but for whoever asked, and wait for what they say."""
    replies = await context.gather(
        *(context.ask(question, subject, of=party, facts=dict(facts)) for party in sides_to_ask(context, asked_by))
    )
    refused = next((reply for reply in replies if isinstance(reply, Answered) and not reply.form.yes), None)
    if refused is not None:
        return Consent("refused", refused.by, refused.form.reason)
    return Consent("lapsed" if any(isinstance(reply, CalledOff) for reply in replies) else "agreed")
