"""Reading JSON that others wrote, each name once: where one stands twice, readers disagree about which counts."""

from __future__ import annotations

import json
from typing import Any, NoReturn


class NotJson(ValueError):
    """It can't be read; ``where`` is the line and the character in it, from 1, where that is known."""

    def __init__(self, why: str, where: tuple[int, int] | None = None) -> None:
        super().__init__(why)
        self.where = where


class NamedTwice(NotJson):
    """A name stands twice in the same object."""


class NestedTooDeeply(NotJson):
    """There are more brackets in brackets than can be read."""


class NotFinite(NotJson):
    """It holds ``NaN`` or ``Infinity``."""


def read_json(text: str | bytes, *, finite: bool = False) -> Any:
    """What stands in a JSON text. Raises :class:`NotJson`, whatever the text is.

    ``NaN`` and ``Infinity``, which are no JSON, are read as numbers all the same, unless all have to be ``finite``.
    """
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_not_finite if finite else None)
    except NotJson:
        raise
    except json.JSONDecodeError as error:
        raise NotJson("it is no JSON", (error.lineno, error.colno)) from None
    except RecursionError:
        raise NestedTooDeeply("it is nested too deeply") from None
    except ValueError:  # bytes that are no text, or a number that is too long
        raise NotJson("it is no JSON") from None


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(members)
    if len(content) != len(members):
        raise NamedTwice("a name stands twice in the same object")
    return content


def _not_finite(_: str) -> NoReturn:
    raise NotFinite("NaN and Infinity are no JSON")
