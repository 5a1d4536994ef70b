"""Letters about tasks link to their pages, where there is a console; else they say how to answer."""

from __future__ import annotations

from datetime import date

import pytest

from activities.core.letters import write
from domain.core.daily_mail import MailOfTheDay
from domain.core.languages import LANGUAGES
from domain.core.letters import LetterFacts
from domain.core.questions import TaskKind
from domain.core.task_letters import TaskEscalated, TaskOpened, TaskReminder
from domain.core.tasks import CONFIDENTIAL, PERSONAL
from tests.activities.core.letter_examples import about, wire
from tests.activities.core.mailroom import AMARA, AT, BO, CASE

CONSOLE = "https://waymark.example.org"
TASK = about(kind=TaskKind.CHECKLIST_ITEM)


def said(facts: LetterFacts, language: str, console: str | None) -> str:
    _, text = write(CASE, wire(facts), "Amara", {"assignee": "Bo"}, language=language, console=console)
    return text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "facts",
    [TaskOpened(about=TASK), TaskReminder(about=TASK), TaskEscalated(about=TASK, assignee=BO)],
    ids=lambda facts: facts.template,
)
def test_a_letter_about_a_task_links_to_its_page_or_says_how_to_answer(facts: LetterFacts, language: str) -> None:
    link = f"    {CONSOLE}/tasks/{TASK.task}\n"
    with_console, without = said(facts, language, CONSOLE), said(facts, language, None)
    assert link in with_console
    assert "starter.py" not in with_console
    assert CONSOLE not in without
    assert f"starter.py answer {TASK.task}" in without


@pytest.mark.parametrize("kind", TaskKind)
def test_only_what_can_be_handed_on_is_said_to_be(kind: TaskKind) -> None:
    handed_on = "hand it to somebody else" in said(TaskOpened(about=about(kind=kind)), "en", CONSOLE)
    assert handed_on is (kind not in {*PERSONAL, *CONFIDENTIAL})


def test_the_mail_of_the_day_links_to_all_that_waits() -> None:
    open_ = [{"task": TASK.task, "subject": TASK.subject, "due_at": AT.isoformat()}]
    facts = MailOfTheDay(day=date(2026, 12, 7), id=AMARA, asks=[], news=[], open=open_, more=0, last=False)
    assert f"    {CONSOLE}/tasks\n" in said(facts, "en", CONSOLE)
    assert "/tasks\n" not in said(facts, "en", None)
