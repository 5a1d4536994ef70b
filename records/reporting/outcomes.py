"""How far placements came, why people withdrew, how long the stages took, and who stayed."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from domain.cohort.figures import Counts, Retention
from domain.core.case import ENDED
from domain.core.clock import DAY
from domain.core.model import PERSON_ID
from domain.core.naming import Programme
from domain.learning.result import PathStage
from domain.placement.stages import Outcome, Stage
from records.reporting.cases import CaseFacts, Entered, Path, Placement
from records.reporting.models import ReasonCount, Spread, StageTime

FOLLOW_UPS = (30, 90, 180, 365)
"""When people are asked after, in days from the first day of employment (REDF's follow-ups)."""

NO_REASON = "no reason given"
AN_ID_OR_ADDRESS = re.compile(rf"\b{PERSON_ID}\b|\S+@\S+")
STRUCK_OUT = "…"


def counts(placements: Sequence[Placement]) -> Counts:
    """How many placements came how far.

    Applications are all placements in the records; starts those whose first day came; completions those that went on
    to their last day; the others go by the outcome, and ``running`` has none yet.
    """
    outcomes = Counter(placement.outcome for placement in placements)
    return Counts(
        applications=len(placements),
        starts=sum(placement.started for placement in placements),
        completions=sum(placement.completed for placement in placements),
        conversions=outcomes[Outcome.CONVERTED],
        declined=outcomes[Outcome.DECLINED],
        expired=outcomes[Outcome.EXPIRED],
        released=outcomes[Outcome.RELEASED],
        not_eligible=outcomes[Outcome.NOT_ELIGIBLE],
        withdrawn=outcomes[Outcome.WITHDRAWN],
        running=outcomes[None],
    )


def withdrawals(placements: Iterable[Placement], names: Collection[str]) -> list[ReasonCount]:
    """Why placements were withdrawn, by the sealed decisions, the most frequent reason first.

    Reasons that differ only in capitals, blanks or a full stop at the end are one. Names, ids and addresses are struck
    out, because a report names nobody.
    """
    reasons = [
        without_people(placement.withdrawn_because or NO_REASON, names)
        for placement in placements
        if placement.outcome == Outcome.WITHDRAWN
    ]
    same: dict[str, list[str]] = defaultdict(list)
    for reason in reasons:
        same[reason.casefold()].append(reason)
    counted = [ReasonCount(reason=min(spelt), count=len(spelt)) for spelt in same.values()]
    return sorted(counted, key=lambda reason: (-reason.count, reason.reason))


def without_people(text: str, names: Collection[str]) -> str:
    """A text in one line without these words of names, nor anybody's id or address."""
    text = AN_ID_OR_ADDRESS.sub(STRUCK_OUT, " ".join(text.split()).removesuffix("."))
    return re.sub(r"\w+", lambda word: STRUCK_OUT if word[0] in names else word[0], text)


def stage_times(placements: Sequence[Placement], paths: Sequence[Path]) -> list[StageTime]:
    """How many days cases spent in each stage, over all its turns; leaves count, for the calendar does not stop.

    Only cases that have left the stage for good, or for now, are measured; those that are in it are counted.
    """
    return [
        *_stage_times(Programme.RETURNSHIP, [stage.value for stage in Stage], placements),
        *_stage_times(Programme.UPSKILLING, [stage.value for stage in PathStage], paths),
    ]


def _stage_times(programme: str, stages: Iterable[str], cases: Sequence[CaseFacts]) -> list[StageTime]:
    spent: dict[str, list[float]] = defaultdict(list)
    for case in cases:
        for stage, days in _days_in(case.entered).items():
            if stage != case.stage:
                spent[stage].append(days)
    now_in = Counter(case.stage for case in cases)
    return [
        StageTime.model_validate(
            {"programme": programme, "stage": stage, "took": spread(spent[stage]), "there_now": now_in[stage]}
        )
        for stage in stages
        if stage != ENDED and (spent[stage] or now_in[stage])
    ]


def _days_in(entered: Sequence[Entered]) -> dict[str, float]:
    days: dict[str, float] = defaultdict(float)
    for entry, following in pairwise(entered):
        days[entry.stage] += (following.at - entry.at) / DAY
    return days


def spread(days: Sequence[float]) -> Spread | None:
    """Median and quartiles (the inclusive ones, which stay within what was measured) to a tenth of a day."""
    if not days:
        return None
    lower, median, upper = statistics.quantiles(days, n=4, method="inclusive") if len(days) > 1 else [days[0]] * 3
    return Spread(cases=len(days), median_days=round(median, 1), lower_days=round(lower, 1), upper_days=round(upper, 1))


def retention(placements: Iterable[Placement]) -> list[Retention]:
    """Of those who were converted, who was still here after so many days: by HR's answers to the follow-ups.

    Whoever had gone by an earlier follow-up is gone at the later ones, too. Besides the usual days, those are given
    which a policy asks after.
    """
    converted = [placement for placement in placements if placement.succeeded]
    asked = sorted({*FOLLOW_UPS, *(days for placement in converted for days in placement.follow_ups)})
    return [_retention(converted, days) for days in asked]


def _retention(converted: Iterable[Placement], days: int) -> Retention:
    found: Counter[str] = Counter()
    for placement in converted:
        here = still_here(placement, days)
        if here is None:
            found["not asked" if placement.ended else "to come"] += 1
        else:
            found["retained" if here else "gone"] += 1
    return Retention(
        days=days,
        retained=found["retained"],
        gone=found["gone"],
        to_come=found["to come"],
        not_asked=found["not asked"],
    )


def still_here(placement: Placement, days: int) -> bool | None:
    """Whether somebody who was converted was still here after so many days; None where nobody has said."""
    if any(not here for asked, here in placement.follow_ups.items() if asked <= days):
        return False
    return placement.follow_ups.get(days)
