"""HR's command line: `python starter.py --help`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.core.app import app
from cli.core.options import DEFAULT_POLICY, AsJson, Day, ExistingFile, a_file, a_file_to_write, an_id
from cli.core.output import say_result
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
    from demo.run import main as run_demo

    code = run_demo(keep=keep, seconds_per_day=seconds_per_day, data_dir=Path(data))
    if as_json:
        say_result({"exit_code": code})
    raise typer.Exit(code)


@app.command()
def rehearse(
    file: ExistingFile,
    policy: Annotated[
        Path,
        typer.Option(
            parser=a_file,
            metavar="FILE",
            help="The policy to be tried.",
            show_default="policies/returnship-16-weeks.yaml",
        ),
    ] = DEFAULT_POLICY,
    against: Annotated[
        Path | None,
        typer.Option(parser=a_file, metavar="FILE", help="A second policy, tried with the same people."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Which people: the same seed behaves the same.")] = 1,
    runs: Annotated[
        int, typer.Option(min=1, max=50, help="So many seeds, from this one on, to see how it varies.")
    ] = 1,
    people: Annotated[
        Path | None,
        typer.Option(
            parser=a_file,
            metavar="FILE",
            help="How people behave.",
            show_default="rehearsal/people.yaml",
        ),
    ] = None,
    actor: Annotated[
        str | None,
        typer.Option(
            "--as", parser=an_id, metavar="P-…", help="Who starts the cohort; else whoever is HR of all roles."
        ),
    ] = None,
    starts_on: Day = None,
    day_order: Annotated[
        Literal["iso", "dmy", "mdy", "ymd"], typer.Option(help="In which order the file writes day, month and year.")
    ] = "iso",
    seconds_per_day: Annotated[
        float | None,
        typer.Option(min=0.01, max=60, help="Real seconds for each day; else as fast as two cores can take."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(parser=a_file_to_write, metavar="FILE", help="Write one page with charts, to be mailed."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rehearse a cohort in time-lapse with simulated people, and report what would happen; nothing real is touched.

    Twenty people over sixteen weeks take a minute, two hundred five.
    """
    from rehearsal.command import Asked
    from rehearsal.command import rehearse as run_rehearsal
    from rehearsal.run import Interrupted

    asked = Asked(
        file=file,
        policy=policy,
        against=against,
        people=people,
        led_by=actor,
        starts_on=starts_on.date() if starts_on else None,
        day_order=day_order,
        seed=seed,
        runs=runs,
        seconds_per_day=seconds_per_day,
        html=html,
        as_json=as_json,
    )
    try:
        run_rehearsal(asked)
    except Interrupted as interrupted:
        raise typer.Exit(interrupted.code) from None


if __name__ == "__main__":
    run_to_exit(app)
