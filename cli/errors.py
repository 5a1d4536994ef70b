"""What a command says when it can't do its work, and with which exit code."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pydantic import ValidationError

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


def unfit(error: ValidationError) -> CommandError:
    """What of what was given does not fit, each field by the name of its option: ``leave-type: must be …``."""
    from domain.sentences import broken_rules

    each = [(one.where.replace("_", "-"), one.sentence) for one in broken_rules(error)]
    return CommandError("; ".join(": ".join(filter(None, one)) for one in each), "invalid")


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
    ("activities.cant_start", "CantStart"): "refused",
    ("domain.policy_file", "PolicyError"): "invalid",
    ("engine.settings", "SettingsError"): "settings",
    ("engine.connection", "EngineUnreachable"): "unreachable",
    ("engine.search_attributes", "RegistrationError"): "unreachable",
    ("temporalio.service", "RPCError"): "unreachable",
    ("records.database", "RecordsUnreachable"): "unreachable",
    ("records.database", "RecordsError"): "refused",
    ("records.import_report", "ImportRefused"): "invalid",
    ("records.people", "Unknown"): "unknown",
    ("records.policies", "OtherContent"): "invalid",
    ("records.queries", "Unknown"): "unknown",
}


def report(error: CommandError, *, as_json: bool) -> int:
    """Say it on standard error; the exit code."""
    if as_json:
        text = json.dumps({"error": str(error), "kind": error.kind}, ensure_ascii=False)
    else:
        text = typer.style("Error: ", fg="red") + str(error)
    print(text, file=sys.stderr) if as_json else typer.echo(text, err=True)  # noqa: T201
    return error.code
