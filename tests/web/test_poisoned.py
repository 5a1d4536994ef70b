"""Whatever people, HR or files have put on record stays text: on every page, for everybody who may open it."""

from __future__ import annotations

import html
import re
import shutil
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext

from domain.core.model import PersonId
from presentation.reports.page import page as report_page
from records.database import Database
from records.reporting import report
from records.tables.uploads import RehearsalRecord
from rehearsal.figures import Rehearsed
from rehearsal.page import page as rehearsal_page
from tests.web.console import Answer, Console, open_console
from tests.web.forms import SentBy
from tests.web.looking import sign_in
from tests.web.poisoned import Poison, poison, program
from tests.web.readers import WHO, Reader
from tests.web.rights import PAGES, PUBLIC, subjects
from tests.web.saying import Saying
from tests.web.test_rights import links_of
from tests.web.watching import Watch

FOR_EVER = ("/board/events", "/cases/{case}/events")
MARK = re.compile(r"x\d{3}x")
SAID, TYPED = "x999x", "x888x"
"""Mark what running cases say of themselves, and what is typed into forms."""

NOT_LED_TO = (
    "/rehearsals/rehearsal-done",
    "/rehearsals/rehearsal-failed",
    "/rehearsals/rehearsal-running?still=1",
    "/imports/people/import-people-done",
    "/cohorts/uploads/cohort-done",
    "/start/started/told",
    f"/people/{WHO['mentor']}",
    f"/recommendations/{WHO['learner']}/DATA1",
)
"""Pages that are about somebody or something in particular, beside those that :mod:`tests.web.rights` names."""

ON_NO_PAGE: Mapping[str, str] = {
    "reports of imports repeat no cell": "a file: import people, a file: import roles, a file: import profiles, "
    "a file: import catalogue, a file: import skills",
    "the file with all that is stored about somebody has it, beside others": "protected.value, "
    "invitations.organizer, held_mails.letter, daily_mails.subject, daily_mails.text, starts.beside, "
    "pay_export_lines.name, mails.reason, learning.reason, mentorships.reason, mentorships.reasons, pulses.comment, "
    "mentor_wishes.message, skill_levels.skill, people.skills, people.preferences, people.spellings, departures.reason",
    "the command line lists it": "accounts.subject, attempts.sentence, credentials.status_reason",
    "letters and tasks of a path say it": "trainings.activity, trainings.leads_to, trainings.sessions, roles.skills",
    "the certificate says it": "certificates.description, certificates.criteria",
}
"""What is free text and stands on no page: where it is read instead. What comes to stand on one is taken out here."""


@dataclass(frozen=True)
class Poisoned:
    """A console on poisoned records, and what was put where."""

    console: Console
    put: Poison


@pytest.fixture
async def poisoned(filled: Path, tmp_path: Path) -> AsyncIterator[Poisoned]:
    """A console on poisoned records, whose cases say such things too."""
    shutil.copy(filled, tmp_path / "waymark.db")
    async with open_console(tmp_path, connect=Saying(program(SAID))) as console:
        yield Poisoned(console, poison(console.database))


def pages_for(database: Database, person: PersonId | None) -> Iterator[str]:
    """The addresses of all pages that somebody may open, or nobody who is signed in."""
    reader = Reader(database, person) if person else None
    for (method, path), page in PAGES.items():
        if method == "GET" and path not in FOR_EVER:
            for address, about in subjects(path):
                if page is PUBLIC or (reader and page.allowed(reader, about)):
                    yield address


async def everything(console: Console, person: PersonId | None) -> AsyncIterator[tuple[str, Answer]]:
    """All pages that somebody may open or is led to, with their addresses."""
    visitor = console.visitor(person)
    waiting = deque([*pages_for(console.database, person), *NOT_LED_TO])
    seen = {address.partition("?")[0] for address in waiting}
    while waiting:
        address = waiting.popleft()
        answer = await visitor.get(address)
        yield address, answer
        for link in links_of(answer.text):
            path = link.partition("?")[0]
            if path not in seen and not path.startswith("/static/"):
                seen.add(path)
                waiting.append(link)


