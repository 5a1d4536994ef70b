"""Looking at a certificate that somebody shows."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli.core.errors import REFUSED
from cli.core.options import AsJson, ExistingFile, a_day_or_instant, a_file
from cli.core.output import say, say_result
from cli.core.resources import read_all, read_bytes, read_text
from domain.certification.credentials import Verdict
from engine.settings import load_settings
from records.queries.certification import credentials
from service.certification.verifying import MAX_IMAGE_BYTES, status_by_lists, trusted_issuers
from service.certification.verifying import verify as judge
from service.core.environment import records

MOST_LIST_BYTES = 4 * 2**20
"""A status list is packed; one of a million certificates is not nearly as large."""

StatusLists = Annotated[
    list[Path] | None,
    typer.Option(
        "--status-list",
        metavar="FILE",
        parser=a_file,
        help="A status list of the issuer's; several times for several. Without: what the records say.",
    ),
]
Issuers = Annotated[
    list[str] | None,
    typer.Option("--issuer", metavar="DID", help="Whom to trust, instead of our own issuer keys; several times."),
]
Trust = Annotated[
    Path | None,
    typer.Option(metavar="FILE", parser=a_file, help="The same from a file: a DID a line, # for notes."),
]
Holder = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="The mail address of whoever shows it; it must be theirs.")
]
At = Annotated[
    datetime | None,
    typer.Option(parser=a_day_or_instant, metavar="DATE", help="The day (or instant, UTC) to look from; now without."),
]


def verify(
    file: ExistingFile,
    status_list: StatusLists = None,
    issuer: Issuers = None,
    trust: Trust = None,
    holder: Holder = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a certificate is genuine and still stands: exit code 0 if so, else 1 with the reason.

    FILE is the certificate as JSON, or the SVG or PNG it is baked into. Nothing is fetched from anywhere.
    """
    now = at.replace(tzinfo=UTC) if at else datetime.now(UTC)
    issuers = trusted_issuers([*(issuer or []), *_named_in(trust)] if issuer or trust else None, load_settings())
    judging = partial(judge, read_bytes(file, MAX_IMAGE_BYTES), issuers=issuers, now=now, holder=holder)
    if status_list:
        lists = [(each.name, read_all(each, MOST_LIST_BYTES)) for each in status_list]
        verdict = judging(status=status_by_lists(lists, issuers, now))
    else:
        with records() as database:
            verdict = judging(status=credentials.status_by_records(database))
    if as_json:
        say_result(_shown(verdict))
    else:
        say(verdict.sentence)
        if verdict.valid and verdict.claims is not None:
            say(f"Issued by {verdict.claims.issuer_name} ({verdict.claims.issuer}).")
            if holder is None:
                say("Whose it is stands in it as a mail address that can't be read: check it with --holder ADDRESS.")
    raise typer.Exit(0 if verdict.valid else REFUSED)


def _named_in(file: Path | None) -> list[str]:
    """The DIDs in a file, a line each; what follows a # is a note."""
    lines = [line.partition("#")[0].strip() for line in read_text(file).splitlines()] if file else []
    return list(filter(None, lines))


def _shown(verdict: Verdict) -> dict[str, object]:
    claims = verdict.claims.model_dump(mode="json", exclude={"statuses"}) if verdict.claims else None
    return {"finding": verdict.finding.value, "sentence": verdict.sentence, "certificate": claims}
