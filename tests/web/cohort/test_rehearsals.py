"""A rehearsal is started with a file, goes on by itself, and is shown; what runs here only pretends to be one."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from records.tables.uploads import RehearsalRecord
from service.cohort.rehearsals import BROKE_OFF
from service.core.today import today
from tests.domain.factories import ROOT
from tests.rehearsal import test_figures as figures
from tests.web.cohort.files import cohort_file
from tests.web.console import Answer, Console, Visitor, open_console
from tests.web.english import english_in, reads
from tests.web.forms import form_in
from tests.web.looking import DESKTOP, PHONE, check_looks, sign_in
from tests.web.registry.boards import grant
from tests.web.uploads import send_file
from web.cohort import rehearsing

HR, COLLEAGUE, SOMEBODY = "P-7LM2ZA", "P-4CY9GS", "P-2QX8VD"

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
TELLS = "import sys; print(' '.join(sys.argv[1:]), file=sys.stderr); sys.exit(1)"


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


def be_hr(console: Console, person: str = HR, role: str | None = None) -> None:
    with console.database.session() as session:
        grant(session, person, role=role)


async def started(console: Console, person: str = HR, **fields: str) -> tuple[Visitor, str]:
    be_hr(console, person)
    visitor = console.visitor(person)
    answer = await start(visitor, **fields)
    assert answer.status == 303
    return visitor, answer.header("location")


async def start(visitor: Visitor, name: str = "spring.csv", **fields: str) -> Answer:
    policy = (ROOT / "policies" / "returnship-16-weeks.yaml").read_bytes()
    fields = {"runs": "3", **fields}
    return await send_file(visitor, await form(visitor, name), "", b"", {"against": policy}, **fields)


async def form(visitor: Visitor, name: str = "spring.csv") -> str:
    """Where a rehearsal is started, with a file that was just sent."""
    sent = await send_file(visitor, "/cohorts/new", name, cohort_file(2)[0])
    return f"/rehearsals/new/{sent.header('location').rpartition('/')[2]}"


async def until(visitor: Visitor, path: str, text: str) -> Answer:
    async with asyncio.timeout(60):
        while text not in (page := await visitor.get(path)).main:
            await asyncio.sleep(0.1)
    return page


async def test_it_is_watched_and_stopped(console: Console, pretend: Callable[[str], Path]) -> None:
    program = pretend(WAITS)
    visitor, path = await started(console)
    # its page tells how far it is, and looks again by itself
    page = await until(visitor, path, "week 3 of 16")
    assert page.header("refresh") == "10"
    assert not (await visitor.get(f"{path}?still=1")).header("refresh")
    # when it is stopped, its program cleans up and ends, and nothing is left of its files
    await visitor.post(f"{path}/stop")
    page = await until(visitor, path, "Somebody has stopped it")
    assert not page.header("refresh")
    assert ended(program)
    assert list((console.settings.data_dir / "rehearsals").iterdir()) == []
    # and it is begun anew from its page
    assert (await visitor.get(path)).text.count("/rehearsals/new/") == 1


async def test_one_runs_at_a_time_whoever_starts_it_and_on_whichever_console(
    console: Console, pretend: Callable[[str], Path], tmp_path: Path
) -> None:
    # given a rehearsal on one console, and HR on another one of the same records
    program = pretend(WAITS)
    visitor, path = await started(console)
    (tmp_path / "another").mkdir()
    async with open_console(tmp_path / "another", database=console.database) as another:
        there = another.visitor(HR)
        assert "week 3 of 16" in (await until(there, path, "week 3 of 16")).main
        # when they, or somebody else, start another one, then they are told whose runs since when
        own = await start(there)
        assert own.status == 409
        assert "Your rehearsal of" in own.main
        assert f'href="{path}"' in own.text
        be_hr(console, COLLEAGUE, "DATA1")
        colleague = another.visitor(COLLEAGUE)
        refused = await start(colleague, seed="7")
        assert refused.status == 409
        assert "Siobhán Ó Dálaigh has started" in refused.main
        assert path not in refused.text
        assert 'value="7"' in refused.text  # what was typed stays
        assert "Siobhán Ó Dálaigh has started" in (await colleague.get("/rehearsals")).main
        # and it is stopped from there
        await there.post(f"{path}/stop")
        await until(visitor, path, "Somebody has stopped it")
    assert ended(program)


async def test_it_ends_with_the_console(console: Console, pretend: Callable[[str], Path]) -> None:
    program = pretend(WAITS)
    visitor, path = await started(console)
    await until(visitor, path, "week 3 of 16")
    console.surroundings.ending.set()
    await console.surroundings.background.ended(30)
    assert ended(program)
    assert "the rehearsal has ended with it" in (await visitor.get(path)).main


async def test_one_that_nobody_says_goes_on_broke_off(console: Console, pretend: Callable[[str], Path]) -> None:
    # given a rehearsal whose console can't reach the records for a while
    program = pretend(WAITS)
    visitor, path = await started(console)
    await until(visitor, path, "week 3 of 16")
    long_ago = datetime.now(UTC) - BROKE_OFF - timedelta(seconds=1)
    with console.database.session() as session:
        session.get_one(RehearsalRecord, path.rpartition("/")[2]).seen_at = long_ago
    # then its page says so, another one may begin, and it ends itself
    await until(visitor, path, "Waymark was stopped by force, or could not reach its records")
    async with asyncio.timeout(30):
        while not ended(program):
            await asyncio.sleep(0.1)
    assert (await start(visitor)).status == 303


async def test_why_nothing_came_of_it_is_told(console: Console, pretend: Callable[[str], Path]) -> None:
    pretend(FAILS)
    visitor, path = await started(console)
    page = await until(visitor, path, "Nothing came of it")
    assert "nobody in cohort.csv can take part" in page.main


async def test_it_is_rehearsed_as_it_is_asked_for(console: Console, pretend: Callable[[str], Path]) -> None:
    pretend(TELLS)
    first_day = (today() + timedelta(days=9)).isoformat()
    visitor, path = await started(console, starts_on=first_day, seed="42")
    page = await until(visitor, path, "Nothing came of it")
    assert "/cohort/spring.csv --json" in page.main
    assert f"--as {HR} --runs 3 --day-order iso --seed 42 --starts-on {first_day} --against" in page.main
    assert "Compared with returnship-16-weeks@1" in page.main
    assert "Seed 42" in page.main


async def test_people_behave_as_a_file_says(console: Console, pretend: Callable[[str], Path]) -> None:
    pretend(
        "import sys; print(open(sys.argv[sys.argv.index('--people') + 1]).readline(), file=sys.stderr); sys.exit(1)"
    )
    be_hr(console)
    visitor = console.visitor(HR)
    habits = (ROOT / "rehearsal" / "people.yaml").read_bytes()
    begun = await send_file(visitor, await form(visitor), "", b"", {"people": habits}, runs="1")
    assert (
        "# How simulated people behave" in (await until(visitor, begun.header("location"), "Nothing came of it")).main
    )
    bad = await send_file(visitor, await form(visitor), "", b"", {"people": b"other: {}"}, runs="1")
    assert (bad.status, 'id="field-people-error"' in bad.text) == (422, True)


async def test_a_second_click_leads_to_the_same_one(console: Console, pretend: Callable[[str], Path]) -> None:
    pretend(WAITS)
    be_hr(console)
    visitor = console.visitor(HR)
    path = await form(visitor)
    fields = {"runs": "1", "_form": form_in((await visitor.get(path)).text)}
    policy = {"against": (ROOT / "policies" / "returnship-16-weeks.yaml").read_bytes()}
    sending = (send_file(visitor, path, "", b"", policy, **fields) for _ in range(2))
    clicks = await asyncio.gather(*sending)  # a browser sends the file once more, too
    assert {answer.header("location") for answer in clicks} == {clicks[0].header("location")}
    assert [answer.status for answer in clicks] == [303, 303]


@pytest.mark.parametrize("name", ["..", "ü" * 100 + ".csv", "-x.csv", "a b'c.csv"])
async def test_a_file_may_have_any_name(console: Console, pretend: Callable[[str], Path], name: str) -> None:
    pretend("import sys; print(open(sys.argv[1]).readline(), file=sys.stderr); sys.exit(1)")
    be_hr(console)
    answer = await start(console.visitor(HR), name)
    assert "id,name,email" in (await until(console.visitor(HR), answer.header("location"), "Nothing came of it")).main


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"starts_on": "2020-01-06"}, "The first day can&#39;t be in the past."),
        ({"starts_on": "soon"}, "Enter a date."),
        ({"seed": "-1"}, "Enter a whole number from 0 on"),
        ({"seed": "1" * 10}, "Enter a whole number from 0 on"),
    ],
)
async def test_what_makes_no_sense_starts_nothing(
    console: Console, pretend: Callable[[str], Path], fields: dict[str, str], says: str
) -> None:
    program = pretend(WAITS)
    be_hr(console)
    answer = await start(console.visitor(HR), **fields)
    assert answer.status == 422
    assert says in answer.text
    assert f'value="{next(iter(fields.values()))}"' in answer.text
    assert f'href="#field-{next(iter(fields))}"' in answer.text
    assert "There are no rehearsals yet." in (await console.visitor(HR).get("/rehearsals")).main
    assert not ended(program)


def made() -> str:
    """What the command says of two policies that were rehearsed, with what it adds."""
    both = figures._rehearsed([figures._run(1, "a@1", 10)], [figures._run(1, "b@1", 13)])
    return json.dumps({"headline": "what would happen", "figures": [], **both.model_dump(mode="json")})


async def test_what_would_happen_under_both_policies_is_shown_with_charts(
    console: Console, pretend: Callable[[str], Path], window: Callable[..., Any]
) -> None:
    pretend(f"print({made()!r})")
    visitor, path = await started(console)
    page = await until(visitor, path, "The busiest is P-BUSY, with 7.5 hours in one week")
    assert not page.header("refresh")
    assert "b@1" in page.main
    assert page.text.count('role="img"') == 5
    assert " style=" not in page.text
    context = await window(**PHONE)
    await sign_in(context, console, HR)
    await check_looks(await context.new_page(), console.origin + path)


async def test_whoever_reads_german_reads_what_would_happen_without_english(
    console: Console, pretend: Callable[[str], Path]
) -> None:
    pretend(f"print({made()!r})")
    visitor, path = await started(console)
    english = await until(visitor, path, "The busiest is P-BUSY, with 7.5 hours in one week")
    reads(console.database, HR, "de")
    assert not english_in(
        (await visitor.get(path)).text, english.text, ["returnship-16-weeks@1", "Waymark", "Siobhán Ó Dálaigh"]
    )


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


async def test_how_the_pages_look(console: Console, pretend: Callable[[str], Path], window: Callable[..., Any]) -> None:
    pretend(WAITS)
    visitor, path = await started(console)
    await until(visitor, path, "week 3 of 16")
    new = await form(visitor)
    context = await window(**DESKTOP)
    await sign_in(context, console, HR)
    page = await context.new_page()
    for address in ["/rehearsals", new, f"{path}?still=1"]:
        await check_looks(page, console.origin + address)
    await page.goto(console.origin + new)
    await page.get_by_label("Seed").fill("many")
    await page.get_by_role("button", name="Start the rehearsal").click()
    await check_looks(page)  # what is wrong is said
