"""A YAML file that holds lists of entries under a few keys, and what is wrong with it in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from domain.core.characters import check_one_line, check_visible
from domain.core.sentences import Violation, place_in, violations
from domain.core.yaml_text import read_yaml
from records.imports.core.cells import is_safe_to_name
from records.imports.core.csv_text import UTF_16, kind_of
from records.imports.core.report import Problem

M = TypeVar("M", bound=BaseModel)

AN_ID = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,39}")

IN_QUOTES = "must be text; put it in quotes"


def read_lists(text: str | bytes, *keys: str) -> dict[str, list[Any]]:
    """The lists under ``keys``, empty where a key is not there. Raises ``ValueError`` where it is no such file."""
    kind = kind_of(text) if isinstance(text, bytes) else None
    if kind is not None and not kind.startswith(UTF_16):
        raise ValueError(f"{kind}; this must be a YAML file")
    content = read_yaml(text)
    if (
        not isinstance(content, dict)
        or not set(content) <= set(keys)
        or not content
        or not all(isinstance(entries, list) for entries in content.values())
    ):
        raise ValueError(_must_hold(keys))
    return {key: content.get(key, []) for key in keys}


def named(noun: str, entry_id: str) -> str:
    """What a report calls an entry: ``role DATA1``."""
    return f"{noun} {entry_id}"


def place(entry: Any, n: int, noun: str) -> str:
    """What a report calls the ``n``-th entry of a list, by its id where that can be repeated."""
    stated = _id_in(entry)
    can_be_shown = stated is not None and (AN_ID.fullmatch(stated) or is_safe_to_name(stated))
    return named(noun, stated) if stated is not None and can_be_shown else f"{noun} number {n}"


def _id_in(entry: Any) -> str | None:
    stated = entry.get("id") if isinstance(entry, dict) else None
    return stated if isinstance(stated, str) else None


def read_entry(model: type[M], entry: Any, where: str, noun: str) -> tuple[M | None, list[Problem]]:
    """The entry as its model, where nothing is wrong with it on its own; and what is."""
    unseen = [Problem(where=where, column=_key(key), rule=rule) for key, rule in _unseen(entry, (), set())]
    try:
        parsed = model.model_validate(entry)
    except ValidationError as error:
        return None, [*unseen, *_problems_of(error, where, noun)]
    return (None if unseen else parsed), unseen


def _unseen(value: Any, at: tuple[int | str, ...], known: set[int]) -> Iterator[tuple[str, str]]:
    """The places in an entry with characters that nobody sees, and names of more than a line; each with its rule.

    What an alias repeats (``*there``) is the same object, ``known`` from where it came first: looked at each time, a
    few lines could take for ever.
    """
    if isinstance(value, str):
        yield from _unseen_in(value, at)
    elif isinstance(value, list | dict) and id(value) not in known:
        known.add(id(value))
        for n, part in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(value, dict):
                yield from _unseen_in(str(n), at)
            yield from _unseen(part, (*at, n if isinstance(value, list) else str(n)), known)


def _unseen_in(text: str, at: tuple[int | str, ...]) -> Iterator[tuple[str, str]]:
    name = at[-1:] in (("title",), ("name",))
    try:
        for line in [check_one_line(text).strip()] if name else text.splitlines():
            check_visible(line.replace("\t", " "))
    except ValueError as broken:
        yield place_in(at), str(broken)


def _problems_of(error: ValidationError, where: str, noun: str) -> list[Problem]:
    return [
        Problem(where=where, column=_key(broken.where), rule=_rule(broken, noun, known=_key(broken.where) is not None))
        for broken in violations(error)
    ]


def duplicate_ids(entries: Sequence[Any], noun: str) -> list[Problem]:
    """A problem for each id that stands more than once, also where something else is wrong with one of its entries."""
    count = Counter(stated for stated in map(_id_in, entries) if stated)
    first = {_id_in(entry): place(entry, n, noun) for n, entry in reversed(list(enumerate(entries, start=1)))}
    return [
        Problem(where=first[stated], column="id", rule=f"stands {'twice' if times == 2 else f'{times} times'}")
        for stated, times in count.items()
        if times > 1
    ]


def _must_hold(keys: Sequence[str]) -> str:
    if len(keys) == 1:
        return f"must hold a list under the single key `{keys[0]}`"
    return f"must hold lists under the keys {' and '.join(f'`{key}`' for key in keys)}, and nothing else"


def _key(place: str) -> str | None:
    return place if place and all(map(is_safe_to_name, re.split("[.,]", place))) else None


def _rule(broken: Violation, noun: str, *, known: bool) -> str:
    if broken.kind == "extra_forbidden":
        return f"is not a key of a {noun}"
    if broken.kind == "string_type":
        return IN_QUOTES
    return broken.sentence if known else broken.rule
