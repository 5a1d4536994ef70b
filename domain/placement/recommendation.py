"""Which programme suits somebody: a recommendation with the numbers it was made from. A person decides.

An employee with a gap is to be trained on an upskilling path. A returner whom the rules let in goes into a returnship:
as it is where the gap is small, with targeted upskilling inside where what is mandatory can be closed in the
placement's learning hours or is a small gap by itself, and after upskilling otherwise. What is not mandatory never
keeps anybody out of a returnship. Everybody else gets neither, with the reasons.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.core.model import Fixed, Message, PersonId, Sentence
from domain.learning.gaps import Gap, number_text
from domain.learning.plan import LearningPlan
from domain.learning.policy import PathwayRules
from domain.placement.eligibility import BrokenRule


class SuitableProgramme(StrEnum):
    """What may suit somebody."""

    RETURNSHIP = "returnship"
    UPSKILLING = "upskilling"
    RETURNSHIP_WITH_UPSKILLING = "returnship_with_upskilling"
    UPSKILLING_FIRST = "upskilling_first"
    NEITHER = "neither"

    @property
    def spoken(self) -> str:
        """The programme as people say it."""
        return _SPOKEN[self]


_SPOKEN = {
    SuitableProgramme.RETURNSHIP: "a returnship",
    SuitableProgramme.UPSKILLING: "upskilling",
    SuitableProgramme.RETURNSHIP_WITH_UPSKILLING: "a returnship with upskilling inside",
    SuitableProgramme.UPSKILLING_FIRST: "upskilling first, a returnship afterwards",
    SuitableProgramme.NEITHER: "neither",
}


class PathwayFacts(Fixed):
    """What is known of somebody and a role.

    ``employed`` is who has not applied for a returnship. ``broken_rules`` are those of the returnship that a returner
    breaks. ``closing`` is the plan that would close the most of the ``gaps``, without a limit of hours; None where
    there is none. ``closing_mandatory`` is the one that would close the most of the mandatory ones so, and ``inside``
    that in the hours and weeks of the placement; None where none is mandatory. The placement would last
    ``placement_weeks``, the last ``decision_weeks_before_end`` of them after its decision.
    """

    employed: bool
    broken_rules: list[BrokenRule]
    gaps: list[Gap]
    closing: LearningPlan | None
    closing_mandatory: LearningPlan | None
    inside: LearningPlan | None
    placement_weeks: int = Field(ge=1)
    placement_hours: int | None = None
    """The hours of learning in the placement of somebody who does not work full time in it; none: full time."""
    decision_weeks_before_end: int = Field(default=0, ge=0)

    @property
    def learning_weeks(self) -> int:
        """The weeks of the placement in which what is learned can count in its decision."""
        return learning_weeks(self.placement_weeks, self.decision_weeks_before_end)


def learning_weeks(placement_weeks: int, decision_weeks_before_end: int) -> int:
    """The weeks of a placement up to its decision: what is learned later can't count in it. At least one."""
    return max(1, placement_weeks - decision_weeks_before_end)


def placement_room(weeks: int, rules: PathwayRules) -> int:
    """The hours of learning for which so many weeks of a placement have room."""
    return weeks * rules.placement_hours_per_week


class Recommendation(Fixed):
    """The programme that suits, the numbers that say so (JSON's own types), and both as sentences."""

    programme: SuitableProgramme
    numbers: dict[str, Any]
    sentences: list[str]


class ProgrammeChoice(Message):
    """Somebody decides which programme a person goes into, for which reason: as recommended, or otherwise."""

    actor: PersonId
    programme: SuitableProgramme
    reason: Sentence


def recommend(facts: PathwayFacts, rules: PathwayRules) -> Recommendation:
    """The one programme that suits by the rule; a person decides."""
    if facts.employed:
        programme, sentences = _for_an_employee(facts)
        numbers = _numbers(facts, rules)
    else:
        programme, sentences = _for_a_returner(facts, rules)
        numbers = _numbers(facts, rules) | _of_the_placement(facts, rules)
    return Recommendation(programme=programme, numbers=numbers, sentences=[*sentences, *_unassessed(facts.gaps)])


