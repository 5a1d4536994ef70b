"""What can be asked of a cohort, in the words of its pages."""

from __future__ import annotations

from collections.abc import Mapping

from domain.core.access import Action
from languages.marking import translatable
from web.registry.action_page import REASON_ON_RECORD, ActionPage

PAGES: Mapping[str, ActionPage] = {
    Action.PAUSE: ActionPage(
        link=translatable("Pause the cohort"),
        title=translatable("Pause the cohort"),
        lead=translatable(
            "The cohort and all its placements that run stand still from today. Nothing resumes by itself."
        ),
        button=translatable("Pause the cohort"),
        done=translatable("The cohort is paused, and its placements with it."),
        asked=(REASON_ON_RECORD,),
        checked=True,
    ),
    Action.RESUME: ActionPage(
        link=translatable("Let the cohort go on"),
        title=translatable("Let the cohort go on"),
        lead=translatable("The cohort goes on today, and with it the placements that it has paused."),
        button=translatable("Let it go on"),
        done=translatable("The cohort goes on."),
    ),
    Action.WITHDRAW: ActionPage(
        link=translatable("Close the cohort"),
        title=translatable("Close the cohort"),
        lead=translatable("The cohort ends now; its placements go on by themselves. This can't be undone."),
        button=translatable("Close the cohort"),
        done=translatable("The cohort is being closed."),
        asked=(REASON_ON_RECORD,),
        checked=True,
        warning=True,
    ),
}
