"""Options and arguments that several commands share."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from domain.core.holdings import PLACES
from domain.core.model import PERSON_ID
from domain.core.sentences import quotable
from domain.core.working_pattern import RULE, WorkingPattern, read_patterns
from engine.settings import ROOT
from service.core.policies import DEFAULT_LEARNING_POLICY, DEFAULT_POLICY


def a_pattern(text: str | list[WorkingPattern]) -> list[WorkingPattern]:
    """Working patterns in a row, as people write them. Raises ``ValueError`` with the rule that is broken."""
    if not isinstance(text, str):
        return text
    if not (patterns := read_patterns(text)):
        raise ValueError(RULE)
    return patterns


def an_id(text: str) -> str:
    """An id as it is on record: typed in small letters it is the same, as in files."""
    return text.strip().upper()


def a_capacity(text: str) -> str:
    """The id of a capacity as it is on record: its kind in small letters, what it is of in capital ones."""
    kind, hyphen, of = text.strip().partition("-")
    return f"{kind.lower()}{hyphen}{of.upper()}"


def an_amount(text: str | Decimal) -> Decimal:
    """How much of something, as people write it. Raises ``ValueError`` with what is allowed."""
    amount: Decimal | None = None
    with suppress(InvalidOperation):
        amount = Decimal(text.strip()) if isinstance(text, str) else text
    if amount is None or not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        rule = "must be a number, 0 or more, to the hundredth, such as 12 or 20000.00"
        raise ValueError(_not_as(rule, str(text)))
    return amount


def a_currency(text: str) -> str:
    """A currency. Raises ``ValueError`` with what is allowed."""
    if not re.fullmatch("[A-Z]{3}", text):
        raise ValueError(_not_as("must be a currency of three capital letters, such as GBP", text))
    return text


def a_unit(text: str) -> str:
    """What a capacity is counted in. Raises ``ValueError`` with what is allowed."""
    if text != PLACES and not re.fullmatch("[A-Z]{3}", text):
        raise ValueError(_not_as("must be places, or a currency such as GBP", text))
    return text


def a_pair(text: str) -> str:
    """A returner and a mentor, by their ids. Raises ``ValueError`` with what is allowed."""
    pair = an_id(text)
    if not re.fullmatch(f"{PERSON_ID}={PERSON_ID}", pair):
        raise ValueError(_not_as("must be a returner and a mentor, such as P-7F3K2M=P-4CY9GS", text))
    return pair


def a_file(text: str | Path) -> Path:
    """A file that is there. Raises ``ValueError`` with what is wrong."""
    path = _named(text, "file")
    if not _asked(path.exists):
        raise ValueError(f"there is no file {path}")
    if not _asked(lambda: os.access(path, os.R_OK)):
        raise ValueError(f"{path} can't be read: its permissions don't let you")
    return path


def a_file_or_stdin(text: str | Path) -> Path:
    """A file that is there, or ``-`` for standard input. Raises ``ValueError`` with what is wrong."""
    return STDIN if str(text) == str(STDIN) else a_file(text)


def a_file_to_write(text: str | Path) -> Path:
    """A file that may be there or not, in a directory that is. Raises ``ValueError`` for what can be none."""
    path = _named(text, "file")
    if not _asked(path.parent.is_dir):
        raise ValueError(f"there is no directory {path.parent}")
    return path


def a_directory_to_write(text: str | Path) -> Path:
    """A directory that may be there or not. Raises ``ValueError`` for what can be none."""
    return _named(text, "directory")


def _named(text: str | Path, what: str) -> Path:
    if not str(text).strip():
        raise ValueError(f"must be a {what}; an empty name is none")
    path = Path(text)
    if _asked(path.is_dir) != (what == "directory") and _asked(path.exists):
        raise ValueError(f"must be a {what}; {path} is {'none' if what == 'directory' else 'a directory'}")
    return path


def _asked(question: Callable[[], bool]) -> bool:
    """What the file system answers. Raises ``ValueError`` where it can't, as of a name that is too long for any."""
    try:
        return question()
    except (OSError, ValueError):
        raise ValueError("can't be the name of anything here") from None


def policy_option(line: str, default: Path, *names: str) -> Any:
    """An option that takes the file of a policy; its help is the ``line``, and which one counts where none is given."""
    shown = str(default.relative_to(ROOT))
    return typer.Option(*names, parser=a_file, metavar="FILE", help=line, show_default=shown)


PlacementPolicyFile = Annotated[Path, policy_option("The policy, pinned whole to the case.", DEFAULT_POLICY)]
LearningPolicyFile = Annotated[Path, policy_option("The policy, pinned whole to the case.", DEFAULT_LEARNING_POLICY)]
STDIN = Path("-")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, errors (on standard error) included.")]
Actor = Annotated[
    str, typer.Option("--as", parser=an_id, metavar="P-…", help="Who does it: the id of a person in the records.")
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it is put on record.")]
IfReason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; it is put on record.")]
CaseArgument = Annotated[str, typer.Argument(parser=an_id, metavar="CASE", help="A case, such as R-7F3K2M-DATA1.")]
CohortArgument = Annotated[str, typer.Argument(parser=an_id, metavar="COHORT", help="A cohort, such as SPRING-2027.")]
TaskArgument = Annotated[str, typer.Argument(parser=an_id, metavar="TASK", help="A task, such as R-7F3K2M-DATA1-4.")]
Timeout = Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="How long to wait for a worker to answer.")]
ExistingFile = Annotated[Path, typer.Argument(parser=a_file, metavar="FILE", help="The file to read.")]
Cohort = Annotated[str | None, typer.Option(metavar="NAME", help="A group of cases.")]
Beside = Annotated[
    str | None, typer.Option(metavar="REASON", help="Start it beside another of the same person, and why; on record.")
]
Profile = Annotated[
    str | None,
    typer.Option(
        parser=an_id, metavar="PROFILE", help="What the role asks for; else the profile of the role's own id."
    ),
]
Certificate = Annotated[
    str | None,
    typer.Option(parser=an_id, metavar="CERTIFICATE", help="The certificate at the end, such as DATA-PRO; else none."),
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
    for written in formats:
        with suppress(ValueError):
            return datetime.strptime(text, written)  # noqa: DTZ007 - a date, of no zone; an instant's is UTC

    raise ValueError(_not_as(rule, text))


def _not_as(rule: str, text: str) -> str:
    """What is allowed, and what was there instead, where that may be repeated."""
    there = quotable(text)
    return rule if there is None else f"{rule}, not {there}"


Day = Annotated[datetime | None, typer.Option(parser=a_day, metavar="DATE", help="A date, as 2026-09-07.")]
DayOrder = Annotated[
    Literal["iso", "dmy", "mdy", "ymd"],
    typer.Option(help="In which order the file writes day, month and year, besides 2026-09-07, which it always may."),
]

SecondsPerDay = Annotated[
    float, typer.Option(min=0.001, max=86_400, help="Real seconds for each day, to rehearse; 86400 in real life.")
]

IN_A_TABLE = 200
"""So many rows of a table, unless more are asked for: nobody reads thousands, and to lay them out takes seconds."""
First = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Show so many; else 200 in a table, and all as JSON.", show_default=False),
]

DEFAULT_TIMEOUT = 10.0
