"""What is raised below the command line has its exit code by its class; what nobody expects has none."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError
from temporalio.service import RPCError, RPCStatusCode

from cli.core.explaining import REMEDIES, WORDS_IN_USE, Words, explained, rule_of
from domain.core.case import Withdraw
from domain.registry.policy_file import PolicyError
from engine.settings import SettingsError
from records.errors import RecordsRefused, RecordsUnreachable
from records.imports.core.report import Problem, Remedy
from service.certification.errors import NoKeyYet
from service.core.errors import (
    CantStart,
    Forgotten,
    HasEnded,
    NeedsReason,
    NoWorker,
    Refused,
    RefusedByCase,
    Unfit,
    Unknown,
    Unreachable,
)
from tests.domain.factories import ROOT

WORDS = Words({"actor": "--as", "back_on": "--back-on"}, ("--as", "me!"))


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (Refused("no"), "conflict", 1),
        (Refused("no", "forbidden"), "forbidden", 1),
        (CantStart("no"), "refused", 1),
        (HasEnded("no", "conflict"), "conflict", 1),
        (Unknown("no"), "unknown", 3),
        (Unreachable("no"), "unreachable", 4),
        (RecordsUnreachable("no"), "unreachable", 4),
        (RecordsRefused("no"), "refused", 1),
        (RPCError("no", RPCStatusCode.UNAVAILABLE, b""), "unreachable", 4),
        (SettingsError("no"), "settings", 2),
        (PolicyError("no"), "invalid", 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_the_class_of_an_error_says_the_exit_code(error: Exception, kind: str, code: int) -> None:
    said = explained(error, WORDS)

    assert said is not None
    assert (str(said), said.kind, said.code) == ("no", kind, code)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NeedsReason("one more needs a reason"), "one more needs a reason (--beside)"),
        (HasEnded("it has ended; name another case"), "it has ended; name another case"),
        (NoWorker("no worker answered"), "no worker answered (start one with `make worker`)"),
        (Forgotten("it has ended", "R-1"), "it has ended (`decisions R-1` and `pay R-1` show what stays on record)"),
        (
            RefusedByCase("party: a mentor is asked first, and has to agree; the mentor can be changed instead"),
            "party: a mentor is asked first, and has to agree; the mentor can be changed instead (`placement "
            "reassign-mentor`)",
        ),
        (
            RefusedByCase("R-1-3 (exam) can't be reopened: the path goes on; it can be ended early instead"),
            "R-1-3 (exam) can't be reopened: the path goes on; it can be ended early instead (`upskilling withdraw`)",
        ),
        (NoKeyYet("there is no key"), "there is no key (`certificate key --new`)"),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, Exception) else "",
)
def test_what_helps_is_said_where_the_command_has_it(error: Exception, sentence: str) -> None:
    # Given a command by which somebody can say why one case starts beside another, but can name no case and no issuer
    assert str(explained(error, Words({"beside": "--beside"}, ()))) == sentence


def test_what_helps_against_a_problem_in_a_file_is_said_by_the_options_that_the_command_has() -> None:
    """Given a rule of which the records say only what would help, then each way in adds how it is said there."""
    beside = Problem(where="row 2", column="id", rule="has a placement that runs, R-1", remedy=Remedy.BESIDE)
    order = Problem(where="row 2", column="on", rule="must be a date", remedy=Remedy.DAY_ORDER)

    WORDS_IN_USE.set(Words({"day_order": "--day-order"}, ()))

    assert rule_of(order) == "must be a date (declare it: --day-order dmy, mdy or ymd)"
    assert rule_of(beside) == beside.rule
    assert REMEDIES.keys() == set(Remedy)


def test_no_layer_below_names_an_option_of_the_command_line() -> None:
    """Nor a command: other ways in, as the console, show the same sentences."""
    named = re.compile(r"""["' (]--[a-z][a-z-]+|(?<!`)`(placement|upskilling|certificate|cohort|reassign|people)\b""")
    named_in = [
        f"{file.relative_to(ROOT)}:{number}"
        for layer in ("domain", "workflows", "activities", "records", "service", "rehearsal")
        for file in sorted((ROOT / layer).rglob("*.py"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if named.search(line)
    ]
    assert named_in == []


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    assert explained(KeyError("tasks"), WORDS) is None


def test_what_does_not_fit_is_told_by_the_word_of_the_command_and_as_it_was_typed() -> None:
    with pytest.raises(ValidationError) as found:
        Withdraw(actor="ME!", reason="moved")

    assert str(explained(Unfit.by(found.value), WORDS)).startswith("--as: must be the id of a person")
    assert str(explained(Unfit.by(found.value), WORDS)).endswith("not “me!”")
    assert str(explained(RefusedByCase("back_on: must be later", "invalid"), WORDS)) == "--back-on: must be later"
    assert str(explained(RefusedByCase("R-1: has ended", "conflict"), WORDS)) == "R-1: has ended"
