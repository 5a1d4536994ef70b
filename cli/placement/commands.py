"""Placements: start one, change a running one, look at one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.core.changing import change, check_programme, say_started, show_case
from cli.core.commands import Commands
from cli.core.errors import CommandError
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
    PlacementPolicyFile,
    Profile,
    Reason,
    SecondsPerDay,
    Timeout,
    a_day,
    a_pattern,
    an_id,
    policy_option,
)
from cli.core.resources import read_learning_policy, read_placement_policy, run
from cli.placement.in_confidence import show_in_confidence
from domain.core.clock import REAL_LIFE
from domain.core.updates import Update
from domain.placement.requests import (
    AskForMentor,
    ChangePattern,
    DecideEarly,
    ExtendPlacement,
    LeaveType,
    PausePlacement,
    ReassignMentor,
    ReleaseWaiting,
    ResumePlacement,
    WithdrawPlacement,
)
from engine.settings import load_settings
from service.core.asking import message
from service.core.connecting import temporal
from service.core.environment import records
from service.core.people import check_known
from service.core.policies import DEFAULT_LEARNING_POLICY, DEFAULT_POLICY
from service.placement.starting import PathInside, WantedPlacement, start_placement

app = Commands()


@app.command()
def start(
    returner: Annotated[str, typer.Option(parser=an_id, metavar="P-…", help="Who is placed; must have applied.")],
    role: Annotated[str, typer.Option(parser=an_id, metavar="ROLE", help="The role, such as DATA1.")],
    actor: Actor,
    starts_on: Day = None,
    weeks: Annotated[int | None, typer.Option(min=1, max=104, help="How long; else as the policy says.")] = None,
    policy: PlacementPolicyFile = DEFAULT_POLICY,
    case: Annotated[
        str | None, typer.Option(parser=an_id, metavar="ID", help="The case; else R-<person>-<role>.")
    ] = None,
    cohort: Cohort = None,
    beside: Beside = None,
    patterns: Annotated[
        Any,
        typer.Option(
            "--pattern",
            parser=a_pattern,
            metavar="PATTERN",
            help='What the returner works, such as "mon-wed 8", or "50%; from 2027-02-01 100%"; else by the records.',
        ),
    ] = None,
    mentor: Annotated[
        str | None,
        typer.Option(parser=an_id, metavar="P-…", help="Who is asked first to be the mentor; else the best one is."),
    ] = None,
    learning: Annotated[
        bool, typer.Option("--learning", help="With an upskilling path inside, in the placement's learning hours.")
    ] = False,
    profile: Profile = None,
    certificate: Certificate = None,
    learning_policy: Annotated[
        Path,
        policy_option("The policy of the path inside.", DEFAULT_LEARNING_POLICY),
    ] = DEFAULT_LEARNING_POLICY,
    seconds_per_day: SecondsPerDay = REAL_LIFE,
    as_json: AsJson = False,
) -> None:
    """Start a placement; one that runs already stays as it is.

    It starts on the first Monday at least four weeks from today, unless you say otherwise.
    """
    if not learning and (profile is not None or certificate is not None):
        raise CommandError("--profile and --certificate are for a path inside: add --learning", "usage")
    wanted = WantedPlacement(
        returner=returner,
        role=role,
        policy=read_placement_policy(policy),
        starts_on=starts_on.date() if starts_on else None,
        weeks=weeks,
        case=case,
        cohort=cohort,
        beside=beside,
        seconds_per_day=seconds_per_day,
        patterns=patterns,
        mentor=mentor,
        inside=PathInside(read_learning_policy(learning_policy), profile, certificate) if learning else None,
    )
    with records() as database:
        started = run(start_placement(temporal, database, wanted, actor, load_settings().task_queue))
    say_started(started, as_json=as_json)


@app.command()
def pause(
    case: CaseArgument,
    actor: Actor,
    leave_type: Annotated[
        LeaveType,
        typer.Option(metavar="TYPE", help="parental, sick, carer or other; kept for aggregate reports only."),
    ] = LeaveType.OTHER,
    back_on: Day = None,
    reason: IfReason = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Begin a leave today: all dates still to come wait until the placement is resumed."""
    back = back_on.date() if back_on else None
    request = message(PausePlacement, actor=actor, leave_type=leave_type, back_on=back, reason=reason)
    change("placement", case, Update.PAUSE, request, timeout, as_json)


