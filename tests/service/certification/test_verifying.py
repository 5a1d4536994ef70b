"""Looking at certificates: genuine ones, changed ones, and whatever else somebody may hand in."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib import baking
from openbadgeslib.errors import LibOpenBadgesException as OB3VerificationError
from openbadgeslib.ob3 import OpenBadgeCredential, check_credential_status

from domain.certification.credentials import Claims, Finding, Verdict
from service.certification import badges
from service.certification.badges import picture
from service.certification.issuer import Issuer
from service.certification.proofs import MAX_DOCUMENT_BYTES
from service.certification.status_lists import (
    Purpose,
    StatusList,
    UnusableStatusList,
    home_of,
    read_status_list,
    status_list,
)
from service.certification.verifying import MAX_IMAGE_BYTES, lists_say, verify
from tests.certificates import ADDRESS, AT, UNTIL, bit, issuer_in, request, signature_fits

LATER = AT + timedelta(days=100)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""For openbadgeslib, which looks at lists by the clock on the wall."""
INDEX = 12_345
SIZE = 131_072


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return issuer_in(tmp_path_factory.mktemp("issuer"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return issuer_in(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def signed(issuer: Issuer) -> dict[str, Any]:
    return badges.badge(badges.new_id(), request(), ADDRESS, INDEX, issuer)


def stands_well(_: Claims) -> Finding:
    return Finding.VALID


def look(content: bytes | dict[str, Any], *issuers: Issuer, now: datetime = LATER, **more: Any) -> Verdict:
    """Look at a certificate that stands well."""
    read = content if isinstance(content, bytes) else badges.as_text(content).encode()
    return verify(read, issuers=[issuer.did for issuer in issuers], status=stands_well, now=now, **more)


def changed(document: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """A copy of the document with something done to it."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    change(copy)
    return copy


# Genuine, or not


def test_a_genuine_one_is_valid_for_two_implementations(signed: dict[str, Any], issuer: Issuer) -> None:
    verdict = look(signed, issuer)
    assert verdict.valid
    assert verdict.sentence == "Data professional: genuine, and valid until 2029-02-28."
    assert verdict.claims is not None
    assert (verdict.claims.title, verdict.claims.valid_until) == ("Data professional", UNTIL)
    assert signature_fits(signed, issuer.did)


@pytest.mark.parametrize(
    "change",
    [
        lambda badge: badge["credentialSubject"]["achievement"].update(name="Data professionaL"),
        lambda badge: badge.update(validUntil="2039-02-28T09:30:00Z"),
        lambda badge: badge["credentialSubject"]["identifier"][0].update(salt="0" * 32),
        lambda badge: badge["credentialSubject"]["achievement"]["resultDescription"][0].update(requiredValue="6.5"),
        lambda badge: badge.pop("credentialStatus"),
        lambda badge: badge["credentialStatus"].update(statusListIndex="12346"),
        lambda badge: badge["proof"].update(created="2027-03-01T09:30:01Z"),
        lambda badge: badge.update(id="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"),
    ],
)
def test_what_was_changed_is_refused_by_both(
    change: Callable[[dict[str, Any]], object], signed: dict[str, Any], issuer: Issuer
) -> None:
    forged = changed(signed, change)
    assert look(forged, issuer).finding is Finding.TAMPERED
    assert not signature_fits(forged, issuer.did)


def test_what_was_respelled_is_refused_though_its_signature_fits(signed: dict[str, Any], issuer: Issuer) -> None:
    # The same RDF statements, in which no reader of JSON finds an end of validity, or a status
    until = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": signed["validUntil"]}
    endless = changed(signed, lambda badge: badge.pop("validUntil"))
    endless["https://www.w3.org/2018/credentials#validUntil"] = until
    assert signature_fits(endless, issuer.did)
    assert look(endless, issuer, now=UNTIL + timedelta(days=1)).finding is Finding.TAMPERED

    unsigned_addition = changed(signed, lambda badge: badge.update(grade="with distinction"))
    assert look(unsigned_addition, issuer).finding is Finding.TAMPERED


def test_a_name_that_stands_twice_is_refused(signed: dict[str, Any], issuer: Issuer) -> None:
    twice = json.dumps(signed).replace('"name"', '"name": "Chief data professional", "name"', 1)
    assert json.loads(twice) == signed
    assert look(twice.encode(), issuer).finding is Finding.NO_CREDENTIAL


def test_whoever_is_not_trusted_is_another_issuer(signed: dict[str, Any], issuer: Issuer, stranger: Issuer) -> None:
    assert look(signed, stranger).finding is Finding.OTHER_ISSUER
    assert look(signed).finding is Finding.OTHER_ISSUER
    assert look(signed, stranger, issuer).valid
    # A stranger who signs in our name, with a key of their own
    unsigned = changed(signed, lambda badge: badge.pop("proof"))
    assert look(unsigned, issuer).finding is Finding.TAMPERED
    assert look(stranger.sign(unsigned, AT), issuer, stranger).finding is Finding.TAMPERED


def test_it_is_its_holders_by_their_address_which_does_not_stand_in_it(signed: dict[str, Any], issuer: Issuer) -> None:
    assert look(signed, issuer, holder=ADDRESS).valid
    assert look(signed, issuer, holder="bo@example.org").finding is Finding.OTHER_HOLDER
    assert look(signed, issuer, holder=ADDRESS.upper()).valid
    text = badges.as_text(signed)
    for personal in (ADDRESS, "amara", request().holder, request().case):
        assert personal.lower() not in text.lower()


@pytest.mark.parametrize(
    ("now", "finding"),
    [
        (AT - timedelta(seconds=1), Finding.NOT_YET_VALID),
        (AT, Finding.VALID),
        (UNTIL - timedelta(seconds=1), Finding.VALID),
        (UNTIL, Finding.EXPIRED),
    ],
)
def test_it_is_valid_from_its_first_to_its_last_instant(
    now: datetime, finding: Finding, signed: dict[str, Any], issuer: Issuer
) -> None:
    assert look(signed, issuer, now=now).finding is finding


@settings(max_examples=settings().max_examples // 4)
@given(title=st.text(min_size=1, max_size=60), skill=st.text(min_size=1, max_size=30))
def test_whatever_the_title_its_badge_verifies(title: str, skill: str, issuer: Issuer) -> None:
    asked = request()
    certificate = asked.certificate.model_copy(update={"title": title})
    shown = [asked.shown[0].model_copy(update={"skill": skill})]
    document = badges.badge(
        badges.new_id(), asked.model_copy(update={"certificate": certificate, "shown": shown}), ADDRESS, 0, issuer
    )
    text = badges.as_text(document)
    verdict = look(picture(text), issuer)
    assert verdict.valid
    assert verdict.claims is not None
    assert verdict.claims.title == title
    assert signature_fits(document, issuer.did)


# Bytes of any kind


@given(data=st.data())
def test_one_byte_changed_is_noticed_or_means_the_same(
    data: st.DataObject, signed: dict[str, Any], issuer: Issuer
) -> None:
    content = bytearray(badges.as_text(signed).encode())
    where = data.draw(st.integers(0, len(content) - 1))
    content[where] = data.draw(st.integers(0, 255).filter(lambda new: new != content[where]))
    if look(bytes(content), issuer).valid:
        assert json.loads(content) == signed


@given(content=st.binary(max_size=2000) | st.text(max_size=500).map(lambda text: f"<svg>{text}</svg>".encode()))
def test_whatever_is_handed_in_gets_a_verdict(content: bytes, issuer: Issuer) -> None:
    assert look(content, issuer).finding is Finding.NO_CREDENTIAL


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(data=st.data(), value=ANY_JSON)
def test_whatever_a_member_is_replaced_by_gets_a_verdict(
    data: st.DataObject, value: Any, signed: dict[str, Any], issuer: Issuer
) -> None:
    forged = changed(signed, lambda _: None)
    inside: Any = data.draw(st.sampled_from([forged, forged["issuer"], forged["proof"], forged["credentialSubject"]]))
    name = data.draw(st.sampled_from(sorted(inside)))
    same = inside[name] == value
    inside[name] = value
    assert look(json.dumps(forged).encode(), issuer).valid is same


def test_deep_and_long_ones_get_a_verdict(issuer: Issuer) -> None:
    deep = b'{"a":' * 100_000
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>'
    for content in (
        deep,
        b"<a>" * 100_000,
        b" " * (MAX_DOCUMENT_BYTES + 1),
        b"<" * (MAX_IMAGE_BYTES + 1),
        entities,
        b"",
    ):
        assert look(content, issuer).finding is Finding.NO_CREDENTIAL


# Pictures


def test_a_baked_picture_is_as_good_as_the_document(signed: dict[str, Any], issuer: Issuer) -> None:
    text = badges.as_text(signed)
    svg = picture(text)
    assert look(svg, issuer).valid
    assert look(svg.replace(b"Works with data", b"Played with data"), issuer).finding is Finding.TAMPERED

    blank = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    baked = baking.bake_png(blank, text, keyword=baking.ITXT_KEYWORD_OB3)
    assert look(baked, issuer).valid
    assert look(blank, issuer).finding is Finding.NO_CREDENTIAL
    assert look(baked[:-40], issuer).finding is Finding.NO_CREDENTIAL


# Made in a way that can't be checked here


def resigned(issuer: Issuer, document: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The document with other members, signed again."""
    return issuer.sign(changed(document, lambda badge: badge.pop("proof")) | members, AT)


def by_proof(document: dict[str, Any], **members: Any) -> dict[str, Any]:
    return document | {"proof": document["proof"] | members}


TOKEN = ".".join(["eyJhbGciOiJFZERTQSJ9", "eyJpc3MiOiJkaWQ6a2V5In0", "c2lnbmF0dXJl"])


def test_a_list_of_proofs_is_as_good_as_the_one_of_its_issuers_in_it(
    signed: dict[str, Any], issuer: Issuer, stranger: Issuer
) -> None:
    ours, theirs = signed["proof"], resigned(stranger, signed)["proof"]
    unknown = {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023", "proofValue": "u2V0"}
    assert look(signed | {"proof": [ours]}, issuer).valid
    assert look(signed | {"proof": [unknown, theirs, ours]}, issuer).valid
    assert (
        look(signed | {"proof": [ours, ours | {"created": "2027-03-01T09:30:01Z"}]}, issuer).finding is Finding.TAMPERED
    )
    assert "not signed with its issuer's key" in look(signed | {"proof": [theirs]}, issuer).sentence


def test_a_badge_by_its_other_name_and_without_a_status_is_genuine(signed: dict[str, Any], issuer: Issuer) -> None:
    named = resigned(issuer, signed, type=["VerifiableCredential", "AchievementCredential"])
    assert look(named, issuer).valid
    without = changed(signed, lambda badge: [badge.pop("proof"), badge.pop("credentialStatus")])
    content = badges.as_text(issuer.sign(without, AT)).encode()
    for status in (lambda _: None, lists_say([])):
        verdict = verify(content, issuers=[issuer.did], status=status, now=LATER)
        assert verdict.valid
        assert verdict.sentence.endswith("It has no status by which it could be revoked.")


def baked(token: str) -> bytes:
    blank = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    picture: bytes = baking.bake_svg(blank, token, element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3)
    return picture


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda badge: by_proof(badge, cryptosuite="ecdsa-rdfc-2019"), "signed by ecdsa-rdfc-2019"),
        (lambda badge: by_proof(badge, type="Ed25519Signature2020"), "signed by Ed25519Signature2020"),
        (lambda badge: badge | {"proof": [by_proof(badge, cryptosuite="bbs-2023")["proof"]]}, "signed by bbs-2023"),
        (lambda badge: by_proof(badge, cryptosuite="genuine. Really"), "signed by something unnamed"),
        (lambda badge: by_proof(badge, previousProof="urn:uuid:1"), "one of a chain"),
        (
            lambda badge: badge | {"@context": [*badge["@context"], "https://example.org/ours/v1"]},
            "https://example.org/ours/v1",
        ),
        (lambda badge: badge | {"@context": [*badge["@context"], {"name": "urn:x"}]}, "its own definitions"),
        (lambda badge: badge | {"@context": badge["@context"][::-1]}, "first context"),
        (lambda _: TOKEN.encode(), "JSON Web Token"),
        (lambda _: f"  {TOKEN}~eyJ4~\n".encode(), "JSON Web Token"),
        (lambda _: {"type": "EnvelopedVerifiableCredential", "id": f"data:,{TOKEN}"}, "JSON Web Token"),
        (lambda _: baked(TOKEN), "JSON Web Token"),
    ],
)
def test_what_can_not_be_checked_here_is_said_to_be_so(
    change: Callable[[dict[str, Any]], Any], reason: str, signed: dict[str, Any], issuer: Issuer
) -> None:
    verdict = look(change(signed), issuer)
    assert verdict.finding is Finding.UNCHECKABLE
    assert verdict.sentence.startswith("This can't be checked here: ")
    assert reason in verdict.sentence


# Status lists


def one_list(issuer: Issuer, purpose: Purpose, *marked: int, at: datetime = AT) -> dict[str, Any]:
    return status_list(issuer, home_of(issuer), purpose, marked, SIZE, at)


def lists(issuer: Issuer, *, suspended: list[int] | None = None, revoked: list[int] | None = None) -> list[StatusList]:
    """Both lists, read back, with these places set."""
    places = {Purpose.REVOCATION: revoked or [], Purpose.SUSPENSION: [*(suspended or []), *(revoked or [])]}
    made = [one_list(issuer, purpose, *places[purpose]) for purpose in Purpose]
    for document, marked in zip(made, places.values(), strict=True):
        assert signature_fits(document, issuer.did)
        assert not bit(document, 0)
        assert bit(document, INDEX) is (INDEX in marked)
    return [read(document, issuer) for document in made]


def read(made: dict[str, Any], *issuers: Issuer) -> StatusList:
    return read_status_list(json.dumps(made).encode(), [issuer.did for issuer in issuers], LATER)


def by(found: list[StatusList], signed: dict[str, Any], issuer: Issuer) -> Finding:
    content = badges.as_text(signed).encode()
    return verify(content, issuers=[issuer.did], status=lists_say(found), now=LATER).finding


def by_another(made: dict[str, Any], signed: dict[str, Any]) -> bool:
    """Whether openbadgeslib's own check of statuses, which knows nothing of our second list, lets it pass."""
    badge = OpenBadgeCredential.from_vc_document(signed)
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return json.dumps(made).encode()

    try:
        check_credential_status(badge, fetch)
    except OB3VerificationError:
        return False
    finally:
        assert fetched == [made["id"]]
    return True


def test_the_lists_say_how_it_stands(signed: dict[str, Any], issuer: Issuer) -> None:
    assert by(lists(issuer), signed, issuer) is Finding.VALID
    assert by(lists(issuer, revoked=[INDEX - 1, INDEX + 1]), signed, issuer) is Finding.VALID
    assert by(lists(issuer, suspended=[INDEX]), signed, issuer) is Finding.SUSPENDED
    assert by(lists(issuer, revoked=[INDEX]), signed, issuer) is Finding.REVOKED
    assert by(lists(issuer, revoked=[INDEX], suspended=[INDEX]), signed, issuer) is Finding.REVOKED


def test_it_names_one_list_which_every_validator_can_go_by(signed: dict[str, Any], issuer: Issuer) -> None:
    # Open Badges 3.0 has room for one status
    assert isinstance(signed["credentialStatus"], dict)
    clean, marked = (one_list(issuer, Purpose.SUSPENSION, *places, at=LONG_AGO) for places in ((), (INDEX,)))
    assert signed["credentialStatus"]["statusListCredential"] == marked["id"]
    assert by_another(clean, signed)
    assert not by_another(marked, signed)
    # With that one alone, nobody can tell for how long
    assert by([read(clean, issuer)], signed, issuer) is Finding.VALID
    assert by([read(marked, issuer)], signed, issuer) is Finding.WITHHELD


def test_of_former_versions_certificates_each_entry_counts(signed: dict[str, Any], issuer: Issuer) -> None:
    home = home_of(issuer)
    entries = [
        signed["credentialStatus"] | {"statusPurpose": purpose, "statusListCredential": f"{home}/{purpose}"}
        for purpose in ("revocation", "suspension")
    ]
    both = resigned(issuer, signed, credentialStatus=entries)
    assert by(lists(issuer), both, issuer) is Finding.VALID
    assert by(lists(issuer, suspended=[INDEX]), both, issuer) is Finding.SUSPENDED
    assert by(lists(issuer, revoked=[INDEX]), both, issuer) is Finding.REVOKED
    assert by(lists(issuer)[:1], both, issuer) is Finding.STATUS_UNKNOWN


def test_without_its_list_its_status_is_not_known(signed: dict[str, Any], issuer: Issuer, stranger: Issuer) -> None:
    revocation, suspension = lists(issuer)
    assert by([], signed, issuer) is Finding.STATUS_UNKNOWN
    assert by([revocation], signed, issuer) is Finding.STATUS_UNKNOWN
    # A list that is too short for its place, or an entry of a kind that nobody here can read
    short = badges.badge(badges.new_id(), request(), ADDRESS, SIZE, issuer)
    assert by([revocation, suspension], short, issuer) is Finding.STATUS_UNKNOWN
    wide = signed["credentialStatus"] | {"statusSize": 2}
    for status in (wide, [signed["credentialStatus"], wide], "https://example.org/status/1"):
        unreadable = resigned(issuer, signed, credentialStatus=status)
        assert by([revocation, suspension], unreadable, issuer) is Finding.STATUS_UNKNOWN
    # A list at the right address, that another issuer signed
    copied = stranger.sign(changed(one_list(issuer, Purpose.SUSPENSION), lambda document: document.pop("proof"))
                           | {"issuer": stranger.did}, AT)  # fmt: skip
    assert by([read(copied, stranger)], signed, issuer) is Finding.STATUS_UNKNOWN


def test_of_two_lists_of_different_age_the_bad_news_counts(signed: dict[str, Any], issuer: Issuer) -> None:
    assert by([*lists(issuer), *lists(issuer, revoked=[INDEX])], signed, issuer) is Finding.REVOKED


def test_a_list_counts_only_as_its_issuer_signed_it(signed: dict[str, Any], issuer: Issuer, stranger: Issuer) -> None:
    made, clean = one_list(issuer, Purpose.REVOCATION, INDEX), one_list(issuer, Purpose.REVOCATION)
    swapped = changed(made, lambda document: document["credentialSubject"].update(clean["credentialSubject"]))
    relabelled = changed(clean, lambda document: document["credentialSubject"].update(statusPurpose="suspension"))
    theirs = one_list(stranger, Purpose.REVOCATION)
    unsigned = changed(clean, lambda document: document.pop("proof"))
    for refused in (swapped, relabelled, theirs, unsigned, signed, {}):
        with pytest.raises(UnusableStatusList):
            read(refused, issuer)
    with pytest.raises(UnusableStatusList, match="can't be checked here: it is signed as a JSON Web Token"):
        read_status_list(TOKEN.encode(), [issuer.did], LATER)


def test_a_list_counts_from_its_first_to_its_last_instant(issuer: Issuer) -> None:
    unsigned = changed(one_list(issuer, Purpose.SUSPENSION), lambda document: document.pop("proof"))
    until = AT + timedelta(days=1)
    content = json.dumps(issuer.sign(unsigned | {"validUntil": f"{until:%Y-%m-%dT%H:%M:%SZ}"}, AT)).encode()
    assert read_status_list(content, [issuer.did], AT)
    with pytest.raises(UnusableStatusList, match="has run out: it counted until 2027-03-02 09:30 UTC"):
        read_status_list(content, [issuer.did], until)
    with pytest.raises(UnusableStatusList, match="counts only from 2027-03-01 09:30 UTC"):
        read_status_list(content, [issuer.did], AT - timedelta(seconds=1))


def test_a_list_that_stands_the_same_is_the_same_to_the_byte(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    first = one_list(issuer, Purpose.SUSPENSION, INDEX)
    monkeypatch.setattr(time, "time", lambda: 0)
    assert one_list(issuer, Purpose.SUSPENSION, INDEX) == first
