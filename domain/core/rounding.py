"""Rounding as people do it: half up, and never across a limit that decided something."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


def hundredth(value: Decimal, limit: Decimal) -> Decimal:
    """To the hundredth, but on the side of the limit where the value lies: below 3.0, 2.998 becomes 2.99."""
    rounded = value.quantize(HUNDREDTH, ROUND_HALF_UP)
    if value < limit <= rounded:
        return value.quantize(HUNDREDTH, ROUND_FLOOR)
    if rounded < limit <= value:
        return value.quantize(HUNDREDTH, ROUND_CEILING)
    return rounded


def percent(part: int, of: int) -> int:
    """13, of one in eight: a half goes up."""
    return (200 * part + of) // (2 * of)
