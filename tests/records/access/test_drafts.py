"""Drafts of answers: for nobody's eyes but theirs, and gone with the task."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.core.tasks import Refused, TaskState
from records.database import Database
from records.queries.core.people import Unknown
from records.tables.access import DraftRecord
from service.core.drafts import LARGEST, drop, load, save
from tests.office import HR, MANAGER
from tests.records.access.people import CASE, STRANGER, ask, staff

TYPED = {"fields": [["comment", "so far, so go\0od"], ["levels.sql", "4"]]}


@pytest.fixture(autouse=True)
def _staffed(database: Database) -> None:
    staff(database)


def kept(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(DraftRecord)).all())


def test_what_was_typed_is_there_again_for_who_typed_it(database: Database) -> None:
    task = ask(database, people=[MANAGER, STRANGER])
    save(database, task, MANAGER, TYPED)
    save(database, task, MANAGER, TYPED | {"done": False})

    draft = load(database, task, MANAGER)
    assert draft is not None
    assert draft.content == {"fields": [["comment", "so far, so go�od"], ["levels.sql", "4"]], "done": False}
    assert load(database, task, STRANGER) is None
    drop(database, task, STRANGER)
    assert kept(database) == 1
    drop(database, task, MANAGER)
    assert kept(database) == 0


def test_a_draft_goes_when_its_task_is_closed(database: Database) -> None:
    task = ask(database, people=[MANAGER, STRANGER])
    save(database, task, MANAGER, TYPED)
    save(database, task, STRANGER, TYPED)
    ask(database, minutes=2, people=[MANAGER, STRANGER], state=TaskState.ANSWERED, answered_by=STRANGER)
    assert kept(database) == 0


def test_a_draft_goes_when_the_task_goes_to_somebody_else(database: Database) -> None:
    task = ask(database, people=[MANAGER])
    save(database, task, MANAGER, TYPED)
    ask(database, minutes=2, people=[STRANGER], assignee=STRANGER)
    assert kept(database) == 0


def test_nobody_keeps_a_draft_of_what_they_are_not_asked_or_is_closed_or_too_long(database: Database) -> None:
    task = ask(database, people=[MANAGER])
    with pytest.raises(Refused, match="was not asked"):
        save(database, task, HR, TYPED)
    with pytest.raises(Refused, match="at most 200 kB"):
        save(database, task, MANAGER, {"comment": "x" * LARGEST})
    with pytest.raises(Unknown):
        save(database, f"{CASE}-9", MANAGER, TYPED)
    ask(database, minutes=2, people=[MANAGER], state=TaskState.CLOSED)
    with pytest.raises(Refused, match="is closed"):
        save(database, task, MANAGER, TYPED)
    assert kept(database) == 0
