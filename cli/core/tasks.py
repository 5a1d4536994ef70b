"""Tasks: whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.core.commands import Commands
from cli.core.fields import described
from cli.core.options import AsJson, First, an_id
from cli.core.output import at_most, say, say_how_many, say_result, show
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.wording import spoken
from domain.registry.forms import FORMS
from presentation.local_time import note_on_zones
from presentation.tables import cell, table
from records.local_time import day_text, with_local_times
from records.tables.core import TaskRecord
from service.core.environment import records
from service.core.inbox import open_tasks

app = Commands()


@app.command()
def tasks(
    of: Annotated[
        str | None, typer.Option("--of", parser=an_id, metavar="P-…", help="Only what this person may act on.")
    ] = None,
    case: Annotated[
        str | None, typer.Option("--case", parser=an_id, metavar="CASE", help="Only those of this case.")
    ] = None,
    first: First = None,
    as_json: AsJson = False,
) -> None:
    """Show the open tasks, the soonest due first.

    What is in confidence is shown with --of only, to whoever is asked.
    """
    with records() as database:
        inbox = open_tasks(database, of, case, first=at_most(first, as_json=as_json))
    if as_json:
        say_result([_as_json(task) for task in inbox.tasks])
    elif inbox.tasks:
        lines = (_line(task, inbox.names, inbox.time_zones.get(task.case_id)) for task in inbox.tasks)
        show(table(None, ("Task", "What", "Who", "Due"), lines))
        if on_zones := note_on_zones((inbox.time_zones.get(task.case_id) for task in inbox.tasks), datetime.now(UTC)):
            say(on_zones)
        say_how_many(len(inbox.tasks), inbox.total, "open tasks")
        say("Answer one: .venv/bin/python starter.py answer TASK --as P-… KEY=VALUE…  (--show names the fields)")
    else:
        say("Nothing is waiting for anybody." if of is None else f"Nothing is waiting for {of}.")


def _line(task: TaskRecord, names: Mapping[str, str], zone: str | None) -> tuple[object, ...]:
    who = ", ".join(f"{names.get(person, '')} {person}".strip() for person in task.people)
    due = cell(day_text(task.due_at, zone), "red" if task.due_at < datetime.now(UTC) else "")
    return (
        task.task,
        f"{spoken(task.kind)}: {with_local_times(task.subject, zone)}{_remark(task)}",
        f"{Party(task.party).spoken}: {who}",
        due,
    )


def _remark(task: TaskRecord) -> str:
    """What is out of the ordinary about it."""
    again = f" (once more: {task.reopens} was reopened)" if task.reopens else ""
    not_theirs = f" (not theirs, say {', '.join(task.not_theirs)}; HR is asked)" if task.not_theirs else ""
    return f"{again}{not_theirs}"


def _as_json(task: TaskRecord) -> dict[str, Any]:
    fields = described(FORMS[TaskKind(task.kind)])
    return {
        "task": task.task,
        "case": task.case_id,
        "kind": task.kind,
        "subject": task.subject,
        "party": task.party,
        "people": task.people,
        "opened_at": task.opened_at.isoformat(),
        "due_at": task.due_at.isoformat(),
        "facts": task.facts,
        "not_theirs": task.not_theirs or [],
        "reopens": task.reopens,
        "form": {key: {"takes": takes, "required": required} for key, takes, required in fields},
    }
