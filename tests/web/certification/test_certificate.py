"""Anybody checks a certificate that they are shown: genuine or not, and why. Nobody signs in; nothing is fetched."""

from __future__ import annotations

import base64
import json
import struct
import urllib.request
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.certification.credentials import CredentialStatus
from records.tables.certification import CredentialRecord
from service.certification.badges import as_text, badge, new_id, picture
from service.certification.verifying import MAX_IMAGE_BYTES
from tests.certificates import ADDRESS, CERTIFICATE, HOLDER, SHOWN, issuer_in, request
from tests.web.console import Answer, Console, open_console
from tests.web.looking import DESKTOP, check_looks
from tests.web.poisoned import program
from tests.web.uploads import send_file
from tests.web.watching import Watch
from web.certification.certificate import AN_ID


@dataclass
class Shown:
    """A console, and a certificate of ours on its records."""

    console: Console
    text: str
    id: str

    async def sent(self, content: bytes, name: str = "badge.json") -> Answer:
        """The answer to somebody who has sent this."""
        return await send_file(self.console.visitor(), "/certificate", name, content)

    async def pasted(self, text: str, address: str = "") -> Answer:
        """The answer to somebody who has pasted this."""
        return await send_file(self.console.visitor(), "/certificate", "", b"", text=text, address=address)

    def becomes(self, status: CredentialStatus) -> None:
        """Its status changes."""
        with self.console.database.session() as session:
            session.get_one(CredentialRecord, self.id).status = status.value


@pytest.fixture
async def shown(filled: Path, tmp_path: Path) -> AsyncIterator[Shown]:
    """A console with one certificate, valid since yesterday for two years."""
    (tmp_path / "waymark.db").write_bytes(filled.read_bytes())  # noqa: ASYNC240
    issuer_in(tmp_path)
    async with open_console(tmp_path) as console:
        yield issued(console)


def issued(console: Console, place: int = 7, **changes: Any) -> Shown:
    """A certificate that was issued yesterday, on record."""
    issuer, since = issuer_in(console.settings.data_dir), console.clock() - timedelta(days=1)
    wanted = request(at=since, valid_from=since, valid_until=since + timedelta(days=730), **changes)
    identity = new_id()
    text = as_text(badge(identity, wanted, ADDRESS, place, issuer))
    with console.database.session() as session:
        session.add(
            CredentialRecord(
                id=identity,
                case_id=wanted.case,
                n=1,
                person=HOLDER,
                certificate=CERTIFICATE.id,
                issuer=issuer.did,
                issued_at=since,
                valid_from=wanted.valid_from,
                valid_until=wanted.valid_until,
                status=CredentialStatus.VALID.value,
                status_since=since,
                status_reason=None,
                status_index=place,
                status_home=issuer.url,
                document=text,
            )
        )
    return Shown(console, text, identity)


async def test_a_genuine_one_says_what_was_shown_and_whose_it_is_only_to_who_has_the_address(shown: Shown) -> None:
    for answer in (
        await shown.sent(shown.text.encode()),
        await shown.sent(picture(shown.text), "badge.svg"),
        await shown.pasted(shown.text),
        await shown.console.visitor().get(f"/certificates/{shown.id.removeprefix('urn:uuid:')}"),
    ):
        assert answer.status == 200
        for said in ("genuine, and valid", "Data professional", "data &amp; æsthetics: level 3", "was not checked"):
            assert said in answer.main
        assert HOLDER not in answer.text
        assert ADDRESS not in answer.text
    assert "belongs to whoever" in (await shown.pasted(shown.text, address="Amara@Example.org")).main
    assert "somebody else" in (await shown.pasted(shown.text, address="bo@example.org")).main


async def test_why_one_does_not_count_is_said(shown: Shown) -> None:
    changed = json.loads(shown.text)
    changed["credentialSubject"]["achievement"]["name"] = "Chief executive"
    tampered = await shown.pasted(json.dumps(changed))
    assert "This is not genuine" in tampered.main
    assert "Chief executive" not in tampered.main
    changed["issuer"] = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    assert "This is not by us" in (await shown.pasted(json.dumps(changed))).main
    for status, title in ((CredentialStatus.SUSPENDED, "is suspended"), (CredentialStatus.REVOKED, "was revoked")):
        shown.becomes(status)
        assert title in (await shown.pasted(shown.text)).main
    shown.becomes(CredentialStatus.VALID)
    shown.console.clock.skip(days=800)
    assert "has expired" in (await shown.pasted(shown.text)).main


