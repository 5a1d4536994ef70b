"""Policies."""

from __future__ import annotations

import typer

from cli.options import AsJson, ExistingFile
from cli.output import say, say_result
from cli.resources import read_text

app = typer.Typer(help="Check a policy before cases are started with it.", no_args_is_help=True)


@app.callback()
def policies() -> None:
    """Check a policy before cases are started with it."""


@app.command()
def check(file: ExistingFile, as_json: AsJson = False) -> None:
    """Check a policy file: every key known, every number possible. Values that name no source are told, not refused."""
    from domain.policy_file import read_any_policy, without_source

    policy = read_any_policy(read_text(file), file.name)
    unsourced = without_source(policy)
    if as_json:
        say_result({"policy": policy.label, "title": policy.title, "without_source": unsourced})
        return
    say(f"{file.name}: {policy.label}, {policy.title}, can be used")
    if unsourced:
        say(f"Without a source: {', '.join(unsourced)}")
