"""Where labels stand below what they name, so that none covers another, nor the line that leads to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 8.0
"""Between two labels beside each other."""

DEEPEST = 12
"""So many levels a label is looked for a place in; below that it has one without a free line to it."""

_WIDE, _NARROW = frozenset("mwMWOQÄÖÜ%@—…"), frozenset("iljtfr.,:;|!'()[]-· ")


def width_of(text: str, size: float) -> float:
    """About how wide a text is in this size, in a wide system font."""
    return size * sum(0.92 if letter in _WIDE else 0.40 if letter in _NARROW else 0.66 for letter in text)


@dataclass(frozen=True)
class Wish:
    """A label so wide that names something at a place ``x``."""

    x: float
    width: float


@dataclass(frozen=True)
class Placed:
    """A label from ``left`` on, on a level: 0 is the nearest."""

    left: float
    right: float
    level: int


def place(wishes: Sequence[Wish], left: float, right: float) -> list[Placed]:
    """A place for each, between ``left`` and ``right``, in their order. None covers another.

    Each stands in the middle below its place where that hides nothing, else it begins there, or, near the right edge,
    ends there; on the nearest level on which no line to another crosses it, nor its own line another.
    """
    places = [_Place(wish, left, right) for wish in wishes]
    in_order = sorted(range(len(wishes)), key=lambda n: (wishes[n].x, n))
    ending = _ending(places, in_order)
    found: dict[int, Placed] = {}
    # What begins at its place leaves free the lines of all before it, and so goes from the right; what ends there, not.
    for n in [*(n for n in in_order if n in ending), *(n for n in reversed(in_order) if n not in ending)]:
        others = [(wishes[other], placed) for other, placed in found.items()]
        hides = [wish.x for other, wish in enumerate(wishes) if other != n]
        found[n] = _place(places[n], n in ending, hides, others)
    return [found[n] for n in range(len(wishes))]


@dataclass(frozen=True)
class _Place:
    """Where a label may begin: in the middle, with its place, or so that it ends there."""

    wish: Wish
    left: float
    right: float

    def starting(self, at: float) -> float:
        return max(self.left, min(at, self.right - self.wish.width))

    @property
    def middle(self) -> float:
        return self.starting(self.wish.x - self.wish.width / 2)

    @property
    def begins(self) -> float:
        return self.starting(self.wish.x - 2)

    @property
    def ends(self) -> float:
        return self.starting(self.wish.x + 2 - self.wish.width)


def _ending(places: Sequence[_Place], in_order: Sequence[int]) -> set[int]:
    """The labels that end at their places: those without room to the right, and what would be in their way."""
    ending: set[int] = set()
    for n in reversed(in_order):
        mine = places[n]
        no_room = mine.begins < mine.wish.x - 3
        for other in ending:
            theirs = places[other]
            over_line = mine.begins + mine.wish.width + 1 > theirs.wish.x
            no_room = no_room or (over_line and theirs.ends - 1 < mine.wish.x)
        if no_room:
            ending.add(n)
    return ending


def _place(mine: _Place, ends: bool, hides: Sequence[float], others: Sequence[tuple[Wish, Placed]]) -> Placed:
    width, middle = mine.wish.width, mine.middle
    free = not any(middle - GAP < x < middle + width + GAP for x in hides)
    starts = [*([middle] if free else []), mine.ends if ends else mine.begins]
    for level in range(DEEPEST):
        for start in starts:
            placed = Placed(start, start + width, level)
            if not any(_in_the_way(mine.wish, placed, *other) for other in others):
                return placed
    deepest = max((placed.level for _, placed in others), default=-1)
    return Placed(starts[-1], starts[-1] + width, deepest + 1)


def _in_the_way(wish: Wish, placed: Placed, other: Wish, there: Placed) -> bool:
    """Whether two labels cover each other, or the line to one of them the other."""
    if placed.level == there.level and placed.left < there.right + GAP and there.left < placed.right + GAP:
        return True
    if placed.level > there.level and there.left - 1 < wish.x < there.right + 1:
        return True
    return there.level > placed.level and placed.left - 1 < other.x < placed.right + 1


def lanes(spans: Sequence[tuple[float, float]], gap: float = 2.0) -> list[int]:
    """The lane of each span of places, so that none covers another in its lane; as few lanes as there can be."""
    ends: list[float] = []
    found = [0] * len(spans)
    for n in sorted(range(len(spans)), key=lambda number: spans[number]):
        start, end = spans[n]
        lane = next((lane for lane, taken in enumerate(ends) if taken + gap <= start), len(ends))
        ends[lane : lane + 1] = [end]
        found[n] = lane
    return found