async def test_of_an_id_that_is_none_the_page_says_how_ids_look_and_where_else_to_look(shown: Shown) -> None:
    assert (await shown.console.visitor().get(f"/certificates/{shown.id}")).status == 200
    said = set()
    for number in (AN_ID, shown.id[:-1], f"{shown.id}0", "nobody"):
        answer = await shown.console.visitor().get(f"/certificates/{number}")
        assert answer.status == 404
        assert 'action="/certificate"' in answer.text
        said.add(answer.main)
    # whatever is the matter with it, it says the same: where a certificate is sent, and never what was asked for
    (page,) = said
    assert "No such certificate is on record" in page
    assert UUID(AN_ID).version == UUID(shown.id).version == 4
    assert AN_ID in page


def _png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A picture of these chunks, each with its sum."""
    made = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


HEADER = (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))


def bomb() -> bytes:
    """A picture with a text that becomes a thousand times as long; to make one takes a second."""
    text = (b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"0" * 200_000_000, 9))
    return _png(HEADER, text, (b"IEND", b""))


ENTITIES = b'<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9)
)
HOSTILE: Mapping[str, bytes | Callable[[], bytes]] = {
    "a bomb in a picture": bomb,
    "a picture that ends early": _png(HEADER)[:-6],
    "entities that grow": ENTITIES + b"]><svg>&j;</svg>",
    "a file of this machine": b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
    "nested deeply": b"[" * 60_000,
    "nested objects": b'{"a":' * 20_000,
    "a long number": b'{"a": ' + b"9" * 60_000 + b"}",
    "a name twice": b'{"type": "a", "type": "b"}',
    "no text": bytes(range(256)) * 10,
    "a token": b"eyJhbGciOiJub25lIn0." + base64.urlsafe_b64encode(b"{}" * 100).rstrip(b"=") + b".",
    "a script": b"<script>alert(1)</script>",
    "too long a text": b'{"a": "' + b"a" * 900_000 + b'"}',
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_whatever_is_sent_the_answer_is_a_sentence_of_ours(
    shown: Shown, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: Any, **__: Any) -> None:
        raise AssertionError("something was to be fetched")

    monkeypatch.setattr(urllib.request, "urlopen", nobody)
    content = HOSTILE[what]
    answer = await shown.sent(content() if callable(content) else content, "x")
    assert answer.status == 200
    assert "This is no certificate" in answer.main or "be checked here" in answer.main
    assert "alert(1)" not in answer.text
    assert "root:" not in answer.text


async def test_what_is_too_large_or_missing_is_said(shown: Shown) -> None:
    assert (await shown.sent(b"<" * (MAX_IMAGE_BYTES + 1))).status == 413
    missing = await shown.pasted("  ")
    assert missing.status == 422
    assert "Choose the file of a certificate" in missing.main
    assert (await shown.console.visitor().post("/certificate", text="{}")).status == 200  # not as a file, either


async def test_nothing_is_wrong_with_the_pages(shown: Shown, window: Callable[..., Any]) -> None:
    context = await window(**DESKTOP, locale="de-DE")
    page = await context.new_page()
    await check_looks(page, f"{shown.console.origin}/certificate")
    await page.get_by_role("button", name="Prüfen").click()
    await check_looks(page)  # nothing was chosen
    await page.get_by_label("Oder sein Text").fill(shown.text)
    await page.get_by_role("button", name="Prüfen").click()
    await check_looks(page)
    assert "Dieses Zertifikat ist echt und gültig" in await page.inner_text("h1")
    await check_looks(page, f"{shown.console.origin}/certificates/{shown.id[:-1]}", status=404)
    await page.get_by_label("Oder sein Text").fill("{}")
    await page.get_by_role("button", name="Prüfen").click()
    await check_looks(page)


async def test_what_a_certificate_says_stays_text(shown: Shown, window: Callable[..., Any]) -> None:
    # given a genuine certificate whose words would run if a page let them
    say = program("x000x")
    words = CERTIFICATE.model_copy(update={"title": say, "description": say, "criteria": say})
    genuine = issued(shown.console, 8, certificate=words, shown=[SHOWN[0].model_copy(update={"skill": say})])
    # when it is shown
    answer = await genuine.sent(picture(genuine.text), f"{say}.svg")
    assert "genuine, and valid" in answer.main
    assert answer.main.count("x000x") >= 3
    # then its page holds no element that is made of them
    watch = Watch(await (await window()).new_page())
    await watch.show(f"{shown.console.origin}/certificate", answer)
    assert not watch.noticed
