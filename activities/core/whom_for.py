"""Letters about an item of a checklist say whom it is for, as the records have it when they are sent."""

from __future__ import annotations

from collections.abc import Sequence

from activities.core.journal import records_errors
from domain.core.model import CaseId
from domain.core.post import Letter
from domain.core.questions import TaskKind
from records.database import Database
from records.queries.whom_for import FOR_WHOM, ITEMS, MANAGER, WhomFor, whom_for

KINDS = frozenset(kind.value for kind in ITEMS)


class RecordsWhomFor:
    """Looks it up. Raises ``ApplicationError`` where the records can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def said_in(self, case: CaseId, letters: Sequence[Letter]) -> list[Letter]:
        """These letters of a case, with whom their tasks are for."""
        if not any(_is_about_item(letter) for letter in letters):
            return list(letters)
        with records_errors(), self._database.reading() as session:
            found = whom_for(session, case)
        return [_with(letter, found) if found and _is_about_item(letter) else letter for letter in letters]


def _is_about_item(letter: Letter) -> bool:
    return "facts" in letter.facts and letter.facts.get("kind") in KINDS


def _with(letter: Letter, found: WhomFor) -> Letter:
    """A letter with these facts of its task, before its own."""
    told = found.facts(TaskKind(letter.facts["kind"]), letter.to)
    named = {key: told[key] for key in (FOR_WHOM, MANAGER) if key in told}
    facts = {**letter.facts, "facts": {**told, **letter.facts["facts"]}}
    return letter.model_copy(update={"facts": facts, "people": {**letter.people, **named}})
