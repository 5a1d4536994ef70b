"""A cohort that is there: look at it and at its matching, and change it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.cohort.view import matching_parts
from cli.core.changing import change, show_state
from cli.core.options import DEFAULT_TIMEOUT, Actor, AsJson, CohortArgument, Reason, Timeout, a_pair
from cli.core.output import say, say_result, show
from cli.core.rendering import ids_in
from cli.core.resources import run
from domain.cohort.requests import PauseCohort, Rematch, ResumeCohort
from domain.core.case import Withdraw
from domain.core.naming import cohort_case
from domain.core.updates import Update
from domain.core.wording import spoken
from presentation.tables import cell, table
from records.tables.cohort import CohortRecord
from service.cohort.viewing import cohorts, seen_by_hr, state_of
from service.core.asking import message
from service.core.connecting import temporal
from service.core.environment import records
from service.core.people import check_known, names_of

PairOption = Annotated[
    list[str] | None,
    typer.Option(
        parser=a_pair, metavar="P-…=P-…", help="A returner and a mentor who must be together; repeat for more."
    ),
]
LiftOption = Annotated[
    list[str] | None,
    typer.Option(parser=a_pair, metavar="P-…=P-…", help="A returner and a mentor of whom neither is to hold any more."),
]
ForbidOption = Annotated[
    list[str] | None,
    typer.Option(
        parser=a_pair, metavar="P-…=P-…", help="A returner and a mentor who must not be together; repeat for more."
    ),
]


def list_all(as_json: AsJson = False) -> None:
    """Show all cohorts: where each stands, and how many take part, have a mentor, and are through."""
    with records() as database:
        found = cohorts(database)
    if as_json:
        say_result([_as_json(cohort) for cohort in found])
    elif found:
        columns = ("Cohort", "Title", "Stage", "Starts", "Ends", "People", "Matched", "Through", "At risk")
        show(table(None, columns, (_line(cohort) for cohort in found)))
    else:
        say("There are no cohorts yet; `cohort launch` starts one.")


def _line(cohort: CohortRecord) -> tuple[object, ...]:
    stage = f"{spoken(cohort.stage)}{', paused' if cohort.paused else ''}"
    counts = (cohort.participants, cohort.matched, cohort.ended)
    return (
        cohort.cohort,
        cohort.title,
        stage,
        cohort.starts_on,
        cohort.ends_on,
        *counts,
        cell("; ".join(cohort.at_risk), "red"),
    )


def _as_json(cohort: CohortRecord) -> dict[str, Any]:
    return {
        "cohort": cohort.cohort,
        "title": cohort.title,
        "stage": cohort.stage,
        "paused": cohort.paused,
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": cohort.ends_on.isoformat() if cohort.ends_on else None,
        "participants": cohort.participants,
        "matched": cohort.matched,
        "ended": cohort.ended,
        "policy": cohort.policy,
        "led_by": cohort.led_by,
        "at_risk": cohort.at_risk,
        "at": cohort.at.isoformat(),
    }


def view(cohort: CohortArgument, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False) -> None:
    """Show a cohort, running or ended: who takes part and how it stands with each, its dates, and what came of it."""
    show_state(lambda client, database: seen_by_hr(client, database, cohort, timeout), as_json=as_json)


def matching(cohort: CohortArgument, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False) -> None:
    """Show the matching that is proposed, or was agreed to last: each pair with its reasons, and who has nobody."""

    async def viewing() -> dict[str, Any]:
        return await state_of(await temporal(), database, cohort, timeout)

    with records() as database:
        state = run(viewing())
        found = {part: state[part] for part in ("proposal", "pins", "forbids")}
        names = {} if as_json else names_of(database, ids_in(found))
    if as_json:
        say_result({"cohort": cohort, **found})
    elif state["proposal"] is None:
        say(f"Nobody in {cohort} has been matched yet.")
    else:
        show(*matching_parts(found, names))


def rematch(
    cohort: CohortArgument,
    actor: Actor,
    reason: Reason,
    pin: PairOption = None,
    forbid: ForbidOption = None,
    lift: LiftOption = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Match those who look for a mentor once more; whoever has one, or is just being asked, is not disturbed.

    What is pinned and forbidden holds for each placement, whoever searches, also after the cohort is closed.
    """
    request = message(Rematch, actor=actor, reason=reason, pin=pin or None, forbid=forbid or None, lift=lift or None)
    with records() as database:
        check_known(database, [person for pair in [*request.pin, *request.forbid] for person in pair.split("=")])
    _change(cohort, Update.REMATCH, request, timeout, as_json=as_json)


def pause(
    cohort: CohortArgument, actor: Actor, reason: Reason, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """Let a cohort stand still from today, and with it all its placements that run; nothing goes on by itself."""
    _change(cohort, Update.PAUSE, message(PauseCohort, actor=actor, reason=reason), timeout, as_json=as_json)


def resume(cohort: CohortArgument, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False) -> None:
    """Let a cohort go on today, and with it the placements that it has paused; all its dates move."""
    _change(cohort, Update.RESUME, message(ResumeCohort, actor=actor), timeout, as_json=as_json)


def close(
    cohort: CohortArgument, actor: Actor, reason: Reason, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """End a cohort now; its placements go on by themselves, and whoever has no mentor yet finds one alone."""
    _change(cohort, Update.WITHDRAW, message(Withdraw, actor=actor, reason=reason), timeout, as_json=as_json)


def _change(cohort: str, update: Update, request: Any, timeout: float, *, as_json: bool) -> None:
    change("cohort", cohort_case(cohort), update, request, timeout, as_json)
