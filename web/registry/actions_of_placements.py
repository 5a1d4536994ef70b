"""What can be asked of a placement, in the words of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.core.access import Action
from domain.core.working_pattern import read_patterns
from domain.placement.requests import LeaveType
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.looks import Look
from records.database import Database
from service.core.people import names_of
from service.registry.case_actions import LIFT
from service.registry.case_page import CasePage
from web.core.asked import Asked, as_text
from web.registry.action_page import BACK_ON, REASON_ON_RECORD, ActionPage

LEAVE_TYPES: Mapping[LeaveType, str] = {
    LeaveType.PARENTAL: translatable("Parental leave"),
    LeaveType.SICK: translatable("Sick leave"),
    LeaveType.CARER: translatable("Care for somebody"),
    LeaveType.OTHER: translatable("Another reason"),
}


def _leave_types(_: CasePage, speech: Speech, __: Database) -> dict[str, str]:
    return {kind.value: speech.text(LEAVE_TYPES[kind]) for kind in LeaveType}


def _ruled(page: CasePage, _: Speech, database: Database) -> dict[str, str]:
    """Whom HR has pinned and forbidden."""
    ruling = page.view.get("ruling") or {}
    mentors = [*filter(None, [ruling.get("pinned")]), *(ruling.get("forbidden") or [])]
    names = names_of(database, mentors)
    return {mentor: f"{names.get(mentor, mentor)} ({mentor})" for mentor in mentors}


def _lifted(_: Database, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"lift": [values["mentor"]], "reason": values["reason"]}


PAGES: Mapping[str, ActionPage] = {
    Action.PAUSE: ActionPage(
        link=translatable("Begin a leave"),
        title=translatable("Begin a leave today"),
        lead=translatable(
            "From today, every date that is still to come waits: reviews, sessions, the decision and the "
            "last day. When the leave is over, all of them move by its length."
        ),
        button=translatable("Begin the leave"),
        done=translatable("The placement is paused. All dates that are still to come wait."),
        asked=(
            Asked(
                "leave_type",
                translatable("What kind of leave"),
                translatable("They themselves and HR of this placement read it; no manager and no mentor does."),
                Look.RADIOS,
            ),
            BACK_ON,
        ),
        offers={"leave_type": _leave_types},
    ),
    Action.RESUME: ActionPage(
        link=translatable("End the leave"),
        title=translatable("End the leave today"),
        lead=translatable(
            "Work is taken up again today. All dates that are still to come move by the length of the leave."
        ),
        button=translatable("End the leave"),
        done=translatable("The placement goes on. Its dates have moved by the length of the leave."),
    ),
    Action.EXTEND: ActionPage(
        link=translatable("Extend it"),
        title=translatable("Extend the placement"),
        lead=translatable("The returner and the manager are asked to agree; whoever of them asks has agreed already."),
        button=translatable("Ask for the extension"),
        done=translatable("The extension is asked for. It counts once both sides have agreed."),
        asked=(Asked("weeks", translatable("How many weeks longer"), look=Look.NUMBER), REASON_ON_RECORD),
    ),
    Action.CHANGE_PATTERN: ActionPage(
        link=translatable("Change the working pattern"),
        title=translatable("Change the working pattern"),
        lead=translatable("The returner and the manager are asked to agree; whoever of them asks has agreed already."),
        button=translatable("Ask for the change"),
        done=translatable("The change is asked for. It counts once both sides have agreed."),
        asked=(
            Asked(
                "patterns",
                translatable("Working pattern, from which day on"),
                translatable(
                    "Such as: from 2027-02-01 60% – or: from 2027-02-01 mon-wed 8. Several in a row, with a "
                    "semicolon between."
                ),
                reads=as_text(read_patterns),
            ),
            REASON_ON_RECORD,
        ),
    ),
    Action.DECIDE_EARLY: ActionPage(
        link=translatable("Decide early"),
        title=translatable("Begin the decision now"),
        lead=translatable(
            "The decision on employment begins now instead of on its date. It is taken by the same steps."
        ),
        button=translatable("Begin the decision"),
        done=translatable("The decision on employment has begun."),
        asked=(REASON_ON_RECORD,),
        checked=True,
    ),
    Action.ASK_FOR_MENTOR: ActionPage(
        link=translatable("Ask for another mentor, in confidence"),
        title=translatable("Ask for another mentor"),
        lead=translatable(
            "HR alone is told that you ask, and what you write. Your mentor and your manager do not learn of "
            "it. HR answers you, and may ask to talk with you first."
        ),
        button=translatable("Ask HR"),
        done=translatable("HR has been asked. Nobody else learns of it."),
        asked=(
            Asked(
                "reason",
                translatable("What you want to tell HR"),
                translatable("You need not say why."),
                Look.TEXTAREA,
                required=False,
            ),
        ),
    ),
    Action.REASSIGN_MENTOR: ActionPage(
        link=translatable("Change the mentor"),
        title=translatable("Change the mentor"),
        lead=translatable(
            "The present mentor's part ends at once. Then whoever you name is asked to be the mentor; if you name "
            "nobody, another mentor is looked for."
        ),
        button=translatable("Change the mentor"),
        done=translatable("The mentor's part has ended, and another mentor is asked or looked for."),
        asked=(
            Asked(
                "mentor",
                translatable("Who is to be asked"),
                translatable("A name or an id, such as P-7F3K2M."),
                Look.PERSON,
                empty=translatable("somebody is looked for"),
                required=False,
            ),
            Asked(
                "although_forbidden",
                translatable("Although this pair was forbidden"),
                translatable(
                    "Only if HR has forbidden it, in a cohort. Say in the reason why it is named all the same."
                ),
                Look.TICK,
                required=False,
            ),
            REASON_ON_RECORD,
        ),
        only_hr=frozenset({"although_forbidden"}),
        checked=True,
    ),
    LIFT: ActionPage(
        link=translatable("Take back what was said of mentors"),
        title=translatable("Take back what was said of a mentor"),
        lead=translatable(
            "Who was pinned or forbidden is neither any more, for whoever looks for a mentor next. The mentor stays."
        ),
        button=translatable("Take it back"),
        done=translatable("They are neither pinned nor forbidden any more."),
        asked=(Asked("mentor", translatable("Of whom"), look=Look.RADIOS), REASON_ON_RECORD),
        offers={"mentor": _ruled},
        makes=_lifted,
        checked=True,
    ),
    Action.RELEASE: ActionPage(
        link=translatable("Give up waiting for a headcount"),
        title=translatable("Give up waiting for a headcount"),
        lead=translatable(
            "The conversion waits for a headcount. If you give it up, the returner is released, and hears "
            "that there is no headcount. This can't be undone."
        ),
        button=translatable("Release the returner"),
        done=translatable("The returner is released."),
        asked=(
            Asked(
                "reason",
                translatable("Reason"),
                translatable("HR and the manager read it, and it stays on record."),
                Look.TEXTAREA,
            ),
        ),
        checked=True,
        warning=True,
    ),
    Action.WITHDRAW: ActionPage(
        link=translatable("End it early"),
        title=translatable("End the placement early"),
        lead=translatable(
            "The placement ends now, in good order: open tasks are called off, what was reserved is freed, "
            "and everybody who was asked is told. This can't be undone."
        ),
        button=translatable("End the placement"),
        done=translatable("The placement is being ended."),
        asked=(
            REASON_ON_RECORD,
            Asked(
                "worked_until",
                translatable("Last day worked, if that was before today"),
                look=Look.DATE,
                required=False,
            ),
        ),
        only_hr=frozenset({"worked_until"}),
        checked=True,
        warning=True,
    ),
}
