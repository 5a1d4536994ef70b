"""What can be asked of a placement, in the words of its pages."""

from __future__ import annotations

from collections.abc import Mapping

from domain.core.access import Action
from domain.placement.requests import LeaveType
from languages.marking import translatable
from languages.speech import Speech
from service.registry.case_page import CasePage
from web.registry.act_pages import BACK_ON, REASON_ON_RECORD, ActPage, Asks

LEAVE_TYPES: Mapping[LeaveType, str] = {
    LeaveType.PARENTAL: translatable("Parental leave"),
    LeaveType.SICK: translatable("Sick leave"),
    LeaveType.CARER: translatable("Care for somebody"),
    LeaveType.OTHER: translatable("Another reason"),
}


def _leave_types(_: CasePage, speech: Speech) -> list[tuple[str, str]]:
    return [(kind.value, speech.text(LEAVE_TYPES[kind])) for kind in LeaveType]


PAGES: Mapping[Action, ActPage] = {
    Action.PAUSE: ActPage(
        link=translatable("Begin a leave"),
        title=translatable("Begin a leave today"),
        lead=translatable(
            "From today, every date that is still to come waits: reviews, sessions, the decision and the "
            "last day. When the leave is over, all of them move by its length."
        ),
        button=translatable("Begin the leave"),
        done=translatable("The placement is paused. All dates that are still to come wait."),
        asks=(
            Asks(
                "leave_type",
                translatable("What kind of leave"),
                "choice",
                translatable("They themselves and HR of this placement read it; no manager and no mentor does."),
                offers=_leave_types,
            ),
            BACK_ON,
        ),
    ),
    Action.RESUME: ActPage(
        link=translatable("End the leave"),
        title=translatable("End the leave today"),
        lead=translatable(
            "Work is taken up again today. All dates that are still to come move by the length of the leave."
        ),
        button=translatable("End the leave"),
        done=translatable("The placement goes on. Its dates have moved by the length of the leave."),
    ),
    Action.EXTEND: ActPage(
        link=translatable("Extend it"),
        title=translatable("Extend the placement"),
        lead=translatable("The returner and the manager are asked to agree; whoever of them asks has agreed already."),
        button=translatable("Ask for the extension"),
        done=translatable("The extension is asked for. It counts once both sides have agreed."),
        asks=(Asks("weeks", translatable("How many weeks longer"), "number"), REASON_ON_RECORD),
    ),
    Action.CHANGE_PATTERN: ActPage(
        link=translatable("Change the working pattern"),
        title=translatable("Change the working pattern"),
        lead=translatable("The returner and the manager are asked to agree; whoever of them asks has agreed already."),
        button=translatable("Ask for the change"),
        done=translatable("The change is asked for. It counts once both sides have agreed."),
        asks=(
            Asks(
                "patterns",
                translatable("Working pattern, from which day on"),
                "patterns",
                translatable(
                    "Such as: from 2027-02-01 60%% – or: from 2027-02-01 mon-wed 8. Several in a row, with a "
                    "semicolon between."
                ),
            ),
            REASON_ON_RECORD,
        ),
    ),
    Action.DECIDE_EARLY: ActPage(
        link=translatable("Decide early"),
        title=translatable("Begin the decision now"),
        lead=translatable(
            "The decision on employment begins now instead of on its date. It is taken by the same steps."
        ),
        button=translatable("Begin the decision"),
        done=translatable("The decision on employment has begun."),
        asks=(REASON_ON_RECORD,),
        checked=True,
    ),
    Action.ASK_FOR_MENTOR: ActPage(
        link=translatable("Ask for another mentor, in confidence"),
        title=translatable("Ask for another mentor"),
        lead=translatable(
            "HR alone is told that you ask, and what you write. Your mentor and your manager do not learn of "
            "it. HR answers you, and may ask to talk with you first."
        ),
        button=translatable("Ask HR"),
        done=translatable("HR has been asked. Nobody else learns of it."),
        asks=(
            Asks(
                "reason", translatable("What you want to tell HR"), "long", translatable("You need not say why."), False
            ),
        ),
    ),
    Action.REASSIGN_MENTOR: ActPage(
        link=translatable("Change the mentor"),
        title=translatable("Change the mentor"),
        lead=translatable("The mentor of now is freed. Another is looked for, or the one you name is asked."),
        button=translatable("Change the mentor"),
        done=translatable("The mentor is freed, and another is asked."),
        asks=(
            Asks(
                "mentor",
                translatable("Who is to be asked"),
                "person",
                translatable("A name or an id, such as P-7F3K2M. Leave it empty to have somebody found."),
                required=False,
            ),
            REASON_ON_RECORD,
        ),
        checked=True,
    ),
    Action.RELEASE: ActPage(
        link=translatable("Give up waiting for a headcount"),
        title=translatable("Give up waiting for a headcount"),
        lead=translatable(
            "The conversion waits for a headcount. If you give it up, the returner is released, and hears "
            "that there is no headcount. This can't be undone."
        ),
        button=translatable("Release the returner"),
        done=translatable("The returner is released."),
        asks=(
            Asks(
                "reason",
                translatable("Reason"),
                "long",
                translatable("HR and the manager read it, and it stays on record."),
            ),
        ),
        checked=True,
        warning=True,
    ),
    Action.WITHDRAW: ActPage(
        link=translatable("End it early"),
        title=translatable("End the placement early"),
        lead=translatable(
            "The placement ends now, in good order: open tasks are called off, what was reserved is freed, "
            "and everybody who was asked is told. This can't be undone."
        ),
        button=translatable("End the placement"),
        done=translatable("The placement is being ended."),
        asks=(
            REASON_ON_RECORD,
            Asks(
                "worked_until",
                translatable("Last day worked, if that was before today"),
                "date",
                required=False,
                only_hr=True,
            ),
        ),
        checked=True,
        warning=True,
    ),
}
