"""Upskilling paths: start one, change a running one, look at one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer

from cli.core.changing import change, check_programme, say_done, say_started, show_case
from cli.core.commands import Commands
from cli.core.options import (
    DEFAULT_TIMEOUT,
    Actor,
    AsJson,
    Beside,
    CaseArgument,
    Certificate,
    Cohort,
    Day,
    IfReason,
    LearningPolicyFile,
    Profile,
    Reason,
    SecondsPerDay,
    Timeout,
    a_day,
    an_amount,
    an_id,
)
from cli.core.resources import read_learning_policy, run
from domain.core.case import Withdraw
from domain.core.clock import REAL_LIFE
from domain.core.updates import Update
from domain.learning.requests import ChangeRole, PausePath, ResumePath, StateHours
from engine.settings import load_settings
from service.core.asking import message
from service.core.connecting import temporal
from service.core.environment import records
from service.core.policies import DEFAULT_LEARNING_POLICY
from service.learning.starting import WantedPath, goal_of, start_path
from service.learning.starting import change_role as lead_elsewhere

app = Commands()


@app.command()
def start(
    learner: Annotated[str, typer.Option(parser=an_id, metavar="P-…", help="Who learns.")],
    role: Annotated[str, typer.Option(parser=an_id, metavar="ROLE", help="The role it leads to, such as DATA1.")],
    actor: Actor,
    profile: Profile = None,
    certificate: Certificate = None,
    hours: Annotated[int | None, typer.Option(min=1, max=5000, help="Hours in all; else as the policy says.")] = None,
    hours_per_week: Annotated[int | None, typer.Option(min=1, max=60, help="Hours a week.")] = None,
    budget: Annotated[
        Decimal | None, typer.Option(parser=an_amount, metavar="AMOUNT", help="Money, in the policy's currency.")
    ] = None,
    policy: LearningPolicyFile = DEFAULT_LEARNING_POLICY,
    case: Annotated[
        str | None, typer.Option(parser=an_id, metavar="ID", help="The case; else U-<person>-<role>.")
    ] = None,
    cohort: Cohort = None,
    beside: Beside = None,
    seconds_per_day: SecondsPerDay = REAL_LIFE,
    as_json: AsJson = False,
) -> None:
    """Start an upskilling path; one that runs already stays as it is."""
    wanted = WantedPath(
        learner=learner,
        role=role,
        profile=profile,
        certificate=certificate,
        hours=hours,
        hours_per_week=hours_per_week,
        budget=budget,
        case=case,
        cohort=cohort,
        beside=beside,
        seconds_per_day=seconds_per_day,
    )
    rules = read_learning_policy(policy)
    with records() as database:
        started = run(start_path(temporal, database, wanted, rules, actor, load_settings().task_queue))
    say_started(started, as_json=as_json)


@app.command()
def pause(
    case: CaseArgument,
    actor: Actor,
    back_on: Day = None,
    reason: IfReason = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Pause: all that is still to come waits until the path is resumed."""
    back = back_on.date() if back_on else None
    request = message(PausePath, actor=actor, back_on=back, reason=reason)
    change("upskilling", case, Update.PAUSE, request, timeout, as_json)


@app.command()
def resume(
    case: CaseArgument,
    actor: Actor,
    reason: IfReason = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Go on after a pause; open tasks get their time back."""
    change("upskilling", case, Update.RESUME, message(ResumePath, actor=actor, reason=reason), timeout, as_json)


@app.command("hours")
def state_hours(
    case: CaseArgument,
    training: Annotated[str, typer.Option(parser=an_id, metavar="TRAINING", help="The training, such as SQL-101.")],
    hours: Annotated[float, typer.Option(min=0, max=24, metavar="HOURS", help="How many, such as 2.5; 0 for none.")],
    on: Annotated[datetime, typer.Option(parser=a_day, metavar="DATE", help="The day, as 2026-09-07.")],
    actor: Actor,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """State the hours of a day that the learner has spent on a training; said again of that day, it replaces that."""
    request = message(StateHours, actor=actor, training=training, hours=Decimal(str(hours)), on=on.date())
    change("upskilling", case, Update.STATE_HOURS, request, timeout, as_json)


@app.command()
def withdraw(
    case: CaseArgument, reason: Reason, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """End a path now, in good order: seats go to the waiting lists, money that is not spent is given back."""
    change("upskilling", case, Update.WITHDRAW, message(Withdraw, actor=actor, reason=reason), timeout, as_json)


@app.command("change-role")
def change_role(
    case: CaseArgument,
    role: Annotated[str, typer.Option(parser=an_id, metavar="ROLE", help="The role it leads to from now on.")],
    reason: Reason,
    actor: Actor,
    profile: Profile = None,
    certificate: Certificate = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Lead a path to another role: gaps are assessed again, what was passed counts."""
    with records() as database:
        goal = goal_of(database, role, profile, certificate)
        request = message(ChangeRole, actor=actor, goal=goal, reason=reason)
        check_programme("upskilling", case)
        say_done(database, run(lead_elsewhere(temporal, database, case, request, timeout)), as_json=as_json)


@app.command()
def view(case: CaseArgument, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False) -> None:
    """Show everything about a path, running or ended."""
    show_case(case, timeout, as_json=as_json)
