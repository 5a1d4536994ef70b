"""Which mentors suit a whole cohort best, all at once: pairs with their reasons, and for everybody else why not.

HR sees it before anybody is asked. Who gets a place is said by the mentors' capacities, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain import unmatched
from domain.matching import Candidate, MatchRequest, PassedOver, rank, score
from domain.model import CaseId, CohortId, Fixed, Instant, PersonId, RoleId
from domain.policy import MentoringRules

Objective = Literal["best_total", "most_people"]
"""The best sum of all scores and then the most people, or the most people and then the best sum of scores."""

Assign = Callable[[Sequence[Sequence[int]], Sequence[int], Objective], list[int | None]]
"""Scores of each seeker with each mentor in ten-thousandths, negative where they may not be paired; the places of
each mentor; what for. Gives each seeker the position of a mentor, or none."""

TEN_THOUSANDTHS = 10_000
"""Scores have four decimals, so the best total is found in whole numbers of these."""

EXCLUDED = -1


class Pair(Fixed):
    """A returner and a mentor."""

    returner: PersonId
    mentor: PersonId


class Seeker(Fixed):
    """A case that needs a mentor: nobody of its reporting line, and who was asked before only when HR pins them."""

    case: CaseId
    returner: PersonId
    role: RoleId
    reporting_line: list[PersonId]
    already_asked: list[PersonId]


class CohortMatchRequest(Fixed):
    """The ``n``-th matching of a cohort.

    ``taken`` are places that the cohort itself knows to be promised, by mentor: somebody was asked, or has agreed.
    Some of them the records know already; ``counted_cases`` are the cases they belong to, and what the records say of
    these, and of the seekers, does not count. Of a pair that is pinned and forbidden, the second holds.
    """

    cohort: CohortId
    n: int = Field(ge=1)
    at: Instant
    seekers: list[Seeker]
    pins: list[Pair]
    forbids: list[Pair]
    taken: dict[PersonId, Annotated[int, Field(ge=0)]]
    counted_cases: list[CaseId]
    rules: MentoringRules
    objective: Objective

    @model_validator(mode="after")
    def _each_case_once(self) -> Self:
        if len({one.case for one in self.seekers}) != len(self.seekers):
            raise ValueError("seekers: a case is named twice")
        return self


class Proposed(Fixed):
    """A mentor for a returner: a score from 0 to 1, and what it is made of."""

    case: CaseId
    returner: PersonId
    mentor: PersonId
    score: float
    reasons: list[str]
    pinned: bool


class Unmatched(Fixed):
    """A returner for whom there is no mentor now, and why, in a sentence."""

    case: CaseId
    returner: PersonId
    why: str


class CohortProposal(Fixed):
    """All seekers of a matching, each in one of the two lists, which are by case."""

    cohort: CohortId
    n: int
    pairs: list[Proposed]
    unmatched: list[Unmatched]
    total_score: float
    objective: Objective


class Seeking(Fixed):
    """A seeker as the records know them. Their ``reporting_line`` has everybody above and below them in it."""

    seeker: Seeker
    candidate: Candidate
    wanted: list[str]


class OnOffer(Fixed):
    """A mentor with ``size`` places, some of them ``taken``; the candidate itself says nothing of places.

    Who does not offer is only for those they are pinned to.
    """

    candidate: Candidate
    size: int = Field(ge=0)
    taken: int = Field(default=0, ge=0)
    offers: bool = True


def match(
    request: CohortMatchRequest, seeking: Iterable[Seeking], mentors: Iterable[OnOffer], assign: Assign
) -> CohortProposal:
    """Pins first, then all others at once. The same whatever order anything comes in."""
    matching = _Matching(request, mentors)
    others = matching.pin(sorted(seeking, key=lambda one: one.seeker.case))
    matching.assign(others, assign)
    return CohortProposal(
        cohort=request.cohort,
        n=request.n,
        pairs=sorted(matching.pairs, key=lambda one: one.case),
        unmatched=sorted(matching.unmatched, key=lambda one: one.case),
        total_score=sum(_whole(one.score) for one in matching.pairs) / TEN_THOUSANDTHS,
        objective=request.objective,
    )


class _Matching:
    """A matching under way. What has no meaning of its own is in the order of ids."""

    def __init__(self, request: CohortMatchRequest, mentors: Iterable[OnOffer]) -> None:
        self.pairs: list[Proposed] = []
        self.unmatched: list[Unmatched] = []
        self._request = request
        self._took: dict[PersonId, list[Proposed]] = {}
        self._mentors = {one.candidate.id: one for one in sorted(mentors, key=lambda one: one.candidate.id)}
        self._left = {mentor: max(0, one.size - one.taken) for mentor, one in self._mentors.items()}
        self._pins = _by_returner(request.pins)
        self._forbids = _by_returner(request.forbids)

    def pin(self, seeking: Sequence[Seeking]) -> list[Seeking]:
        """Settle everybody who is pinned, one way or the other; the others are still to be matched."""
        possible: list[tuple[Seeking, PersonId, int]] = []
        for one in seeking:
            mentors = sorted(self._pins.get(one.seeker.returner, ()))
            if not mentors:
                continue
            if why := self._not_to_be_pinned(one, mentors):
                self._leave(one, why)
            else:
                possible.append((one, mentors[0], self._score(one, mentors[0])))
        without: list[tuple[Seeking, PersonId]] = []
        for one, mentor, _ in sorted(possible, key=lambda it: (-it[2], it[0].seeker.case)):
            if self._left[mentor]:
                self._pair(one, mentor, pinned=True)
            else:
                without.append((one, mentor))
        for one, mentor in without:
            self._leave(one, unmatched.no_place_with_pinned(mentor, self._fate(mentor)))
        return [one for one in seeking if one.seeker.returner not in self._pins]

    def assign(self, seeking: Sequence[Seeking], assign: Assign) -> None:
        """Give out the places that are left."""
        mentors = [one.candidate for one in self._mentors.values() if one.offers]
        scores = [self._scores(one, mentors) for one in seeking]
        chosen = assign(scores, [self._left[mentor.id] for mentor in mentors], self._request.objective)
        for one, position in zip(seeking, chosen, strict=True):
            if position is not None:
                self._pair(one, mentors[position].id, pinned=False)
        for one, position, row in zip(seeking, chosen, scores, strict=True):
            if position is None:
                self._leave(one, self._why_not(one, mentors, row))

    def _not_to_be_pinned(self, one: Seeking, mentors: Sequence[PersonId]) -> str | None:
        if len(mentors) > 1:
            return unmatched.pinned_to_several(mentors)
        (mentor,) = mentors
        if mentor not in self._mentors:
            return unmatched.pinned_but(mentor, "is not in the records")
        excluded = self._passed_over(one, [self._mentors[mentor].candidate], nominee=mentor)
        return unmatched.pinned_but(mentor, excluded[0].why) if excluded else None

    def _why_not(self, one: Seeking, mentors: Sequence[Candidate], row: Sequence[int]) -> str:
        suiting = [(value, mentor.id) for value, mentor in zip(row, mentors, strict=True) if value != EXCLUDED]
        if not suiting:
            return unmatched.all_excluded([(it.mentor, it.why) for it in self._passed_over(one, mentors)])
        nearest = sorted(suiting, key=lambda it: (-it[0], it[1]))[: unmatched.NEAREST]
        return unmatched.none_left(
            len(suiting), [(mentor, value / TEN_THOUSANDTHS, self._fate(mentor)) for value, mentor in nearest]
        )

    def _fate(self, mentor: PersonId) -> str:
        """What became of a mentor's places."""
        took = sorted(self._took.get(mentor, ()), key=lambda it: (-it.score, it.case))
        known = self._mentors[mentor]
        return unmatched.fate(known.taken, known.size, [(it.returner, it.score, it.pinned) for it in took])

    def _scores(self, one: Seeking, mentors: Sequence[Candidate]) -> list[int]:
        matches, _ = rank(self._search(one), one.candidate, one.wanted, self._allowed(one, mentors))
        values = {it.mentor: _whole(it.score) for it in matches}
        return [values.get(mentor.id, EXCLUDED) for mentor in mentors]

    def _passed_over(
        self, one: Seeking, mentors: Sequence[Candidate], nominee: PersonId | None = None
    ) -> list[PassedOver]:
        """Who of these is excluded, by id."""
        allowed = self._allowed(one, mentors)
        _, passed_over = rank(self._search(one, nominee), one.candidate, one.wanted, allowed)
        forbidden = self._forbids.get(one.seeker.returner, set()) & {mentor.id for mentor in mentors}
        passed_over += [PassedOver(mentor=mentor, why="was forbidden by HR") for mentor in forbidden]
        return sorted(passed_over, key=lambda it: it.mentor)

    def _allowed(self, one: Seeking, mentors: Sequence[Candidate]) -> list[Candidate]:
        forbidden = self._forbids.get(one.seeker.returner, ())
        return [mentor for mentor in mentors if mentor.id not in forbidden]

    def _search(self, one: Seeking, nominee: PersonId | None = None) -> MatchRequest:
        """The search of one case, by whose rules mentors are excluded."""
        return MatchRequest(
            n=self._request.n,
            at=self._request.at,
            nominee=nominee,
            rules=self._request.rules,
            **dict(one.seeker),
        )

    def _score(self, one: Seeking, mentor: PersonId) -> int:
        weights = self._request.rules.weights
        return _whole(score(one.candidate, one.wanted, self._mentors[mentor].candidate, weights).score)

    def _pair(self, one: Seeking, mentor: PersonId, *, pinned: bool) -> None:
        found = score(one.candidate, one.wanted, self._mentors[mentor].candidate, self._request.rules.weights)
        pair = Proposed(
            case=one.seeker.case,
            returner=one.seeker.returner,
            mentor=mentor,
            score=found.score,
            reasons=found.reasons,
            pinned=pinned,
        )
        self._left[mentor] -= 1
        self._took.setdefault(mentor, []).append(pair)
        self.pairs.append(pair)

    def _leave(self, one: Seeking, why: str) -> None:
        self.unmatched.append(Unmatched(case=one.seeker.case, returner=one.seeker.returner, why=why))


def _by_returner(pairs: Iterable[Pair]) -> dict[PersonId, set[PersonId]]:
    mentors: dict[PersonId, set[PersonId]] = {}
    for pair in pairs:
        mentors.setdefault(pair.returner, set()).add(pair.mentor)
    return mentors


def _whole(value: float) -> int:
    return round(value * TEN_THOUSANDTHS)
