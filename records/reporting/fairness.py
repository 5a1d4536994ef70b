"""Adverse impact by the four-fifths rule (29 CFR 1607.4(D)), from the monitoring table alone.

A group of fewer than five people is suppressed, and so are others where its numbers could be worked out from the totals
that the same report gives: everybody stands in exactly one group of a characteristic, those without a value in one of
their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from domain.core.model import PersonId
from domain.core.rounding import hundredth
from records.reporting.cases import Placement
from records.reporting.models import Impact, ImpactGroup, Selection

FEWEST = 5
"""Groups of fewer people than this are not shown."""

FOUR_FIFTHS = Fraction(4, 5)
NOT_STATED = "not stated"

Members = dict[PersonId, list[Placement]]
"""The people of a group, with their placements."""


def adverse_impact(placements: Iterable[Placement], protected: Mapping[PersonId, Mapping[str, str]]) -> list[Impact]:
    """For each characteristic: who of each group was let start and was converted, against the group with the best rate.

    People count once, however often they applied, and only where it is decided: starts among those who have started
    or whose case came out, conversions among those whose case came out. Values that differ only in capitals or blanks
    are one group.
    """
    people: Members = defaultdict(list)
    for placement in placements:
        people[placement.person].append(placement)
    characteristics = sorted({name for person in people for name in protected.get(person, {})})
    return [_impact(name, people, protected) for name in characteristics]


def _impact(name: str, people: Members, protected: Mapping[PersonId, Mapping[str, str]]) -> Impact:
    groups: dict[str, Members] = defaultdict(dict)
    for person, placements in people.items():
        value = " ".join(protected.get(person, {}).get(name, "").split()).casefold()
        groups[value][person] = placements
    hidden = suppressed({value: len(members) for value, members in groups.items()})
    starts, conversions = _selections(groups, _start, hidden), _selections(groups, _conversion, hidden)

    def group(value: str) -> ImpactGroup:
        if value in hidden:
            return ImpactGroup(value=value or NOT_STATED, suppressed=True)
        return ImpactGroup(
            value=value or NOT_STATED,
            suppressed=False,
            people=len(groups[value]),
            starts=starts.get(value),
            conversions=conversions.get(value),
        )

    return Impact(
        characteristic=name,
        groups=[group(value) for value in sorted(groups) if value],
        not_stated=group("") if "" in groups else None,
    )


def suppressed(sizes: Mapping[str, int]) -> set[str]:
    """The groups that are not shown, by the number of people in each.

    Those that are too small; and, the next smallest first, as many others as it takes until what can be worked out
    from the total is about two groups at least, and five people.
    """
    return with_cover(
        {value for value, size in sizes.items() if size < FEWEST},
        sizes,
        lambda hidden: not hidden or (len(hidden) > 1 and sum(sizes[value] for value in hidden) >= FEWEST),
    )


def unsure(rates: Mapping[str, tuple[int, int]], already: Collection[str] = ()) -> set[str]:
    """The groups whose rate is not shown, by how many of how many were selected in each, ``already`` among them.

    The report also counts how many were selected in all. Where that leaves none, or everybody, for the suppressed
    groups together, it would say of each single person in them what came of them: more groups are suppressed, the
    next smallest first, until some of them were selected and some were not. A group of which nobody is decided yet has
    no rate to be shown, and nobody can tell it from one that is suppressed; where all are such, nothing is hidden.
    """

    def tells_of_nobody(hidden: set[str]) -> bool:
        selected, of = (sum(rates[value][part] for value in hidden) for part in (0, 1))
        return of == 0 or (len(hidden) > 1 and of >= FEWEST and 0 < selected < of)

    sizes = {value: of for value, (_, of) in rates.items()}
    too_few = {value for value, of in sizes.items() if of < FEWEST or value in already}
    return with_cover(too_few, sizes, tells_of_nobody)


def with_cover(hidden: set[str], sizes: Mapping[str, int], enough: Callable[[set[str]], bool]) -> set[str]:
    """What is hidden, and as many others, the smallest first, as it takes to be ``enough``; none that is not needed."""
    cover: list[str] = []
    for value in sorted(set(sizes) - hidden, key=lambda value: (sizes[value], value)):
        if enough(hidden | set(cover)):
            break
        cover.append(value)
    while unneeded := [value for value in cover if enough((hidden | set(cover)) - {value})]:
        cover.remove(unneeded[-1])
    return hidden | set(cover)


def _start(placements: Sequence[Placement]) -> bool | None:
    """Whether somebody was let start; None where it is not decided yet."""
    if any(placement.started for placement in placements):
        return True
    return False if all(placement.decided for placement in placements) else None


def _conversion(placements: Sequence[Placement]) -> bool | None:
    """Whether somebody was converted; None where it is not decided yet."""
    if any(placement.succeeded for placement in placements):
        return True
    return False if all(placement.decided for placement in placements) else None


def _selections(
    groups: Mapping[str, Members], selected: Callable[[Sequence[Placement]], bool | None], hidden: Collection[str]
) -> dict[str, Selection]:
    """How many of each group were selected, compared with the best rate of the groups that are shown.

    Groups of which too few are decided yet are left out, in the same way.
    """
    verdicts = {
        value: [verdict for placements in members.values() if (verdict := selected(placements)) is not None]
        for value, members in groups.items()
    }
    hidden = unsure({value: (sum(found), len(found)) for value, found in verdicts.items()}, hidden)
    shown = {value: found for value, found in verdicts.items() if value not in hidden}
    rates = {value: Fraction(sum(found), len(found)) for value, found in shown.items()}
    stated = [rate for value, rate in rates.items() if value]
    best = max(stated) if len(stated) > 1 else None
    return {value: _selection(shown[value], rate, best if value else None) for value, rate in rates.items()}


def _rounded_ratio(ratio: Fraction) -> Decimal:
    """To the hundredth, and under four fifths where it is: 0.797 does not become 0.80."""
    return hundredth(
        Decimal(ratio.numerator) / ratio.denominator, Decimal(FOUR_FIFTHS.numerator) / FOUR_FIFTHS.denominator
    )


def _selection(found: Sequence[bool], rate: Fraction, best: Fraction | None) -> Selection:
    ratio = rate / best if best else None
    return Selection(
        selected=sum(found),
        of=len(found),
        rate=round(float(rate), 4),
        ratio=float(_rounded_ratio(ratio)) if ratio is not None else None,
        flagged=ratio is not None and ratio < FOUR_FIFTHS,
    )
