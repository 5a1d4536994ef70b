"""What the console lets in, and what its answers tell a browser: against whoever means it ill."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from domain.core.sign_in import FROM_HERE_FOR_ADDRESS
from tests.web.console import Console, Visitor, code_in, link_in, open_console
from web.core import reading, serving
from web.core.pages import asked_for, is_ours
from web.core.sessions import ASKING, SESSION
from web.core.sign_in import HOME, LONGEST_ONWARD, onward_to

MARGARET = "P-2QX8VD"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def language_of(console: Console) -> str:
    """The language that Margaret's pages have."""
    return (await console.visitor(MARGARET).get("/me")).header("content-language")


@pytest.mark.parametrize(
    "said",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "ours"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
async def test_a_form_of_another_site_changes_nothing(console: Console, said: dict[str, str]) -> None:
    ours = {name: value.replace("ours", console.origin) for name, value in said.items()}
    refused = await console.visitor(MARGARET).send("POST", "/me/language", ours | FORM, b"language=de")
    assert refused.status == 403
    assert "Nothing was changed" in refused.main
    assert await language_of(console) == "en"


async def test_a_form_of_ours_is_known_by_its_origin_where_a_browser_says_no_more(console: Console) -> None:
    answer = await console.visitor(MARGARET).send(
        "POST", "/me/language", {"Origin": console.origin} | FORM, b"language=de"
    )
    assert answer.status == 303
    assert await language_of(console) == "de"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"])
async def test_nothing_is_changed_but_by_a_form(console: Console, method: str) -> None:
    visitor = console.visitor(MARGARET)
    for path in ("/me/language?language=de", "/sign-out", "/me/sign-out-everywhere"):
        answer = await visitor.send(method, path, {"Sec-Fetch-Site": "same-origin"})
        assert answer.status == 405
    assert (await visitor.get("/me")).header("content-language") == "en"


@pytest.mark.parametrize("host", ["evil.example", "localhost", "localhost:1", "", "localhost.evil.example"])
async def test_another_host_is_not_answered_for(console: Console, host: str) -> None:
    answer = await console.visitor(MARGARET).send("GET", "/me", {"Host": host})
    assert answer.status == 421
    assert console.origin in answer.main
    assert "evil" not in answer.text
    assert not answer.cookies


async def test_every_answer_tells_the_browser_to_be_strict(console: Console) -> None:
    visitor = console.visitor(MARGARET)
    answers = [await visitor.get(path) for path in ("/me", "/sign-in", "/nowhere", "/me/data", "/", "/health")]
    answers += [await visitor.get(urlsplit(stylesheet_of(answers[0].text)).path)]
    answers += [await visitor.send("POST", "/me", {"Sec-Fetch-Site": "cross-site"}), await visitor.post("/me/mail")]
    assert {answer.status for answer in answers} == {200, 303, 403, 404, 422}
    for answer in answers:
        policy = answer.header("content-security-policy")
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("referrer-policy") == "no-referrer"
        assert answer.header("server") == ""
        assert answer.header("cache-control") in ("no-store", "no-cache")


def stylesheet_of(page: str) -> str:
    """The address of a page's stylesheet."""
    return page.partition('rel="stylesheet" href="')[2].partition('"')[0]


async def test_behind_tls_a_browser_comes_by_tls_only(filled: Path, tmp_path: Path) -> None:
    shutil.copy(filled, tmp_path / "waymark.db")
    async with open_console(tmp_path, console_url="https://waymark.example.org") as console:
        proxy = Visitor(f"http://localhost:{console.settings.console_port}")
        answer = await proxy.send("GET", "/sign-in", {"Host": "waymark.example.org"})
        assert answer.status == 200
        assert answer.header("strict-transport-security") == "max-age=31536000"
        assert (await proxy.get("/sign-in")).status == 421


@pytest.mark.parametrize(("proxies", "last"), [("", 429), ("10.0.0.0/8", 429), ("127.0.0.0/8", 303)])
async def test_whom_a_request_comes_from_is_said_by_named_proxies_only(
    filled: Path, tmp_path: Path, proxies: str, last: int
) -> None:
    # given somebody who asks for one link more than one source may, and claims to be many
    shutil.copy(filled, tmp_path / "waymark.db")
    async with open_console(tmp_path, console_proxies=proxies) as console:
        for number in range(FROM_HERE_FOR_ADDRESS.asked + 1):
            claimed = {"X-Forwarded-For": f"192.0.2.{number}", "Sec-Fetch-Site": "same-origin"} | FORM
            asked = urlencode({"address": console.address_of(MARGARET)}).encode()
            answer = await console.visitor().send("POST", "/sign-in", claimed, asked)
    assert answer.status == last


async def test_files_are_kept_under_their_version_only(console: Console) -> None:
    visitor = console.visitor()
    address = stylesheet_of((await visitor.get("/sign-in")).text)
    assert "immutable" in (await visitor.get(address)).header("cache-control")
    for path in ("/static/..%2fapp.py", "/static/../app.py", "/static/%2e%2e/app.py", "/static/", "/static/x\\y"):
        assert (await visitor.get(path)).status == 404


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/me\r\nSet-Cookie: a=b",
        "/me%0d%0a\nx",
        "evil",
        "/sign-out",
        "/é",
        "",
    ],
)
async def test_nobody_is_led_to_another_site(console: Console, onward: str) -> None:
    visitor = console.visitor()
    await visitor.post("/sign-in", address=console.address_of(MARGARET), then=onward)
    link = link_in(await console.mail(console.address_of(MARGARET)))
    answer = await visitor.post(link)
    assert answer.header("location") == "/tasks"
    assert "a" not in answer.cookies


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-CH,de;q=0.9,en;q=0.8", "de"),
        ("pl, fr;q=0.5, es;q=0.7", "es"),
        ("de;q=0, en", "en"),
        ("*", "en"),
        ("", "en"),
        ("de;q=x,,;q=1", "en"),
    ],
)
def test_a_browser_says_which_language_its_reader_likes(accepted: str, language: str) -> None:
    assert asked_for(accepted) == language


