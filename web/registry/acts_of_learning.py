"""What can be asked of a learning path and of a certification, in the words of its pages."""

from __future__ import annotations

from collections.abc import Mapping

from domain.core.access import Action
from domain.learning.enrolment import EnrolmentState
from languages.marking import translatable
from languages.speech import Speech
from service.registry.case_page import CasePage
from web.registry.act_pages import BACK_ON, REASON_ON_RECORD, ActPage, Asks


def _trainings(page: CasePage, _: Speech) -> list[tuple[str, str]]:
    """Those that are under way."""
    under_way = EnrolmentState.UNDER_WAY
    return [(training.training, title) for training, title in page.records.trainings if training.state == under_way]


OF_PATHS: Mapping[Action, ActPage] = {
    Action.STATE_HOURS: ActPage(
        link=translatable("State hours of learning"),
        title=translatable("State hours of learning"),
        lead=translatable(
            "Say how long you learned on a day. Said again of the same day, it replaces what you said before."
        ),
        button=translatable("State the hours"),
        done=translatable("Your hours are on record."),
        asks=(
            Asks("training", translatable("Which training"), "choice", offers=_trainings),
            Asks("on", translatable("On which day"), "date"),
            Asks("hours", translatable("How many hours"), "number", translatable("0 takes it back.")),
        ),
    ),
    Action.PAUSE: ActPage(
        link=translatable("Pause it"),
        title=translatable("Pause the learning path"),
        lead=translatable("All that is still to come waits from now on, until somebody lets it go on."),
        button=translatable("Pause"),
        done=translatable("The learning path is paused."),
        asks=(BACK_ON,),
    ),
    Action.RESUME: ActPage(
        link=translatable("Let it go on"),
        title=translatable("Let the learning path go on"),
        lead=translatable("It goes on today; what was due moves by the length of the pause."),
        button=translatable("Let it go on"),
        done=translatable("The learning path goes on."),
    ),
    Action.WITHDRAW: ActPage(
        link=translatable("End it early"),
        title=translatable("End the learning path early"),
        lead=translatable(
            "The path ends now: open tasks are called off, and seats and money that were reserved are freed. "
            "This can't be undone."
        ),
        button=translatable("End the path"),
        done=translatable("The learning path is being ended."),
        asks=(REASON_ON_RECORD,),
        checked=True,
        warning=True,
    ),
}

OF_CERTIFICATIONS: Mapping[Action, ActPage] = {
    Action.TAKE_EXAM: ActPage(
        link=translatable("Take the exam"),
        title=translatable("Take the exam now"),
        lead=translatable("The examiner is asked for the result."),
        button=translatable("Take the exam"),
        done=translatable("The examiner is asked for the result."),
    ),
    Action.RENEW: ActPage(
        link=translatable("Renew the certificate"),
        title=translatable("Take the exam to renew the certificate"),
        lead=translatable("The examiner is asked for the result. The certificate of now counts on meanwhile."),
        button=translatable("Take the exam"),
        done=translatable("The examiner is asked for the result."),
    ),
    Action.SUSPEND: ActPage(
        link=translatable("Suspend the certificate"),
        title=translatable("Suspend the certificate"),
        lead=translatable("It counts for nothing until it is reinstated. Whoever checks it sees that at once."),
        button=translatable("Suspend it"),
        done=translatable("The certificate is suspended."),
        asks=(REASON_ON_RECORD,),
        checked=True,
        warning=True,
    ),
    Action.REINSTATE: ActPage(
        link=translatable("Reinstate the certificate"),
        title=translatable("Reinstate the certificate"),
        lead=translatable("It counts again from now on."),
        button=translatable("Reinstate it"),
        done=translatable("The certificate counts again."),
        asks=(REASON_ON_RECORD,),
    ),
    Action.REVOKE: ActPage(
        link=translatable("Revoke the certificate"),
        title=translatable("Revoke the certificate"),
        lead=translatable("It counts for nothing any more, and the certification ends. This can't be undone."),
        button=translatable("Revoke it"),
        done=translatable("The certificate is revoked."),
        asks=(REASON_ON_RECORD,),
        checked=True,
        warning=True,
    ),
    Action.WITHDRAW: ActPage(
        link=translatable("End it"),
        title=translatable("End the certification"),
        lead=translatable(
            "Nothing is renewed any more, and nobody is reminded. A certificate that is valid stays so until "
            "it expires. This can't be undone."
        ),
        button=translatable("End the certification"),
        done=translatable("The certification is being ended."),
        asks=(REASON_ON_RECORD,),
        checked=True,
        warning=True,
    ),
}
