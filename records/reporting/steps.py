"""What a report shows of people grows in steps, so that two reports, made one after the other, tell of nobody.

From a mean of five people and one of six follows what the sixth has said. So people are taken in the order in which
they came, five at a time: what is shown stays as it is until five more are there, and then changes by all five.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

FEWEST = 5
"""Of fewer people than this nothing is shown."""


def in_steps(came: Sequence[T], tells_of_somebody: Callable[[Sequence[T]], bool]) -> list[T]:
    """Those who are shown of all who ``came``, in their order: whole steps of five people.

    Where a step would tell of somebody by itself, the next five belong to it too. What has been shown once is never
    taken apart: a later report of the same people, and more, begins with the same steps.
    """
    shown = 0
    for end in range(FEWEST, len(came) + 1, FEWEST):
        if not tells_of_somebody(came[shown:end]):
            shown = end
    return list(came[:shown])
