"""Options and arguments that several commands share."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_POLICY = ROOT / "policies" / "returnship-16-weeks.yaml"
DEFAULT_LEARNING_POLICY = ROOT / "policies" / "upskilling-path.yaml"

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, errors (on standard error) included.")]
Actor = Annotated[str, typer.Option("--as", metavar="P-…", help="Who does it: the id of a person in the records.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it is put on record.")]
CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A case, such as R-7F3K2M-DATA1.")]
CohortArgument = Annotated[str, typer.Argument(metavar="COHORT", help="A cohort, such as SPRING-2027.")]
TaskArgument = Annotated[str, typer.Argument(metavar="TASK", help="A task, such as R-7F3K2M-DATA1-4.")]
Timeout = Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="How long to wait for a worker to answer.")]
ExistingFile = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True, help="The file to read.")
]
Cohort = Annotated[str | None, typer.Option(metavar="NAME", help="A group of cases.")]
Beside = Annotated[
    str | None, typer.Option(metavar="REASON", help="Start it beside another of the same person, and why; on record.")
]
Profile = Annotated[
    str | None, typer.Option(metavar="PROFILE", help="What the role asks for; else the profile of the role's own id.")
]
Certificate = Annotated[
    str | None, typer.Option(metavar="CERTIFICATE", help="The certificate at the end, such as DATA-PRO; else none.")
]


def a_day(text: str | datetime) -> datetime:
    """A date as somebody gives it to an option. Raises ``ValueError`` with what is allowed."""
    return _read_as(["%Y-%m-%d"], text, "must be a date, such as 2026-09-07")


def a_day_or_instant(text: str | datetime) -> datetime:
    """A date, or an instant of UTC. Raises ``ValueError`` with what is allowed."""
    formats = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]
    return _read_as(formats, text, "must be a date, such as 2026-09-07, or an instant, such as 2026-09-07T09:30:00Z")


def _read_as(formats: list[str], text: str | datetime, rule: str) -> datetime:
    if isinstance(text, datetime):
        return text
    for one in formats:
        with suppress(ValueError):
            return datetime.strptime(text, one)  # noqa: DTZ007 - a date, of no zone; an instant's is UTC
    from domain.sentences import shown

    there = shown(text)
    raise ValueError(rule if there is None else f"{rule}, not {there}")


Day = Annotated[datetime | None, typer.Option(parser=a_day, metavar="DATE", help="A date, as 2026-09-07.")]
DayOrder = Annotated[
    Literal["iso", "dmy", "mdy", "ymd"],
    typer.Option(help="In which order the file writes day, month and year, besides 2026-09-07, which it always may."),
]

SecondsPerDay = Annotated[
    float, typer.Option(min=0.001, max=86_400, help="Real seconds for each day, to rehearse; 86400 in real life.")
]

DEFAULT_TIMEOUT = 10.0
REAL_LIFE = 86_400.0
"""Real seconds for each day of a programme in real life."""
