"""Every recorded history replays with the code of today."""

from __future__ import annotations

import pytest

from tests import fates
from tests.replaying import replayer


def test_every_fate_is_recorded() -> None:
    assert fates.recorded() == sorted(fates.FATES)


@pytest.mark.parametrize("name", fates.recorded())
async def test_a_recorded_history_replays(name: str) -> None:
    a_replayer = replayer()

    await a_replayer.replay_workflow(fates.read(name))