def _for_an_employee(facts: PathwayFacts) -> tuple[SuitableProgramme, list[str]]:
    if not facts.gaps:
        return SuitableProgramme.NEITHER, ["An employee who lacks nothing the role requires: there is no gap to close."]
    return SuitableProgramme.UPSKILLING, [f"An employee with {_gaps(facts.gaps)}.", _to_close(facts), *_open(facts)]


def _for_a_returner(facts: PathwayFacts, rules: PathwayRules) -> tuple[SuitableProgramme, list[str]]:
    would_suit, sentences = _by_the_gap(facts, rules)
    if not facts.broken_rules:
        return would_suit, sentences
    broken = [f"A rule of the returnship is not met: {rule.sentence}." for rule in facts.broken_rules]
    if not all(broken_rule.can_be_overridden for broken_rule in facts.broken_rules):
        return SuitableProgramme.NEITHER, [*broken, "Nobody can let them in.", *sentences]
    return SuitableProgramme.NEITHER, [
        *broken,
        f"HR may let them in all the same, with a reason; {would_suit.spoken} would then suit.",
        *sentences,
    ]


def _by_the_gap(facts: PathwayFacts, rules: PathwayRules) -> tuple[SuitableProgramme, list[str]]:
    """What suits a returner whom the rules let in."""
    if not facts.gaps:
        return SuitableProgramme.RETURNSHIP, ["A returner who lacks nothing the role requires."]
    sentences = [f"A returner with {_gaps(facts.gaps)}.", _to_close(facts), *_open(facts)]
    mandatory = [gap.skill for gap in facts.gaps if gap.mandatory]
    if not _leads_anywhere(facts):
        nothing = "There is nothing to learn the missing skills by"
        if mandatory:
            return SuitableProgramme.NEITHER, [*sentences, f"{nothing}."]
        return SuitableProgramme.RETURNSHIP, [*sentences, f"{nothing}, but none of them is mandatory."]
    if _is_small(facts.closing, rules):
        return SuitableProgramme.RETURNSHIP, [
            *sentences,
            f"Up to {rules.small_gap_hours} hours it counts as a small gap.",
        ]
    return _by_what_is_mandatory(facts, rules, mandatory, sentences)


def _by_what_is_mandatory(
    facts: PathwayFacts, rules: PathwayRules, mandatory: list[str], sentences: list[str]
) -> tuple[SuitableProgramme, list[str]]:
    """Inside the placement where what is mandatory can be closed there or is small by itself, else before it."""
    has_room = (
        f"The {facts.learning_weeks} weeks of the placement up to its decision have room for {_room(facts, rules)} "
        f"hours, {_a_week(facts, rules)}"
    )
    left = _mandatory_left_inside(facts)
    if left:
        open_ = [
            f"What is mandatory can't be closed in them: {skill} stays open, {why}." for skill, why in left.items()
        ]
        sentences = [*sentences, f"{has_room}.", *open_]
        if not _is_small(facts.closing_mandatory, rules):
            return SuitableProgramme.UPSKILLING_FIRST, sentences
        return SuitableProgramme.RETURNSHIP_WITH_UPSKILLING, [
            *sentences,
            f"By itself it takes {_hours(facts.closing_mandatory)} hours, and up to {rules.small_gap_hours} count as a "
            "small gap.",
        ]
    if not mandatory:
        enough = "nothing that is missing is mandatory"
    elif _left(facts) or _hours(facts.closing) > _room(facts, rules):
        enough = f"enough for what is mandatory, which takes {_hours(facts.inside)}"
    else:
        enough = "enough"
    return SuitableProgramme.RETURNSHIP_WITH_UPSKILLING, [*sentences, f"{has_room}: {enough}."]


def _a_week(facts: PathwayFacts, rules: PathwayRules) -> str:
    a_week = f"{rules.placement_hours_per_week} a week"
    return a_week if facts.placement_hours is None else f"of the {a_week} of full time what is worked of it"


def _hours(plan: LearningPlan | None) -> int:
    return plan.hours if plan else 0


