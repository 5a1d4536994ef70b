"""Whoever reads German reads nothing of ours in English: each page is compared with that of an English reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, update

from domain.core.model import CaseId, PersonId
from domain.core.questions import TaskKind
from records.database import Database
from records.tables.core import PersonRecord
from tests import recordings
from tests.office import HR, MANAGER, RETURNER
from tests.school import LEARNER
from tests.web.console import OURS, Answer, Console, open_console
from tests.web.english import english_in
from tests.web.readers import IN_CONFIDENCE, WHO, Reader, everybody
from tests.web.recorded import around, deliveries, hand_in
from tests.web.rights import PAGES, subjects

READERS = ("HR of all roles", "head of HR", "returner", "learner", "manager", "operator")
"""Those who see all pages there are, between them."""

NO_PAGES = ("/static/", "/health", "/events", "/live", "/me/data", "/me/sign-out", "/sign-out", "/me/language")
"""What is read by programs, or would change the language of the reader."""

READ = (200, 403, 404, 409, 422, 503)

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

WRITTEN = (
    IN_CONFIDENCE,
    "In confidence",
    "in confidence",
    "Good work.",
    "How is it?",
    "Learn SQL",
    "Laptop",
    "Attendance",
    # a working pattern, as it is typed in all languages
    "from 2027-02-01 60%",
    "from 2027-02-01 mon-wed 8",
    "from 2027-02-01 mon-fri 6",
    "mon-wed 8",
    # columns of a file
    "person, skill, level, source, on, by",
)
"""What people have typed on these pages, or are to type as it stands."""

SAME = (
    *("Waymark", "Link"),
    # each language by its own name
    *("English", "Deutsch", "Français", "Español"),
    "Firefox, Linux",
    *("Europe/Berlin", "Europe/London"),
    *("Jan", "Feb", "Apr", "Jun", "Jul", "Aug", "Sep", "Nov"),
)
"""What is the same in all languages, or in both."""

TITLES = (
    "Data analyst",
    "Data Analyst",
    "Operations Coordinator",
    "Software Engineer",
    "Spring 2027",
    "Data professional",
    "Spring cohort",
    "Python for analysts",
    "SQL in depth",
    "A book on statistics",
    "Present a report to another team",
)
"""What HR calls roles, certificates, cohorts and trainings."""

SKILLS = ("sql", "python", "statistics", "storytelling", "Python", "Statistics", "Storytelling", "Sql")

ANSWERED = (
    "own a report from question to answer",
    "pair with each member of the team once",
    "two pairing sessions a week",
    "smaller tasks, finished daily",
    "has found her feet",
    "delivers, and asks early",
    "back in the saddle",
    "meets what the role asks, and the team wants to keep them",
    "we never meet",
    "to finish",
    "the report runs every Monday now",
    "a summary of each chapter, and the exercises solved",
    "has moved away",
    "a post is free",
    "another plan",
    "another site",
    "another offer",
    "the mentor is needed elsewhere",
    "strong portfolio, five weeks short of the rule",
    "above the band",
    "the site is closed",
    "each for themselves",
    "good questions, more confident every week",
    "the other team was not there",
    "the plan worked",
)
"""What people have answered in the recorded cases, and why they asked for something."""

TYPED = [*WRITTEN, *SAME, *TITLES, *SKILLS, *ANSWERED, *(text[:1].upper() + text[1:] for text in ANSWERED)]


def everybody_reads(database: Database, language: str) -> None:
    """All people read this language from now on."""
    with database.session() as session:
        session.execute(update(PersonRecord).values(languages=[language]))


def names(database: Database) -> Sequence[str]:
    """What people are called, and where mail reaches them."""
    with database.reading() as session:
        people = session.scalars(select(PersonRecord)).all()
        return [name for person in people for name in (person.name, person.email, person.private_email) if name]


async def english_for(console: Console, who: PersonId, address: str, method: str = "GET") -> list[str]:
    """What is English on a page for somebody who reads German."""
    answers: dict[str, Answer] = {}
    for language in ("en", "de"):
        everybody_reads(console.database, language)
        headers = OURS | (FORM if method == "POST" else {})
        answers[language] = await console.visitor(who).send(method, address, headers, b"" if method == "POST" else None)
    german = answers["de"]
    if german.status not in READ:
        return []
    return english_in(german.text, answers["en"].text, [*TYPED, *names(console.database)])


async def english_on(console: Console, pages: Iterable[tuple[PersonId, str]]) -> list[tuple[str, str]]:
    """By address, what is English on pages for each who reads them."""
    return [(address, text) for who, address in pages for text in await english_for(console, who, address)]


@pytest.mark.parametrize("who", READERS)
async def test_no_page_and_no_form_is_read_in_english(console: Console, who: str) -> None:
    everybody(console.database)
    reader = Reader(console.database, WHO[who])
    found = [
        (method, address, text)
        for (method, path), page in PAGES.items()
        if not any(part in path for part in NO_PAGES)
        for address, about in subjects(path)
        if page.allowed(reader, about)
        for text in await english_for(console, reader.person, address, method)
    ]
    assert not found


@pytest.mark.parametrize("name", recordings.names_of_cases())
async def test_nothing_that_happens_in_cases_is_read_in_english(tmp_path: Path, name: str) -> None:
    async with open_console(tmp_path) as console:
        handed_in = deliveries(name)
        around(console.database, handed_in)
        # each task as it is asked, one of each kind and subject
        asked: set[tuple[TaskKind, str]] = set()
        cases: dict[CaseId, None] = {}
        found: list[tuple[str, str]] = []
        for delivery in handed_in:
            cases[delivery.case] = None
            for task in hand_in(console.database, delivery):
                if (task.kind, task.subject) not in asked:
                    asked.add((task.kind, task.subject))
                    found += await english_on(console, [(task.people[0], f"/tasks/{task.task}")])
        # and what has come of it
        readers: Sequence[PersonId] = (HR, MANAGER, RETURNER, LEARNER)
        found += await english_on(console, [(who, f"/cases/{case}") for case in cases for who in readers])
        found += await english_on(console, [(who, address) for who in readers for address in ("/tasks", "/board")])
    assert asked
    assert not found
