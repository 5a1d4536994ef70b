"""How the report says numbers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from domain.cohort.figures import Counts, Retention
from domain.core.rounding import percent
from domain.core.sentences import counted
from records.reporting.models import Spread

NONE = "-"


def still_here(retention: Retention | None) -> str:
    """Who is still here, of those known, and of whom it is not known."""
    if retention is None:
        return NONE
    parts = [share(retention.retained, retention.known)] if retention.known else []
    parts += [f"{retention.to_come} to come"] if retention.to_come else []
    parts += [f"{retention.not_asked} not asked"] if retention.not_asked else []
    return ", ".join(parts) or NONE


def middle_half(took: Spread | None, places: int = 1) -> str:
    """From the lower quartile to the upper."""
    return f"{took.lower_days:.{places}f} to {took.upper_days:.{places}f}" if took else NONE


def share(part: int | None, of: int | None) -> str:
    """So many of so many, with the percentage: ``3 of 4 (75%)``."""
    return f"{part} of {of} ({percent(part, of)})" if part is not None and of else NONE


def amount(number: Decimal) -> str:
    """An amount without its currency: ``1,234.50``."""
    return f"{number:,.2f}"


def headline(counts: Counts) -> str:
    """The most important numbers in one sentence."""
    return (
        f"Of {counted(counts.applications, 'application')}, {counts.starts} started, {counts.completions} went on to "
        f"the last day and {counts.conversions} {_were(counts.conversions)} converted; {counts.running} "
        f"{'is' if counts.running == 1 else 'are'} still running."
    )


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def in_lines(texts: Iterable[str]) -> str:
    """Several things in one cell."""
    return "; ".join(texts) or NONE
