"""What returner and mentor say to HR alone: a wish for another mentor, and the answers to pulses.

Whom such things reach is one rule: HR of the case, but for those who have another part beside the returner. In a
programme for mentoring it is named first that nobody can say in confidence that a match does not work.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from domain.core.access import NEVER_IN_CONFIDENCE
from domain.core.model import Fixed, Instant, Model, Party, PersonId, Sentence
from domain.placement.policy import PulseRules

OF_HR_IN_ORDER = (Party.HR, Party.HR_LEAD)


def confidants(parties: Mapping[Party, PersonId], mentors: Collection[PersonId]) -> list[Party]:
    """The parts of those in HR whom something can be told in confidence, the first to be asked first.

    Nobody who is one of the ``mentors`` of the case, past ones too, or has another part beside the returner.
    """
    out = kept_out(parties, mentors)
    return [party for party in OF_HR_IN_ORDER if parties.get(party) not in [None, *out]]


def kept_out(parties: Mapping[Party, PersonId], mentors: Collection[PersonId]) -> list[PersonId]:
    """Who must not learn of it, whatever else they are."""
    others = [parties[party] for party in NEVER_IN_CONFIDENCE if party in parties]
    return list(dict.fromkeys([*others, *mentors]))


class WishState(StrEnum):
    """How it stands with a wish for another mentor."""

    ASKED = "asked"
    TALK = "talk"
    """HR wants to talk about it first, and answers then."""
    GRANTED = "granted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """The mentor has changed meanwhile, or the placement has ended."""


class MentorWish(Model):
    """The ``n``-th time the returner has asked HR for another mentor than ``mentor``. ``message`` is HR's last."""

    n: int
    at: Instant
    mentor: PersonId
    reason: Sentence | None
    state: WishState = WishState.ASKED
    message: Sentence | None = None
    answered_by: PersonId | None = None

    @property
    def is_open(self) -> bool:
        """Whether HR has still to answer."""
        return self.state in (WishState.ASKED, WishState.TALK)


class AskedPulse(Fixed):
    """A pulse whose time has come, so that it does not come again."""

    week: int
    party: Party


def questions_of(rules: PulseRules, party: Party) -> dict[str, str]:
    """What a pulse asks somebody: the questions by their keys."""
    asked = rules.mentor_questions if party is Party.MENTOR else rules.returner_questions
    return {question.key: question.title for question in asked}


def is_low(scores: Collection[int], rules: PulseRules) -> bool:
    """Whether HR is to hear of these scores at once."""
    return any(score <= rules.low_score for score in scores)
