"""Skills: what a role asks for, and what is known of a person.

Levels run from 0 (none) to 7 (as high as anybody's), those of O*NET's scale LV; importance from 1 to 5, its scale IM.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from domain.core.model import Fixed, PersonId, Title
from domain.core.people import Skill

Level = Annotated[Decimal, Field(ge=0, le=7, max_digits=3, decimal_places=2)]
"""A level of proficiency, from 0 to 7; published profiles give hundredths, people whole levels."""

Importance = Annotated[Decimal, Field(ge=1, le=5, max_digits=3, decimal_places=2)]

ProfileId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,39}$")]
"""The id of a role profile: a role's own (``DATA1``), an O*NET-SOC code (``15-2051.00``), or of an ESCO occupation its
UUID in capitals."""


class Source(StrEnum):
    """Who says which level somebody has."""

    SELF = "self"
    MANAGER = "manager"
    TEST = "test"


class RequiredSkill(Fixed):
    """A skill that a role asks for: at which level, how important it is, and whether it can be done without."""

    skill: Skill
    level: Level
    importance: Importance
    mandatory: bool = False


class RoleProfile(Fixed):
    """What a role asks for. ``source`` is where it was imported from: ``own``, ``onet`` or ``esco``."""

    id: ProfileId
    title: Title
    source: Annotated[str, StringConstraints(pattern=r"^(own|onet|esco)$")] = "own"
    skills: list[RequiredSkill] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({required.skill for required in self.skills}) != len(self.skills):
            raise ValueError("a skill stands twice")
        return self


class SkillLevel(Fixed):
    """The level somebody was found to have on a day; ``by`` is who found it, ``source`` in which part."""

    skill: Skill
    level: Level
    source: Source
    on: date
    by: PersonId


def not_attested(asked: Iterable[RequiredSkill], shown: Iterable[RequiredSkill]) -> list[RequiredSkill]:
    """What is asked for and was not shown: at all, or not at that level."""
    levels = {skill.skill: skill.level for skill in shown}
    return [required for required in asked if required.skill not in levels or levels[required.skill] < required.level]


class TrainingKind(StrEnum):
    """How something is learned."""

    WORKSHOP = "workshop"
    E_LEARNING = "e_learning"
    ASSIGNMENT = "assignment"
    SELF_STUDY = "self_study"

    @property
    def spoken(self) -> str:
        """The kind as people say it."""
        return _SPOKEN[self]


_SPOKEN = {
    TrainingKind.WORKSHOP: "workshop",
    TrainingKind.E_LEARNING: "e-learning",
    TrainingKind.ASSIGNMENT: "assignment",
    TrainingKind.SELF_STUDY: "self-directed study",
}
