"""What is refused, beside the fields of a form that it is about."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from starlette.requests import Request

from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.tasks.facts import named
from service.core.errors import Refused, Unfit
from service.registry.task_page import names_of
from web.core.errors import STATUS
from web.core.surroundings import surroundings

ErrorFields = Mapping[type[Exception], str]
"""The field that a refusal of a class belongs to, where its sentence names none."""


NOT_SENT = translatable(
    "This can't be reached right now, and nothing was done. What you entered still stands below: send it again in a "
    "few minutes."
)
"""Where it is known that nothing was sent: nobody listens there."""


def split(refused: Exception, keys: Collection[str]) -> tuple[str, str]:
    """The field that a refusal names (none: an empty text), and its sentence."""
    key, colon, rest = str(refused).partition(": ")
    return (key, rest) if colon and key in keys else ("", str(refused))


async def told(
    request: Request, refused: Exception, keys: Collection[str], speech: Speech, error_fields: ErrorFields | None = None
) -> dict[str, str]:
    """Why something is refused, by field, in the reader's language, with names in the place of ids."""
    if isinstance(refused, Unfit):
        sentences = [(str(rule.at[0]) if rule.at else "", rule.sentence) for rule in refused.broken]
    else:
        key, sentence = split(refused, keys)
        sentences = [(key or _field_of(refused, error_fields or {}), sentence)]
    names = await asyncio.to_thread(names_of, surroundings(request).database, [sentence for _, sentence in sentences])
    said: dict[str, list[str]] = {}
    for key, sentence in sentences:
        said.setdefault(key if key in keys else "", []).append(begun(named(speech.sentence(sentence), names)))
    return {key: "\n".join(dict.fromkeys(lines)) for key, lines in said.items()}


def status_of(refused: Exception) -> int:
    """The status of a page that tells of it; what is unknown, or of other content than on record, does not fit."""
    return STATUS[refused.kind if isinstance(refused, Refused) else "invalid"]


def _field_of(refused: Exception, error_fields: ErrorFields) -> str:
    return next((key for kind, key in error_fields.items() if isinstance(refused, kind)), "")
