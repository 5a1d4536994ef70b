"""A placement's twin on DBOS: `python -m bench.twin SCRIPT RECORDS STATE`, a worker that runs until it is stopped.

Each placement does what its script says, in that order: the same rows and letters by the same functions, the same
waits, an answer for each task. What a placement does side by side, its twin does one after the other; what asks other
workflows (the places of mentors) it leaves out. So it does a little less than the original.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from dbos import DBOS
from pydantic import TypeAdapter
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.registry import activities_for, by_name
from bench.script import CASE, Step, load
from engine.settings import load_settings
from records.database import Database
from records.seal_files import SealFiles

QUEUE = "placements"
WORKFLOW = "placement"
READY = "twin ready"
ANSWER_WITHIN_SECONDS = 3_600.0

CALLED = frozenset({"deliver", "plan_calendar", "local_days", "choose_mentor", "check_mentor", "known_people"})
"""Activities that need nothing but the records and the mail."""

Activity = Callable[[Any], Any]


def answered(task: str) -> str:
    """The event by which whoever answered a task hears that the answer has arrived."""
    return f"answered {task}"


class Twin:
    """What the placements of one process share: the script, and the activities."""

    def __init__(self, steps: list[Step], activities: dict[str, Activity]) -> None:
        self.steps = steps
        self._activities = activities

    def call(self, name: str, argument: str) -> None:
        """Call an activity as a worker would."""
        function = self._activities[name]
        (kind,) = getattr(function, "__temporal_activity_definition").arg_types
        ActivityEnvironment().run(function, TypeAdapter(kind).validate_json(argument))


_twin: Twin


@DBOS.step()
def call(name: str, argument: str) -> None:
    """An activity, done once."""
    _twin.call(name, argument)


@DBOS.step()
def now() -> float:
    """The clock, read once."""
    return time.time()


@DBOS.workflow(name=WORKFLOW)
def placement(case: str) -> None:
    """A placement, as its script says."""
    began = now()
    for step in _twin.steps:
        name = step.name.replace(CASE, case)
        match step.kind:
            case "activity" if name in CALLED:
                call(name, step.argument.replace(CASE, case))
            case "wait":
                left = began + step.at_seconds - time.time()
                if left > 0:
                    DBOS.sleep(left)
            case "answer":
                if DBOS.recv(name, timeout_seconds=ANSWER_WITHIN_SECONDS) is None:
                    raise TimeoutError(f"nobody answered {name}")
                DBOS.set_event(answered(name), value=True)


def main() -> None:
    """Work until SIGTERM."""
    global _twin
    script, records, state = sys.argv[1:]
    settings = load_settings(records_url=records)
    database = Database(settings.records_url, SealFiles(settings.seal_key, settings.seal_list))
    no_client = cast(Client, None)  # those that would need one are not called
    _twin = Twin(load(Path(script)), by_name(activities_for(database, settings, no_client)))
    DBOS(
        config={
            "name": "waymark-twin",
            "system_database_url": state,
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": 0.05,
        }
    )
    DBOS.launch()
    DBOS.register_queue(QUEUE)
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    stop.wait()
    DBOS.destroy()


if __name__ == "__main__":
    main()