def _is_small(plan: LearningPlan | None, rules: PathwayRules) -> bool:
    """Whether a plan closes a gap wholly, in so few hours that the gap is a small one."""
    return plan is not None and not plan.uncovered and plan.hours <= rules.small_gap_hours


def _room(facts: PathwayFacts, rules: PathwayRules) -> int:
    """The hours of learning the placement has room for."""
    full = placement_room(facts.learning_weeks, rules)
    return full if facts.placement_hours is None else facts.placement_hours


def _leads_anywhere(facts: PathwayFacts) -> bool:
    return facts.closing is not None and bool(facts.closing.covers)


def _left(facts: PathwayFacts) -> dict[str, str]:
    """The skills in which something stays open even then, and why."""
    if facts.closing is None:
        return {gap.skill: "there is no plan that closes it" for gap in facts.gaps}
    return {uncovered.skill: uncovered.why for uncovered in facts.closing.uncovered}


def _mandatory_left(facts: PathwayFacts) -> list[str]:
    left = _left(facts)
    return [gap.skill for gap in facts.gaps if gap.mandatory and gap.skill in left]


def _mandatory_left_inside(facts: PathwayFacts) -> dict[str, str]:
    """The mandatory skills in which something stays open even in a placement, and why."""
    mandatory = [gap.skill for gap in facts.gaps if gap.mandatory]
    if facts.inside is None:
        return dict.fromkeys(mandatory, "there is no plan that closes it")
    return {uncovered.skill: uncovered.why for uncovered in facts.inside.uncovered if uncovered.skill in mandatory}


def _gaps(gaps: list[Gap]) -> str:
    mandatory = sum(gap.mandatory for gap in gaps)
    return f"{len(gaps)} {'gap' if len(gaps) == 1 else 'gaps'} to the role, {mandatory} of them mandatory"


def _to_close(facts: PathwayFacts) -> str:
    if facts.closing is None or not facts.closing.trainings:
        return "No training of the catalogue leads further in any of them."
    number = len(facts.closing.trainings)
    return (
        f"What can be closed takes {facts.closing.hours} hours in {number} {'training' if number == 1 else 'trainings'}"
        f" and costs {facts.closing.cost}."
    )


def _open(facts: PathwayFacts) -> Iterable[str]:
    if facts.closing is None:
        return
    for uncovered in facts.closing.uncovered:
        levels = f"{number_text(uncovered.missing)} {'level' if uncovered.missing == 1 else 'levels'}"
        yield f"{levels} of {uncovered.skill} stay open: {uncovered.why}."


def _unassessed(gaps: list[Gap]) -> list[str]:
    skills = [gap.skill for gap in gaps if not gap.found]
    return [f"Nobody has assessed {', '.join(skills)} of late: counted as 0."] if skills else []


def _numbers(facts: PathwayFacts, rules: PathwayRules) -> dict[str, Any]:
    return {
        "employed": facts.employed,
        "gaps": len(facts.gaps),
        "mandatory_gaps": sum(gap.mandatory for gap in facts.gaps),
        "not_assessed": [gap.skill for gap in facts.gaps if not gap.found],
        "hours_to_close": _hours(facts.closing),
        "cost_to_close": str(facts.closing.cost) if facts.closing else None,
        "left_open": _left(facts),
        "mandatory_left_open": _mandatory_left(facts),
        "small_gap_hours": rules.small_gap_hours,
    }


def _of_the_placement(facts: PathwayFacts, rules: PathwayRules) -> dict[str, Any]:
    return {
        "broken_rules": [broken_rule.rule for broken_rule in facts.broken_rules],
        "hr_may_let_in": bool(facts.broken_rules)
        and all(broken_rule.can_be_overridden for broken_rule in facts.broken_rules),
        "suits_by_the_gap": _by_the_gap(facts, rules)[0].value,
        "placement_weeks": facts.placement_weeks,
        "weeks_up_to_the_decision": facts.learning_weeks,
        "placement_hours_per_week": rules.placement_hours_per_week,
        "placement_learning_hours": _room(facts, rules),
        "mandatory_hours_to_close": _hours(facts.closing_mandatory),
        "mandatory_hours_inside": _hours(facts.inside),
        "mandatory_left_open_inside": _mandatory_left_inside(facts),
    }
