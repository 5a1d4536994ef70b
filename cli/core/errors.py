"""What a command says when it can't do its work, and with which exit code; errors of use cases: see ``explaining``."""

from __future__ import annotations

import json
import sys

import typer

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
    """A command can't do what it was asked; the text is a sentence for whoever asked, ``kind`` one of :data:`CODES`.

    ``reason`` is the sentence without the options and commands that help, where it has any, for programs with others.
    """

    def __init__(self, sentence: str, kind: str = "refused", reason: str | None = None) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.reason = reason if reason != sentence else None

    @property
    def code(self) -> int:
        """The exit code."""
        return CODES[self.kind]


def report(error: CommandError, *, as_json: bool) -> int:
    """Say it on standard error; the exit code."""
    if as_json:
        without_help = {"reason": error.reason} if error.reason else {}
        text = json.dumps({"error": str(error), "kind": error.kind, **without_help}, ensure_ascii=False)
    else:
        text = typer.style("Error: ", fg="red") + str(error)
    print(text, file=sys.stderr) if as_json else typer.echo(text, err=True)  # noqa: T201
    return error.code
