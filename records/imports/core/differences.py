"""What of an entry on record is otherwise in a file: shown old and new, so that nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.core.model import Fixed

SHOWN_AT_MOST = 60
"""Characters of a value; the rest of a long text makes no difference clearer."""


class Difference(Fixed):
    """A field of an entry, as it was on record and as it is now."""

    of: str
    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.of}, {self.field}: {self.before} becomes {self.after}"


def differences(of: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Where ``after`` is otherwise, in the order of its fields."""
    return [
        Difference(of=of, field=field, before=written(before.get(field)), after=written(value))
        for field, value in after.items()
        if before.get(field) != value
    ]


def written(value: Any) -> str:
    """A value as it would stand in a file."""
    if value is None or value == "" or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= SHOWN_AT_MOST else f"{text[:SHOWN_AT_MOST]}…"
