"""What somebody lacks for a role, and in which order it is worth closing.

Levels from different sources are combined by the policy's weights; every rank can be explained by its numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from domain.core.model import Fixed, PersonId
from domain.core.months import months_later
from domain.core.people import Skill
from domain.core.rounding import HUNDREDTH, hundredth
from domain.core.skills import Importance, Level, RequiredSkill, RoleProfile, SkillLevel, Source
from domain.learning.policy import AssessmentRules, GapRules

NONE_FOUND = Decimal(0)
"""What somebody counts as having whom nobody has assessed."""


class LevelsRequest(Fixed):
    """Which levels of whom are looked up."""

    person: PersonId
    skills: list[Skill]


class Gap(Fixed):
    """A skill of which somebody has less than a role requires. Levels are from 0 to 7.

    ``found`` is what counted: the newest level of each source, with the ``weights`` it was combined by. ``priority``
    is the ``missing`` levels x ``importance``, x the policy's factor where the skill is ``mandatory``.
    """

    skill: Skill
    required: Level
    assessed: Level
    missing: Decimal
    importance: Importance
    mandatory: bool
    priority: Decimal
    found: list[SkillLevel]
    weights: dict[Source, Decimal] = {}

    @property
    def per_level(self) -> Decimal:
        """What each level of it that is closed is worth."""
        return self.priority / self.missing

    @property
    def sentence(self) -> str:
        """The numbers behind the rank, as a sentence."""
        mandatory = ", mandatory" if self.mandatory else ""
        return (
            f"{self.skill}: {number_text(self.required)} required, {number_text(self.assessed)} assessed "
            f"({self._sources()}), importance {number_text(self.importance)}{mandatory}: priority {self.priority:.2f}"
        )

    @property
    def in_short(self) -> str:
        """The level there is, of that which is required."""
        return f"{self.skill}: level {number_text(self.assessed)} of {number_text(self.required)}"

    def _sources(self) -> str:
        if not self.found:
            return "nobody has assessed it"
        return ", ".join(
            f"{level.source.value} {number_text(level.level)}"
            + (f" with weight {number_text(self.weights[level.source])}" if level.source in self.weights else "")
            for level in self.found
        )


def number_text(number: Decimal) -> str:
    """A number as people write it: ``5``, ``2.5``, ``2.33``."""
    return f"{number.normalize():f}"


def levels_that_count(levels: Iterable[SkillLevel], on: date, rules: AssessmentRules) -> list[SkillLevel]:
    """The levels that count on a day: the newest of each skill and source, unless it is stale. By skill, then source.

    A level counts up to the day that is ``stale_after_months`` calendar months after it was found. Of two of the same
    day, the one given last counts.
    """
    newest: dict[tuple[Skill, Source], SkillLevel] = {}
    for level in levels:
        before = newest.get((level.skill, level.source))
        if before is None or level.on >= before.on:
            newest[level.skill, level.source] = level
    order = list(Source)
    return sorted(
        (level for level in newest.values() if months_later(level.on, rules.stale_after_months) >= on),
        key=lambda level: (level.skill, order.index(level.source)),
    )


def combined(levels: Sequence[SkillLevel], rules: AssessmentRules) -> Decimal | None:
    """The weighted mean of one skill's levels that count; None without any (or any that weighs)."""
    total = sum((rules.weights[level.source] for level in levels), Decimal(0))
    if not total:
        return None
    weighed = sum((rules.weights[level.source] * level.level for level in levels), Decimal(0))
    return weighed / total


def rank_gaps(
    profile: RoleProfile, levels: Iterable[SkillLevel], on: date, assessment: AssessmentRules, gap_rules: GapRules
) -> list[Gap]:
    """What is missing for a role on a day, the highest priority first, ties by skill."""
    found = levels_that_count(levels, on, assessment)
    gaps = [
        _gap(required, [level for level in found if level.skill == required.skill], assessment, gap_rules)
        for required in profile.skills
    ]
    return sorted((gap for gap in gaps if gap.missing > 0), key=lambda gap: (-gap.priority, gap.skill))


def apart(levels: Iterable[SkillLevel], on: date, rules: AssessmentRules) -> list[Skill]:
    """The skills whose learner and manager are so far apart that they have to talk about them; both must count."""
    found = {(level.skill, level.source): level.level for level in levels_that_count(levels, on, rules)}
    return [
        skill
        for (skill, source), own in found.items()
        if source is Source.SELF
        and (skill, Source.MANAGER) in found
        and abs(own - found[skill, Source.MANAGER]) >= rules.calibrate_apart
    ]


def _gap(required: RequiredSkill, found: list[SkillLevel], assessment: AssessmentRules, gap_rules: GapRules) -> Gap:
    mean = combined(found, assessment)
    assessed = NONE_FOUND if mean is None else hundredth(mean, required.level)
    missing = max(Decimal(0), required.level - assessed)
    priority = missing * required.importance * (gap_rules.mandatory_factor if required.mandatory else 1)
    rounded = priority.quantize(HUNDREDTH)
    return Gap(
        skill=required.skill,
        required=required.level,
        assessed=assessed,
        missing=missing,
        importance=required.importance,
        mandatory=required.mandatory,
        priority=rounded if rounded == priority else priority,  # exact, and as short as it can be
        found=found,
        weights={level.source: assessment.weights[level.source] for level in found},
    )