def kind_of(address: str) -> str:
    """The path, whatever it is about."""
    return re.sub(r"[A-Z]+-\w+(-\w+)*|\d+", "#", address.partition("?")[0])


def looks(address: str, answer: Answer) -> tuple[str, ...]:
    """What tells a page from others: of which kind it is, and which texts stand where. Two that look alike are made
    alike."""
    return kind_of(address), *MARK.findall(answer.text.partition("<main")[2])


def filled_in(page: str, address: str) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
    """The forms of a page, with such a text in each of their fields: where each is sent, and what."""
    for attributes, inside in re.findall(r"<form\b([^>]*)>(.*?)</form>", page, re.DOTALL):
        if 'method="post"' in attributes:
            action = re.search(r'action="([^"]*)"', attributes)
            names = dict.fromkeys(control.name for control in SentBy.of(inside).controls if control.name)
            if names:
                yield html.unescape(action[1]) if action else address, [(name, program(TYPED)) for name in names]


@dataclass
class Walk:
    """A walk over all pages; of those that are made alike, one is looked at in a browser.

    ``shown`` are the marks of what was seen. ``forms`` are those that were met, with who met them first.
    """

    console: Console
    context: BrowserContext
    watch: Watch
    looked_at: set[tuple[str, ...]] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    forms: dict[tuple[str, ...], tuple[PersonId | None, str, Sequence[tuple[str, str]]]] = field(default_factory=dict)

    async def open_all_pages_of(self, person: PersonId | None) -> None:
        """Open all that somebody may open, or is led to."""
        await self.context.clear_cookies()
        if person:
            await sign_in(self.context, self.console, person)
        async for address, answer in everything(self.console, person):
            assert answer.status < 500, (person, address)
            if answer.header("content-disposition") or answer.status == 303:
                assert "text/html" not in answer.header("content-type"), address
                continue
            alike = looks(address, answer)
            self.shown |= {*alike[1:]}
            if len(alike) > 1 and alike not in self.looked_at:
                self.looked_at.add(alike)
                await self.watch.look(self.console.origin + address)
            for action, pairs in filled_in(answer.text, address):
                self.forms.setdefault((kind_of(action), *(name for name, _ in pairs)), (person, action, pairs))

    async def send_all_forms(self) -> None:
        """Send each kind of form, filled in with such texts, and look at what comes back."""
        for person, action, pairs in self.forms.values():
            answer = await self.console.visitor(person).post(action, [*pairs, ("_step", "check")])
            assert answer.status < 500 or answer.status == 503, (person, action)
            alike = looks(action, answer)
            self.shown |= {*alike[1:]}
            if TYPED in alike and alike not in self.looked_at:
                self.looked_at.add(alike)
                await self.watch.show(self.console.origin + action, answer)


async def test_what_is_typed_stays_text_on_every_page_for_everybody(
    poisoned: Poisoned, window: Callable[..., Any]
) -> None:
    context = await window()
    walk = Walk(poisoned.console, context, Watch(await context.new_page()))
    # when everybody opens all pages there are, and types such a text into each form
    for person in (None, *WHO.values()):
        await walk.open_all_pages_of(person)
    await walk.send_all_forms()
    # then nothing of it runs, is kept from running, or becomes an element
    assert not walk.watch.noticed
    # and there was all of it to be seen, but for what is said to stand on no page
    assert {SAID, TYPED} <= walk.shown
    unseen = {where for where, mark in poisoned.put.marks.items() if mark not in walk.shown}
    assert unseen == {where for some in ON_NO_PAGE.values() for where in some.split(", ")}


async def test_it_stays_text_in_reports_that_are_mailed_too(
    poisoned: Poisoned, window: Callable[..., Any], tmp_path: Path
) -> None:
    with poisoned.console.database.reading() as session:
        result = session.get_one(RehearsalRecord, "rehearsal-done").result
        pages = [report_page(report(session)), rehearsal_page(Rehearsed.model_validate(result))]
    watch = Watch(await (await window()).new_page(), ours="style")
    for page in pages:
        assert MARK.search(page)
        file = tmp_path / "report.html"
        file.write_text(page)
        await watch.look(file.as_uri())
    assert not watch.noticed
