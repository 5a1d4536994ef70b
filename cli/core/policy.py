"""Policies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import AsJson, ExistingFile
from cli.core.output import say, say_result
from cli.core.resources import read_text
from domain.core.policy_rules import CasePolicy
from domain.core.titles import untranslated
from domain.registry.policy_file import PolicyError, read_any_policy, without_source
from domain.registry.policy_weeks import doubtful
from records.errors import RecordsError
from records.queries.core.policies import OtherContent
from service.core.environment import records
from service.core.policies import DEFAULT_POLICY, check_against, check_on_record

app = Commands()


@app.callback()
def policies() -> None:
    """Check a policy before cases are started with it."""


@app.command()
def check(file: ExistingFile, as_json: AsJson = False) -> None:
    """Check a policy file: every key known, every number possible, and its id and version its own.

    It is compared with the other policies beside it, with those that come with Waymark, and with those that cases
    were started with. Values that name no source, titles that lack a translation where others have one,
    and what only longer cases than usual will see, are told and not refused.
    """
    policy = read_any_policy(read_text(file), file.name)
    _check_label(file, policy)
    unsourced, warnings = without_source(policy), doubtful(policy)
    without_translation = untranslated(policy, policy.translations)
    if as_json:
        said = {"policy": policy.label, "title": policy.title, "without_source": unsourced, "warnings": warnings}
        say_result({**said, "without_translation": without_translation})
        return
    say(f"{file.name}: {policy.label}, {policy.title}, can be used")
    for warning in warnings:
        say(f"{file.name}: {warning}")
    if unsourced:
        say(f"Without a source: {', '.join(unsourced)}")
    if without_translation:
        say(f"Without a translation: {', '.join(without_translation)}")


def _check_label(file: Path, policy: CasePolicy) -> None:
    """Refuse a policy whose id and version stand for another content too, in another file or on record."""
    try:
        check_against(policy, _others(file))
        with suppress(RecordsError), records() as database:  # a policy may be checked where there are none
            check_on_record(database, policy)
    except OtherContent as error:
        raise CommandError(f"{file.name}: {error}", "invalid") from None


def _others(file: Path) -> Iterator[tuple[str, CasePolicy]]:
    """The other policies that there are, by their files: beside this one, and those that come with Waymark."""
    there = {
        other.resolve(): other for folder in (file.parent, DEFAULT_POLICY.parent) for other in folder.glob("*.y*ml")
    }
    for place, other in sorted(there.items()):
        if place != file.resolve() and (known := _read(other)) is not None:
            yield other.name, known


def _read(file: Path) -> CasePolicy | None:
    """The policy in a file; none where it is no usable one, which is not what was asked."""
    try:
        return read_any_policy(read_text(file), file.name)
    except (PolicyError, CommandError, OSError):
        return None
