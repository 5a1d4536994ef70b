"""Looking up who can be the mentor of a placement: what the case knows at once, the records by an activity."""

from __future__ import annotations

import asyncio

from domain.core.model import PersonId
from domain.placement.matching import FORBIDDEN, MatchRequest, MatchResult, MentorCheck
from domain.placement.mentorship import Mentorship
from domain.placement.naming_mentors import check_nominee
from workflows.placement import activity_calls
from workflows.placement.context import PlacementContext


class MentorSearch:
    """Whom to ask to be the mentor, and whether they can be."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state
        self._search: asyncio.Task[MatchResult] | None = None
        self.nominee: PersonId | None = None
        """Whom HR names, as long as they are looked up: nobody else is asked meanwhile."""

    @property
    def busy(self) -> bool:
        """Whether somebody is being looked up, or was found and is to be asked."""
        return self.nominee is not None or self._search is not None

    async def search(self, nominee: PersonId | None, *, although_forbidden: bool = False) -> MatchResult:
        """The best free mentor, or ``nominee`` if they can be one; that they are asked is on record then.

        Whom HR has forbidden is nobody to be asked, unless they are named ``although_forbidden``.
        """
        request = MatchRequest(
            case=self._state.case,
            n=len(self._state.mentorships) + 1,
            at=self._context.now(),
            returner=self._state.returner,
            role=self._state.role.id,
            reporting_line=self._state.reporting_line(),
            already_asked=[mentorship.mentor for mentorship in self._state.mentorships],
            nominee=nominee,
            forbidden=[mentor for mentor in self._state.forbidden if not (although_forbidden and mentor == nominee)],
            rules=self._state.policy.mentoring,
        )
        had_left = list(self._state.gone)
        # A search puts the request on record. It is never broken off, or the request would stay there for ever.
        self._search = asyncio.create_task(activity_calls.choose_mentor(request))
        result = await asyncio.shield(self._search)
        if result.match is None:
            self.finish()
        elif result.match.mentor in had_left:  # by the records they are there again
            self._state.note_back([result.match.mentor])
        return result

    def finish(self) -> None:
        """The search is over: what was found is in the state now."""
        self._search = None

    async def pending_result(self) -> MatchResult | None:
        """What a search comes to that is under way or was not acted on yet; none where there is none."""
        return await self._search if self._search is not None else None

    async def look_up(self, nominee: PersonId, *, although_forbidden: bool) -> str | None:
        """Look up whom HR names: why they can't be asked, or none.

        Then that they are asked is on record, and the next search finds them.

        Two searches at once would have the same number. So whoever else is to be asked waits until this one is over.
        """
        self.nominee = nominee
        result = await self.search(nominee, although_forbidden=although_forbidden)
        self.nominee = None
        return None if result.match is not None else "; ".join(mentor.why for mentor in result.passed_over)

    def check_nominee(self, nominee: PersonId, *, although_forbidden: bool = False) -> None:
        """Refuse to name somebody of whom the case itself knows that they can't be the mentor."""
        check_nominee(self._state, nominee, although_forbidden=although_forbidden)

    async def reason_against(self, mentorship: Mentorship) -> str | None:
        """Why somebody who has agreed can't be the mentor any more, by the records or by HR; or none."""
        if mentorship.mentor in self._state.forbidden:
            return FORBIDDEN
        request = MentorCheck(
            mentor=mentorship.mentor,
            returner=self._state.returner,
            reporting_line=self._state.reporting_line(),
            named=mentorship.named,
        )
        return (await activity_calls.check_mentor(request)).why_not
