"""Whether somebody may take part, rule by rule."""

from __future__ import annotations

from domain.core.model import Fixed, Money
from domain.core.people import Application
from domain.core.sentences import counted
from domain.placement.policy import Policy


class BrokenRule(Fixed):
    """A rule that keeps somebody out, as a sentence. HR can override it only where ``can_be_overridden``."""

    rule: str
    sentence: str
    can_be_overridden: bool = True


def broken_rules(application: Application, weeks: int, stipend: Money, policy: Policy) -> list[BrokenRule]:
    """All rules the application breaks; none means eligible."""
    return [
        rule
        for rule in (
            _break(application, policy),
            _experience(application, policy),
            _length(weeks, policy),
            _paid(stipend),
        )
        if rule
    ]


def _break(application: Application, policy: Policy) -> BrokenRule | None:
    rules = policy.eligibility
    if application.break_months >= rules.min_break_months:
        return None
    if application.underemployed and rules.underemployment_counts:
        return None
    return BrokenRule(
        rule="eligibility.min_break_months",
        sentence=f"a career break of {counted(application.break_months, 'month')}; "
        f"the policy asks for {rules.min_break_months}",
    )


def _experience(application: Application, policy: Policy) -> BrokenRule | None:
    wanted = policy.eligibility.min_experience_years
    if wanted is None or application.experience_years >= wanted:
        return None
    return BrokenRule(
        rule="eligibility.min_experience_years",
        sentence=f"{counted(application.experience_years, 'year')} of experience; the policy asks for {wanted}",
    )


def _length(weeks: int, policy: Policy) -> BrokenRule | None:
    bounds = policy.length
    if bounds.min_weeks <= weeks <= bounds.max_weeks:
        return None
    return BrokenRule(
        rule="length",
        sentence=f"{counted(weeks, 'week')}; the policy allows {bounds.min_weeks} to {bounds.max_weeks}",
    )


def _paid(stipend: Money) -> BrokenRule | None:
    if stipend.amount > 0:
        return None
    return BrokenRule(
        rule="paid",
        sentence="the role pays no stipend; an unpaid placement is refused "
        "(FLSA: an intern at a for-profit firm is paid)",
        can_be_overridden=False,
    )
