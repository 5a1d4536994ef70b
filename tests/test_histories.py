"""Every recorded history replays with the code of today, and says today what it said then."""

from __future__ import annotations

import pytest

from tests import recordings
from tests.replaying import Calls, calls_in, replayer


def test_every_fate_is_recorded() -> None:
    assert recordings.names() == sorted(recordings.ALL)


@pytest.mark.parametrize("name", recordings.names())
async def test_a_recorded_history_replays_to_the_byte(name: str) -> None:
    """Rows, letters and all else that activities are handed come out as recorded: keys and names stay."""
    history, calls = recordings.read(name), Calls()

    await replayer(interceptors=[calls]).replay_workflow(history)

    assert calls.made == calls_in(history)
