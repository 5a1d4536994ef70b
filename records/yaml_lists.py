"""A YAML file that holds lists of entries under a few keys, and what is wrong with it in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from records.cells import is_safe_to_name
from records.import_report import Problem

RULES = {
    "missing": "is missing",
    "string_type": "must be text; put it in quotes",
    "model_type": "must be a mapping of keys to values",
}
"""Pydantic's kinds of errors, in the words of these files."""

MONEY = frozenset({"stipend", "salary", "cost"})
A_MONEY = "must be an amount and a currency, such as {amount: 2500, currency: EUR}"


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would silently take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: list[Any] = []
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, "a key stands twice", key.start_mark)
            seen.append(key.value)
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        """A date or an instant; what only looks like one stays text, for the entry's model to refuse by its key."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_scalar(node)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def read_lists(text: str | bytes, *keys: str) -> dict[str, list[Any]]:
    """The lists under ``keys``, empty where a key is not there. Raises ``ValueError`` where it is no such file."""
    try:
        content = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        where = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"{where}{error.problem if 'twice' in str(error.problem) else 'is not YAML'}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        raise ValueError("is not YAML") from None
    if (
        not isinstance(content, dict)
        or not set(content) <= set(keys)
        or not content
        or not all(isinstance(one, list) for one in content.values())
    ):
        raise ValueError(_must_hold(keys))
    return {key: content.get(key, []) for key in keys}


def named(noun: str, entry_id: str) -> str:
    """What a report calls an entry: ``role DATA1``."""
    return f"{noun} {entry_id}"


def place(entry: Any, n: int, noun: str) -> str:
    """What a report calls the ``n``-th entry of a list, by its id where that can be repeated."""
    stated = entry.get("id") if isinstance(entry, dict) else None
    return named(noun, stated) if isinstance(stated, str) and is_safe_to_name(stated) else f"{noun} number {n}"


def problems_of(error: ValidationError, where: str, noun: str) -> list[Problem]:
    """What a model found wrong with an entry, by key."""
    return [
        Problem(where=where, column=_key(one["loc"]), rule=_rule(one["loc"], one["type"], one["msg"], noun))
        for one in error.errors(include_input=False, include_url=False)
    ]


def twice(ids: Iterable[str], noun: str) -> list[Problem]:
    """A problem for each id that stands more than once."""
    return [
        Problem(where=named(noun, one), column="id", rule="stands twice")
        for one, count in Counter(ids).items()
        if count > 1
    ]


def _must_hold(keys: Sequence[str]) -> str:
    if len(keys) == 1:
        return f"must hold a list under the single key `{keys[0]}`"
    return f"must hold lists under the keys {' and '.join(f'`{key}`' for key in keys)}, and nothing else"


def _key(location: tuple[int | str, ...]) -> str | None:
    key = ".".join(str(part) for part in location)
    return key if key and is_safe_to_name(key) else None


def _rule(location: tuple[int | str, ...], kind: str, message: str, noun: str) -> str:
    if kind == "extra_forbidden":
        return f"is not a key of a {noun}"
    if kind == "model_type" and location and location[-1] in MONEY:
        return A_MONEY
    return RULES.get(kind) or message.removeprefix("Value error, ").replace("Input should ", "must ", 1)
