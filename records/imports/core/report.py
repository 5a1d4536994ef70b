"""What came of reading a file HR wants to import. Reports name rows, columns and rules.

Of what people are they hold only cells that are wrong, unless they are personal, and what differs from the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from pydantic import Field

from domain.core.model import Fixed, PersonId
from domain.core.people import Person, Role
from records.imports.core.differences import Difference


class Remedy(StrEnum):
    """What can be said along with a file so that a rule is broken no more. How it is said, whoever shows it knows."""

    DAY_ORDER = "day_order"
    """The order in which the file writes day, month and year."""
    UPDATE_PEOPLE = "update_people"
    """That what is here is to take the place of what is on record."""
    COHORT = "cohort"
    """For which cohort the file is."""
    BESIDE = "beside"
    """Why somebody is to have one more placement beside another."""
    SKILLS = "skills"
    """Another file, which has the names of skills."""


class Problem(Fixed):
    """A rule that was broken: where (``row 7``, ``role DATA1``, ``the file``), and in which column or key if in one.

    ``row`` is the spreadsheet's number of a CSV row, the header's being 1.
    """

    where: str
    row: int | None = None
    column: str | None = None
    rule: str
    remedy: Remedy | None = None

    def at(self, say: Callable[[str], str] = str) -> str:
        """Where it is, in whichever words: ``row 7, mentor``."""
        return ", ".join(map(say, [self.where, *([self.column] if self.column else [])]))

    def __str__(self) -> str:
        return f"{self.at()}: {self.rule}"


class ProtectedValue(Fixed):
    """A protected characteristic of a person: for the monitoring table, and for nothing else."""

    person: PersonId
    characteristic: str
    value: str = Field(repr=False)


class ImportReport(Fixed):
    """What a file holds (``entries``: rows, roles, …), and what is wrong with it. Its JSON holds no entries.

    A file that is not ``usable`` has nothing clean in it. ``notes`` are sentences about what is no problem but
    HR should know, such as rows that were left out on purpose.
    """

    entries: int = 0
    usable: bool = True
    problems: list[Problem] = []
    notes: list[str] = []

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems)) or f"{self.entries} entries, nothing wrong"


class PeopleReport(ImportReport):
    """``people`` are those of the clean rows. ``protected_columns`` were found and kept from them.

    ``missing`` are columns that the file does not have, and what is on record of which stays.
    """

    people: list[Person] = Field(default=[], exclude=True, repr=False)
    missing: frozenset[str] = Field(default=frozenset(), exclude=True, repr=False)
    protected_columns: list[str] = []
    protected: list[ProtectedValue] = Field(default=[], exclude=True, repr=False)


class RolesReport(ImportReport):
    """``roles`` are the clean ones."""

    roles: list[Role] = Field(default=[], exclude=True, repr=False)


def notes_of(role: Role, sentences: Iterable[str]) -> list[str]:
    """What HR should know of a role, as notes of a report."""
    return [f"role {role.id}: {sentence}" for sentence in sentences]


class ImportRefused(Exception):
    """The file has problems, so nothing of it was imported; the text is the report."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(str(report))
        self.report = report


class Stored(Fixed):
    """What an import changed: numbers of ``what`` (people, roles, profiles, …). ``refused`` entries were left out.

    ``differences`` are what became otherwise of those that were there, of all but profiles."""

    what: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    differences: list[Difference] = []

    def __str__(self) -> str:
        parts = {"added": self.added, "changed": self.changed, "unchanged": self.unchanged, "refused": self.refused}
        counts = [f"{number} {done}" for done, number in parts.items() if number]
        return f"{self.what}: {', '.join(counts) or 'none'}"
