"""Why somebody has no mentor after a matching: the sentences HR reads. They name people by their ids."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.model import PersonId

NEAREST = 3
"""So many of the mentors are named who would have suited best."""

NAMED = 5
"""So many are named of any others; the rest are counted."""


def pinned_to_several(mentors: Sequence[PersonId]) -> str:
    """HR pinned more than one mentor to somebody."""
    return f"is pinned to {_listed(mentors)}, and can have only one mentor: forbid the others"


def pinned_but(mentor: PersonId, why: str) -> str:
    """The mentor HR pinned is excluded: ``P-M, who was pinned, is the returner``."""
    return f"{mentor}, who was pinned, {why}"


def no_place_with_pinned(mentor: PersonId, went_to: str) -> str:
    """The mentor HR pinned is full; ``went_to`` says by whom."""
    return f"{mentor}, who was pinned, has no place left: {mentor} {went_to}"


def all_excluded(excluded: Sequence[tuple[PersonId, str]]) -> str:
    """Nobody may be proposed: each mentor with the reason."""
    if not excluded:
        return "nobody has offered to be a mentor"
    return f"every mentor is excluded: {_some([f'{mentor} {why}' for mentor, why in excluded])}"


def none_left(suiting: int, nearest: Sequence[tuple[PersonId, float, str]]) -> str:
    """So many suit and none has a place; the nearest of them each with its score and what became of its places."""
    who = "the one mentor who suits" if suiting == 1 else f"each of the {suiting} mentors who suit"
    misses = "; ".join(f"{mentor} ({score:.2f}), who {became}" for mentor, score, became in nearest)
    return f"{who} has no place left: would have suited {misses}"


def what_became_of_places(taken: int, size: int, took: Sequence[tuple[PersonId, float, bool]]) -> str:
    """What became of a mentor's places: who took them in this matching, pinned or not, or that they were taken."""
    if took:
        names = [f"{who} ({score:.2f}{', pinned' if pinned else ''})" for who, score, pinned in took]
        return f"went to {_listed(names)}"
    return f"has {taken} of {size} places taken" if size else "offers no place at the moment"


def _some(items: Sequence[str]) -> str:
    more = len(items) - NAMED
    return "; ".join([*items[:NAMED], *([f"and {more} more"] if more > 0 else [])])


def _listed(items: Sequence[str]) -> str:
    named, more = list(items[:NAMED]), len(items) - NAMED
    if more > 0:
        named.append(f"{more} more")
    return " and ".join([*filter(None, [", ".join(named[:-1])]), named[-1]])
