"""Duties beyond cases, what is stored about somebody, and signing somebody out, from the command line."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

HR, BOSS, RETURNER = "P-7LM2ZA", "P-5HN3TC", "P-2HD9WQ"


def test_duties_are_granted_listed_and_revoked(staffed: CommandLine) -> None:
    assert "No duties are granted." in staffed("access", "list")
    said = staffed("access", "grant", HR.lower(), "hr", "--all-roles")
    assert f"({HR}) is HR of all roles, granted by whoever held the machine on " in said
    granted = staffed.json("access", "grant", BOSS, "hr", "--role", "data1", "--as", HR)
    assert (granted["person"], granted["duty"], granted["role"], granted["by"]) == (BOSS, "hr", "DATA1", HR)
    staffed("access", "grant", RETURNER, "operator", "--as", HR)

    assert f"({RETURNER}) is operator no more" in staffed("access", "revoke", RETURNER, "operator", "--as", HR)

    shown = staffed.json("access", "list")
    assert [(entry["person"], entry["role"]) for entry in shown["grants"]] == [(HR, None), (BOSS, "DATA1")]
    assert HR in shown["named_by_roles"]["DATA1"]
    listed = staffed("access", "list", "--all")
    assert "who held the machine" in listed
    assert "operator" in listed
    assert [entry["duty"] for entry in staffed.json("access", "list", RETURNER, "--all")["grants"]] == ["operator"]


def test_who_may_not_grant_is_told_who_may(staffed: CommandLine) -> None:
    staffed("access", "grant", HR, "hr", "--all-roles")
    assert f"{HR} is HR of all roles" in staffed("access", "grant", BOSS, "operator", code=1)
    refused = staffed("access", "grant", BOSS, "operator", "--as", BOSS, code=1)
    assert f"{BOSS} can't grant or revoke duties: it is for HR of all roles" in refused
    assert staffed.error("access", "revoke", BOSS, "operator", "--as", HR, code=1)["kind"] == "conflict"


def test_what_makes_no_sense_is_told(staffed: CommandLine) -> None:
    for words in (("hr",), ("hr", "--role", "DATA1", "--all-roles")):
        assert "--role ROLE or --all-roles" in staffed("access", "grant", HR, *words, code=2)
    assert "operators are of no role" in staffed("access", "grant", HR, "operator", "--role", "DATA1", code=2)
    assert "boss" in staffed("access", "grant", HR, "boss", code=2)
    assert "no role NONE" in staffed("access", "grant", HR, "hr", "--role", "NONE", code=3)
    assert "no person P-NOBODY" in staffed("access", "list", "P-NOBODY", code=3)


def test_what_is_stored_about_somebody_is_written_to_a_file_for_themselves(
    staffed: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "about.json"
    assert str(file) in staffed("people", "about", RETURNER, "--as", RETURNER, "--out", str(file))
    about = json.loads(file.read_text(encoding="utf-8"))
    assert about == {**staffed.json("people", "about", RETURNER, "--as", RETURNER), "at": about["at"]}
    assert about["stored"][0]["entries"][0]["id"] == RETURNER
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    shown = staffed("people", "about", RETURNER, "--as", RETURNER)
    assert "You, as HR has imported it: 1\n- id: P-2HD9WQ" in shown
    assert "Not shown:" in shown
    assert "for themselves and HR of all roles" in staffed("people", "about", RETURNER, "--as", BOSS, code=1)


def test_hr_signs_somebody_out(staffed: CommandLine) -> None:
    assert "0 sessions ended" in staffed("people", "sign-out", BOSS, "--as", HR)
    assert staffed.json("people", "sign-out", BOSS, "--as", BOSS) == {"person": BOSS, "ended": 0}
    assert "for themselves and HR" in staffed("people", "sign-out", BOSS, "--as", RETURNER, code=1)


def test_whose_account_is_whose_is_said_by_whoever_may_grant_duties(
    staffed: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "there is no identity provider" in staffed("access", "link", BOSS, "one", code=2)
    for name, value in (("ISSUER", "https://login.example.org"), ("CLIENT_ID", "waymark"), ("CLIENT_SECRET", "secret")):
        monkeypatch.setenv(f"WAYMARK_OIDC_{name}", value)
    staffed("access", "grant", HR, "hr", "--all-roles")
    assert "say who does it" in staffed("access", "link", BOSS, "one", code=1)
    assert f"({BOSS}) signs in by the account one" in staffed("access", "link", BOSS, "one", "--as", HR)
    # another account of theirs takes its place; that of somebody else stays theirs
    assert staffed.json("access", "link", BOSS, "two", "--as", HR)["by_hand"]
    assert f"this account is that of {BOSS}" in staffed("access", "link", RETURNER, "two", "--as", HR, code=1)
    assert "1 to 255 characters" in staffed("access", "link", RETURNER, "a" * 256, "--as", HR, code=1)
    (account,) = staffed.json("access", "list")["accounts"]
    assert (account["person"], account["subject"], account["by"]) == (BOSS, "two", HR)
    assert "Accounts at the identity provider" in staffed("access", "list")

    assert staffed.json("access", "unlink", BOSS, "--as", HR) == {"person": BOSS, "unlinked": 1}
    assert "has no account" in staffed("access", "unlink", BOSS, "--as", HR, code=1)
