"""What can be asked of a running case, of whatever programme: by which update, and whether it can be asked now.

Who may ask at all says the table of rights, and whether it can be done the case itself. What is said here only keeps
pages from offering what would be refused anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.certification import requests as certification
from domain.certification.state import CertificationStage
from domain.cohort import requests as cohort
from domain.cohort.state import CohortStage
from domain.core.access import Action
from domain.core.case import CaseRequest, Done, Withdraw
from domain.core.model import Party
from domain.core.naming import COHORT, Programme, programme_of
from domain.core.permissions import Permissions
from domain.core.reassigning import Reassign
from domain.core.updates import Update
from domain.core.wording import listed, spoken
from domain.learning import requests as learning
from domain.learning.result import PathStage
from domain.placement import requests as placement
from domain.placement.stages import Stage
from records.database import Database
from service.core.asking import ask
from service.core.connecting import Connect
from service.core.people import check_known
from service.learning.starting import change_role
from service.registry.case_records import CaseRecords


def always(_: CaseRecords) -> bool:
    """It can be asked at any time."""
    return True


def is_paused(records: CaseRecords) -> bool:
    """Whether the case stands still."""
    return records.case.paused


def is_not_paused(records: CaseRecords) -> bool:
    """Whether it goes on."""
    return not records.case.paused


def has_mentor(records: CaseRecords) -> bool:
    """Whether there is a mentor who could be replaced."""
    return bool(records.parts.get(Party.MENTOR))


def is_learning(records: CaseRecords) -> bool:
    """Whether hours can be stated: of trainings that were taken up."""
    return bool(records.trainings) and records.case.stage in (PathStage.TRAINING, PathStage.REASSESSMENT)


def in_stages(*stages: str) -> Callable[[CaseRecords], bool]:
    """Whether the case is in one of these stages."""
    return lambda records: records.case.stage in stages


def all_of(*conditions: Callable[[CaseRecords], bool]) -> Callable[[CaseRecords], bool]:
    """Whether all of these are so."""
    return lambda records: all(condition(records) for condition in conditions)


def of_mentors_ruled(view: Mapping[str, Any]) -> bool:
    """Whether HR has pinned or forbidden anybody, by what the placement says of itself."""
    ruling = view.get("ruling") or {}
    return bool(ruling.get("pinned") or ruling.get("forbidden"))


@dataclass(frozen=True)
class CaseAction:
    """Something that can be asked: the ``action`` that it takes the right to, its update, and the message to send.

    ``now`` is whether it can be asked now, by the records; ``shows``, whether that is to be seen in what the case says
    of itself. It has a ``name`` of its own where several things take one right.
    """

    action: Action
    update: Update
    message: type[CaseRequest]
    now: Callable[[CaseRecords], bool] = always
    shows: Callable[[Mapping[str, Any]], bool] | None = None
    name: str = ""

    @property
    def called(self) -> str:
        """By what it is known on pages."""
        return self.name or self.action.value


LIFT = "lift"
"""What HR has said of mentors is taken back, which whoever gives parts away may."""


_REASSIGN = CaseAction(Action.REASSIGN, Update.REASSIGN, Reassign)
_WITHDRAW = CaseAction(Action.WITHDRAW, Update.WITHDRAW, Withdraw)

CASE_ACTIONS: Mapping[Programme, Sequence[CaseAction]] = {
    Programme.RETURNSHIP: (
        CaseAction(Action.PAUSE, Update.PAUSE, placement.PausePlacement, is_not_paused),
        CaseAction(Action.RESUME, Update.RESUME, placement.ResumePlacement, is_paused),
        CaseAction(Action.EXTEND, Update.EXTEND, placement.ExtendPlacement),
        CaseAction(Action.CHANGE_PATTERN, Update.CHANGE_PATTERN, placement.ChangePattern),
        CaseAction(Action.DECIDE_EARLY, Update.DECIDE_EARLY, placement.DecideEarly, is_not_paused),
        CaseAction(Action.ASK_FOR_MENTOR, Update.ASK_FOR_MENTOR, placement.AskForMentor, has_mentor),
        CaseAction(Action.REASSIGN_MENTOR, Update.REASSIGN_MENTOR, placement.ReassignMentor, has_mentor),
        CaseAction(
            Action.REASSIGN, Update.REASSIGN_MENTOR, placement.ReassignMentor, shows=of_mentors_ruled, name=LIFT
        ),
        _REASSIGN,
        CaseAction(Action.RELEASE, Update.RELEASE, placement.ReleaseWaiting),
        CaseAction(Action.WITHDRAW, Update.WITHDRAW, placement.WithdrawPlacement),
    ),
    Programme.UPSKILLING: (
        CaseAction(Action.STATE_HOURS, Update.STATE_HOURS, learning.StateHours, is_learning),
        CaseAction(Action.PAUSE, Update.PAUSE, learning.PausePath, is_not_paused),
        CaseAction(Action.RESUME, Update.RESUME, learning.ResumePath, is_paused),
        CaseAction(
            Action.CHANGE_ROLE,
            Update.CHANGE_ROLE,
            learning.ChangeRole,
            all_of(
                is_not_paused,
                in_stages(PathStage.ASSESSMENT, PathStage.PLANNING, PathStage.TRAINING, PathStage.REASSESSMENT),
            ),
        ),
        _REASSIGN,
        _WITHDRAW,
    ),
    Programme.CERTIFICATION: (
        CaseAction(
            Action.TAKE_EXAM,
            Update.TAKE_EXAM,
            certification.TakeExam,
            in_stages(CertificationStage.PREPARING, CertificationStage.EXPIRED),
        ),
        CaseAction(Action.RENEW, Update.RENEW, certification.Renew, in_stages(CertificationStage.RENEWAL)),
        CaseAction(
            Action.SUSPEND,
            Update.SUSPEND,
            certification.Suspend,
            in_stages(CertificationStage.VALID, CertificationStage.RENEWAL),
        ),
        CaseAction(
            Action.REINSTATE, Update.REINSTATE, certification.Reinstate, in_stages(CertificationStage.SUSPENDED)
        ),
        _REASSIGN,
        CaseAction(
            Action.REVOKE,
            Update.REVOKE,
            certification.Revoke,
            in_stages(CertificationStage.VALID, CertificationStage.RENEWAL, CertificationStage.SUSPENDED),
        ),
        _WITHDRAW,
    ),
    Programme.COHORT: (
        CaseAction(Action.PAUSE, Update.PAUSE, cohort.PauseCohort, is_not_paused),
        CaseAction(Action.RESUME, Update.RESUME, cohort.ResumeCohort, is_paused),
        _REASSIGN,
        _WITHDRAW,
    ),
}
"""What pages offer of each programme, what is done often before what ends something."""

PERMISSIONS: Mapping[Programme, Permissions] = {
    Programme.RETURNSHIP: placement.MAY_ASK,
    Programme.UPSKILLING: learning.MAY_ASK,
    Programme.CERTIFICATION: certification.MAY_ASK,
    Programme.COHORT: cohort.MAY_ASK,
}

OVER = frozenset({Stage.OFFBOARDING.value, CohortStage.ENDED.value})
"""Stages in which nothing can be asked of a case any more."""


def case_action(case: str, name: str) -> CaseAction | None:
    """What can be asked of the case under this name, if anything."""
    return next((action for action in CASE_ACTIONS[programme_of(case)] if action.called == name), None)


def can_be_asked_now(action: CaseAction, records: CaseRecords, view: Mapping[str, Any]) -> bool:
    """Whether the stage of a case, as the records know it, and what it says of itself, let this be asked."""
    if records.case.stage in OVER or (action.shows is not None and not action.shows(view)):
        return False
    stages = PERMISSIONS[records.programme][action.message].stages
    return (stages is None or records.case.stage in stages) and action.now(records)


def why_not_now(action: CaseAction, records: CaseRecords) -> str | None:
    """Why it can't be asked now, as the case itself would say it, by the records; none where they don't tell."""
    case = records.case_id
    name = f"cohort {case.removeprefix(COHORT)}" if records.programme is Programme.COHORT else case
    if records.ended:
        return f"{name} has ended"
    permission, stage = PERMISSIONS[records.programme][action.message], records.case.stage
    if permission.stages is not None and stage not in permission.stages:
        can = listed(spoken(other.value) for other in permission.stages)
        return (
            f"{name} can't be {permission.done} in the stage {spoken(stage)}; it can in {can}"
            if permission.done
            else None
        )
    if action.action is Action.RESUME and not records.case.paused:
        return f"{name} is not paused"
    if action.now is has_mentor and not has_mentor(records):
        return f"{name} has no mentor now; one is looked for"
    if records.case.paused and (action.now is is_not_paused or action.action is Action.CHANGE_ROLE):
        return f"{name} is paused already" if action.action is Action.PAUSE else f"{name} is paused; resume it first"
    return None


def check_all_known(database: Database, request: CaseRequest) -> None:
    """Raise ``Unknown`` or ``Refused`` where a request names people whom the records don't know, or who have left."""
    named: list[Any] = [request.actor, *(getattr(request, field, None) for field in ("mentor", "to", "person"))]
    check_known(database, named)


async def ask_of_case(
    connect: Connect,
    database: Database,
    case: str,
    update: Update,
    request: CaseRequest,
    seconds: float,
    *,
    once: str | None = None,
) -> Done:
    """Ask it of the case; what is asked under the same name, only ``once``.

    Raises as :func:`service.core.asking.ask` does, and ``Unknown`` or ``Refused`` for people whom the records don't
    know, or who have left.
    """
    await asyncio.to_thread(check_all_known, database, request)
    if isinstance(request, learning.ChangeRole):
        return await change_role(connect, database, case, request, seconds, once=once)
    return await ask(await connect(), database, case, update, request, Done, seconds, once=once)
