"""Real rehearsals that are started on a page: watched to their end, and ended with a console that is killed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from engine.devserver import ports, state
from engine.settings import ROOT
from records.imports.core.people_and_roles import store_roles
from records.imports.core.roles_yaml import read_roles
from records.queries.core.people import people
from service.core.today import today
from tests.rehearsal.leftovers import once_running, runs, until, worker_runs
from tests.rehearsal.short import eight_weeks
from tests.web.cohort.files import cohort_file
from tests.web.cohort.test_rehearsals import HR, be_hr
from tests.web.console import Console, Visitor
from tests.web.core.test_running import ready, started
from tests.web.uploads import send_file
from web.cohort import rehearsing

FAST = "0.12"
"""Seconds a day."""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where rehearsals have their directories."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    return tmp_path / "elsewhere"


@pytest.fixture
def hr(console: Console) -> Visitor:
    """HR of all roles, with the roles of the examples on record."""
    with console.database.session() as session:
        known = [person.id for person in people(session)]
        store_roles(session, read_roles((ROOT / "examples" / "roles.yaml").read_bytes(), known=known))
    be_hr(console)
    return console.visitor(HR)


async def begun(visitor: Visitor, against: bytes | None = None, runs: str = "1") -> str:
    """The page of a rehearsal of two people over eight weeks, begun as HR begins it."""
    policy = eight_weeks("one-mentee", max_mentees=1).encode()
    sent = await send_file(visitor, "/cohorts/new", "spring.csv", cohort_file(2)[0], {"policy": policy})
    upload = sent.header("location").rpartition("/")[2]
    first_day = (today() + timedelta(weeks=4)).isoformat()
    more = {"against": against} if against else {}
    answer = await send_file(
        visitor, f"/rehearsals/new/{upload}", "", b"", more, starts_on=first_day, seed="2", runs=runs
    )
    assert answer.status == 303
    return answer.header("location")


def nothing_in(directory: Path) -> bool:
    """Whether a directory is empty."""
    return not list(directory.iterdir())


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_two_policies_are_rehearsed_and_compared(
    hr: Visitor, console: Console, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "PROGRAM", (*rehearsing.PROGRAM, "--seconds-per-day", FAST))
    path = await begun(hr, eight_weeks("two-mentees", max_mentees=2).encode())
    # its page says how far it is, until it shows what would happen
    seen = set()
    async with asyncio.timeout(300):
        while (page := await hr.get(path)).header("refresh"):
            seen |= {
                policy for policy in ("one-mentee@1", "two-mentees@1") if f"placements under {policy}" in page.main
            }
            await asyncio.sleep(0.3)
    assert seen == {"one-mentee@1", "two-mentees@1"}
    assert "Under one-mentee@1, people who take part: 2;" in page.main
    assert "What would happen, and what the other policy changes" in page.main
    assert "Compared with two-mentees@1" in page.main
    assert "nobody could be asked" not in page.main  # in these weeks people live through something
    assert page.text.count('role="img"') >= 3
    # and nothing is left of it
    assert nothing_in(elsewhere)
    assert nothing_in(console.settings.data_dir / "rehearsals")


@pytest.mark.timeout(400)
async def test_nothing_goes_on_of_one_whose_console_is_killed(
    hr: Visitor, console: Console, elsewhere: Path, tmp_path: Path
) -> None:
    # given a rehearsal that another console of the same records runs, as a program of its own
    (port,) = ports.some_free(1)
    another = await started(tmp_path, port)
    await ready(another)
    path = await begun(Visitor(f"http://localhost:{port}", hr.cookies), runs="5")  # it would take minutes
    directory = await asyncio.to_thread(once_running, elsewhere)
    server = state.read(directory)
    (file,) = (tmp_path / "rehearsals").glob("*/cohort/spring.csv")
    assert server is not None
    assert server.process is not None
    assert worker_runs(directory)
    assert runs(str(file))
    # when that console is killed, then all of it ends
    another.kill()
    await another.wait()
    await asyncio.to_thread(until, lambda: not (directory.exists() or worker_runs(directory) or runs(str(file))))
    assert not server.process.alive()
    assert nothing_in(elsewhere)
    # and the next console removes the file with people's names in it, says what became of it, and begins another one
    again = await started(tmp_path, port)
    await ready(again)
    assert nothing_in(tmp_path / "rehearsals")
    assert "Waymark was stopped by force, or could not reach its records" in (await hr.get(path)).main
    assert "is still running" not in (await hr.get("/rehearsals")).main
    again.terminate()
    assert await asyncio.wait_for(again.wait(), 60) == 0
