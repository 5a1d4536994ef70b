"""What is refused stands in the log, for whoever looks into it: by whose id, why, and nothing that anybody sent."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from domain.core.questions import TaskKind
from tests.web.console import Console, code_in
from tests.web.core.test_sign_in import MARGARET, asked
from tests.web.tasks import CASE, HR, on_record, task
from tests.web.uploads import send_file

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def warned(caplog: pytest.LogCaptureFixture, message: str) -> list[dict[str, Any]]:
    """What the console has warned of in these words."""
    known = vars(logging.makeLogRecord({})).keys()
    lines = [vars(line) for line in caplog.records if line.levelno == logging.WARNING and line.message == message]
    return [{key: value for key, value in line.items() if key not in known | {"message", "taskName"}} for line in lines]


async def test_links_and_codes_that_sign_nobody_in(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    # given somebody who has asked for a link
    desk = console.visitor()
    link = await asked(console, desk)
    code = code_in(await console.mail(console.address_of(MARGARET)))
    # when it is opened elsewhere, wrong codes are typed, links are forged, replayed, and asked for too often
    await console.visitor().post(link)
    await desk.post("/sign-in/code", code=f"{(int(code) + 1) % 1_000_000:06}")
    await desk.post("/sign-in/forged")
    assert (await desk.post(link)).status == 303
    await desk.post(link)
    for _ in range(6):
        await console.visitor().post("/sign-in", address="nobody@example.org")
    # then each stands in the log, with whose mail it was
    assert [(line["by"], line["why"], line["person"]) for line in warned(caplog, "nobody was signed in")] == [
        ("link", "elsewhere", MARGARET),
        ("code", "wrong_code", MARGARET),
        ("link", "over", None),
        ("link", "over", MARGARET),
        ("asking", "too_many", None),
    ]
    assert code not in caplog.text
    assert "example.org" not in caplog.text


async def test_what_comes_from_another_site_or_is_meant_for_another_host(
    console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = console.visitor(MARGARET)
    await visitor.send("POST", "/me/language", {"Sec-Fetch-Site": "same-site"} | FORM, b"language=de")
    await visitor.send("GET", "/me", {"Host": "evil.example"})
    await visitor.get("/tasks/%00")
    assert [line["why"] for line in warned(caplog, "a request was not let in")] == ["site", "host", "nul"]
    assert "evil" not in caplog.text


async def test_whoever_tries_what_is_not_for_them(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    # given somebody with no part in a case, who tries its pages, ids that they make up, and what is HR's
    caplog.set_level(logging.INFO)
    on_record(console.database, task(1, TaskKind.GOALS, HR))
    visitor = console.visitor("P-9QA5DT")
    for path in (f"/cases/{CASE}", f"/tasks/{CASE}-1", "/tasks/R-00000-DATA1-1", "/reports"):
        assert (await visitor.get(path)).status in (403, 404)
    await visitor.post(f"/tasks/{CASE}-1", goals="Mine", _step="send")
    await send_file(visitor, "/imports/people", "people.csv", b"id,name\n")
    # then the log says who, and which page, whether there is such a thing or not
    lines = warned(caplog, "somebody was refused a page")
    assert {line["person"] for line in lines} == {"P-9QA5DT"}
    assert [(line["page"].rpartition(".")[2], line["method"], line["status"]) for line in lines] == [
        ("case", "GET", 404),
        ("show", "GET", 404),
        ("show", "GET", 404),
        ("reports", "GET", 403),
        ("answer", "POST", 404),
        ("send", "POST", 403),
    ]
    assert CASE not in str([vars(line) for line in caplog.records if line.name == "waymark.console"])
    # but who opens what is theirs, or mistypes an address, stands in no log
    caplog.clear()
    await visitor.get("/tasks")
    await visitor.get("/nowhere")
    assert "P-9QA5DT" not in str([vars(line) for line in caplog.records])
