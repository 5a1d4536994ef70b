"""The pages on which something is asked of a case, by programme and action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.core.access import Action
from domain.core.model import Party
from domain.core.naming import Programme
from domain.core.reassigning import ABOUT, escalates_to_nobody
from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.forms.looks import Look
from records.database import Database
from service.registry.case_page import CasePage
from web.core.asked import Asked
from web.registry import actions_of_cohorts, actions_of_learning, actions_of_placements
from web.registry.action_page import REASON_ON_RECORD, ActionPage


def _parts(page: CasePage, speech: Speech, _: Database) -> dict[str, str]:
    """The parts that can be given to somebody else; who mentors is asked first, on a page of its own."""
    apart = ABOUT | {Party.MENTOR}
    return {
        party.value: f"{begun(speech.party(party.value))}: {', '.join(map(page.records.name, people))}"
        for party, people in page.records.parts.items()
        if party not in apart
    }


def _alone_in_hr(page: CasePage, speech: Speech, values: Mapping[str, Any]) -> str | None:
    if not escalates_to_nobody(page.records.parts, Party(values["party"]), values["to"]):
        return None
    return speech.text(
        translatable(
            "They would be HR and head of HR of this case: what they do not answer in time would go on to nobody else."
        )
    )


ACTION_PAGES: Mapping[Programme, Mapping[str, ActionPage]] = {
    Programme.RETURNSHIP: actions_of_placements.PAGES,
    Programme.UPSKILLING: actions_of_learning.OF_PATHS,
    Programme.CERTIFICATION: actions_of_learning.OF_CERTIFICATIONS,
    Programme.COHORT: actions_of_cohorts.PAGES,
}
"""By programme and what it is called; what is the same in all programmes stands below."""

REASSIGN = ActionPage(
    link=translatable("Give a part to somebody else"),
    title=translatable("Give a part to somebody else"),
    lead=translatable("Whoever takes over has the part from now on, with its open tasks. Both are told."),
    button=translatable("Give the part"),
    done=translatable("Somebody else has the part now, with its open tasks."),
    asked=(
        Asked("party", translatable("Which part"), look=Look.SELECT),
        Asked(
            "to",
            translatable("Who has it from now on"),
            translatable("A name or an id, such as P-7F3K2M."),
            Look.PERSON,
        ),
        Asked(
            "person",
            translatable("Whom they replace, where several have the part"),
            look=Look.PERSON,
            required=False,
        ),
        REASON_ON_RECORD,
    ),
    offers={"party": _parts},
    checked=True,
    caution=_alone_in_hr,
)

REOPEN = ActionPage(
    link=translatable("Ask once more"),
    title=translatable("Ask for another answer"),
    lead=translatable(
        "The task is asked once more. Until there is a new answer the first one counts; both stay on record. "
        "What was worked out from it is worked out again."
    ),
    button=translatable("Ask once more"),
    done=translatable("The task is asked once more."),
    asked=(
        Asked(
            "reason",
            translatable("Reason"),
            translatable("Whoever is asked reads it, and it stays on record."),
            Look.TEXTAREA,
        ),
    ),
)


def action_page(programme: Programme, called: str) -> ActionPage:
    """The page on which that is asked of a case of that programme. Raises ``KeyError`` for what nobody asks of it."""
    if called == Action.REOPEN:
        return REOPEN
    return REASSIGN if called == Action.REASSIGN else ACTION_PAGES[programme][called]
