"""What a command says when it can't do its work, and with which exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pydantic import ValidationError

    from domain.core.sentences import Broken

DONE, REFUSED, USAGE, UNKNOWN, UNREACHABLE = range(5)

CODES = {
    "refused": REFUSED,
    "forbidden": REFUSED,
    "conflict": REFUSED,
    "invalid": REFUSED,
    "aborted": REFUSED,
    "usage": USAGE,
    "settings": USAGE,
    "unknown": UNKNOWN,
    "unreachable": UNREACHABLE,
}
"""The exit code of each kind of error."""


class CommandError(Exception):
    """A command can't do what it was asked; the text is a sentence for whoever asked, ``kind`` one of :data:`CODES`."""

    def __init__(self, sentence: str, kind: str = "refused") -> None:
        super().__init__(sentence)
        self.kind = kind

    @property
    def code(self) -> int:
        """The exit code."""
        return CODES[self.kind]


class Unfit(CommandError):
    """What was given does not fit; the command that was typed says it by its own words, in :mod:`cli.core.usage`."""

    def __init__(self, broken: Sequence[Broken], called: Callable[[str], str | None] = lambda _: None) -> None:
        each = ((called(one.where) or one.where, one.sentence) for one in broken)
        super().__init__("; ".join(": ".join(filter(None, one)) for one in each), "invalid")
        self.broken = broken


def unfit(error: ValidationError) -> Unfit:
    """What of what was given does not fit."""
    from domain.core.sentences import broken_rules

    return Unfit(broken_rules(error))


def explain(error: Exception) -> CommandError | None:
    """An expected error as a sentence and a kind; None for one that is a fault of ours and deserves its traceback."""
    if isinstance(error, CommandError):
        return error
    if isinstance(error, typer.Abort):
        return CommandError("given up; nothing was sent", "aborted")
    return _of_ours(error)


def _of_ours(error: Exception) -> CommandError | None:
    """Looks by module and name, so that explaining one part's error never imports another part. Where it names its
    kind itself, that counts.
    """
    for kind in type(error).__mro__:
        known = _KINDS.get((kind.__module__, kind.__name__))
        if known is not None:
            return CommandError(str(error), getattr(error, "kind", known))
    return None


_KINDS = {
    ("service.core.cant_start", "CantStart"): "refused",
    ("domain.registry.policy_file", "PolicyError"): "invalid",
    ("engine.settings", "SettingsError"): "settings",
    ("engine.connection", "EngineUnreachable"): "unreachable",
    ("engine.search_attributes", "RegistrationError"): "unreachable",
    ("temporalio.service", "RPCError"): "unreachable",
    ("records.database", "RecordsUnreachable"): "unreachable",
    ("records.database", "RecordsError"): "refused",
    ("records.imports.core.report", "ImportRefused"): "invalid",
    ("records.queries.core.people", "Unknown"): "unknown",
    ("records.queries.core.policies", "OtherContent"): "invalid",
    ("records.queries.core.cases", "Unknown"): "unknown",
}


def report(error: CommandError, *, as_json: bool) -> int:
    """Say it on standard error; the exit code."""
    if as_json:
        text = json.dumps({"error": str(error), "kind": error.kind}, ensure_ascii=False)
    else:
        text = typer.style("Error: ", fg="red") + str(error)
    print(text, file=sys.stderr) if as_json else typer.echo(text, err=True)  # noqa: T201
    return error.code
