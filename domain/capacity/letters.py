"""What letters about scarce things say."""

from __future__ import annotations

from typing import ClassVar

from domain.core.letters import LetterFacts


class MoneyWaiting(LetterFacts):
    """What comes next waits for money. ``place`` is the number in the line."""

    template: ClassVar[str] = "money_waiting"

    money: str
    budget: str
    place: int | None
