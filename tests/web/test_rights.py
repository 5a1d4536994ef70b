"""A walk over all pages as everybody there is: each is for those for whom the table of rights says it is, and nothing
leads nowhere."""

from __future__ import annotations

import asyncio
import html
import http.client
import re
import shutil
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text, update
from starlette.routing import Route

from domain.core.access import Action
from records.tables.core import DecisionRecord, PersonRecord
from service.registry import case_page
from service.registry.case_page import Asked
from service.registry.case_records import CaseRecords
from tests.web.console import OURS, Console, Visitor, open_console
from tests.web.readers import COHORT, IN_CONFIDENCE, PLACEMENT, TASKS, VIEWS, WHO, Reader, everybody, gone, in_full
from tests.web.rights import NOT_FOR_THEM_IS_NOTHING, PAGES, PUBLIC, Subject, subjects
from tests.web.sections import SECTIONS
from web.app import ROUTES

REFUSED = (403, 404)
WELL = (200, 303)
NOT_NOW = (409,)
"""It is theirs to ask, but the case is not where it could be done."""
UNFIT = (400, 422)
UNREACHABLE = (503,)
"""Temporal can't be reached in these tests."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def peopled(console: Console) -> Console:
    """A console where everybody has something to do with something."""
    everybody(console.database)
    return console


def discovered() -> Sequence[tuple[str, str]]:
    """All pages of the application, by method and path."""
    found = []
    for route in ROUTES:
        assert isinstance(route, Route), f"{route}: say here how it is walked"
        found += [(method, route.path) for method in sorted((route.methods or {"GET"}) - {"HEAD"})]
    return found


def test_every_page_says_whom_it_is_for() -> None:
    """Whoever makes a page adds it to ``PAGES`` in ``tests/web/rights.py``."""
    pages = discovered()
    assert len(pages) == len(set(pages))
    assert set(pages) == set(PAGES)


async def status_of(visitor: Visitor, method: str, address: str) -> int:
    """The status of an answer, of which nothing is read: some go on for as long as somebody listens."""
    return await asyncio.to_thread(_status_of, visitor, method, address)


def _status_of(visitor: Visitor, method: str, address: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(visitor.origin).netloc, timeout=60)
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = OURS | (FORM if method == "POST" else {}) | ({"Cookie": cookie} if cookie else {})
    try:
        connection.request(method, address, headers=headers, body=b"" if method == "POST" else None)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("who", WHO)
async def test_each_page_is_for_those_for_whom_the_table_says_it_is(peopled: Console, who: str) -> None:
    reader = Reader(peopled.database, WHO[who])
    wrong = []
    for (method, path), page in PAGES.items():
        for address, about in subjects(path):
            allowed = page.allowed(reader, about)
            if allowed:
                expected = {*WELL, *NOT_NOW, *UNREACHABLE, *(UNFIT if method == "POST" else ())}
                expected |= set(REFUSED) if page is PUBLIC else {404} if page.none else set()
            elif page.seen is not None and page.seen(reader, about):
                expected = {*REFUSED, *page.told}
            else:
                expected = {*REFUSED, *([204] if path in NOT_FOR_THEM_IS_NOTHING else [])}
            got = await status_of(peopled.visitor(reader.person), method, address)
            if got not in expected:
                wrong.append((method, address, "allowed" if allowed else "not allowed", got))
    assert not wrong


@pytest.mark.parametrize("known", [False, True], ids=["nobody", "somebody who has left"])
async def test_without_a_session_all_that_is_not_public_leads_to_signing_in(peopled: Console, known: bool) -> None:
    gone(peopled.database, WHO["manager"])
    visitor = peopled.visitor(WHO["manager"]) if known else peopled.visitor()
    for (method, path), page in PAGES.items():
        if page is PUBLIC:
            continue
        for address, _ in subjects(path):
            answer = await visitor.send(method, address, OURS | FORM, b"" if method == "POST" else None)
            assert answer.status in (204, 303), (method, address)
            assert answer.status == 204 or answer.header("location").startswith("/sign-in?"), (method, address)
            assert not answer.main


@pytest.mark.parametrize("who", WHO)
async def test_every_link_that_somebody_is_shown_leads_somewhere(peopled: Console, who: str) -> None:
    visitor = peopled.visitor(WHO[who])
    waiting, seen, wrong, confided = deque([("/", "")]), {"/"}, [], []
    found: Sequence[str]
    while waiting:
        address, from_page = waiting.popleft()
        answer = await visitor.get(address)
        if answer.status == 303:
            found = [answer.header("location")]
        elif answer.status == 200:
            found = links_of(answer.text)
            confided += [address] if IN_CONFIDENCE in html.unescape(answer.text) else []
        else:
            wrong.append((address, answer.status, f"from {from_page}"))
            continue
        for link in found:
            if link not in seen and not link.startswith("/static/"):
                seen.add(link)
                waiting.append((link, address))
    assert not wrong
    assert len(seen) > 3
    # and what is in confidence nobody meets but whoever is asked, on their own pages
    reader = Reader(peopled.database, WHO[who])
    asked = [task for task in TASKS if PAGES["GET", "/tasks/{task}"].allowed(reader, subjects_of(task))]
    assert all(any(task in address for task in asked) or not address.startswith("/tasks/") for address in confided)
    assert bool(confided) == (who in ("returner", "HR"))


@pytest.mark.parametrize("case", SECTIONS)
async def test_within_a_case_each_part_is_for_those_for_whom_the_table_says_it_is(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    # given cases that can be asked, of which one has a decision that was tampered with
    async def as_it_says(_: Any, __: Any, records: CaseRecords, *more: Any) -> tuple[Mapping[str, Any], Asked]:
        return VIEWS.get(records.case_id, {}), Asked.YES

    monkeypatch.setattr(case_page, "_ask", as_it_says)
    shutil.copy(filled, tmp_path / "waymark.db")
    async with open_console(tmp_path, temporal_ui="http://localhost:8233") as console:
        everybody(console.database)
        in_full(console.database)
        with console.database.session() as session:
            session.execute(update(PersonRecord).values(languages=["en"]))
            session.execute(text("DROP TRIGGER decisions_no_update"))
            session.get_one(DecisionRecord, (PLACEMENT, 1)).decided = "no"
        # when everybody opens one of them, then they see of it what is for them, and nothing else
        wrong, seen = [], set()
        for who, person in WHO.items():
            reader = Reader(console.database, person)
            page = await console.visitor(person).get(f"/cases/{case}")
            sees = reader.may(Action.COHORT if case == COHORT else Action.CASE, case=case)
            assert page.status == (200 if sees else 404), who
            for section in SECTIONS[case]:
                shown = section.shows in html.unescape(page.text)
                seen |= {section.shows} if shown else set()
                if shown != (sees and section.allowed(reader)):
                    wrong.append((who, section.shows, "shown" if shown else "not shown"))
            assert IN_CONFIDENCE not in page.text
        assert not wrong
        assert seen == {section.shows for section in SECTIONS[case]}  # each by somebody


def subjects_of(task: str) -> Subject:
    """What the page of a task is about."""
    return next(about for _, about in subjects("/tasks/{task}") if about.task == task)


def links_of(page: str) -> Sequence[str]:
    """The pages of ours to which a page leads, or that it follows, but not those that go on for ever."""
    found = re.findall(r'(?:href|hx-get)="(/[^"#]*)', page)
    return [link for link in map(html.unescape, dict.fromkeys(found)) if not link.partition("?")[0].endswith("/events")]
