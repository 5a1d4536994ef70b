"""The demo, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.core.commands import Commands
from cli.core.options import AsJson
from cli.core.output import say_result
from demo.run import main as run_demo

app = Commands()


@app.command()
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave server, UI and worker up afterwards.")] = False,
    seconds_per_day: Annotated[
        float, typer.Option(min=0.001, max=86_400, help="Real seconds for each day of the programme.")
    ] = 0.25,
    data: Annotated[str, typer.Option(metavar="DIR", help="Where records, mails and server state go.")] = "data/demo",
    as_json: AsJson = False,
) -> None:
    """Run seven placements and two learning paths at high speed, on a real Temporal server."""
    code = run_demo(keep=keep, seconds_per_day=seconds_per_day, data_dir=Path(data))
    if as_json:
        say_result({"exit_code": code})
    raise typer.Exit(code)
