"""Mentors for a cohort: proposed for all together, agreed by HR, and again for those whose mentor said no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import workflow

from domain.cohort.forms import MATCHING_REVIEW, MatchingReview
from domain.cohort.letters import NoMentors
from domain.cohort.matching import CohortMatchRequest, CohortProposal, ProposedPair, Seeker
from domain.cohort.participant_state import NEEDING_MENTOR, ParticipantState, ParticipantStatus
from domain.cohort.rulings import check_pairs, set_pairs
from domain.cohort.unsuited import named
from domain.core.decisions import DecisionKind
from domain.core.model import CaseId, Party, PersonId, instant_text
from domain.core.tasks import Task
from domain.placement.cohort_messages import CohortMessage
from workflows.case.answers import Answer, Answered
from workflows.cohort import activity_calls
from workflows.cohort.context import CohortContext
from workflows.cohort.placements import Placements

STILL_OUT = (ParticipantStatus.ENLISTED, ParticipantStatus.STARTED, ParticipantStatus.ASKED)
"""Those who may yet come to look for a mentor."""

FIRST_GATHERS_DAYS = 3
"""So long the first matching waits for those whom HR has yet to let in (own default: most of the time for that)."""

ANSWERS_KEPT = 3
"""Of so many reviews the answer is kept, and given once more gets the same receipt."""

LINES = 60
"""So many pairs, and reasons, stand in the task itself; all of them stand in the cohort's view."""


