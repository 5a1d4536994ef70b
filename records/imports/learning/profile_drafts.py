"""Reading profiles from files too long to hold: one profile at a time, twice.

The first reading finds all that is wrong, the second gives the profiles that are clean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError

from domain.core.skills import ProfileId, RequiredSkill, RoleProfile
from records.imports.core.csv_text import Unusable
from records.imports.core.report import Problem
from records.imports.learning.report import ProfilesReport

MOST_PROBLEMS = 200
"""So many problems are told one by one; of a file in which every row is wrong nobody reads more."""

OUT_OF_ORDER = "its rows don't stand together; sort the file by this column"


@dataclass
class Draft:
    """What a file says of one profile: the profile where nothing is wrong with it, and None where nothing is left.

    ``first`` is where it begins, in words for a :class:`Problem`. ``left_out`` rows were left out on purpose.
    """

    id: ProfileId
    first: str
    row: int
    profile: RoleProfile | None = None
    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0

    def make(self, title: str, source: str, skills: list[RequiredSkill]) -> None:
        """Make the profile of its skills, where there are any and nothing is wrong."""
        if self.problems or not skills:
            return
        try:
            self.profile = RoleProfile(id=self.id, title=title, source=source, skills=skills)
        except ValidationError:
            self.problems.append(Problem(where=self.first, row=self.row, rule="its id or title can't be used"))


@dataclass(frozen=True)
class Clean(Iterable[RoleProfile]):
    """The profiles of ``drafts`` with which nothing is wrong, read anew each time."""

    drafts: Callable[[], Iterator[Draft]]
    refused: frozenset[ProfileId]

    def __iter__(self) -> Iterator[RoleProfile]:
        return (draft.profile for draft in self.drafts() if draft.profile and draft.id not in self.refused)


def report_on(
    drafts: Callable[[], Iterator[Draft]], column: str, notes: Callable[[int, int], list[str]]
) -> ProfilesReport:
    """Read all drafts once. A profile whose rows, by the ids in ``column``, don't stand together is refused.

    ``notes`` says what there is to say of so many rows that were left out, and so many profiles with no skill left.
    Never raises for what is in the file.
    """
    problems: list[Problem] = []
    seen: set[ProfileId] = set()
    refused: set[ProfileId] = set()
    empty: set[ProfileId] = set()
    found = left_out = 0
    try:
        for draft in drafts():
            if draft.id in seen:
                draft.problems.append(Problem(where=draft.first, row=draft.row, column=column, rule=OUT_OF_ORDER))
            seen.add(draft.id)
            left_out += draft.left_out
            found += len(draft.problems)
            problems += draft.problems[: max(0, MOST_PROBLEMS - len(problems))]
            if draft.problems:
                refused.add(draft.id)
            elif draft.profile is None:
                empty.add(draft.id)
    except Unusable as unusable:
        return ProfilesReport(usable=False, problems=unusable.problems)
    if found > len(problems):
        problems.append(Problem(where="the file", rule=f"has {found - len(problems):,} more problems"))
    return ProfilesReport(
        entries=len(seen - empty) + len(empty & refused),
        problems=problems,
        profiles=Clean(drafts, frozenset(refused)),
        notes=notes(left_out, len(empty - refused)),
    )
