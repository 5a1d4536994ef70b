"""Looking at certificates: genuine ones, changed ones, and whatever else somebody may hand in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib import baking

from activities import badges
from domain.credentials import CredentialStatus, Finding, Verdict
from engine.issuer import Issuer
from engine.proofs import MAX_DOCUMENT_BYTES
from engine.status_lists import Purpose, StatusList, UnusableStatusList, read_status_list, status_list
from engine.verifying import MAX_IMAGE_BYTES, lists_say, verify
from tests.certificates import ADDRESS, AT, UNTIL, bit, issuer_in, request, signature_fits

LATER = AT + timedelta(days=100)
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


def look(content: bytes | dict[str, Any], *issuers: Issuer, now: datetime = LATER, **more: Any) -> Verdict:
    """Look at a certificate that stands well."""
    read = content if isinstance(content, bytes) else badges.as_text(content).encode()
    return verify(read, issuers=[one.did for one in issuers], status=lambda _: CredentialStatus.VALID, now=now, **more)


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
        lambda one: one["credentialSubject"]["achievement"].update(name="Data professionaL"),
        lambda one: one.update(validUntil="2039-02-28T09:30:00Z"),
        lambda one: one["credentialSubject"]["identifier"][0].update(salt="0" * 32),
        lambda one: one["credentialSubject"]["achievement"]["resultDescription"][0].update(requiredValue="6.5"),
        lambda one: one["credentialStatus"].pop(0),
        lambda one: one["credentialStatus"][0].update(statusListIndex="12346"),
        lambda one: one["proof"].update(created="2027-03-01T09:30:01Z"),
        lambda one: one.update(id="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"),
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
    endless = changed(signed, lambda one: one.pop("validUntil"))
    endless["https://www.w3.org/2018/credentials#validUntil"] = until
    assert signature_fits(endless, issuer.did)
    assert look(endless, issuer, now=UNTIL + timedelta(days=1)).finding is Finding.TAMPERED

    unsigned_addition = changed(signed, lambda one: one.update(grade="with distinction"))
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
    unsigned = changed(signed, lambda one: one.pop("proof"))
    assert look(unsigned, issuer).finding is Finding.TAMPERED
    assert look(stranger.sign(unsigned, AT), issuer, stranger).finding is Finding.TAMPERED


def test_it_is_its_holders_by_their_address_which_does_not_stand_in_it(signed: dict[str, Any], issuer: Issuer) -> None:
    assert look(signed, issuer, holder=ADDRESS).valid
    assert look(signed, issuer, holder="bo@example.org").finding is Finding.OTHER_HOLDER
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


@given(title=st.text(min_size=1, max_size=60), skill=st.text(min_size=1, max_size=30))
def test_whatever_the_title_its_badge_verifies(title: str, skill: str, issuer: Issuer) -> None:
    asked = request()
    certificate = asked.certificate.model_copy(update={"title": title})
    shown = [asked.shown[0].model_copy(update={"skill": skill})]
    document = badges.badge(
        badges.new_id(), asked.model_copy(update={"certificate": certificate, "shown": shown}), ADDRESS, 0, issuer
    )
    text = badges.as_text(document)
    verdict = look(badges.picture(text), issuer)
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
    svg = badges.picture(text)
    assert look(svg, issuer).valid
    assert look(svg.replace(b"Works with data", b"Played with data"), issuer).finding is Finding.TAMPERED

    blank = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    baked = baking.bake_png(blank, text, keyword=baking.ITXT_KEYWORD_OB3)
    assert look(baked, issuer).valid
    assert look(blank, issuer).finding is Finding.NO_CREDENTIAL
    assert look(baked[:-40], issuer).finding is Finding.NO_CREDENTIAL


# Status lists


def lists(issuer: Issuer, **marked: list[int]) -> list[StatusList]:
    """Both lists, read back: ``revocation=[7]``."""
    made = [status_list(issuer, purpose, marked.get(purpose, []), SIZE, AT) for purpose in Purpose]
    for one in made:
        assert signature_fits(one, issuer.did)
        assert not bit(one, 0)
        assert bit(one, INDEX) is (INDEX in marked.get(one["credentialSubject"]["statusPurpose"], []))
    return [read_status_list(json.dumps(one).encode(), [issuer.did], LATER) for one in made]


def by(found: list[StatusList], signed: dict[str, Any], issuer: Issuer) -> Finding:
    content = badges.as_text(signed).encode()
    return verify(content, issuers=[issuer.did], status=lists_say(found), now=LATER).finding


def test_the_lists_say_how_it_stands(signed: dict[str, Any], issuer: Issuer) -> None:
    assert by(lists(issuer), signed, issuer) is Finding.VALID
    assert by(lists(issuer, revocation=[INDEX - 1, INDEX + 1]), signed, issuer) is Finding.VALID
    assert by(lists(issuer, suspension=[INDEX]), signed, issuer) is Finding.SUSPENDED
    assert by(lists(issuer, revocation=[INDEX]), signed, issuer) is Finding.REVOKED
    assert by(lists(issuer, revocation=[INDEX], suspension=[INDEX]), signed, issuer) is Finding.REVOKED


def test_without_both_lists_its_status_is_not_known(signed: dict[str, Any], issuer: Issuer) -> None:
    revocation, suspension = lists(issuer)
    assert by([], signed, issuer) is Finding.STATUS_UNKNOWN
    assert by([revocation], signed, issuer) is Finding.STATUS_UNKNOWN
    assert by([suspension, suspension], signed, issuer) is Finding.STATUS_UNKNOWN
    # A list that is too short for its place, or an entry of a kind that nobody here can read
    short = badges.badge(badges.new_id(), request(), ADDRESS, SIZE, issuer)
    assert by([revocation, suspension], short, issuer) is Finding.STATUS_UNKNOWN
    unsigned = changed(signed, lambda one: one.pop("proof"))
    unsigned["credentialStatus"][0]["statusSize"] = 2
    assert by([revocation, suspension], issuer.sign(unsigned, AT), issuer) is Finding.STATUS_UNKNOWN


def test_of_two_lists_of_different_age_the_bad_news_counts(signed: dict[str, Any], issuer: Issuer) -> None:
    assert by([*lists(issuer), *lists(issuer, revocation=[INDEX])], signed, issuer) is Finding.REVOKED


def test_a_list_counts_only_as_its_issuer_signed_it(signed: dict[str, Any], issuer: Issuer, stranger: Issuer) -> None:
    made = status_list(issuer, Purpose.REVOCATION, [INDEX], SIZE, AT)
    clean = status_list(issuer, Purpose.REVOCATION, [], SIZE, AT)
    swapped = changed(made, lambda one: one["credentialSubject"].update(clean["credentialSubject"]))
    relabelled = changed(clean, lambda one: one["credentialSubject"].update(statusPurpose="suspension"))
    theirs = status_list(stranger, Purpose.REVOCATION, [], SIZE, AT)
    unsigned = changed(clean, lambda one: one.pop("proof"))
    for refused in (swapped, relabelled, theirs, unsigned, signed, {}):
        with pytest.raises(UnusableStatusList):
            read_status_list(json.dumps(refused).encode(), [issuer.did], LATER)
    run_out = issuer.sign(unsigned | {"validUntil": "2027-03-02T00:00:00Z"}, AT)
    with pytest.raises(UnusableStatusList, match="run out"):
        read_status_list(json.dumps(run_out).encode(), [issuer.did], LATER)
