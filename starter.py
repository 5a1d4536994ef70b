"""HR's command line: `python starter.py --help`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.app import app
from cli.options import AsJson
from cli.output import say_result
from engine.exit import run_to_exit


@app.command()
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave server, UI and worker up afterwards.")] = False,
    seconds_per_day: Annotated[
        float, typer.Option(min=0.001, max=86_400, help="Real seconds for each day of the programme.")
    ] = 0.25,
    data: Annotated[str, typer.Option(metavar="DIR", help="Where records, mails and server state go.")] = "data/demo",
    as_json: AsJson = False,
) -> None:
    """Run six placements and two learning paths at high speed, on a real Temporal server."""
    from pathlib import Path

    from demo.run import main as run_demo

    code = run_demo(keep=keep, seconds_per_day=seconds_per_day, data_dir=Path(data))
    if as_json:
        say_result({"exit_code": code})
    raise typer.Exit(code)


if __name__ == "__main__":
    run_to_exit(app)
