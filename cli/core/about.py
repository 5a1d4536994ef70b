"""What is stored about somebody, and ending their sessions: commands of the group `people`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.core.errors import CommandError
from cli.core.options import Actor, AsJson, a_file_to_write, an_id
from cli.core.output import say, say_result
from domain.core.sentences import counted
from domain.core.wording import spoken
from service.core.about_me import AboutMe
from service.core.about_me import about as stored_about
from service.core.environment import records
from service.core.files import draft_of
from service.core.sessions import end_sessions

Person = Annotated[str, typer.Argument(parser=an_id, metavar="P-…", help="A person in the records.")]


def about(
    person: Person,
    actor: Actor,
    out: Annotated[
        Path | None, typer.Option(parser=a_file_to_write, metavar="FILE", help="Write it as JSON to a file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show all that is stored about somebody (GDPR, article 15). For themselves, and HR of all roles, who hands it on.

    What they said in confidence is shown to themselves alone.
    """
    with records() as database:
        found = stored_about(database, person, actor)
    if out is not None:
        _write(found, out)
    if as_json:
        say_result(found.as_json())
    elif out is not None:
        say(f"What is stored about {person} stands in {out}")
    else:
        _say(found)


def sign_out(person: Person, actor: Actor, as_json: AsJson = False) -> None:
    """Sign somebody out of the console, wherever they are signed in. For themselves and HR."""
    with records() as database:
        ended = end_sessions(database, person, actor)
    if as_json:
        say_result({"person": person, "ended": ended})
    else:
        say(f"{person} is signed out: {counted(ended, 'session')} ended")


def _write(found: AboutMe, out: Path) -> None:
    text = json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n"
    try:
        with draft_of(out) as draft:
            draft.finish(text)
    except OSError as error:
        raise CommandError(f"--out: {out} can't be written: {error.strerror}", "invalid") from None


def _say(found: AboutMe) -> None:
    say(f"What is stored about {found.name} ({found.person})")
    for part in found.stored:
        say(f"\n{part.what}: {len(part.entries)}")
        for entry in part.entries:
            given = (f"{spoken(name)}: {_text(value)}" for name, value in entry.items() if value not in (None, [], {}))
            say(f"- {'; '.join(given)}")
    say("\nNot shown:")
    for left_out in found.not_shown:
        say(f"- {left_out.what}: {left_out.why}")


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
