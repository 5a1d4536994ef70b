"""The terms on which a manager proposes to convert a placement into employment."""

from __future__ import annotations

from datetime import date, timedelta

from domain.core.tasks import Refused
from domain.placement.forms import Proposal
from domain.placement.state import PlacementState


def check_terms(state: PlacementState, proposal: Proposal, today: date) -> None:
    """Raise :class:`Refused` for terms that can't be."""
    if proposal.starts_on and proposal.starts_on <= today:
        raise Refused(f"starts_on: {proposal.starts_on} must be after today, {today}", "invalid")
    if proposal.starts_on and state.plan is not None:
        latest = state.plan.end + timedelta(days=state.policy.decision.latest_start_days)
        if proposal.starts_on > latest:
            raise Refused(f"starts_on: {proposal.starts_on} must not be after {latest}", "invalid")
    if proposal.salary and proposal.salary.currency != state.role.salary.currency:
        raise Refused(f"salary: this role is paid in {state.role.salary.currency}", "invalid")
    if proposal.salary and proposal.salary.amount <= 0:
        raise Refused("salary: must be more than nothing", "invalid")
