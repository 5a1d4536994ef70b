"""The text of a completion event: the part of xAPI's statements (1.0.3 and 2.0) that matters to us, read strictly.

Three forms are taken:

- a statement signed as xAPI has it: a JSON web signature in its compact form whose payload is the statement;
- ``{"statement": {...}, "signature": "<compact JWS>"}``: a statement as a learning record store gives it out, with its
  signature; what was signed must be the same statement;
- a plain statement, which nobody has signed.

Several of them may come in one text, as an array, or as a learning record store answers: ``{"statements": [...]}``.

The text comes from outside: whatever it is, :class:`NotAStatement` is the worst that happens.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
    model_validator,
)

from domain.core.json_text import NamedTwice, NestedTooDeeply, NotFinite, NotJson, read_json
from domain.core.sentences import explain
from domain.learning.catalogue import Iri
from domain.learning.durations import parse_duration
from domain.learning.xapi import MILLISECOND, MOST_AT_ONCE, Verb

_COMPACT_JWS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)

_VERBS = {f"http://adlnet.gov/expapi/verbs/{verb.value}": verb for verb in Verb if verb is not Verb.OTHER}

_RFC_3339 = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt](?P<minute>\d\d:\d\d):(?P<second>\d\d)(?P<fraction>\.\d+)?"
    r"(?P<offset>[Zz]|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_A_TIMESTAMP = "must be a timestamp by RFC 3339, such as 2027-02-16T09:30:00Z"
_LEAP = "60"


class NotAStatement(ValueError):
    """It is no statement; the message says why, without repeating any of it."""


@dataclass(frozen=True)
class HandedText:
    """What a text holds: a statement (as parsed JSON), a signature (a compact JWS), or both."""

    statement: dict[str, Any] | None
    signature: str | None


def _instant(value: object) -> datetime:
    """A timestamp by RFC 3339; one without an offset is taken for UTC, as learning record stores do.

    A leap second is the second after it. An offset of ``-00:00`` is none, by xAPI (1.0.3 and 2.0).
    """
    match = _RFC_3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(_A_TIMESTAMP)
    if match["offset"] == "-00:00":
        raise ValueError("must not have the offset -00:00; UTC is Z or +00:00")
    leap = match["second"] == _LEAP
    offset = {None: "+00:00", "z": "+00:00", "Z": "+00:00"}.get(match["offset"], match["offset"])
    second = "59" if leap else match["second"]
    try:
        at = datetime.fromisoformat(
            f"{match['day']}T{match['minute']}:{second}{match['fraction'] or ''}{offset}"
        ).astimezone(UTC)
        return _after_leap_second(at) if leap else at
    except (ValueError, OverflowError):
        raise ValueError(_A_TIMESTAMP) from None


def _after_leap_second(at: datetime) -> datetime:
    """The instant a second later; leap seconds end a month, at 23:59:60 UTC."""
    later = at + timedelta(seconds=1)
    if (later.day, later.hour, later.minute) != (1, 0, 0):
        raise ValueError("there is no leap second then")
    return later


_Uuid = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"),
    AfterValidator(str.lower),
]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
_Mailbox = Annotated[
    str, StringConstraints(pattern=r"^mailto:[^@\s]+@[^@\s]+$", max_length=300), AfterValidator(str.lower)
]
_Sha1 = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{40}$"), AfterValidator(str.lower)]


class _Part(BaseModel):
    """A part of a statement. What we don't read of it may be anything."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Account(_Part):
    """An account somebody has in a system."""

    home_page: Iri = Field(alias="homePage")
    name: _Text


class Actor(_Part):
    """Whom a statement is about: by exactly one identifier, unless it is a group.

    Mail addresses and hashes are in small letters.
    """

    kind: Literal["Agent", "Group"] = Field(default="Agent", alias="objectType")
    account: Account | None = None
    mbox: _Mailbox | None = None
    mbox_sha1sum: _Sha1 | None = None
    openid: Iri | None = None

    @model_validator(mode="after")
    def _identified(self) -> Self:
        identifiers = [self.account, self.mbox, self.mbox_sha1sum, self.openid]
        given = sum(identifier is not None for identifier in identifiers)
        if given > 1 or (given == 0 and self.kind == "Agent"):
            raise ValueError("must be identified by one of account, mbox, mbox_sha1sum and openid")
        return self


