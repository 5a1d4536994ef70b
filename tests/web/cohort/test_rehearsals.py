"""A rehearsal is started with a file, goes on by itself, and is shown; what runs here only pretends to be one."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from records.tables.access import GrantRecord
from tests.domain.factories import ROOT
from tests.rehearsal import test_figures as figures
from tests.web.cohort.files import cohort_file
from tests.web.console import Answer, Console, Visitor
from tests.web.english import english_in, reads
from tests.web.looking import LOOKS, Look, check_looks, sign_in
from tests.web.uploads import send_file
from web.cohort import rehearsing

HR, SOMEBODY = "P-7LM2ZA", "P-2QX8VD"

WAITS = """import signal, sys, time
def end(*_):
    open(sys.argv[0] + ".ended", "w").close()
    sys.exit(130)
signal.signal(signal.SIGTERM, end)
print("rehearsing 2 placements under a@1 ... 10 s, week 3 of 16, about 9 s left", file=sys.stderr, flush=True)
time.sleep(120)
"""
REFUSED = """import json, sys
why = "cohort.csv: nobody in it can take part"
print(json.dumps({"error": f"{why} (`cohort check` says why)", "kind": "invalid", "reason": why}), file=sys.stderr)
sys.exit(1)
"""
FAILS = "import sys; print('nobody in cohort.csv can take part', file=sys.stderr); sys.exit(1)"


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Has another program run in the place of the rehearsal."""

    def as_program(source: str) -> Path:
        program = tmp_path / "program.py"
        program.write_text(source)
        monkeypatch.setattr(rehearsing, "PROGRAM", (sys.executable, str(program)))
        return program

    return as_program


def ended(program: Path) -> bool:
    """Whether the program has cleaned up."""
    return Path(f"{program}.ended").exists()


async def started(console: Console, person: str = HR) -> tuple[Visitor, str]:
    with console.database.session() as session:
        session.add(GrantRecord(person=person, duty="hr", role=None, granted_by=None, granted_at=datetime.now(UTC)))
    visitor = console.visitor(person)
    answer = await start(visitor)
    assert answer.status == 303
    return visitor, answer.header("location")


async def start(visitor: Visitor) -> Answer:
    sent = await send_file(visitor, "/cohorts/new", "spring.csv", cohort_file(2)[0])
    upload = sent.header("location").rpartition("/")[2]
    policy = (ROOT / "policies" / "returnship-16-weeks.yaml").read_bytes()
    return await send_file(visitor, f"/rehearsals/new/{upload}", "", b"", {"against": policy}, runs="3")


async def until(visitor: Visitor, path: str, text: str) -> Answer:
    async with asyncio.timeout(60):
        while text not in (page := await visitor.get(path)).main:
            await asyncio.sleep(0.1)
    return page


async def test_one_runs_at_a_time_is_watched_and_stopped(console: Console, pretend: Callable[[str], Path]) -> None:
    program = pretend(WAITS)
    visitor, path = await started(console)
    # its page tells how far it is, and looks again by itself
    page = await until(visitor, path, "week 3 of 16")
    assert page.header("refresh") == "10"
    assert not (await visitor.get(f"{path}?still=1")).header("refresh")
    # another one is refused meanwhile
    second = await start(visitor)
    assert second.status == 409
    assert "A rehearsal runs already" in second.main
    # when it is stopped, its program cleans up and ends
    await visitor.post(f"{path}/stop")
    await until(visitor, path, "It was stopped")
    assert ended(program)


async def test_it_ends_with_the_console(console: Console, pretend: Callable[[str], Path]) -> None:
    program = pretend(WAITS)
    visitor, path = await started(console)
    await until(visitor, path, "week 3 of 16")
    console.surroundings.ending.set()
    await console.surroundings.beside.ended(30)
    assert ended(program)
    assert "It was stopped" in (await visitor.get(path)).main


async def test_why_nothing_came_of_it_is_told(console: Console, pretend: Callable[[str], Path]) -> None:
    pretend(FAILS)
    visitor, path = await started(console)
    page = await until(visitor, path, "Nothing came of it")
    assert "nobody in cohort.csv can take part" in page.main


def made() -> str:
    """What the command says of two policies that were rehearsed, with what it adds."""
    both = figures._rehearsed([figures._run(1, "a@1", 10)], [figures._run(1, "b@1", 13)])
    return json.dumps({"headline": "what would happen", "figures": [], **both.model_dump(mode="json")})


async def test_what_would_happen_under_both_policies_is_shown_with_charts(
    console: Console, pretend: Callable[[str], Path], window: Callable[..., Any]
) -> None:
    pretend(f"print({made()!r})")
    visitor, path = await started(console)
    page = await until(visitor, path, "P-BUSY has 7.5 hours in a week")
    assert not page.header("refresh")
    assert "b@1" in page.main
    assert page.text.count("<svg role=") == 5
    assert " style=" not in page.text
    context = await window(**LOOKS[0].options)
    await sign_in(context, console, HR)
    await check_looks(await context.new_page(), console.origin + path)


async def test_whoever_reads_german_reads_what_would_happen_without_english(
    console: Console, pretend: Callable[[str], Path]
) -> None:
    pretend(f"print({made()!r})")
    visitor, path = await started(console)
    english = await until(visitor, path, "P-BUSY has 7.5 hours in a week")
    reads(console.database, HR, "de")
    assert not english_in((await visitor.get(path)).text, english.text)


async def test_how_far_it_is_and_why_it_broke_off_is_told_in_the_readers_language(
    console: Console, pretend: Callable[[str], Path]
) -> None:
    reads(console.database, HR, "de")
    pretend(WAITS)
    visitor, path = await started(console)
    await until(visitor, path, "2 Wiedereinstiege unter")
    await visitor.post(f"{path}/stop")
    await until(visitor, path, "Sie wurde angehalten")
    pretend(REFUSED)
    path = (await start(visitor)).header("location")
    page = await until(visitor, path, "Daraus wurde nichts")
    assert "cohort.csv: niemand darin kann teilnehmen" in page.main
    assert "cohort check" not in page.main


async def test_a_rehearsal_is_for_whoever_started_it(console: Console, pretend: Callable[[str], Path]) -> None:
    pretend(FAILS)
    visitor, path = await started(console)
    await until(visitor, path, "Nothing came of it")
    other = console.visitor(SOMEBODY)
    assert (await other.get("/rehearsals")).status == 403
    assert (await other.get(path)).status == 403
    assert (await other.post(f"{path}/stop")).status == 403
    assert "spring.csv" in (await visitor.get("/rehearsals")).main


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
async def test_how_the_pages_look(
    console: Console, pretend: Callable[[str], Path], window: Callable[..., Any], look: Look
) -> None:
    pretend(WAITS)
    visitor, path = await started(console)
    await until(visitor, path, "week 3 of 16")
    sent = await send_file(visitor, "/cohorts/new", "spring.csv", cohort_file(2)[0])
    upload = sent.header("location").rpartition("/")[2]
    context = await window(**look.options)
    await sign_in(context, console, HR)
    page = await context.new_page()
    for address in ["/rehearsals", f"/rehearsals/new/{upload}", f"{path}?still=1"]:
        await check_looks(page, console.origin + address)
