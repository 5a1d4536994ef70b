"""Imports: what is wrong is told by row and column, and nothing is stored before somebody says so."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from records.tables.access import GrantRecord
from records.tables.core import PersonRecord
from service.registry.imports import import_file
from tests.domain.factories import ROOT
from tests.web.console import Console
from tests.web.forms import SentBy
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.uploads import send_file
from web.core.sessions import SESSION
from web.core.surroundings import LONG_AT_ONCE

HR = "P-7LM2ZA"
SOMEBODY = "P-2QX8VD"

HEADER = (
    "id,name,email,private_email,time_zone,country,languages,skills,preferences,manager,mentor,break_months,"
    "underemployed,experience_years"
)
GOOD = "P-9TRY7K,Grażyna Wąs,grazyna@example.org,,Europe/Warsaw,PL,pl,sql,,,no,,,"
BAD = "P-9TRY8K,Nobody,no address,,Mars/Crater,PL,pl,sql,,,no,,,"


def grant_hr(console: Console, person: str) -> None:
    """HR of all roles."""
    with console.database.session() as session:
        session.add(GrantRecord(person=person, duty="hr", role=None, granted_by=None, granted_at=datetime.now(UTC)))


def known(console: Console, person: str) -> bool:
    with console.database.reading() as session:
        return session.get(PersonRecord, person) is not None


async def test_a_good_file_is_imported_once_hr_says_so(console: Console) -> None:
    grant_hr(console, HR)
    visitor = console.visitor(HR)
    # when a file is sent, its check is shown and nothing is stored
    report = await visitor.follow(
        await send_file(visitor, "/imports/people", "C:\\hr\\people.csv", f"{HEADER}\n{GOOD}\n".encode())
    )
    assert "1 entry, and nothing is wrong." in report.main
    assert "C:" not in report.text
    assert not known(console, "P-9TRY7K")
    # then the button stores it, and pressing it twice does no more
    action = report.text.partition('action="/imports/people/')[2].partition('"')[0]
    path = f"/imports/people/{action}"
    done = await visitor.follow(await visitor.post(path))
    assert "Added: 1. Changed: 0. As they were: 0." in done.main
    assert known(console, "P-9TRY7K")
    assert "Added: 1." in (await visitor.follow(await visitor.post(path))).main


async def test_a_bad_row_is_told_by_row_and_column_and_keeps_all_out(console: Console) -> None:
    grant_hr(console, HR)
    visitor = console.visitor(HR)
    content = f"{HEADER}\n{GOOD}\n{BAD}\n".encode()
    report = await visitor.follow(await send_file(visitor, "/imports/people", "people.csv", content))
    assert "row 3 email" in report.main
    assert "row 3 time_zone" in report.main
    path = report.text.partition('<form method="post" action="/imports')[2].partition('"')[0]
    # without the wish for the clean rows only, nothing goes in
    again = await visitor.follow(await visitor.post(f"/imports{path}"))
    assert "Nothing has been imported" in again.main
    assert not known(console, "P-9TRY7K")
    done = await visitor.follow(await visitor.post(f"/imports{path}", clean_only="yes"))
    assert "Added: 1. Changed: 0. As they were: 0. Left out: 1." in done.main


async def test_what_becomes_otherwise_is_shown_before_it_is_stored_and_then_in_the_same_words(console: Console) -> None:
    # given roles on record
    grant_hr(console, HR)
    visitor = console.visitor(HR)
    content = (ROOT / "examples" / "roles.yaml").read_bytes()
    first = await send_file(visitor, "/imports/roles", "roles.yaml", content)
    added = await visitor.follow(await visitor.post(f"{first.header('location')}/import"))
    counted = "Added: 0. Changed: 0. As they were:"
    assert counted not in added.main
    # when a file with another stipend is sent, and looked at as often as one likes
    other = content.replace(b'"2900.00"', b'"3000.00"')
    path = (await send_file(visitor, "/imports/roles", "roles.yaml", other)).header("location")
    for _ in range(2):
        report = await visitor.get(path)
        # then the page says what would change
        assert "What importing it would do" in report.main
        assert "Added: 0. Changed: 1. As they were:" in report.main
        assert "DATA1 stipend_amount 2900.00 3000.00" in report.main
    # and once it is stored, that it has changed
    done = await visitor.follow(await visitor.post(f"{path}/import"))
    assert "Imported Added: 0. Changed: 1. As they were:" in done.main
    assert "DATA1 stipend_amount 2900.00 3000.00" in done.main
    assert "would" not in done.main
    # while of what is on record like that already nothing would
    same = await visitor.follow(await send_file(visitor, "/imports/roles", "roles.yaml", other))
    assert counted in same.main


async def test_of_a_file_with_problems_it_is_shown_what_its_clean_rows_would_change(console: Console) -> None:
    grant_hr(console, HR)
    visitor = console.visitor(HR)
    content = f"{HEADER}\n{GOOD}\n{BAD}\n".encode()
    report = await visitor.follow(await send_file(visitor, "/imports/people", "people.csv", content))
    assert "What importing the entries without a problem would do" in report.main
    assert "Added: 1. Changed: 0. As they were: 0. Left out: 1." in report.main
    # where none is clean, there is nothing to import
    bad = await visitor.follow(await send_file(visitor, "/imports/people", "bad.csv", f"{HEADER}\n{BAD}\n".encode()))
    assert "Import the entries" not in bad.main


async def test_files_are_for_those_who_may_and_for_whoever_sent_them(console: Console) -> None:
    grant_hr(console, HR)
    mine, others = console.visitor(HR), console.visitor(SOMEBODY)
    sent = await send_file(mine, "/imports/people", "people.csv", f"{HEADER}\n{GOOD}\n".encode())
    path = sent.header("location")
    assert (await others.get("/imports")).status == 403
    assert (await send_file(others, "/imports/people", "people.csv", b"id\n")).status == 403
    assert (await others.get(path)).status == 403
    grant_hr(console, SOMEBODY)
    assert (await others.get("/imports")).status == 200
    assert (await others.get(path)).status == 404
    assert (await mine.get("/imports/elephants")).status == 404


async def test_no_file_an_empty_one_and_one_that_is_too_large_are_refused(console: Console) -> None:
    grant_hr(console, HR)
    visitor = console.visitor(HR)
    assert "Choose a file." in (await send_file(visitor, "/imports/roles", "", b"")).main
    assert "The file is empty." in (await send_file(visitor, "/imports/roles", "roles.yaml", b"")).main
    assert (await send_file(visitor, "/imports/roles", "roles.yaml", b" " * (4 * 2**20 + 1))).status == 413
    refused = await send_file(visitor, "/imports/profiles", "profiles.doc", b"hello")
    assert refused.status == 422


async def test_a_file_that_was_sent_after_the_session_had_ended_is_asked_for_again_and_all_else_kept(
    console: Console,
) -> None:
    # given HR, who was away for long before they send a file
    grant_hr(console, HR)
    visitor = console.visitor(HR)
    console.clock.skip(hours=2, minutes=1)
    content = b"person,skill,level,source,on\n"
    answer = await send_file(visitor, "/imports/skills", "C:\\hr\\levels.csv", content, day_order="dmy")
    # then the page says which one to choose again, and has all else
    assert answer.status == 401
    assert "Choose levels.csv again" in answer.main
    assert ("day_order", "dmy") in SentBy.of(answer.text).pairs
    assert 'enctype="multipart/form-data"' in answer.text
    assert 'action="/imports/skills"' in answer.text
    # while of somebody who has signed out nothing is read
    assert (await send_file(console.visitor(), "/imports/skills", "levels.csv", content)).status == 303
    stranger = console.visitor()
    stranger.cookies[SESSION] = "x" * 43
    assert (await send_file(stranger, "/imports/skills", "levels.csv", content)).status == 303


@pytest.mark.parametrize("kind", ["people.csv", "roles.yaml", "profiles.yaml", "catalogue.yaml", "skills.csv"])
async def test_all_kinds_of_the_examples_are_read(console: Console, kind: str) -> None:
    grant_hr(console, HR)
    visitor = console.visitor(HR)
    content = (ROOT / "examples" / kind).read_bytes()
    report = await visitor.follow(await send_file(visitor, f"/imports/{kind.partition('.')[0]}", kind, content))
    assert report.status == 200
    assert "nothing is wrong" in report.main or "What is wrong" in report.main


async def test_while_large_files_are_read_other_pages_are_there(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given more files than there are threads for such, whose reading does not end
    grant_hr(console, HR)
    hr, go_on = console.visitor(HR), threading.Event()
    inside: set[int] = set()
    most: list[int] = []
    sent = await send_file(hr, "/imports/people", "people.csv", (ROOT / "examples" / "people.csv").read_bytes())

    def slowly(*given: Any, **more: Any) -> Any:
        inside.add(threading.get_ident())
        most.append(len(inside))
        go_on.wait(30)
        inside.discard(threading.get_ident())
        return import_file(*given, **more)

    monkeypatch.setattr("web.registry.imports.import_file", slowly)
    reports = [asyncio.ensure_future(hr.get(sent.header("location"))) for _ in range(LONG_AT_ONCE + 1)]
    try:
        await asyncio.sleep(1)
        # then others are answered
        async with asyncio.timeout(10):
            assert (await hr.get("/tasks")).status == 200
            assert (await hr.post("/imports/skills", day_order="iso", _step="send")).status == 422
    finally:
        go_on.set()
    assert {answer.status for answer in await asyncio.gather(*reports)} == {200}
    assert max(most) == LONG_AT_ONCE


async def test_how_the_pages_look(console: Console, window: Callable[..., Any]) -> None:
    grant_hr(console, HR)
    visitor = console.visitor(HR)
    content = f"{HEADER}\n{GOOD}\n{BAD}\n".encode()
    bad = (await send_file(visitor, "/imports/people", "people.csv", content)).header("location")
    good = (await send_file(visitor, "/imports/people", "p.csv", f"{HEADER}\n{GOOD}\n".encode())).header("location")
    await visitor.post(f"{good}/import")
    context = await window(**DESKTOP)
    await sign_in(context, console, HR)
    page = await context.new_page()
    for path in ["/imports", "/imports/people", "/imports/skills", bad, good]:
        await check_looks(page, console.origin + path)
    await page.goto(f"{console.origin}/imports/people")
    await page.get_by_role("button", name="Check the file").click()
    await check_looks(page)
