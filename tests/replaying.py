"""Replaying histories as a worker would, however busy the machine is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from temporalio.worker import Replayer

from engine.plugin import waymark_plugin
from workflows.registry import WORKFLOWS


def replayer(workflows: Sequence[type[Any]] = WORKFLOWS) -> Replayer:
    """A replayer in the sandbox that workers use.

    Without ``debug_mode`` it would give up a step that takes two seconds on the clock, for which a busy machine is
    enough; the plugin grants workers more, but a replayer offers no way to.
    """
    return Replayer(workflows=workflows, plugins=[waymark_plugin()], debug_mode=True)
