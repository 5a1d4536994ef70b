"""Amounts of capacities, as pages say them: places, or money."""

from __future__ import annotations

from decimal import Decimal

from domain.core.holdings import PLACES, amount_text
from languages.marking import translatable
from languages.speech import Speech

A_PLACE, PLACES_OF = translatable("%(number)s place"), translatable("%(number)s places")


def said_amount(amount: Decimal, unit: str, speech: Speech) -> str:
    """``3 places``, ``1,250.00 GBP``."""
    if unit != PLACES:
        return speech.money(amount_text(amount, unit))
    number = amount.quantize(Decimal(1))
    return speech.text(A_PLACE if number == 1 else PLACES_OF) % {"number": speech.number(number)}
