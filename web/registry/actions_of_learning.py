"""What can be asked of a learning path and of a certification, in the words of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.core.access import Action
from domain.learning.enrolment import EnrolmentState
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.looks import Look
from records.database import Database
from service.core.roles import all_roles
from service.learning.starting import goal_of
from service.registry.case_page import CasePage
from service.registry.starting import startable
from web.core.asked import Asked
from web.registry.action_page import BACK_ON, REASON_ON_RECORD, ActionPage


def _trainings(page: CasePage, _: Speech, __: Database) -> dict[str, str]:
    """Those that are under way."""
    under_way = EnrolmentState.UNDER_WAY
    return {training.training: title for training, title in page.records.trainings if training.state == under_way}


def _roles(_: CasePage, __: Speech, database: Database) -> Mapping[str, str]:
    return all_roles(database)


def _profiles(page: CasePage, _: Speech, database: Database) -> Mapping[str, str]:
    return startable(database, page.there.viewer, Action.CHANGE_ROLE).profiles


def _certificates(page: CasePage, _: Speech, database: Database) -> Mapping[str, str]:
    return startable(database, page.there.viewer, Action.CHANGE_ROLE).certificates


def _goal(database: Database, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises as :func:`service.learning.starting.goal_of` does."""
    goal = goal_of(database, values["role"], values.get("profile"), values.get("certificate"))
    return {"goal": goal, "reason": values["reason"]}


OF_PATHS: Mapping[str, ActionPage] = {
    Action.STATE_HOURS: ActionPage(
        link=translatable("State hours of learning"),
        title=translatable("State hours of learning"),
        lead=translatable(
            "Say how long you learned on a day. Said again of the same day, it replaces what you said before."
        ),
        button=translatable("State the hours"),
        done=translatable("Your hours are on record."),
        asked=(
            Asked("training", translatable("Which training"), look=Look.SELECT),
            Asked("on", translatable("On which day"), look=Look.DATE),
            Asked("hours", translatable("How many hours"), translatable("0 takes it back."), Look.NUMBER, whole=False),
        ),
        offers={"training": _trainings},
    ),
    Action.PAUSE: ActionPage(
        link=translatable("Pause it"),
        title=translatable("Pause the learning path"),
        lead=translatable("All that is still to come waits from now on, until somebody lets it go on."),
        button=translatable("Pause"),
        done=translatable("The learning path is paused."),
        asked=(BACK_ON,),
    ),
    Action.RESUME: ActionPage(
        link=translatable("Let it go on"),
        title=translatable("Let the learning path go on"),
        lead=translatable("It goes on today; what was due moves by the length of the pause."),
        button=translatable("Let it go on"),
        done=translatable("The learning path goes on."),
    ),
    Action.CHANGE_ROLE: ActionPage(
        link=translatable("Lead it to another role"),
        title=translatable("Lead the learning path to another role"),
        lead=translatable(
            "The gaps are assessed again, for that role. What was passed counts; what is not finished is called off."
        ),
        button=translatable("Lead it there"),
        done=translatable("It leads to another role from now on. The gaps are assessed again."),
        asked=(
            Asked("role", translatable("To which role"), look=Look.SELECT),
            Asked(
                "profile",
                translatable("Profile of skills"),
                look=Look.SELECT,
                empty=translatable("the one that is called like the role"),
                required=False,
            ),
            Asked(
                "certificate",
                translatable("Certificate at the end"),
                look=Look.SELECT,
                empty=translatable("no certificate; it ends with the reassessment"),
                required=False,
            ),
            REASON_ON_RECORD,
        ),
        offers={"role": _roles, "profile": _profiles, "certificate": _certificates},
        makes=_goal,
        checked=True,
    ),
    Action.WITHDRAW: ActionPage(
        link=translatable("End it early"),
        title=translatable("End the learning path early"),
        lead=translatable(
            "The path ends now: open tasks are called off, and seats and money that were reserved are freed. "
            "This can't be undone."
        ),
        button=translatable("End the path"),
        done=translatable("The learning path is being ended."),
        asked=(REASON_ON_RECORD,),
        checked=True,
        warning=True,
    ),
}

OF_CERTIFICATIONS: Mapping[str, ActionPage] = {
    Action.TAKE_EXAM: ActionPage(
        link=translatable("Take the exam"),
        title=translatable("Take the exam now"),
        lead=translatable("The examiner is asked for the result."),
        button=translatable("Take the exam"),
        done=translatable("The examiner is asked for the result."),
    ),
    Action.RENEW: ActionPage(
        link=translatable("Renew the certificate"),
        title=translatable("Take the exam to renew the certificate"),
        lead=translatable("The examiner is asked for the result. The certificate of now counts on meanwhile."),
        button=translatable("Take the exam"),
        done=translatable("The examiner is asked for the result."),
    ),
    Action.SUSPEND: ActionPage(
        link=translatable("Suspend the certificate"),
        title=translatable("Suspend the certificate"),
        lead=translatable("It counts for nothing until it is reinstated. Whoever checks it sees that at once."),
        button=translatable("Suspend it"),
        done=translatable("The certificate is suspended."),
        asked=(REASON_ON_RECORD,),
        checked=True,
        warning=True,
    ),
    Action.REINSTATE: ActionPage(
        link=translatable("Reinstate the certificate"),
        title=translatable("Reinstate the certificate"),
        lead=translatable("It counts again from now on."),
        button=translatable("Reinstate it"),
        done=translatable("The certificate counts again."),
        asked=(REASON_ON_RECORD,),
    ),
    Action.REVOKE: ActionPage(
        link=translatable("Revoke the certificate"),
        title=translatable("Revoke the certificate"),
        lead=translatable("It counts for nothing any more, and the certification ends. This can't be undone."),
        button=translatable("Revoke it"),
        done=translatable("The certificate is revoked."),
        asked=(REASON_ON_RECORD,),
        checked=True,
        warning=True,
    ),
    Action.WITHDRAW: ActionPage(
        link=translatable("End it"),
        title=translatable("End the certification"),
        lead=translatable(
            "Nothing is renewed any more, and nobody is reminded. A certificate that is valid stays so until "
            "it expires. This can't be undone."
        ),
        button=translatable("End the certification"),
        done=translatable("The certification is being ended."),
        asked=(REASON_ON_RECORD,),
        checked=True,
        warning=True,
    ),
}
