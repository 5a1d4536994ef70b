"""The workflows a worker runs, and a replayer replays."""

from __future__ import annotations

from typing import Any

from workflows.placement import Placement

WORKFLOWS: list[type[Any]] = [Placement]
