"""In a demo one becomes each of its people, in a browser; nowhere else."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.client import Client

from demo.beginning import MARK
from demo.console import settings_of_demo
from demo.errors import OtherPlace
from demo.examples import import_examples
from demo.pages import DemoPages
from demo.people import Left, Played, SimulatedPeople
from demo.stories import Story
from demo.you import RETURNER as RETURNER_OF_YOURS
from demo.you import ROLE as OPS
from demo.you import whom_you_are
from domain.core.questions import TaskKind
from engine.settings import ROOT, load_settings
from records.tables.core import CaseRecord
from service.core.connecting import connected
from tests.office import HR, MANAGER, RETURNER, ROLE, Case, open_of, open_office
from tests.web.console import Console, open_console
from tests.web.registry.boards import case
from web.app import ROUTES

AWHILE_SECONDS = 1.5


async def test_what_waits_for_you_is_left_to_you_until_you_let_them_be_played(client: Client, tmp_path: Path) -> None:
    async with open_office(client, tmp_path) as office:
        begun = await office.start(seconds_per_day=3600)
        mentor = await _asked(begun)
        played = Played(Story("any", RETURNER, ROLE.id), begun.id, HR, MANAGER)
        left = Left(whom_you_are, seconds_per_day=3600)
        people = SimulatedPeople(client, office.database, office.queue, [played], left=left)
        pages = DemoPages(people.play).routes
        made = open_console(
            tmp_path, connect=connected(client), database=office.database, task_queue=office.queue, more=pages
        )
        async with made as console:
            you = console.visitor()
            assert "Demo: be somebody" in (await you.get("/sign-in")).text
            async with asyncio.timeout(60):  # the records hear of it a moment later
                while f'value="{mentor}"' not in (await you.get("/demo")).text:
                    await asyncio.sleep(0.05)

            tasks = await you.follow(await you.post("/demo/be", person=mentor))
            assert tasks.status == 200
            assert "1 waiting" in tasks.main
            living = asyncio.create_task(people.live())
            try:
                await asyncio.sleep(AWHILE_SECONDS)
                assert open_of(await begun.view(), TaskKind.MENTOR_REQUEST)

                await you.follow(await you.post("/demo/leave", person=mentor))
                async with asyncio.timeout(60):
                    while open_of(await begun.view(), TaskKind.MENTOR_REQUEST):
                        await asyncio.sleep(0.05)
            finally:
                living.cancel()
            assert (await you.get("/tasks")).status == 303  # nobody any more


async def _asked(case: Case) -> str:
    """Who is asked to be the mentor."""
    async with asyncio.timeout(60):
        while not (asked := open_of(await case.view(), TaskKind.MENTOR_REQUEST)):
            await asyncio.sleep(0.05)
    mentor: str = asked[0]["assignee"]
    return mentor


async def test_a_console_that_is_started_again_goes_on_with_your_placement(tmp_path: Path) -> None:
    # given a demo in which you have begun a placement, after one that is over
    played: list[Played] = []
    pages = DemoPages(played.append)
    async with open_console(tmp_path, more=pages.routes) as console:
        import_examples(console.database)
        await pages.go_on(console.database)
        assert not played
        assert "Begin a placement" in (await console.visitor().get("/demo")).text
        with console.database.session() as session:
            over, running = "D5B95MA-YOU", "D5B95MB-YOU"
            session.add(case(1, case_id=over, person=RETURNER_OF_YOURS, role=OPS, stage="ended", outcome="converted"))
            session.add(case(2, case_id=running, person=RETURNER_OF_YOURS, role=OPS))
            session.add(case(3, case_id="D5B95MC-1"))
        # when its console has started anew
        await pages.go_on(console.database)
        # then people play on in it, and the page shows it and begins no other
        assert [story.case for story in played] == [running]
        page = await console.visitor().get("/demo")
        assert f'href="/cases/{running}"' in page.text
        assert "Begin a placement" not in page.text
        # and one that is over is shown, and nobody plays
        with console.database.session() as session:
            ended = session.get_one(CaseRecord, running)
            ended.stage, ended.outcome = "ended", "converted"
        await pages.go_on(console.database)
        assert len(played) == 1
        assert "Begin a placement" in (await console.visitor().get("/demo")).text


async def test_whom_nobody_knows_nobody_becomes(filled: Path, tmp_path: Path) -> None:
    shutil.copy(filled, tmp_path)
    async with open_console(tmp_path, more=DemoPages(lambda _: None).routes) as console:
        you = console.visitor()
        assert (await you.post("/demo/be", person="P-NOBODY")).status == 404
        from_elsewhere = await you.send("POST", "/demo/be", {"Sec-Fetch-Site": "cross-site"}, b"person=P-2QX8VD")
        assert from_elsewhere.status == 403


async def test_no_other_console_has_these_pages(console: Console) -> None:
    visitor = console.visitor("P-2QX8VD")
    assert not [route for route in ROUTES if getattr(route, "path", "").startswith("/demo")]
    assert (await visitor.get("/demo")).status == 404
    assert (await visitor.post("/demo/be", person="P-2QX8VD")).status == 404
    assert "/demo" not in (await visitor.get("/about")).text


def test_a_console_for_a_demo_serves_no_other_data(tmp_path: Path) -> None:
    (tmp_path / "waymark.db").touch()
    environment = os.environ | {"WAYMARK_DATA_DIR": str(tmp_path)}
    refused = subprocess.run(
        [sys.executable, str(ROOT / "console.py"), "--demo"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert refused.returncode == 1
    assert "there are no records of a demo" in refused.stderr
    (tmp_path / MARK).touch()
    elsewhere = load_settings(data_dir=tmp_path, records_url=f"sqlite:///{tmp_path}/own.db")
    with pytest.raises(OtherPlace, match="there are no records of a demo"):
        settings_of_demo(elsewhere)
    everywhere = load_settings(data_dir=tmp_path, console_host="0.0.0.0")
    assert settings_of_demo(everywhere).console_host == "127.0.0.1"
