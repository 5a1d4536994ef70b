"""Which mail addresses the mailer takes, and how two ways to write one are known as the same."""

from __future__ import annotations

from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.core.addresses import comparable, fault_of, for_mail


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("amara@example.org", "amara@example.org"),
        ("Amara.O'Neil+work@Example.ORG", "Amara.O'Neil+work@example.org"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("a@bu\u0308cher.example", "a@xn--bcher-kva.example"),  # u and a combining diaeresis
        ("a@例え。テスト", "a@xn--r8jz45g.xn--zckzah"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
    ],
)
def test_an_address_that_is_taken_goes_out_in_ascii(address: str, sent: str) -> None:
    assert fault_of(address) is None
    assert for_mail(address) == sent


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("", "must be one mail address"),
        ("amara", "must be one mail address"),
        ("@example.org", "must be one mail address"),
        ("a@b@example.org", "must be one mail address"),
        ("amara@example", "a domain with a dot"),
        ("amára@example.org", "only ASCII letters before the @"),
        ("陈@example.org", "only ASCII letters before the @"),
        ("bo..b@example.org", "single dots"),
        (".bo@example.org", "single dots"),
        ("bo.@example.org", "single dots"),
        ('"bo b"@example.org', "before the @"),
        ("bo b@example.org", "before the @"),
        ("Bo <bo@example.org>", "before the @"),
        ("a\nb@example.org", "before the @"),
        ("a\n@example.org", "before the @"),
        (f"{'a' * 65}@example.org", "more than 64 characters before the @"),
        ("bo@example..org", "after the @"),
        ("bo@-example.org", "after the @"),
        ("bo@exa_mple.org", "after the @"),
        ("bo@exam ple.org", "after the @"),
        ("bo@example.org\n", "after the @"),
        ("bo@[192.0.2.1]", "after the @"),
        ("bo@192.0.2.1", "name of a domain"),
        (f"bo@{'a' * 64}.org", "after the @"),
        (f"bo@{'ü' * 60}.org", "xn--"),
        (f"bo@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.org", "name of a domain"),
        (f"{'b' * 60}@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}", "longer than 254"),
        ("bo@straße.example", "xn--"),
        ("bo@exa\u200bmple.org", "xn--"),
        ("bo@ｅxample.org", "xn--"),
        ("bo@exam\u202eple.org", "xn--"),
        ("bo@\ud800.org", "xn--"),
    ],
)
def test_an_address_that_would_be_refused_says_which_rule_it_breaks(address: str, rule: str) -> None:
    fault = fault_of(address)
    assert fault is not None
    assert fault.startswith("must ")
    assert rule in fault
    assert not address or address not in fault


@given(some.text(max_size=20) | some.text("aB1.-@ü ", max_size=20) | some.emails())
def test_what_is_taken_is_one_recipient_in_a_header(address: str) -> None:
    if fault_of(address):
        return
    mail = EmailMessage(policy=policy.SMTP)
    mail["To"] = Address("", addr_spec=for_mail(address))
    assert [header_address.addr_spec for header_address in mail["To"].addresses] == [for_mail(address)]
    assert for_mail(for_mail(address)) == for_mail(address)
    assert mail["To"].isascii()


def test_addresses_are_the_same_without_case_and_in_either_form_of_their_domain() -> None:
    ways = ("Amara@Bücher.example", "amara@bücher.EXAMPLE", "AMARA@xn--bcher-kva.example", "amara@bu\u0308cher.example")
    assert len({comparable(way) for way in ways}) == 1
    assert comparable("amara@example.org") != comparable("amara@example.com")
    assert comparable("No Address") == comparable("no address")