@pytest.mark.parametrize("path", ["/me", "/tasks?of=a&b=%20c", "/cases/R-1#x", "/a//b"])
def test_pages_of_ours_are_led_to(path: str) -> None:
    assert is_ours(path)


def test_only_a_page_with_a_short_address_is_kept_for_whoever_signs_in() -> None:
    path = "/cases?q="
    fits = path + "x" * (LONGEST_ONWARD - len(path))
    assert (onward_to(fits), onward_to(fits + "x")) == (fits, HOME)


@pytest.mark.parametrize("path", ["/cases/%00", "/tasks/%00-1", "/board?person=%00", "/board?person=a%00b"])
async def test_no_address_holds_a_nul(console: Console, path: str) -> None:
    assert (await console.visitor(MARGARET).get(path)).status == 404
    assert (await console.visitor().get(path)).status == 404


@pytest.mark.parametrize(
    "token",
    ["x", "A" * 43, "A" * 60_000, "%00", "..%2f", "%F0%9F%92%A9", "'%20OR%201=1--", "<script>", "%0d%0aSet-Cookie:a=b"],
)
async def test_a_forged_link_opens_nothing(console: Console, token: str) -> None:
    visitor = console.visitor()
    await visitor.post("/sign-in", address=console.address_of(MARGARET))
    answer = await visitor.post(f"/sign-in/{token}")
    assert answer.status in (400, 403, 404, 405, 422)
    assert SESSION not in visitor.cookies
    assert "<script>" not in answer.text


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 6_000, "é", '"quoted"', "a=b=c", "%00"])
async def test_a_forged_cookie_is_nobodys(console: Console, cookie: str) -> None:
    visitor = Visitor(
        console.origin, {SESSION: cookie.encode().decode("latin-1"), ASKING: cookie.encode().decode("latin-1")}
    )
    assert (await visitor.get("/me")).status == 303
    assert (await visitor.post("/sign-in/code", code="123456")).status in (303, 422)


