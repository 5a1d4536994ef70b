"""A worker that lives shows it, whatever it waits for."""

from __future__ import annotations

import threading

import pytest
from temporalio.testing import ActivityEnvironment

from activities import pulse


def test_an_activity_that_waits_has_a_pulse_and_one_that_is_over_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "BEATS_EVERY_SECONDS", 0.01)
    beaten = threading.Semaphore(0)
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *_: beaten.release()

    def activity() -> bool:
        with pulse.pulse():
            return all(beaten.acquire(timeout=5) for _ in range(3))

    assert environment.run(activity)
    while beaten.acquire(blocking=False):
        pass
    assert not beaten.acquire(timeout=0.1)
