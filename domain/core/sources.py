"""A file of values that says where they come from: its ``sources`` name values, or something around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def dotted_values(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a file by their dotted names; a list is one value."""
    for key, value in content.items():
        if isinstance(value, dict) and value:
            yield from dotted_values(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def without_source(values: Iterable[str], sources: Iterable[str]) -> list[str]:
    """The values, by their dotted names, for which neither a source nor one of something around them speaks."""
    return [value for value in values if not any(_is_at_or_in(value, source) for source in sources)]


def sources_of_nothing(values: Iterable[str], sources: Iterable[str]) -> list[str]:
    """The sources that name no value, nor anything around one."""
    names = list(values)
    return [source for source in sources if not any(_is_at_or_in(name, source) for name in names)]


def _is_at_or_in(value: str, place: str) -> bool:
    return value == place or value.startswith(f"{place}.")
