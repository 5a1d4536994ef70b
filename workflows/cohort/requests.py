"""What people ask of a cohort, and what they look at: its updates and queries on the engine."""

from __future__ import annotations

from temporalio import workflow

from domain.cohort.state import CohortState, Enlist, Enlisted, PauseCohort, Rematch, ResumeCohort
from domain.core.case import Done
from domain.placement.participation import ParticipantNews
from workflows.case.known_people import must_be_known
from workflows.case.requests import CaseRequests
from workflows.case.updates import check, update
from workflows.cohort.changes import Changes
from workflows.cohort.context import CohortContext
from workflows.cohort.placements import Placements


class CohortRequests(CaseRequests):
    """The updates and queries of a cohort, which inherits them. To withdraw it is to close it."""

    state: CohortState
    context: CohortContext
    changes: Changes
    placements: Placements

    def may_enlist(self, request: Enlist) -> None:
        """Reject more than a cohort can have."""
        self.changes.check_enlist(request)

    @update("Let people take part; whoever does already stays as they are", rule=may_enlist)
    async def enlist(self, request: Enlist) -> Enlisted:
        """Let people take part, of whom everybody is in the records; the cohort may have ended while that was seen."""
        await must_be_known(request.enlisting.people())
        self.may_enlist(request)
        return self.changes.enlist(request)

    def may_rematch(self, request: Rematch) -> None:
        """Reject where nobody looks for a mentor."""
        self.changes.check_rematch(request)

    @update("Match again those who look for a mentor", rule=may_rematch)
    async def rematch(self, request: Rematch) -> Done:
        """Match again, with mentors pinned who are in the records."""
        if request.pin:
            await must_be_known(request.people())
            self.may_rematch(request)
        return self.changes.rematch(request)

    @workflow.update(description="Let the cohort and its placements stand still")
    async def pause(self, request: PauseCohort) -> Done:
        """Stand still."""
        return self.changes.pause(request)

    @pause.validator
    def check_pause(self, request: PauseCohort) -> None:
        """Reject what is paused already."""
        check(self.changes.check_pause, request)

    @workflow.update(description="Let the cohort and the placements it has paused go on")
    async def resume(self, request: ResumeCohort) -> Done:
        """Go on."""
        return self.changes.resume(request)

    @resume.validator
    def check_resume(self, request: ResumeCohort) -> None:
        """Reject what is not paused."""
        check(self.changes.check_resume, request)

    # What placements tell

    @workflow.signal(description="A placement tells how it goes")
    def participant_news(self, news: ParticipantNews) -> None:
        """A placement tells how it goes."""
        self.placements.take_in(news)
