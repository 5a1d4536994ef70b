"""What was learned: levels before and after training, certificates, and how reviews went."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from domain.certification.credentials import CredentialStatus
from domain.core.case import ENDED
from domain.core.rounding import HUNDREDTH
from domain.core.skills import Source
from domain.learning.hours import HoursSource
from domain.learning.result import PathStage
from records.local_time import local_day
from records.reporting.cases import Issued, Level, Path, Scores
from records.reporting.models import CertificateCount, HoursSpent, ReviewScore, SkillGain

MOST_TRUSTED_FIRST = (Source.TEST, Source.MANAGER, Source.SELF)
"""A test outweighs a manager, a manager outweighs oneself, as in the policies shipped."""

STALE_AFTER = timedelta(days=365)
"""Levels older than this when a path begins say nothing of it; the policies shipped have 12 months, too."""

PARTIES = {"manager_review": "manager", "mentor_review": "mentor", "self_review": "returner"}


def skill_gains(paths: Iterable[Path]) -> list[SkillGain]:
    """How far levels rose from before the training of a path to after it, skill by skill.

    Before is the last level found up to the day on which training began (at most a year before the path), after the
    last one found between that day and the end of the path; both by the same source, the most trusted that has both.
    Who has only one of the two is not counted.
    """
    found: dict[str, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for path in paths:
        for skill, levels in _by_skill(path.levels).items():
            pair = _before_and_after(path, levels)
            if pair is not None:
                found[skill].append(pair)
    return [_gain(skill, found[skill]) for skill in sorted(found)]


def _gain(skill: str, pairs: list[tuple[Decimal, Decimal]]) -> SkillGain:
    before = sum((before for before, _ in pairs), Decimal(0)) / len(pairs)
    after = sum((after for _, after in pairs), Decimal(0)) / len(pairs)
    return SkillGain(
        skill=skill,
        people=len(pairs),
        before=before.quantize(HUNDREDTH, ROUND_HALF_UP),
        after=after.quantize(HUNDREDTH, ROUND_HALF_UP),
        gained=(after - before).quantize(HUNDREDTH, ROUND_HALF_UP),
        higher=sum(after > before for before, after in pairs),
    )


def _by_skill(levels: Iterable[Level]) -> dict[str, list[Level]]:
    found: dict[str, list[Level]] = defaultdict(list)
    for level in levels:
        found[level.skill].append(level)
    return found


def _before_and_after(path: Path, levels: list[Level]) -> tuple[Decimal, Decimal] | None:
    """The two levels of one skill, which are given with the oldest first."""
    training, over = path.first(PathStage.TRAINING), path.first(ENDED)
    if training is None:
        return None
    oldest = local_day(path.entered[0].at, path.time_zone) - STALE_AFTER
    learning_from = local_day(training, path.time_zone)
    until = local_day(over, path.time_zone) if over else date.max
    for source in MOST_TRUSTED_FIRST:
        of_source = [level for level in levels if level.source == source]
        before = [level.level for level in of_source if oldest <= level.on <= learning_from]
        after = [level.level for level in of_source if learning_from < level.on <= until]
        if before and after:
            return before[-1], after[-1]
    return None


def hours_spent(paths: Iterable[Path]) -> HoursSpent:
    """Hours of learning of the paths that came to training, planned and spent; each hour from one source."""
    trained = [path for path in paths if path.started]
    by_source = {
        source: sum((path.spent_hours.get(source, Decimal(0)) for path in trained), Decimal(0))
        for source in HoursSource
    }
    return HoursSpent(
        paths=len(trained),
        planned=sum(path.planned_hours for path in trained),
        spent=sum(by_source.values(), Decimal(0)),
        attendance=by_source[HoursSource.ATTENDANCE],
        learning_system=by_source[HoursSource.LEARNING_SYSTEM],
        learner=by_source[HoursSource.LEARNER],
    )


def certificates(issued: Iterable[Issued]) -> list[CertificateCount]:
    """How many of each certificate were issued, to how many again, and how many of all were revoked since."""
    of: dict[str, Counter[str]] = defaultdict(Counter)
    for credential in issued:
        of[credential.certificate]["issued" if credential.n == 1 else "renewed"] += 1
        of[credential.certificate]["revoked"] += credential.status == CredentialStatus.REVOKED
    return [
        CertificateCount(
            certificate=name, issued=of[name]["issued"], renewed=of[name]["renewed"], revoked=of[name]["revoked"]
        )
        for name in sorted(of)
    ]


def review_scores(given: Iterable[Scores]) -> list[ReviewScore]:
    """The mean score of each round, in the order of the rounds, of manager, mentor and returner each.

    Reviews that were waived have no score.
    """
    added: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for scores in given:
        sums = added[scores.subject.removesuffix(" review"), PARTIES[scores.kind]]
        sums["total"] += scores.total
        sums["scores"] += scores.scores
        sums["waived"] += scores.waived
    return [
        ReviewScore(
            round=key[0],
            party=key[1],
            mean=(Decimal(sums["total"]) / sums["scores"]).quantize(HUNDREDTH, ROUND_HALF_UP)
            if sums["scores"]
            else None,
            scores=sums["scores"],
            waived=sums["waived"],
        )
        for key, sums in sorted(added.items(), key=lambda item: (_in_order(item[0][0]), item[0][1]))
    ]


def _in_order(title: str) -> tuple[int, int, str]:
    """Rounds go by their week; the final one, which names none, comes last."""
    week = re.search(r"\d+", title)
    return (0, int(week[0]), title) if week else (1, 0, title)
