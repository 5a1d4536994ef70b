"""How mail reaches somebody: a command of the group `people`."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated

import typer

from cli.core.errors import CommandError
from cli.core.options import Actor, AsJson, an_id
from cli.core.output import say, say_result
from cli.core.resources import run
from domain.core.people import MailChoice
from domain.core.sentences import counted
from engine.settings import load_settings
from service.core.connecting import temporal
from service.core.daily_mail import MailWays, choose, mail_ways
from service.core.environment import records

Person = Annotated[str, typer.Argument(parser=an_id, metavar="P-…", help="A person in the records.")]


def mail(
    person: Person,
    actor: Actor,
    daily: Annotated[bool, typer.Option("--daily", help="One mail a day, with all that is open and new.")] = False,
    each: Annotated[bool, typer.Option("--each", help="Each mail by itself; what has gathered is sent.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how mail reaches somebody, or choose one mail a day for them. For themselves and HR.

    What the policy says goes at once does so all the same: offers, reminders, escalations, what is due soon.
    """
    if daily and each:
        raise CommandError("--daily and --each exclude each other", "usage")
    with records() as database:
        if daily or each:
            choice: MailChoice = "daily" if daily else "each"
            ways = run(choose(temporal, load_settings().task_queue, database, person, actor, choice))
        else:
            ways = mail_ways(database, person, actor)
    if as_json:
        aside = [letter.model_dump() for letter in ways.set_aside]
        say_result({**asdict(replace(ways, set_aside=[])), "set_aside": aside})
    else:
        _say(ways)


def _say(ways: MailWays) -> None:
    said = {"each": "gets each mail by itself", "daily": "gets one mail a day"}[ways.choice]
    say(f"{ways.person} {said}")
    say(f"at work: {ways.email}")
    say(f"before the first day, and without employment after the last: {ways.private_email or 'there too'}")
    if ways.waiting:
        when = "sent now" if ways.choice == "each" else "sent with the next morning's mail"
        say(f"{counted(ways.waiting, 'letter')} waiting, to be {when}")
    for letter in ways.set_aside:
        say(f"letter {letter.letter} of {letter.case} can't be written and waits: what is wrong with it says the log")
