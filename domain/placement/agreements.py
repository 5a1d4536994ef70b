"""What returner and manager both have to agree to in a running placement: more weeks, another working pattern."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.core.model import Fixed, Instant, PersonId, Sentence
from domain.core.working_pattern import Patterns, WorkingPattern, changed


class AskedOfBoth(Fixed):
    """Something that was asked for, with a ``reason``, and whether both sides agreed (none while they are asked).

    Not agreed is also what one side refused, what was replaced by another request, and what was still open when it was
    too late for it, or when the placement ended.
    """

    asked_by: PersonId
    at: Instant
    reason: Sentence
    agreed: bool | None = None


class Extension(AskedOfBoth):
    """So many weeks more."""

    weeks: int


class PatternChange(AskedOfBoth):
    """Other working patterns. ``since`` is the day from which on they hold, once agreed."""

    patterns: Patterns
    since: date | None = None


def as_agreed(
    now: Sequence[WorkingPattern], wanted: Sequence[WorkingPattern], earliest: date
) -> tuple[list[WorkingPattern], date]:
    """The patterns from now on, and the day of the change: that which was ``wanted``, or the ``earliest`` there is.

    What was worked, and perhaps paid, stays as it was. Of several in a row, those whose time is over by then are left
    out.
    """
    begun = [pattern for pattern in wanted if pattern.since is None or pattern.since <= earliest]
    late = wanted[len(begun) :]
    if not begun:
        return changed(now, wanted), late[0].since or earliest
    first = begun[-1].model_copy(update={"since": earliest})
    return changed(now, [first, *late]), earliest
