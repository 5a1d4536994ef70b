"""How people said in confidence that it goes: means of the scores of pulses, so that nobody is given away.

A mean is of five people at least (the rule of five), who have not all said the same; and it changes by five who have
not, or not at all (:mod:`records.reporting.steps`). The mean of all cohorts is of the same people as the means of each:
from both together nothing follows that neither says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from domain.core.model import PersonId
from domain.core.rounding import HUNDREDTH
from records.reporting.cases import PulseScore
from records.reporting.models import PulseMean
from records.reporting.steps import in_steps

Asked = tuple[str, int, str, str]
"""Who was asked (their part), in which week, and what: the key of the question and its text."""


class PulseMeans:
    """The means of each cohort, and of all together, by what was said, in the order in which it came.

    Of somebody who has answered the same in several cases of a cohort, the first answer counts.
    """

    def __init__(self, given: Iterable[PulseScore]) -> None:
        found: dict[Asked, dict[str, dict[PersonId, int]]] = defaultdict(lambda: defaultdict(dict))
        for said in given:
            asked = (said.party, said.week, said.key, said.question)
            found[asked][said.cohort or ""].setdefault(said.person, said.score)
        self._shown = {
            asked: {cohort: in_steps(list(scores.values()), all_the_same) for cohort, scores in found[asked].items()}
            for asked in sorted(found, key=_in_order)
        }

    def of(self, cohort: str | None) -> list[PulseMean]:
        """Those of a cohort; None is of the cases without one."""
        return [_mean(asked, cohorts.get(cohort or "", [])) for asked, cohorts in self._shown.items()]

    def of_all(self) -> list[PulseMean]:
        """Those of all cohorts together."""
        return [
            _mean(asked, [score for scores in cohorts.values() for score in scores])
            for asked, cohorts in self._shown.items()
        ]


def all_the_same(scores: Sequence[int]) -> bool:
    """Whether the mean of these scores would say what each one has said."""
    return len(set(scores)) < 2


def _mean(asked: Asked, scores: Sequence[int]) -> PulseMean:
    party, week, key, question = asked
    mean = (Decimal(sum(scores)) / len(scores)).quantize(HUNDREDTH, ROUND_HALF_UP) if scores else None
    return PulseMean(party=party, week=week, key=key, question=question, mean=mean, answers=len(scores) or None)


def _in_order(asked: Asked) -> tuple[bool, int, str, str]:
    """What returners were asked comes first, then by week."""
    party, week, key, question = asked
    return (party != "returner", week, key, question)
