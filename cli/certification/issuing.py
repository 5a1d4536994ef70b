"""The issuer of certificates: its key, and the status lists it publishes."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.core.errors import CommandError
from cli.core.options import AsJson
from cli.core.output import say, say_result
from engine.settings import load_settings
from service.certification.issuer import key_missing, load_issuers, make_issuer_key, replace_issuer_key
from service.certification.publishing import publish_status_lists
from service.core.environment import records

New = Annotated[bool, typer.Option("--new", help="Make the key; refused where there is one.")]
Replace = Annotated[
    bool, typer.Option("--replace", help="Make a new key, and keep the present one: it goes on signing its own lists.")
]


def key(new: New = False, replace: Replace = False, as_json: AsJson = False) -> None:
    """Show the DIDs of our issuer keys: what others need to know in order to trust our certificates."""
    if new and replace:
        raise CommandError("give --new where there is no key yet, --replace where there is one", "usage")
    settings = load_settings()
    if new:
        make_issuer_key(settings)
    if replace:
        replace_issuer_key(settings)
    issuer, *earlier = load_issuers(settings).values()
    if as_json:
        before = [kept.did for kept in earlier]
        say_result({"did": issuer.did, "name": issuer.name, "url": issuer.url, "earlier": before})
        return
    say(f"{issuer.did}\nissues certificates as {issuer.name}, status lists below {issuer.url}/status/")
    if earlier:
        say("Earlier keys, whose certificates are still about; name these DIDs too to whoever checks:")
        say("\n".join(kept.did for kept in earlier))


def status_lists(as_json: AsJson = False) -> None:
    """Write the status lists of all our keys anew from the records. Workers do so whenever something changes."""
    settings = load_settings()
    issuers = load_issuers(settings)
    with records() as database:
        try:
            published = publish_status_lists(database, issuers, settings)
        except OSError as error:
            raise CommandError(f"the status lists can't be written: {error.strerror}") from None
    if as_json:
        addresses = {str(file): address for file, address in published.files.items()}
        say_result({"files": list(addresses), "addresses": addresses, "without_key": published.without_key})
        return
    for file, address in published.files.items():
        say(f"{file}\n    to be served at {address}")
    for did in published.without_key:
        say(f"Not written: {key_missing(did, settings)}.")
