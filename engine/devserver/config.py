"""What the Temporal server is told beyond where it listens and keeps its state."""

import json
from typing import Any

DYNAMIC: dict[str, Any] = {
    # Timers fire when they are due instead of up to a second late: a rehearsal has a programme day in less than that.
    "history.timerProcessorMaxTimeShift": "10ms",
    # It looks for what is to be done as soon as there is something. By itself it looks twenty times a second at most,
    # for all cases together: after a second of work, each step of a case waited up to 0.1 seconds for the next look.
    "history.timerProcessorMaxPollRPS": 100,
    "history.transferProcessorMaxPollRPS": 100,
    # Whoever asks for an activity gets it with the answer, where there is room for it: a write and two calls less.
    "system.enableActivityEagerExecution": True,
    # Tests run whole placements, with real durations, in seconds.
    "frontend.WorkflowTimeSkippingEnabled": True,
    "frontend.WorkflowTimeSkippingMaxSkipPerSession": 10_000,
}
"""Dynamic configuration of the dev server."""


def dynamic_options() -> list[str]:
    """`DYNAMIC` as options of Temporal's command line."""
    options: list[str] = []
    for key, value in DYNAMIC.items():
        options += ["--dynamic-config-value", f"{key}={json.dumps(value)}"]
    return options
