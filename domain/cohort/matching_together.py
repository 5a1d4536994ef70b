"""Finding the mentors of a whole cohort, all at once; the same in whatever order people come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from domain.cohort import unmatched
from domain.cohort.matching import (
    CohortMatchRequest,
    CohortProposal,
    MentorWithPlaces,
    Objective,
    Pair,
    ProposedPair,
    SeekerOnRecord,
    Unmatched,
)
from domain.cohort.ties import ties_in
from domain.core.model import PersonId
from domain.placement.matching import FORBIDDEN, Candidate, MatchRequest, PassedOver, rank, score

Assign = Callable[[Sequence[Sequence[int]], Sequence[int], Objective], list[int | None]]
"""Scores of each returner with each mentor in ten-thousandths, negative where they may not be paired; the places of
each mentor; what for. Gives each returner the position of a mentor, or none."""

TEN_THOUSANDTHS = 10_000
"""Scores have four decimals, so the best total is found in whole numbers of these."""

EXCLUDED = -1


def match(
    request: CohortMatchRequest, seeking: Iterable[SeekerOnRecord], mentors: Iterable[MentorWithPlaces], assign: Assign
) -> CohortProposal:
    """Pins first, then all others at once. The same whatever order anything comes in."""
    matching = _Matching(request, mentors)
    others = matching.pin(sorted(seeking, key=lambda returner: returner.seeker.case))
    matching.assign(others, assign)
    return CohortProposal(
        cohort=request.cohort,
        n=request.n,
        pairs=sorted(matching.pairs, key=lambda pair: pair.case),
        unmatched=sorted(matching.unmatched, key=lambda returner: returner.case),
        total_score=sum(_in_ten_thousandths(pair.score) for pair in matching.pairs) / TEN_THOUSANDTHS,
        objective=request.objective,
        ties=matching.ties,
    )


class _Matching:
    """A matching under way. What has no meaning of its own is in the order of ids."""

    def __init__(self, request: CohortMatchRequest, mentors: Iterable[MentorWithPlaces]) -> None:
        self.pairs: list[ProposedPair] = []
        self.unmatched: list[Unmatched] = []
        self.ties: list[str] = []
        self._request = request
        self._took: dict[PersonId, list[ProposedPair]] = {}
        self._mentors = {
            mentor.candidate.id: mentor for mentor in sorted(mentors, key=lambda mentor: mentor.candidate.id)
        }
        self._left = {mentor: max(0, places.size - places.taken) for mentor, places in self._mentors.items()}
        self._pins = _by_returner(request.pins)
        self._forbids = _by_returner(request.forbids)

    def pin(self, seeking: Sequence[SeekerOnRecord]) -> list[SeekerOnRecord]:
        """Settle everybody who is pinned, one way or the other; the others are still to be matched."""
        possible: list[tuple[SeekerOnRecord, PersonId, int]] = []
        for returner in seeking:
            mentors = sorted(self._pins.get(returner.seeker.returner, ()))
            if not mentors:
                continue
            if why := self._not_to_be_pinned(returner, mentors):
                self._leave_unmatched(returner, why)
            else:
                possible.append((returner, mentors[0], self._score(returner, mentors[0])))
        without: list[tuple[SeekerOnRecord, PersonId]] = []
        for returner, mentor, _ in sorted(possible, key=lambda choice: (-choice[2], choice[0].seeker.case)):
            if self._left[mentor]:
                self._pair(returner, mentor, pinned=True)
            else:
                without.append((returner, mentor))
        for returner, mentor in without:
            self._leave_unmatched(returner, unmatched.no_place_with_pinned(mentor, self._what_became_of_places(mentor)))
        return [returner for returner in seeking if returner.seeker.returner not in self._pins]

    def assign(self, seeking: Sequence[SeekerOnRecord], assign: Assign) -> None:
        """Give out the places that are left.

        For the best total, pairs that are a last resort only have what others leave; for the most people, there are as
        few of them among the most people as can be.
        """
        mentors = [mentor.candidate for mentor in self._mentors.values() if mentor.available]
        rows = [self._scores(returner, mentors) for returner in seeking]
        scores = [[max(pair) for pair in zip(good, last, strict=True)] for good, last in rows]
        if self._request.objective == "most_people":
            lift = len(seeking) * TEN_THOUSANDTHS + 1
            lifted = [[good[n] + lift if good[n] >= 0 else last[n] for n in range(len(mentors))] for good, last in rows]
            chosen = self._chosen(seeking, mentors, lifted, assign)
        else:
            chosen = self._chosen(seeking, mentors, [good for good, _ in rows], assign)
            for n, position in self._chosen_last(seeking, mentors, [last for _, last in rows], chosen, assign):
                chosen[n] = position
        for returner, position, row in zip(seeking, chosen, scores, strict=True):
            if position is None:
                self._leave_unmatched(returner, self._why_not(returner, mentors, row))
        self.ties = ties_in(
            [returner.seeker.returner for returner in seeking],
            [mentor.id for mentor in mentors],
            [good for good, _ in rows],
            chosen,
            [self._left[mentor.id] for mentor in mentors],
        )

    def _chosen(
        self, seeking: Sequence[SeekerOnRecord], mentors: Sequence[Candidate], scores: list[list[int]], assign: Assign
    ) -> list[int | None]:
        """Who gets whom of the mentors who have places left."""
        chosen = assign(scores, [self._left[mentor.id] for mentor in mentors], self._request.objective)
        for returner, position in zip(seeking, chosen, strict=True):
            if position is not None:
                self._pair(returner, mentors[position].id, pinned=False)
        return chosen

    def _chosen_last(
        self,
        seeking: Sequence[SeekerOnRecord],
        mentors: Sequence[Candidate],
        scores: list[list[int]],
        chosen: list[int | None],
        assign: Assign,
    ) -> list[tuple[int, int | None]]:
        """Who gets whom as a last resort, of those who have nobody yet."""
        without = [n for n, position in enumerate(chosen) if position is None and max(scores[n], default=EXCLUDED) >= 0]
        found = self._chosen([seeking[n] for n in without], mentors, [scores[n] for n in without], assign)
        return list(zip(without, found, strict=True))

    def _not_to_be_pinned(self, returner: SeekerOnRecord, mentors: Sequence[PersonId]) -> str | None:
        if len(mentors) > 1:
            return unmatched.pinned_to_several(mentors)
        (mentor,) = mentors
        if mentor not in self._mentors:
            return unmatched.pinned_but(mentor, "is not in the records")
        excluded = self._passed_over(returner, [self._mentors[mentor].candidate], nominee=mentor)
        return unmatched.pinned_but(mentor, excluded[0].why) if excluded else None

    def _why_not(self, returner: SeekerOnRecord, mentors: Sequence[Candidate], row: Sequence[int]) -> str:
        suiting = [(value, mentor.id) for value, mentor in zip(row, mentors, strict=True) if value != EXCLUDED]
        if not suiting:
            return unmatched.all_excluded(
                [(passed.mentor, passed.why) for passed in self._passed_over(returner, mentors)]
            )
        nearest = sorted(suiting, key=lambda suited: (-suited[0], suited[1]))[: unmatched.NEAREST]
        return unmatched.none_left(
            len(suiting),
            [(mentor, value / TEN_THOUSANDTHS, self._what_became_of_places(mentor)) for value, mentor in nearest],
        )

    def _what_became_of_places(self, mentor: PersonId) -> str:
        """What became of a mentor's places."""
        took = sorted(self._took.get(mentor, ()), key=lambda pair: (-pair.score, pair.case))
        known = self._mentors[mentor]
        return unmatched.what_became_of_places(
            known.taken, known.size, [(pair.returner, pair.score, pair.pinned) for pair in took]
        )

    def _scores(self, returner: SeekerOnRecord, mentors: Sequence[Candidate]) -> tuple[list[int], list[int]]:
        """The scores with each mentor, apart for those who suit and those who are a last resort only."""
        matches, _ = rank(
            self._search(returner), returner.candidate, returner.role_skills, self._allowed(returner, mentors)
        )
        found = {match.mentor: match for match in matches}
        good, last = [EXCLUDED] * len(mentors), [EXCLUDED] * len(mentors)
        for n, mentor in enumerate(mentors):
            if (scored := found.get(mentor.id)) is not None:
                (last if scored.last_resort else good)[n] = _in_ten_thousandths(scored.score)
        return good, last

    def _passed_over(
        self, returner: SeekerOnRecord, mentors: Sequence[Candidate], nominee: PersonId | None = None
    ) -> list[PassedOver]:
        """Who of these is excluded, by id."""
        allowed = self._allowed(returner, mentors)
        _, passed_over = rank(self._search(returner, nominee), returner.candidate, returner.role_skills, allowed)
        forbidden = self._forbids.get(returner.seeker.returner, set()) & {mentor.id for mentor in mentors}
        passed_over += [PassedOver(mentor=mentor, why=FORBIDDEN) for mentor in forbidden]
        return sorted(passed_over, key=lambda passed: passed.mentor)

    def _allowed(self, returner: SeekerOnRecord, mentors: Sequence[Candidate]) -> list[Candidate]:
        forbidden = self._forbids.get(returner.seeker.returner, ())
        return [mentor for mentor in mentors if mentor.id not in forbidden]

    def _search(self, returner: SeekerOnRecord, nominee: PersonId | None = None) -> MatchRequest:
        """The search of one case, by whose rules mentors are excluded."""
        return MatchRequest(
            n=self._request.n,
            at=self._request.at,
            nominee=nominee,
            rules=self._request.rules,
            **dict(returner.seeker),
        )

    def _score(self, returner: SeekerOnRecord, mentor: PersonId) -> int:
        return _in_ten_thousandths(
            score(returner.candidate, returner.role_skills, self._mentors[mentor].candidate, self._request.rules).score
        )

    def _pair(self, returner: SeekerOnRecord, mentor: PersonId, *, pinned: bool) -> None:
        found = score(returner.candidate, returner.role_skills, self._mentors[mentor].candidate, self._request.rules)
        pair = ProposedPair(
            case=returner.seeker.case,
            returner=returner.seeker.returner,
            mentor=mentor,
            score=found.score,
            reasons=found.reasons,
            pinned=pinned,
            last_resort=found.last_resort,
        )
        self._left[mentor] -= 1
        self._took.setdefault(mentor, []).append(pair)
        self.pairs.append(pair)

    def _leave_unmatched(self, returner: SeekerOnRecord, why: str) -> None:
        self.unmatched.append(Unmatched(case=returner.seeker.case, returner=returner.seeker.returner, why=why))


def _by_returner(pairs: Iterable[Pair]) -> dict[PersonId, set[PersonId]]:
    mentors: dict[PersonId, set[PersonId]] = {}
    for pair in pairs:
        mentors.setdefault(pair.returner, set()).add(pair.mentor)
    return mentors


def _in_ten_thousandths(value: float) -> int:
    return round(value * TEN_THOUSANDTHS)
