"""The command line as a whole: its groups, its help, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.exceptions import TyperException

from cli.capacity import commands as capacity
from cli.certification import commands as certificate
from cli.cohort import commands as cohort
from cli.core import board_command as board
from cli.core import importing, policy, records, tasks
from cli.core.errors import USAGE, explain, report
from cli.core.usage import Commands, Group, Misuse, in_our_words
from cli.learning import assessing, event
from cli.learning import commands as upskilling
from cli.placement import commands as placement
from cli.placement import recommend
from cli.reporting import command as reporting
from engine.exit import BROKEN_PIPE

PROGRAM = "starter.py"
EPILOG = (
    "Exit codes: 0 done; 1 refused (the sentence says why); 2 usage or settings; 3 unknown id; "
    "4 Temporal or the records unreachable."
)


class WaymarkGroup(Group):
    """Commands whose expected errors are a sentence and an exit code, in JSON where ``--json`` was given."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a reader that went away (``| head``) is no refusal."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(BROKEN_PIPE) from None

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
        try:
            code = super().main(given, prog_name or PROGRAM, complete_var, False, windows_expand_args, **extra)
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
    expected = explain(error)
    if expected is None:
        raise error
    code = report(expected, as_json=as_json)
    if isinstance(error, Misuse) and error.command and not as_json:
        typer.echo(f"How it is used: {error.command} --help", err=True)
    return code


app = Commands(
    name=PROGRAM,
    help="Waymark: returnship placements, and upskilling paths to a certificate.",
    epilog=EPILOG,
    cls=WaymarkGroup,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(importing.app, name="import")
app.add_typer(placement.app, name="placement")
app.add_typer(cohort.app, name="cohort")
app.add_typer(upskilling.app, name="upskilling")
app.add_typer(certificate.app, name="certificate")
app.command("recommend")(recommend.recommend)
app.command("assess")(assessing.assess)
app.command("plan")(assessing.plan)
app.command("tasks")(tasks.tasks)
app.command("answer")(tasks.answer)
app.command("event")(event.event)
app.command("board")(board.board)
app.command("report")(reporting.report)
app.add_typer(records.app, name="records")
app.command("decisions")(records.decisions)
app.command("pay")(records.pay)
app.add_typer(policy.app, name="policy")
app.add_typer(capacity.app, name="capacity")
