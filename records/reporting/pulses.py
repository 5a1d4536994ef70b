"""How people said in confidence that it goes: means of the scores of pulses, so that nobody is given away.

A mean is of five people at least (the rule of five), who have not all said the same. Because the report gives the mean
of all cohorts together too, what is suppressed could be worked out from it; so more is suppressed, until that is about
several cohorts, five people, and different scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from domain.core.model import PersonId
from domain.core.rounding import HUNDREDTH
from records.reporting.cases import PulseScore
from records.reporting.fairness import FEWEST, with_cover
from records.reporting.models import PulseMean

Scores = Mapping[PersonId, int]
"""What each person said."""

Asked = tuple[str, int, str, str]
"""Who was asked (their part), in which week, and what: the key of the question and its text."""


class PulseMeans:
    """The means of each cohort, and of all together.

    Whatever a report covers, they are worked out of all answers there are: two reports side by side tell no more.
    """

    def __init__(self, given: Iterable[PulseScore]) -> None:
        found: dict[Asked, dict[str, dict[PersonId, int]]] = defaultdict(lambda: defaultdict(dict))
        for said in given:
            asked = (said.party, said.week, said.key, said.question)
            found[asked][said.cohort or ""][said.person] = said.score
        self._found = {asked: found[asked] for asked in sorted(found, key=_in_order)}
        self._hidden = {asked: hidden(cohorts) for asked, cohorts in self._found.items()}

    def of(self, cohort: str | None) -> list[PulseMean]:
        """Those of a cohort; None is of the cases without one."""
        name = cohort or ""
        return [
            _mean(asked, _scores(cohorts, {name} & cohorts.keys() - self._hidden[asked]))
            for asked, cohorts in self._found.items()
        ]

    def of_all(self) -> list[PulseMean]:
        """Those of all cohorts together."""
        return [
            _mean(asked, [] if tells(cohorts, cohorts) else _scores(cohorts, cohorts))
            for asked, cohorts in self._found.items()
        ]


def hidden(cohorts: Mapping[str, Scores]) -> set[str]:
    """The cohorts whose mean is not shown, by what was said in each: those that tell of somebody, and their cover."""
    return with_cover(
        {cohort for cohort in cohorts if tells(cohorts, [cohort])},
        {cohort: len(said) for cohort, said in cohorts.items()},
        lambda covered: not covered or (len(covered) > 1 and not tells(cohorts, covered)),
    )


def tells(cohorts: Mapping[str, Scores], of: Iterable[str]) -> bool:
    """Whether the mean of these cohorts would say of few people, or of every single one, what they said."""
    covered = list(of)
    people = {person for cohort in covered for person in cohorts[cohort]}
    return len(people) < FEWEST or len(set(_scores(cohorts, covered))) < 2


def _scores(cohorts: Mapping[str, Scores], of: Iterable[str]) -> list[int]:
    return [score for cohort in of for score in cohorts[cohort].values()]


def _mean(asked: Asked, scores: list[int]) -> PulseMean:
    party, week, key, question = asked
    mean = (Decimal(sum(scores)) / len(scores)).quantize(HUNDREDTH, ROUND_HALF_UP) if scores else None
    return PulseMean(party=party, week=week, key=key, question=question, mean=mean, answers=len(scores) or None)


def _in_order(asked: Asked) -> tuple[bool, int, str, str]:
    """What returners were asked comes first, then by week."""
    party, week, key, question = asked
    return (party != "returner", week, key, question)
