"""The command line as a whole: its groups, its help, and how it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.completion import get_completion_inspect_parameters
from typer.exceptions import TyperException

from cli.core.errors import USAGE, CommandError, report
from cli.core.lazy import LazyGroup, NamedCommand
from cli.core.usage import Misuse, in_our_words

PROGRAM = "starter.py"
COMPLETE = "_WAYMARK_COMPLETE"
"""The variable in which a shell says that it wants a completion (`cli/core/completion.py`)."""

EPILOG = (
    "Exit codes: 0 done; 1 refused (the sentence says why); 2 usage or settings; 3 unknown id; "
    "4 Temporal or the records unreachable."
)


COMMANDS = tuple(
    NamedCommand(name, module, line)
    for name, module, line in (
        (
            "recommend",
            "cli.placement.recommend",
            "Show which programme suits somebody for a role, with the numbers; with --decide, record what HR decides.",
        ),
        (
            "assess",
            "cli.learning.assessing",
            "Put levels on record that somebody was found to have; with --profile, show their gaps, the most "
            "important first.",
        ),
        (
            "plan",
            "cli.learning.plan",
            "Show the plan that would be proposed to somebody for a role, and what stays open. Nothing is put on "
            "record.",
        ),
        ("tasks", "cli.core.tasks", "Show the open tasks, the soonest due first."),
        ("answer", "cli.core.answering", "Answer a task, hand it to somebody else, or say that it is not yours."),
        (
            "reopen",
            "cli.core.answering",
            "Ask an answered task once more; the new answer takes the place of the first, and both stay on record.",
        ),
        (
            "reassign",
            "cli.core.reassigning",
            "Give a part in a running case to somebody else, with its open tasks.",
        ),
        (
            "event",
            "cli.learning.event",
            "Hand in a completion event: an xAPI statement, signed by a learning system (or plain, if the policy "
            "lets it).",
        ),
        ("board", "cli.core.board", "Show where every case stands: stage, week, waiting for whom, at risk, outcome."),
        (
            "report",
            "cli.reporting.command",
            "Report what came of the programmes: outcomes, time, retention, cost, learning, fairness.",
        ),
        (
            "decisions",
            "cli.core.on_record",
            "Show the permanent record of a case: decisions (who, when, why, under which policy), and attempts "
            "refused.",
        ),
        (
            "pay",
            "cli.placement.pay",
            "What payroll has to pay: the stipends of a case (pay CASE), and exports over all cases.",
        ),
        (
            "demo",
            "cli.core.demo",
            "Run seven placements and two learning paths at high speed, on a real Temporal server.",
        ),
        (
            "rehearse",
            "cli.cohort.rehearse",
            "Rehearse a cohort in time-lapse with simulated people, and report what would happen; nothing real is "
            "touched.",
        ),
        ("completion", "cli.core.completion", "Print what a shell needs to complete commands and options."),
        ("import", "cli.core.importing", "Import people, roles, profiles, the catalogue and levels into the records."),
        (
            "people",
            "cli.core.people",
            "People: how mail reaches them, what is stored about them; who leaves hands over what they have.",
        ),
        (
            "access",
            "cli.core.access",
            "Duties beyond cases, HR of roles and operators: who has them, and who granted them.",
        ),
        ("placement", "cli.placement.commands", "Start a placement, change a running one, look at one."),
        ("cohort", "cli.cohort.commands", "Cohorts: check the file of one, launch it, look at it, change it."),
        ("upskilling", "cli.learning.commands", "Start an upskilling path, change a running one, look at one."),
        (
            "certificate",
            "cli.certification.commands",
            "Certificates: look at them, take exams, renew, suspend, revoke; and the issuer's key.",
        ),
        ("records", "cli.core.records", "The HR database: its tables, and whether what is on record is untouched."),
        ("policy", "cli.core.policy", "Check a policy before cases are started with it."),
        ("capacity", "cli.capacity.commands", "Scarce things: seats, budgets, and who waits for them."),
    )
)
"""All commands: the name, the module in whose ``app`` it is, and its line in the help."""


class WaymarkGroup(LazyGroup):
    """Commands whose expected errors are a sentence and an exit code, in JSON where ``--json`` was given."""

    named = COMMANDS

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command; its exit code is the process's, or the result where not in standalone mode."""
        given = list(sys.argv[1:] if args is None else args)
        if COMPLETE in os.environ:
            get_completion_inspect_parameters()  # by this typer learns the shells
        try:
            name, completing = prog_name or PROGRAM, complete_var or COMPLETE
            code = super().main(given, name, completing, False, windows_expand_args, **extra)
        except (Exception, typer.Abort) as error:
            code = _code_of(error, as_json="--json" in given)
        if standalone_mode:
            sys.exit(code)
        return code


def _code_of(error: Exception, *, as_json: bool) -> int:
    """Say what went wrong; raises what nobody expects."""
    if isinstance(error, TyperException):
        if type(error).__name__ == "NoArgsIsHelpError":  # its help was printed
            return USAGE
        error = in_our_words(error)
    if isinstance(error, typer.Abort):
        error = CommandError("given up; nothing was sent", "aborted")
    if not isinstance(error, CommandError):
        raise error
    code = report(error, as_json=as_json)
    if isinstance(error, Misuse) and error.command and not as_json:
        typer.echo(f"How it is used: {error.command} --help", err=True)
    return code


app = typer.Typer(
    name=PROGRAM,
    help="Waymark: returnship placements, and upskilling paths to a certificate.",
    epilog=EPILOG,
    cls=WaymarkGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def waymark() -> None:
    """Make a group of the commands, though all of them are loaded later."""
