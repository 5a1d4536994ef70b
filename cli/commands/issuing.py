"""The issuer of certificates: its key, and the status lists it publishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import CommandError
from cli.options import AsJson
from cli.output import say, say_result
from cli.resources import records

if TYPE_CHECKING:
    from engine.issuer import Issuer

New = Annotated[bool, typer.Option("--new", help="Make the key; refused where there is one.")]


def key(new: New = False, as_json: AsJson = False) -> None:
    """Show the DID of our issuer key: what others need to know in order to trust our certificates."""
    issuer = _issuer(new=new)
    if as_json:
        say_result({"did": issuer.did, "name": issuer.name, "url": issuer.url})
    else:
        say(f"{issuer.did}\nissues certificates as {issuer.name}, status lists at {issuer.url}/status/")


def status_lists(as_json: AsJson = False) -> None:
    """Write both status lists anew from the records. Workers do so whenever something changes."""
    from activities.publishing import publish_status_lists
    from engine.settings import load_settings

    issuer = _issuer()
    with records() as database:
        try:
            files = publish_status_lists(database, issuer, load_settings())
        except OSError as error:
            raise CommandError(f"the status lists can't be written: {error.strerror}") from None
    if as_json:
        say_result({"files": [str(file) for file in files]})
    else:
        say("\n".join(str(file) for file in files))


def _issuer(*, new: bool = False) -> Issuer:
    from engine.issuer import NoIssuerKey, load_issuer, make_issuer_key
    from engine.settings import load_settings

    try:
        return make_issuer_key(load_settings()) if new else load_issuer(load_settings())
    except NoIssuerKey as error:
        raise CommandError(str(error), "refused" if new else "settings") from None
