"""The workflows a worker runs, and a replayer replays."""

from __future__ import annotations

from typing import Any

from workflows.capacity.workflow import Capacity
from workflows.case.daily_mail import DailyMail
from workflows.case.departure import Departure
from workflows.certification.workflow import Certification
from workflows.cohort.workflow import Cohort
from workflows.learning.workflow import UpskillingPath
from workflows.placement.workflow import Placement

WORKFLOWS: list[type[Any]] = [Placement, UpskillingPath, Certification, Capacity, Cohort, Departure, DailyMail]