@app.command()
def resume(
    case: CaseArgument,
    actor: Actor,
    reason: IfReason = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """End a leave today: all dates still to come move by its length."""
    request = message(ResumePlacement, actor=actor, reason=reason)
    change("placement", case, Update.RESUME, request, timeout, as_json)


@app.command()
def extend(
    case: CaseArgument,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="How many weeks longer.")],
    reason: Reason,
    actor: Actor,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Make a placement longer, if returner and manager agree."""
    request = message(ExtendPlacement, actor=actor, weeks=weeks, reason=reason)
    change("placement", case, Update.EXTEND, request, timeout, as_json)


@app.command("change-pattern")
def change_pattern(
    case: CaseArgument,
    patterns: Annotated[
        Any,
        typer.Option(
            "--pattern",
            parser=a_pattern,
            metavar="PATTERN",
            help='What the returner is to work, such as "from 2027-02-01 60%; from 2027-03-01 100%".',
        ),
    ],
    reason: Reason,
    actor: Actor,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Let the returner work on other days, or other hours, from some day on, if returner and manager agree."""
    request = message(ChangePattern, actor=actor, patterns=patterns, reason=reason)
    change("placement", case, Update.CHANGE_PATTERN, request, timeout, as_json)


@app.command()
def withdraw(
    case: CaseArgument,
    reason: Reason,
    actor: Actor,
    worked_until: Annotated[
        datetime | None,
        typer.Option(
            parser=a_day,
            metavar="DATE",
            help="The last day worked, if before today; what was paid for later is taken back.",
        ),
    ] = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """End a placement now, in good order."""
    last = worked_until.date() if worked_until else None
    request = message(WithdrawPlacement, actor=actor, reason=reason, worked_until=last)
    change("placement", case, Update.WITHDRAW, request, timeout, as_json)


@app.command("reassign-mentor")
def reassign_mentor(
    case: CaseArgument,
    reason: Reason,
    actor: Actor,
    mentor: Annotated[
        str | None, typer.Option(parser=an_id, metavar="P-…", help="The new mentor; else one is looked for.")
    ] = None,
    although_forbidden: Annotated[
        bool, typer.Option("--although-forbidden", help="Also where HR has forbidden this pair in a cohort.")
    ] = False,
    lift: Annotated[
        list[str] | None,
        typer.Option(
            parser=an_id,
            metavar="P-…",
            help="Neither pinned nor forbidden any more; the mentor stays. Repeat for more.",
        ),
    ] = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Free the mentor and find another; or lift what HR has said of mentors in a cohort."""
    request = message(
        ReassignMentor,
        actor=actor,
        reason=reason,
        mentor=mentor,
        although_forbidden=although_forbidden or None,
        lift=lift or None,
    )
    if mentor is not None:
        with records() as database:
            check_known(database, [mentor])
    change("placement", case, Update.REASSIGN_MENTOR, request, timeout, as_json)


@app.command("ask-for-mentor")
def ask_for_mentor(
    case: CaseArgument,
    actor: Actor,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why, for HR alone.")] = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Ask HR for another mentor, in confidence, as the returner; asked again, it says how it stands."""
    request = message(AskForMentor, actor=actor, reason=reason)
    change("placement", case, Update.ASK_FOR_MENTOR, request, timeout, as_json)


@app.command("in-confidence")
def in_confidence(case: CaseArgument, actor: Actor, as_json: AsJson = False) -> None:
    """Show HR what is for them alone: wishes for another mentor, answers to pulses, why somebody was away."""
    check_programme("placement", case)
    show_in_confidence(case, actor, as_json=as_json)


@app.command("decide-early")
def decide_early(
    case: CaseArgument, reason: Reason, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """Begin the conversion decision now."""
    change("placement", case, Update.DECIDE_EARLY, message(DecideEarly, actor=actor, reason=reason), timeout, as_json)


@app.command()
def release(
    case: CaseArgument, reason: Reason, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """Release somebody whose conversion waits for a headcount: it is given up."""
    change("placement", case, Update.RELEASE, message(ReleaseWaiting, actor=actor, reason=reason), timeout, as_json)


@app.command()
def view(case: CaseArgument, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False) -> None:
    """Show everything about a placement, running or ended."""
    show_case(case, timeout, as_json=as_json)
