"""The workflows a worker runs, and a replayer replays."""

from __future__ import annotations

from typing import Any

from workflows.capacity import Capacity
from workflows.certification import Certification
from workflows.cohort import Cohort
from workflows.placement import Placement
from workflows.upskilling import UpskillingPath

WORKFLOWS: list[type[Any]] = [Placement, UpskillingPath, Certification, Capacity, Cohort]