class _Verb(_Part):
    id: Iri


class _Activity(_Part):
    kind: Literal["Activity"] = Field(default="Activity", alias="objectType")
    id: Iri


class _Result(_Part):
    success: StrictBool | None = None
    completion: StrictBool | None = None
    duration: Annotated[timedelta, BeforeValidator(parse_duration)] | None = None


class ParsedStatement(_Part):
    """A statement as its text says it, before its actor is looked up in the records."""

    id: _Uuid
    actor: Actor
    said: _Verb = Field(alias="verb")
    object: _Activity
    result: _Result = _Result()
    timestamp: Annotated[datetime, BeforeValidator(_instant)] | None = None

    @property
    def verb(self) -> Verb:
        """What it says of its activity."""
        return _VERBS.get(self.said.id, Verb.OTHER)

    def same_as(self, given: ParsedStatement) -> bool:
        """Whether a statement that a learning record store gave out is this one, which was signed.

        By xAPI's rules for comparing statements (1.0.3, 2.3.1), as far as we read them: actor, verb, activity, result
        and timestamp must be the same, a timestamp that is missing here may have been added. Nothing else is compared,
        because nothing else is ever read, and what is read is what was signed.
        """
        if self.timestamp is not None and (
            given.timestamp is None or abs(self.timestamp - given.timestamp) >= MILLISECOND
        ):
            return False
        return self.model_copy(update={"timestamp": None}) == given.model_copy(update={"timestamp": None})


def parse_handed_in(text: str) -> HandedText:
    """Which of the three forms a text has. Raises :class:`NotAStatement` for any other."""
    text = text.strip()
    if _COMPACT_JWS.fullmatch(text):
        return HandedText(statement=None, signature=text)
    data = parse_object(text)
    if "signature" not in data:
        return HandedText(statement=data, signature=None)
    statement, signature = data.get("statement"), data["signature"]
    if set(data) != {"statement", "signature"} or not isinstance(statement, dict):
        raise NotAStatement("beside a signature there must be a statement, and nothing else")
    if not isinstance(signature, str) or not _COMPACT_JWS.fullmatch(signature):
        raise NotAStatement("signature: must be a JSON web signature in its compact form")
    return HandedText(statement=statement, signature=signature)


def split_statements(text: str) -> list[str]:
    """The texts of the statements in a text: of an array, of a learning record store's answer, or the one there is.

    Raises :class:`NotAStatement` for none, or too many at once. What can't be read is one text; its reader says why.
    """
    try:
        data = _json(text)
        answer = isinstance(data, dict) and {"statements"} <= set(data) <= {"statements", "more"}
        several = data["statements"] if answer else data
        if not isinstance(several, list):
            return [text]
        texts = [
            statement if isinstance(statement, str) else json.dumps(statement, ensure_ascii=False)
            for statement in several
        ]
    except (NotAStatement, RecursionError):
        return [text]
    if not texts:
        raise NotAStatement("there is no statement in it")
    if len(texts) > MOST_AT_ONCE:
        raise NotAStatement(f"there are {len(texts):,} statements in it; hand in at most {MOST_AT_ONCE} at once")
    return texts


def parse_object(text: str) -> dict[str, Any]:
    """A JSON object. Raises :class:`NotAStatement`, also for JSON that different readers understand differently."""
    data = _json(text)
    if not isinstance(data, dict):
        raise NotAStatement("it is no JSON object")
    return data


def _json(text: str) -> Any:
    try:
        return read_json(text, finite=True)
    except (NamedTwice, NestedTooDeeply, NotFinite) as error:
        raise NotAStatement(str(error)) from None
    except NotJson:
        raise NotAStatement("it is neither JSON nor a JSON web signature") from None


def parse_statement(data: dict[str, Any]) -> ParsedStatement:
    """The statement in a JSON object. Raises :class:`NotAStatement` naming each field that does not fit."""
    try:
        return ParsedStatement.model_validate(data)
    except ValidationError as error:
        raise NotAStatement(explain(error, "statement", repeat=False)) from None
