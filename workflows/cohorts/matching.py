"""Mentors for a cohort: proposed for all together, agreed by HR, and again for those whose mentor said no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import workflow

from domain.cohort import ParticipantState, Standing, pair_of
from domain.cohort_forms import MATCHING_REVIEW, MatchingReview
from domain.cohort_matching import CohortMatchRequest, CohortProposal, Pair, Seeker
from domain.model import CaseId, Party, PersonId
from domain.participation import MentorProposed
from domain.tasks import Refused, Task
from workflows import acts
from workflows.answers import Answer, Answered
from workflows.cohorts.desk import LOOKING, CohortDesk
from workflows.cohorts.placements import Placements

STILL_OUT = (Standing.ENLISTED, Standing.STARTED, Standing.ASKED)
"""Those who may yet come to look for a mentor."""

FIRST_GATHERS_DAYS = 3
"""So long the first matching waits for those whom HR has yet to let in (own default: most of the time for that)."""

LINES = 60
"""So many pairs, and reasons, stand in the task itself; all of them stand in the cohort's view."""


class Matching:
    """How those who take part come by their mentors. Who has one, or is just being asked, is not disturbed."""

    def __init__(self, desk: CohortDesk, placements: Placements) -> None:
        self._desk = desk
        self._state = desk.state
        self._placements = placements

    async def run(self) -> None:
        """Match whoever looks for a mentor, for as long as somebody may."""
        while True:
            if self._review() is None:
                await self._somebody_looks()
            await self._match()

    def again(self, pin: list[str], forbid: list[str]) -> None:
        """HR asks for another matching, with these pairs pinned and forbidden too."""
        self._pin_and_forbid(pin, forbid)
        self._state.rematch = True
        self._desk.asking.call_off("the matching is made again", kinds=[MATCHING_REVIEW.kind])

    # When

    async def _somebody_looks(self) -> None:
        """Wait until somebody looks for a mentor or HR asks for a matching; and then a while, for others.

        Those whose placement is only just being started are always waited for.
        """
        await workflow.wait_condition(lambda: self._state.rematch or bool(self._state.those(Standing.SEEKING)))
        days = self._state.policy.cohort.rematch_after_days if self._state.rounds else FIRST_GATHERS_DAYS
        until = self._desk.now() + timedelta(days=days)
        await self._desk.clock.until(lambda: until, "others who look for a mentor", unless=self._nobody_else_to_come)
        await workflow.wait_condition(lambda: self._state.rematch or not self._state.those(Standing.ENLISTED))
        await self._desk.clock.going()

    def _nobody_else_to_come(self) -> bool:
        return self._state.rematch or not (self._state.more_follow or self._state.those(*STILL_OUT))

    # The matching

    async def _match(self) -> None:
        """Propose, until HR agrees, or nobody can be proposed. A review that an earlier run has begun goes on."""
        while self._state.those(*LOOKING):
            if self._review() is None:
                self._state.rematch = False
                with self._desk.at_work():
                    await self._propose()
                if self._state.rematch:  # HR has asked for another one meanwhile
                    continue
            proposal = self._state.proposal
            if proposal is None or not proposal.pairs:
                return
            review = await self._reviewed(proposal)
            if isinstance(review, Answered) and review.form.agree:
                await self._agreed(proposal, review.by)
                return
            if isinstance(review, Answered):
                self._desk.report.decision(
                    "matching",
                    "to be made again",
                    by=review.by,
                    reason=review.form.reason,
                    evidence={"n": proposal.n, "pin": review.form.pin, "forbid": review.form.forbid},
                )
                self._pin_and_forbid(review.form.pin, review.form.forbid)
        self._state.rematch = False
        self._desk.asking.call_off("nobody looks for a mentor any more", kinds=[MATCHING_REVIEW.kind])

    def _review(self) -> Task | None:
        """The review that HR has still to answer."""
        return next((task for task in self._state.open_tasks() if task.kind is MATCHING_REVIEW.kind), None)

    async def _reviewed(self, proposal: CohortProposal) -> Answer[MatchingReview]:
        if (review := self._review()) is not None:
            self._desk.asking.check_with(review, self._check_review)
            return await self._desk.asking.answer_to(MATCHING_REVIEW, review)
        number = len(proposal.pairs)
        return await self._desk.ask(
            MATCHING_REVIEW,
            f"agree to the mentors of {number} returners" if number > 1 else "agree to the mentor of a returner",
            of=Party.HR,
            facts=_facts(proposal),
            check=self._check_review,
        )

    def _check_review(self, review: MatchingReview) -> None:
        self.check_pairs(review.pin, review.forbid)

    def check_pairs(self, pin: list[str], forbid: list[str]) -> None:
        """Refuse pairs that can't be: somebody who does not take part, or a mentor who leads, or decides on, them."""
        if both := sorted(set(pin) & set(forbid)):
            raise Refused(f"pin, forbid: {both[0]} can't be both", "invalid")
        pinned = [pair_of(text).returner for text in pin]
        if twice := sorted({one for one in pinned if pinned.count(one) > 1}):
            raise Refused(f"pin: {twice[0]} can have only one mentor", "invalid")
        roles = {one.who.returner: self._state.roles[one.who.role] for one in self._state.participants.values()}
        for field, pairs in (("pin", pin), ("forbid", forbid)):
            for pair in map(pair_of, pairs):
                if pair.returner not in roles:
                    raise Refused(f"{field}: {pair.returner} does not take part in {self._desk.name}", "invalid")
                if field == "pin" and pair.mentor in (pair.returner, *roles[pair.returner].deciding()):
                    raise Refused(f"pin: {pair.mentor} leads {pair.returner}, decides on them, or is them", "invalid")

    async def _propose(self) -> CohortProposal:
        state = self._state
        state.rounds += 1
        proposal = await acts.match_cohort(self._request())
        state.proposal = proposal
        for pair in proposal.pairs:
            self._stands(pair.case, Standing.PROPOSED, None, pair.mentor)
        for one in proposal.unmatched:
            self._stands(one.case, Standing.UNMATCHED, one.why, None)
        self._say_who_is_unmatched()
        self._desk.changed()
        return proposal

    def _stands(self, case: CaseId, standing: Standing, why: str | None, mentor: PersonId | None) -> None:
        one = self._state.participants[case]
        if one.standing in LOOKING:  # else it has ended meanwhile
            one.standing, one.why, one.mentor = standing, why, mentor

    def _request(self) -> CohortMatchRequest:
        state = self._state
        # How it stands with the mentors of those who have come out, the records know by then.
        promised = [
            one
            for one in state.those(Standing.ASKED, Standing.MATCHED)
            if one.mentor is not None and one.outcome is None
        ]
        taken: dict[PersonId, int] = {}
        for one in promised:
            assert one.mentor is not None
            taken[one.mentor] = taken.get(one.mentor, 0) + 1
        return CohortMatchRequest(
            cohort=self._desk.name,
            n=state.rounds,
            at=self._desk.now(),
            seekers=[self._seeker(one) for one in state.those(*LOOKING)],
            pins=state.pins,
            forbids=state.forbids,
            taken=taken,
            counted_cases=[one.who.case for one in promised],
            rules=state.policy.mentoring,
            objective=state.policy.cohort.matching,
        )

    def _seeker(self, one: ParticipantState) -> Seeker:
        return Seeker(
            case=one.who.case,
            returner=one.who.returner,
            role=one.who.role,
            reporting_line=self._state.roles[one.who.role].deciding(),
            already_asked=one.asked,
        )

    async def _agreed(self, proposal: CohortProposal, by: PersonId | None) -> None:
        """HR has agreed: each placement is told whom to ask, in a pause once that is over."""
        state = self._state
        await self._desk.clock.going()
        proposals: dict[CaseId, MentorProposed] = {}
        for pair in proposal.pairs:
            one = state.participants[pair.case]
            if one.standing is Standing.PROPOSED:
                one.standing, one.asked = Standing.ASKED, [*one.asked, pair.mentor]
                proposals[pair.case] = MentorProposed(
                    pinned=pair.pinned,
                    n=proposal.n,
                    mentor=pair.mentor,
                    score=pair.score,
                    reasons=pair.reasons,
                    starts_on=state.first_day().date() if state.pauses and one.who.starts_on is None else None,
                )
        self._desk.report.decision(
            "matching", "agreed", by=by, evidence=proposal.model_dump(mode="json", exclude={"cohort"})
        )
        self._desk.changed()
        with self._desk.at_work():
            await self._placements.tell(proposals)

    def _say_who_is_unmatched(self) -> None:
        lines = [f"{one.who.returner}: {one.why}" for one in self._state.those(Standing.UNMATCHED)]
        if lines:
            self._desk.report.letters(
                "no_mentors", [Party.HR], cohort=self._desk.name, reasons=lines[:LINES], count=len(lines)
            )

    def _pin_and_forbid(self, pin: list[str], forbid: list[str]) -> None:
        pins, forbids = [pair_of(text) for text in pin], [pair_of(text) for text in forbid]
        state = self._state
        state.pins = [one for one in state.pins if one not in forbids]
        state.forbids = [*(one for one in state.forbids if one not in [*pins, *forbids]), *forbids]
        for pair in pins:
            self.pin(pair)

    def pin(self, pair: Pair) -> None:
        """This returner is to be with this mentor, and with nobody else any more."""
        others = [one for one in self._state.pins if one.returner != pair.returner]
        self._state.pins = [*others, pair]


def _facts(proposal: CohortProposal) -> dict[str, Any]:
    """What HR sees of a proposal in the task; the reasons of each pair stand in the cohort's view."""
    pairs = [
        f"{one.returner} with {one.mentor} ({'pinned' if one.pinned else f'{one.score:.2f}'})" for one in proposal.pairs
    ]
    without = [f"{one.returner}: {one.why}" for one in proposal.unmatched]
    more = {"more_pairs": len(pairs) - LINES} if len(pairs) > LINES else {}
    return {
        "matching": proposal.n,
        "pairs": pairs[:LINES],
        **more,
        "without_a_mentor": without[:LINES] or ["nobody"],
    }
