"""What a case would refuse, found before it is asked: by the same rules, from what it has said of itself.

The case has the last word: what it keeps in confidence is not known here, and things may be otherwise a moment later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from domain.certification.state import CertificationState
from domain.cohort.state import CohortState
from domain.core.case import CaseRequest, CaseState
from domain.core.model import CaseId
from domain.core.naming import Programme
from domain.core.questions import TaskKind
from domain.core.reassigning import Reassign
from domain.core.taking_over import check_reassigned
from domain.learning.state import PathState
from domain.placement.forms import Proposal
from domain.placement.matching import MentorCheck
from domain.placement.naming_mentors import check_is_another, check_nominee
from domain.placement.requests import ReassignMentor
from domain.placement.state import PlacementState
from domain.placement.terms import check_terms
from engine.errors import EngineUnreachable
from records.database import Database
from records.queries.placement.mentors import why_not
from service.core.asking import view as view_of
from service.core.connecting import Connect
from service.core.errors import Refused, Unknown, Unreachable
from service.registry.case_actions import check_all_known
from service.registry.case_page import VIEW_SECONDS

STATES: Mapping[Programme, type[CaseState]] = {
    Programme.RETURNSHIP: PlacementState,
    Programme.UPSKILLING: PathState,
    Programme.CERTIFICATION: CertificationState,
    Programme.COHORT: CohortState,
}


def state_in(programme: Programme, view: Mapping[str, Any]) -> CaseState | None:
    """The state of a case by what it says of itself; none where it has not said that, or not all of it."""
    if not view or view.get("left_out"):
        return None
    try:
        return STATES[programme].model_validate(view, extra="ignore")  # views say more than states
    except ValidationError:  # of another version than this console
        return None


def check_foreseen(database: Database, programme: Programme, view: Mapping[str, Any], request: CaseRequest) -> None:
    """Raise :class:`Refused` where the case would refuse what is asked of it, as far as that can be known."""
    check_all_known(database, request)
    state = state_in(programme, view)
    if state is not None and isinstance(request, Reassign):
        check_reassigned(state, request)
    if isinstance(state, PlacementState) and isinstance(request, ReassignMentor) and request.mentor is not None:
        _check_mentor(database, state, request.mentor, although_forbidden=request.although_forbidden)


async def check_answer_foreseen(
    connect: Connect, database: Database, case: CaseId, kind: TaskKind, answer: Mapping[str, Any]
) -> None:
    """Raise :class:`Refused` where the case would refuse an answer that fits the form, as far as that can be known."""
    if kind is not TaskKind.PROPOSAL:
        return
    try:
        async with asyncio.timeout(VIEW_SECONDS):
            view = await view_of(await connect(), database, case, VIEW_SECONDS)
    except (EngineUnreachable, Unreachable, Refused, Unknown, TimeoutError):
        return  # whoever sends it hears that
    state = state_in(Programme.RETURNSHIP, view)
    if isinstance(state, PlacementState) and state.plan is not None:
        today = state.plan.day_of(datetime.fromisoformat(view["now"]))
        check_terms(state, Proposal.model_validate(answer), today)


def _check_mentor(database: Database, state: PlacementState, mentor: str, *, although_forbidden: bool) -> None:
    check_is_another(state, mentor)
    check_nominee(state, mentor, although_forbidden=although_forbidden)
    asked = MentorCheck(mentor=mentor, returner=state.returner, reporting_line=state.reporting_line(), named=True)
    with database.reading() as session:
        if (why := why_not(session, asked)) is not None:
            raise Refused(f"mentor: {mentor} can't be the mentor: {why}", "invalid")
