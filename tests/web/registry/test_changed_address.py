"""HR changes somebody's mail address: whoever reads mail at the old one hears of it, and comes in by it no more."""

from __future__ import annotations

import asyncio
import csv
import io
import logging
from contextlib import suppress

import pytest

from domain.core.access import Duty
from service.core.access import grant
from tests.domain.factories import ROOT
from tests.web.console import Answer, Console, Visitor, code_in
from tests.web.core.test_sign_in import asked
from tests.web.uploads import send_file
from worker import address_letters

HR, MARGARET = "P-7LM2ZA", "P-2QX8VD"
NEW = "margaret.bell@example.org"


def with_new_address() -> bytes:
    """The people's file of the examples, in which one has another mail address."""
    content = (ROOT / "examples" / "people.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(content)))
    for row in rows:
        row["email"] = NEW if row["id"] == MARGARET else row["email"]
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


async def imported(visitor: Visitor, content: bytes) -> Answer:
    """What HR is told who imports a file of people."""
    sent = await send_file(visitor, "/imports/people", "people.csv", content)
    return await visitor.follow(await visitor.post(f"{sent.header('location')}/import"))


async def test_whose_mail_address_is_changed_hears_of_it_at_the_old_one_which_signs_in_no_more(
    console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    # given somebody who is signed in by a mail, and whoever has asked for two more links to that address
    caplog.set_level(logging.INFO)
    old = console.address_of(MARGARET)
    hers, first, second = (console.visitor() for _ in range(3))
    await hers.post(await asked(console, hers))
    link = await asked(console, first, number=2)
    await asked(console, second, number=3)
    code = code_in(await console.mail(old, 3))
    # when HR imports another address for her
    grant(console.database, HR, Duty.HR)
    told = await imported(console.visitor(HR), with_new_address())
    assert f"{old} {NEW}" in told.main
    # then what she was just sending is not done, is not lost, and is kept for nobody who reads mail at the old address
    sent = await hers.post("/me/language", language="de")
    assert (sent.status, 'name="language" value="de"' in sent.text) == (401, True)
    # and neither link nor code lets anybody in
    assert (await first.post(link)).status == 403
    assert (await second.post("/sign-in/code", code=code)).status == 422
    # while she hears of it at the old address, signs in by the new one, and HR has not been signed out
    working = asyncio.create_task(address_letters(console.settings, console.database).keep_sending(0.05))
    letter = await console.mail(old, 4)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    assert letter["Subject"] == "Your mail address in Waymark was changed"
    await hers.post(await asked(console, hers))
    assert (await hers.get("/me")).status == 200
    # and the log says who has imported a file, and who was told, by their ids
    lines = [vars(record) for record in caplog.records]
    assert [line["by"] for line in lines if line["message"] == "a file was imported"] == [HR]
    assert [line["person"] for line in lines if line["message"] == "somebody was told of a changed address"] == [
        MARGARET
    ]
