"""What came of reading a file of profiles, of the catalogue, or of levels."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field, SkipValidation

from domain.core.model import Fixed, PersonId
from domain.core.skills import RoleProfile, SkillLevel
from domain.learning.catalogue import Certificate, Training
from records.imports.core.report import ImportReport


class ProfilesReport(ImportReport):
    """``profiles`` are the clean ones, to be gone through as often as needed: of a long file, each time read anew."""

    profiles: SkipValidation[Iterable[RoleProfile]] = Field(default=(), exclude=True, repr=False)


class CatalogueReport(ImportReport):
    """``trainings`` and ``certificates`` are the clean ones."""

    trainings: list[Training] = Field(default=[], exclude=True, repr=False)
    certificates: list[Certificate] = Field(default=[], exclude=True, repr=False)


class FoundLevel(Fixed):
    """The level of a skill that a person was found to have."""

    person: PersonId
    level: SkillLevel = Field(repr=False)


class LevelsReport(ImportReport):
    """``levels`` are those of the clean rows."""

    levels: list[FoundLevel] = Field(default=[], exclude=True, repr=False)
