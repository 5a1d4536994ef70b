"""Giving a part in a case to somebody else."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.core.changing import say_done
from cli.core.commands import Commands
from cli.core.options import DEFAULT_TIMEOUT, Actor, AsJson, CaseArgument, Reason, Timeout, an_id
from cli.core.resources import run
from domain.core.case import Done
from domain.core.model import Party
from domain.core.reassigning import Reassign
from domain.core.updates import Update
from domain.placement.requests import ReassignMentor
from service.core.asking import ask, message
from service.core.connecting import temporal
from service.core.environment import records
from service.core.people import check_known

app = Commands()


@app.command()
def reassign(
    case: CaseArgument,
    party: Annotated[Party, typer.Argument(metavar="PARTY", help="The part, such as manager or second_manager.")],
    to: Annotated[str, typer.Option(parser=an_id, metavar="P-…", help="Who has the part from now on.")],
    reason: Reason,
    actor: Actor,
    person: Annotated[
        str | None,
        typer.Option("--from", parser=an_id, metavar="P-…", help="Whom they replace, where several have the part."),
    ] = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Give a part in a running case to somebody else, with its open tasks.

    A mentor is asked first, and has to agree: that is the same as `placement reassign-mentor` with --mentor.
    """
    mentor = party is Party.MENTOR
    request = (
        message(ReassignMentor, actor=actor, reason=reason, mentor=to)
        if mentor
        else message(Reassign, actor=actor, party=party, to=to, person=person, reason=reason)
    )
    update = Update.REASSIGN_MENTOR if mentor else Update.REASSIGN

    async def asking() -> Done:
        return await ask(await temporal(), database, case, update, request, Done, timeout)

    with records() as database:
        check_known(database, [actor, to])
        say_done(database, run(asking()), as_json=as_json)
