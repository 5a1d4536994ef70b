"""Every recorded history replays with the code of today."""

from __future__ import annotations

import pytest
from temporalio.worker import Replayer

from engine.plugin import waymark_plugin
from tests import fates
from workflows.registry import WORKFLOWS


def test_every_fate_is_recorded() -> None:
    assert fates.recorded() == sorted(fates.FATES)


@pytest.mark.parametrize("name", fates.recorded())
async def test_a_recorded_history_replays(name: str) -> None:
    replayer = Replayer(workflows=WORKFLOWS, plugins=[waymark_plugin()])

    await replayer.replay_workflow(fates.read(name))
