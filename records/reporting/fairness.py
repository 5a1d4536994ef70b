"""Adverse impact by the four-fifths rule (29 CFR 1607.4(D)), from the monitoring table alone.

A group of fewer than five people is suppressed, and so are others where its numbers could be worked out from the totals
that the same report gives: everybody stands in exactly one group of a characteristic, those without a value in one of
their own. So that nothing can be worked out from two reports either, people come into them in steps of five
(:mod:`records.reporting.steps`), as the records hear that what came of them is settled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.core.model import PersonId
from domain.core.rounding import hundredth
from domain.placement.stages import Stage
from records.reporting.cases import Placement
from records.reporting.models import Impact, ImpactGroup, Selection
from records.reporting.steps import FEWEST, in_steps

FOUR_FIFTHS = Fraction(4, 5)
NOT_STATED = "not stated"

Verdict = tuple[int, bool]
"""When the records heard that it is settled of somebody, and whether they were selected. What is late comes late,
however long ago it was: else it would take a step apart that was shown."""


@dataclass(frozen=True)
class Member:
    """Somebody of a group (by the value of a characteristic; empty for not stated), and whether they were selected."""

    group: str
    selected: bool


def adverse_impact(placements: Iterable[Placement], protected: Mapping[PersonId, Mapping[str, str]]) -> list[Impact]:
    """For each characteristic: who of each group was let start and was converted, against the group with the best rate.

    People count once, with what was settled first of them, however often they applied: a start once they have started
    or the placement is over without it, a conversion once the placement is over. Values that differ only in capitals or
    blanks are one group. A characteristic of which nothing can be shown is left out.
    """
    found = list(placements)
    characteristics = sorted({name for placement in found for name in protected.get(placement.person, {})})
    impacts = (_impact(name, found, protected) for name in characteristics)
    return [impact for impact in impacts if impact.groups]


def _impact(name: str, placements: Sequence[Placement], protected: Mapping[PersonId, Mapping[str, str]]) -> Impact:
    def group_of(person: PersonId) -> str:
        return " ".join(protected.get(person, {}).get(name, "").split()).casefold()

    started, over = (_verdicts(placements, group_of, settled) for settled in (_start, _conversion))
    sizes = {value: len(verdicts) for value, verdicts in started.items()}
    hidden = suppressed(sizes)
    over = {**{value: [] for value in sizes}, **over}  # of whom nobody is through yet, too
    starts, conversions = _selections(started, hidden), _selections(over, hidden | (over.keys() - sizes.keys()))

    def group(value: str) -> ImpactGroup:
        if value in hidden:
            return ImpactGroup(value=value or NOT_STATED, suppressed=True)
        return ImpactGroup(
            value=value or NOT_STATED,
            suppressed=False,
            people=sizes[value],
            starts=starts.get(value),
            conversions=conversions.get(value),
        )

    return Impact(
        characteristic=name,
        groups=[group(value) for value in sorted(sizes) if value],
        not_stated=group("") if "" in sizes else None,
    )


def _verdicts(
    placements: Iterable[Placement], group_of: Callable[[PersonId], str], settled: Callable[[Placement], Verdict | None]
) -> dict[str, list[bool]]:
    """Who was selected of each group, as far as it is shown yet; of somebody who applied twice, what came first."""
    of_person: dict[PersonId, Verdict] = {}
    for placement in placements:
        verdict = settled(placement)
        if verdict is not None:
            of_person[placement.person] = min(verdict, of_person.get(placement.person, verdict))
    came = sorted(of_person, key=lambda person: (of_person[person][0], person))
    found: dict[str, list[bool]] = defaultdict(list)
    for member in in_steps([Member(group_of(person), of_person[person][1]) for person in came], all_of_one_group):
        found[member.group].append(member.selected)
    return found


def all_of_one_group(step: Sequence[Member]) -> bool:
    """Whether it would be known of everybody in a step of which group they are: who they are, HR knows."""
    return len({member.group for member in step}) < 2


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


def _start(placement: Placement) -> Verdict | None:
    """Whether somebody was let start; None where it is not settled yet."""
    if (first_day := placement.entry(Stage.PLACEMENT)) is not None:
        return first_day.arrived, True
    return None if placement.over is None else (placement.over.arrived, False)


def _conversion(placement: Placement) -> Verdict | None:
    """Whether somebody was converted; None where it is not settled yet: until the end an offer can come to nothing.

    Whoever was employed when the last day was over was selected, and stays so: what they do before employment begins is
    no selection, and would change by one what was shown before, and say of which group they are.
    """
    if (employed := placement.entry(Stage.FOLLOW_UP)) is not None:
        return employed.arrived, True
    return None if placement.over is None else (placement.over.arrived, placement.succeeded)


def _selections(verdicts: Mapping[str, Sequence[bool]], hidden: Collection[str]) -> dict[str, Selection]:
    """How many of each group were selected, compared with the best rate of the groups that are shown.

    Groups of which too few are decided yet are left out, in the same way.
    """
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
