"""One's own page."""

from __future__ import annotations

import json
import shutil
import uuid
from pathlib import Path

from temporalio.client import Client

from service.core.connecting import connected
from tests.web.console import Console, open_console
from web.core.sessions import SESSION

MARGARET, OTHER = "P-2QX8VD", "P-5HN3TC"


async def test_a_language_of_ones_own_choice_counts_for_pages_and_mails(console: Console) -> None:
    visitor = console.visitor(MARGARET)
    done = await visitor.follow(await visitor.post("/me/language", language="fr"))
    assert "C'est désormais votre langue" in done.text.replace("&#39;", "'")
    assert '<html lang="fr">' in done.text
    await console.visitor().post("/sign-in", address=console.address_of(MARGARET))
    assert (await console.mail(console.address_of(MARGARET)))["Content-Language"] == "fr"
    assert (await visitor.post("/me/language", language="tlh")).status == 422


async def test_one_mail_a_day_is_chosen_and_given_up_again(filled: Path, tmp_path: Path, client: Client) -> None:
    shutil.copy(filled, tmp_path / "waymark.db")
    async with open_console(tmp_path, connect=connected(client), task_queue=f"console-{uuid.uuid4()}") as console:
        visitor = console.visitor(MARGARET)
        for choice in ("daily", "each"):
            page = await visitor.follow(await visitor.post("/me/mail", mail=choice))
            checked = page.text.partition(f'name="mail" value="{choice}"')[2].partition(">")[0]
            assert checked.endswith("checked")


async def test_what_can_not_be_done_while_temporal_cant_be_reached_is_said_and_changes_nothing(
    console: Console,
) -> None:
    visitor = console.visitor(MARGARET)
    refused = await visitor.post("/me/mail", mail="daily")
    assert refused.status == 503
    assert "Nothing is lost" in refused.main
    each = (await visitor.get("/me")).text.partition('name="mail" value="each"')[2].partition(">")[0]
    assert each.endswith("checked")


async def test_one_sees_where_one_is_signed_in_and_signs_out_there(console: Console) -> None:
    here, there, others = console.visitor(MARGARET), console.visitor(MARGARET), console.visitor(OTHER)
    page = await here.get("/me")
    assert page.text.count('name="session"') == 2  # the other one, and all others
    session = page.text.partition('name="session" value="')[2].partition('"')[0]
    # somebody else's session is none of mine
    await others.post("/me/sign-out", session=session)
    assert (await there.get("/me")).status == 200
    await here.post("/me/sign-out", session=session)
    assert (await there.get("/me")).status == 303
    assert (await here.get("/me")).status == 200
    assert (await others.get("/me")).status == 200


async def test_signing_out_everywhere_leaves_no_session(console: Console) -> None:
    here, there, third = (console.visitor(MARGARET) for _ in range(3))
    await here.post("/me/sign-out", session="others")
    assert [(await visitor.get("/me")).status for visitor in (here, there)] == [200, 303]
    await third.post("/me/sign-out-everywhere")
    await here.post("/me/sign-out-everywhere")
    assert SESSION not in here.cookies
    assert (await here.get("/me")).status == 303


async def test_what_is_stored_is_one_file_for_oneself(console: Console) -> None:
    answer = await console.visitor(MARGARET).get("/me/data")
    assert answer.header("content-disposition") == f'attachment; filename="waymark-{MARGARET}.json"'
    assert json.loads(answer.text)["name"] == "Margaret Ashworth-Bell"
    assert (await console.visitor().get("/me/data")).status == 303


async def test_what_the_console_is_says_whom_to_ask_and_leads_to_what_is_stored(console: Console) -> None:
    stranger, known = await console.visitor().get("/about"), await console.visitor(MARGARET).get("/about")
    assert "Turn to them with any question" in stranger.main
    assert 'href="/me#stored"' not in stranger.text
    assert 'href="/me#stored"' in known.text
    assert 'id="stored"' in (await console.visitor(MARGARET).get("/me")).text