class Matching:
    """How those who take part come by their mentors. Who has one, or is just being asked, is not disturbed."""

    def __init__(self, context: CohortContext, placements: Placements) -> None:
        self._context = context
        self._state = context.state
        self._placements = placements
        if (review := self._review()) is not None:  # an answer may come before the first line of this run
            context.asking.check_with(review, self._check_review)

    async def run(self) -> None:
        """Match whoever looks for a mentor, for as long as somebody may."""
        await workflow.wait_condition(lambda: self._state.ends_on is not None)  # and with it, when a review is due
        while True:
            if self._review() is None:
                await self._until_somebody_looks()
            await self._match()

    def again(self) -> None:
        """HR asks for another matching."""
        self._state.rematch = True
        self._context.asking.call_off("the matching is made again", kinds=[MATCHING_REVIEW.kind])

    # When

    async def _until_somebody_looks(self) -> None:
        """Wait until somebody looks for a mentor or HR asks for a matching; and then a while, for others.

        Those whose placement is only just being started are always waited for.
        """
        state = self._state
        await workflow.wait_condition(lambda: state.rematch or bool(state.participants_in(ParticipantStatus.SEEKING)))
        if state.gathers_until is None:
            days = state.policy.cohort.rematch_after_days if state.rounds else FIRST_GATHERS_DAYS
            state.gathers_until = self._context.now() + timedelta(days=days)
        await self._context.clock.until(
            lambda: state.gathers_until, "others who look for a mentor", unless=self._nobody_else_to_come
        )
        await workflow.wait_condition(lambda: state.rematch or not state.participants_in(ParticipantStatus.ENLISTED))
        await self._context.clock.until_resumed()
        state.gathers_until = None

    def _nobody_else_to_come(self) -> bool:
        return self._state.rematch or not (self._state.more_follow or self._still_out())

    def _still_out(self) -> bool:
        """Whether anybody may yet come to look; who was asked otherwise than by us finds a mentor without us."""
        return any(not participant.replaces_mentor_itself for participant in self._state.participants_in(*STILL_OUT))

    # The matching

    async def _match(self) -> None:
        """Propose, until HR agrees, or nobody can be proposed. A review that an earlier run has begun goes on."""
        while self._state.participants_in(*NEEDING_MENTOR):
            if self._review() is None:
                self._state.rematch = False
                with self._context.awaiting_result():
                    await self._propose()
                if self._state.rematch:  # HR has asked for another one meanwhile
                    continue
            proposal = self._state.proposal
            if proposal is None or not proposal.pairs:
                return
            if await self._is_settled_by(await self._reviewed(proposal), proposal):
                return
        self._state.rematch = False
        self._context.asking.call_off("nobody looks for a mentor any more", kinds=[MATCHING_REVIEW.kind])
        self._acted()

    async def _is_settled_by(self, review: Answer[MatchingReview], proposal: CohortProposal) -> bool:
        """Act on HR's answer; false where the matching is to be made again.

        In a pause, what HR has agreed to waits for the end of it; it stays unacted on until then, in later runs too.
        """
        if isinstance(review, Answered) and review.form.agree:
            await self._context.clock.until_resumed()
            if not self._state.rematch:
                await self._agreed(proposal, review.by)
                return True
        elif isinstance(review, Answered):
            self._context.decide(
                DecisionKind.MATCHING,
                "to be made again",
                by=review.by,
                reason=review.form.reason,
                evidence={"n": proposal.n, **review.form.model_dump(include={"pin", "forbid", "lift"})},
            )
            set_pairs(self._state, review.form.pin, review.form.forbid, review.form.lift)
        self._acted()
        return False

    def _review(self) -> Task | None:
        """The review that HR has still to answer, or whose answer has still to be acted on."""
        reviews = [task for task in self._state.tasks if task.kind is MATCHING_REVIEW.kind]
        return reviews[-1] if reviews and reviews[-1].id != self._state.reviewed else None

    def _acted(self) -> None:
        """The last review has had its effect. What was shown in it stands in the records; so do the older answers."""
        review = self._review()
        if review is None:
            return
        self._state.reviewed, review.facts = review.id, {}
        for older in [task for task in self._state.tasks if task.kind is MATCHING_REVIEW.kind][:-ANSWERS_KEPT]:
            older.answer = None

    async def _reviewed(self, proposal: CohortProposal) -> Answer[MatchingReview]:
        if (review := self._review()) is not None:
            return await self._context.asking.answer_to(MATCHING_REVIEW, review)
        number = len(proposal.pairs)
        return await self._context.ask(
            MATCHING_REVIEW,
            f"agree to the mentors of {number} returners" if number > 1 else "agree to the mentor of a returner",
            of=Party.HR,
            facts={**_facts(proposal), **self._dates_that_do_not_suit()},
            check=self._check_review,
        )

    def _dates_that_do_not_suit(self) -> dict[str, Any]:
        unsuited = [(date, self._state.does_not_suit(date)) for date in self._state.dates]
        lines = [f"{date.title} on {instant_text(date.starts)}: {named(people)}" for date, people in unsuited if people]
        return {"dates_on_which_somebody_does_not_work": lines} if lines else {}

    def _check_review(self, review: MatchingReview) -> None:
        check_pairs(self._state, review.pin, review.forbid, review.lift)

    async def _propose(self) -> CohortProposal:
        state = self._state
        state.rounds += 1
        proposal = await activity_calls.match_cohort(self._request())
        state.proposal = proposal
        for pair in proposal.pairs:
            if (seeker := state.participants[pair.case]).status in NEEDING_MENTOR:  # else it has ended meanwhile
                seeker.set_status(ParticipantStatus.PROPOSED, mentor=pair.mentor)
        for unmatched in proposal.unmatched:
            if (seeker := state.participants[unmatched.case]).status in NEEDING_MENTOR:
                seeker.set_status(ParticipantStatus.UNMATCHED, why=unmatched.why)
        self._say_who_is_unmatched()
        self._context.changed()
        return proposal

    def _request(self) -> CohortMatchRequest:
        state = self._state
        # How it stands with the mentors of those who have come out, the records know by then.
        promised = [
            participant
            for participant in state.participants_in(ParticipantStatus.ASKED, ParticipantStatus.MATCHED)
            if participant.mentor is not None and participant.outcome is None
        ]
        taken: dict[PersonId, int] = {}
        for participant in promised:
            assert participant.mentor is not None
            taken[participant.mentor] = taken.get(participant.mentor, 0) + 1
        return CohortMatchRequest(
            cohort=self._context.name,
            n=state.rounds,
            at=self._context.now(),
            seekers=[self._seeker(participant) for participant in state.participants_in(*NEEDING_MENTOR)],
            pins=state.pins,
            forbids=state.forbids,
            taken=taken,
            counted_cases=[participant.who.case for participant in promised],
            rules=state.policy.mentoring,
            objective=state.policy.cohort.matching,
        )

    def _seeker(self, participant: ParticipantState) -> Seeker:
        return Seeker(
            case=participant.who.case,
            returner=participant.who.returner,
            role=participant.who.role,
            reporting_line=self._state.roles[participant.who.role].deciding(),
            already_asked=participant.asked,
        )

    async def _agreed(self, proposal: CohortProposal, by: PersonId | None) -> None:
        """HR has agreed: each placement is sent whom to ask."""
        state = self._state
        self._acted()
        proposals: dict[CaseId, CohortMessage] = {}
        for pair in proposal.pairs:
            participant = state.participants[pair.case]
            if participant.status is ParticipantStatus.PROPOSED:
                participant.status, participant.asked = ParticipantStatus.ASKED, [*participant.asked, pair.mentor]
                proposals[pair.case] = CohortMessage(
                    pinned=pair.pinned,
                    n=proposal.n,
                    mentor=pair.mentor,
                    score=pair.score,
                    reasons=pair.reasons,
                    starts_on=state.first_day().date() if state.pauses and participant.who.starts_on is None else None,
                )
        self._context.decide(
            DecisionKind.MATCHING, "agreed", by=by, evidence=proposal.model_dump(mode="json", exclude={"cohort"})
        )
        self._context.changed()
        with self._context.awaiting_result():
            await self._placements.send(proposals)

    def _say_who_is_unmatched(self) -> None:
        lines = [
            f"{participant.who.returner}: {participant.why}"
            for participant in self._state.participants_in(ParticipantStatus.UNMATCHED)
        ]
        if lines:
            letter = NoMentors(cohort=self._context.name, reasons=lines[:LINES], count=len(lines))
            self._context.report.letters(letter, to=[Party.HR])


def _facts(proposal: CohortProposal) -> dict[str, Any]:
    """What HR sees of a proposal in the task; the reasons of each pair stand in the cohort's view."""
    pairs = [f"{pair.returner} with {pair.mentor} ({_remark_on(pair)})" for pair in proposal.pairs]
    without = [f"{unmatched.returner}: {unmatched.why}" for unmatched in proposal.unmatched]
    more = {"more_pairs": len(pairs) - LINES} if len(pairs) > LINES else {}
    return {
        "matching": proposal.n,
        "pairs": pairs[:LINES],
        **more,
        "without_a_mentor": without[:LINES] or ["nobody"],
        **({"settled_by_the_order_of_ids": proposal.ties} if proposal.ties else {}),
    }


def _remark_on(pair: ProposedPair) -> str:
    """A pair's score, and what HR should know of it."""
    known = "pinned" if pair.pinned else f"{pair.score:.2f}"
    return f"{known}; a last resort: {', '.join(pair.last_resort)}" if pair.last_resort else known