async def test_a_link_for_one_browser_does_not_sign_in_another(console: Console) -> None:
    # given an attacker who asks for a link to their own address, and sends it on, to see what others type
    attacker, victim = console.visitor(), console.visitor()
    await attacker.post("/sign-in", address=console.address_of(MARGARET))
    mail = await console.mail(console.address_of(MARGARET))
    # then neither link nor code signs the other in, even where they have asked for one themselves
    await victim.post("/sign-in", address="nobody@example.org")
    assert (await victim.post(link_in(mail))).status == 403
    assert (await victim.post("/sign-in/code", code=code_in(mail))).status == 422
    assert SESSION not in victim.cookies


async def test_what_is_too_large_is_refused(console: Console) -> None:
    visitor = console.visitor()
    ours = {"Sec-Fetch-Site": "same-origin"} | FORM
    assert (await visitor.send("POST", "/sign-in", ours, b"address=" + b"a" * 10_000_000)).status == 413

    def unannounced() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 100_000

    chunked = await visitor.send("POST", "/sign-in", ours, unannounced())
    assert chunked.status == 413
    many = "&".join(f"a{number}=1" for number in range(5_000)).encode()
    assert (await visitor.send("POST", "/sign-in", ours, many)).status == 400
    broken = ours | {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await visitor.send("POST", "/sign-in", broken, b"--y\r\n")).status == 400


ABOUT = "HEAD /about HTTP/1.1\r\nHost: {host}\r\n\r\n"
SIGN_IN = (
    "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 100\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)


@pytest.mark.parametrize(
    ("whole", "begun", "answered"),
    [
        ("", "", b""),
        ("", "GET / HTTP/1.1\r\nHos", b""),
        (ABOUT, "GET / HTTP/1.1\r\nHos", b""),
        ("", SIGN_IN + "addr", b"HTTP/1.1 408 Request Timeout"),
    ],
    ids=["says nothing", "within headers", "within the headers of the next", "within a form"],
)
async def test_whoever_is_too_slow_is_not_waited_for(
    console: Console, monkeypatch: pytest.MonkeyPatch, whole: str, begun: str, answered: bytes
) -> None:
    monkeypatch.setattr(serving, "HEADERS_SECONDS", 0.3)
    monkeypatch.setattr(reading, "READING_SECONDS", 0.3)
    host = urlsplit(console.origin).netloc
    reader, writer = await asyncio.open_connection("127.0.0.1", console.settings.console_port)
    if whole:
        writer.write(whole.format(host=host).encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK")
    writer.write(begun.format(host=host).encode())
    began = time.monotonic()
    assert (await asyncio.wait_for(reader.read(), 20)).startswith(answered)
    assert time.monotonic() - began < 15
    writer.close()


async def test_the_log_says_nothing_that_anybody_sent(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    visitor = console.visitor()
    await visitor.post("/sign-in", address=console.address_of(MARGARET), then="/secret-page")
    link = link_in(await console.mail(console.address_of(MARGARET)))
    await visitor.send(
        "GET", "/evil%0a%1b[31mline?jo@example.org", {"Referer": "jo@example.org", "X-Forwarded-For": "1.2.3.4"}
    )
    await visitor.get(link)
    await visitor.post(link)
    written = "\n".join(
        json.dumps(record.__dict__, default=str) for record in caplog.records if record.name == "waymark.console"
    )
    assert '"page": "web.core.sign_in.redeem"' in written
    for secret in (link.rpartition("/")[2], "example.org", "evil", "secret-page", visitor.cookies[SESSION], "1.2.3.4"):
        assert secret not in written
