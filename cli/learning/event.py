"""Completion events: what a learning system says of somebody's e-learning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import DEFAULT_TIMEOUT, STDIN, Actor, AsJson, Timeout, a_file_or_stdin, an_id
from cli.core.output import say, say_result
from cli.core.resources import read_given, run
from domain.core.naming import PATH
from domain.learning.xapi import LARGEST_STATEMENT, HandIn
from records.local_time import with_local_times
from service.core.asking import message, zone_of
from service.core.connecting import temporal
from service.core.environment import records
from service.learning.events import hand_in

PathArgument = Annotated[
    str, typer.Argument(parser=an_id, metavar="CASE", help="An upskilling path, such as U-7F3K2M-DATA1.")
]
BYTES_PER_CHARACTER = 4
"""UTF-8 takes no more."""


app = Commands()


@app.command()
def event(
    case: PathArgument,
    actor: Actor,
    file: Annotated[
        Path, typer.Argument(parser=a_file_or_stdin, metavar="[FILE]", help="The statement; - is standard input.")
    ] = STDIN,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Hand in a completion event: an xAPI statement, signed by a learning system (or plain, if the policy lets it).

    It counts once, however often it is handed in. What comes before its training is kept until then. Several at once,
    as an array or as a record store answers, are taken one by one.
    """
    if not case.startswith(PATH):
        raise CommandError(f"{case} is no upskilling path; only those take completion events", "invalid")
    given = message(HandIn, actor=actor, text=_text(file))
    with records() as database:
        handed_in = run(hand_in(temporal, database, case, given, timeout))
        zone = zone_of(database, handed_in.case)
    if as_json:
        say_result(handed_in.model_dump(mode="json"))
    else:
        say(f"{handed_in.case}: {with_local_times(handed_in.sentence, zone)}")


def _text(file: Path) -> str:
    """What is in a file. Raises :class:`CommandError` where it can be no statement."""
    too_long = f"the statement is longer than {LARGEST_STATEMENT:,} characters"
    content = read_given(file, LARGEST_STATEMENT * BYTES_PER_CHARACTER)
    if len(content) > LARGEST_STATEMENT * BYTES_PER_CHARACTER:
        raise CommandError(too_long, "invalid")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise CommandError("the statement is not UTF-8 text", "invalid") from None
    if not text:
        raise CommandError("the statement is empty", "invalid")
    if len(text) > LARGEST_STATEMENT:
        raise CommandError(too_long, "invalid")
    return text
