"""Looking at a certificate that somebody shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.core.errors import REFUSED, CommandError
from cli.core.options import AsJson, ExistingFile, a_day_or_instant, a_file
from cli.core.output import say, say_result
from cli.core.resources import read_all, read_text
from domain.certification.credentials import Verdict
from engine.settings import load_settings
from records.queries.certification import credentials
from service.certification.issuer import NoIssuerKey, load_issuers
from service.certification.proofs import ED25519_DID
from service.certification.status_lists import UnusableStatusList, read_status_list
from service.certification.verifying import MAX_IMAGE_BYTES, StatusSource, lists_say
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
    issuers = _trusted(issuer or [], trust)
    with file.open("rb") as opened:
        content = opened.read(MAX_IMAGE_BYTES + 1)
    with _statuses(status_list or [], issuers, now) as status:
        verdict = judge(content, issuers=issuers, status=status, now=now, holder=holder)
    if as_json:
        say_result(_shown(verdict))
    else:
        say(verdict.sentence)
        if verdict.valid and verdict.claims is not None:
            say(f"Issued by {verdict.claims.issuer_name} ({verdict.claims.issuer}).")
            if holder is None:
                say("Whose it is stands in it as a mail address that can't be read: check it with --holder ADDRESS.")
    raise typer.Exit(0 if verdict.valid else REFUSED)


def _trusted(named: list[str], file: Path | None) -> list[str]:
    """The DIDs to trust: those given, else our own, of now and before."""
    lines = [line.partition("#")[0].strip() for line in read_text(file).splitlines()] if file else []
    given = [*named, *filter(None, lines)]
    for did in given:
        if not ED25519_DID.fullmatch(did):
            raise CommandError("an issuer to trust must be the did:key of an Ed25519 key (did:key:z6Mk…)", "invalid")
    if given or file:
        return given
    try:
        return list(load_issuers(load_settings()))
    except NoIssuerKey as error:
        raise CommandError(f"{error}; or say with --issuer whom to trust", "settings") from None


@contextmanager
def _statuses(files: list[Path], issuers: list[str], now: datetime) -> Iterator[StatusSource]:
    """Where statuses are read: from these lists, or from the records."""
    lists = []
    for file in files:
        try:
            lists.append(read_status_list(read_all(file, MOST_LIST_BYTES), issuers, now))
        except UnusableStatusList as error:
            raise CommandError(f"{file.name}: {error}", "invalid") from None
    if lists:
        yield lists_say(lists)
        return

    with records() as database:
        yield credentials.status_by_records(database)


def _shown(verdict: Verdict) -> dict[str, object]:
    claims = verdict.claims.model_dump(mode="json", exclude={"statuses"}) if verdict.claims else None
    return {"finding": verdict.finding.value, "sentence": verdict.sentence, "certificate": claims}
