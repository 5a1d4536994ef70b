"""Reading the statements of learning systems: whether they can be believed, and whom they are about."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.core.journal import records_errors
from activities.learning.signatures import Forged, KeysUnusable, Malformed, signed
from domain.core.model import PersonId
from domain.learning.xapi import HandIn, Reading, Statement
from domain.learning.xapi_text import (
    Actor,
    NotAStatement,
    ParsedStatement,
    parse_handed_in,
    parse_object,
    parse_statement,
)
from engine.settings import Settings
from records.database import Database
from records.tables.core import PersonRecord

_PERSON_ID: TypeAdapter[PersonId] = TypeAdapter(PersonId)


class StatementActivities:
    """Reads statements by the keys of the learning systems and the people in the HR database."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._keys = settings.lms_keys

    @activity.defn(name="read_statement", no_thread_cancel_exception=True)
    def read_statement(self, handed_in: HandIn) -> Reading:
        """What a text says, who has signed it, and whom it is about; whatever the text is.

        Raises ``ApplicationError``, to be retried: of the name of a :class:`RecordsError` while the database can't be
        reached; of type ``KeysUnusable`` where the key that is wanted may be one that can't be read.
        """
        try:
            parsed, signed_by = _verified(handed_in.text, self._keys)
        except Forged as forged:
            return Reading(forged=str(forged))
        except (Malformed, NotAStatement) as unusable:
            return Reading(unusable=str(unusable))
        except KeysUnusable as error:
            raise ApplicationError(f"keys of learning systems: {error}", type="KeysUnusable") from None
        with records_errors(), self._database.reading() as session:
            person = _who_is(session, parsed.actor)
        return Reading(
            statement=Statement(
                id=parsed.id,
                person=person,
                verb=parsed.verb,
                activity=parsed.object.id,
                at=parsed.timestamp,
                success=parsed.result.success,
                completion=parsed.result.completion,
                signed_by=signed_by,
                duration=parsed.result.duration,
            )
        )


def _verified(text: str, keys: Path) -> tuple[ParsedStatement, str | None]:
    """The statement in a text, and who has signed it. Where something was signed, only that is read."""
    handed = parse_handed_in(text)
    if handed.signature is None:
        return parse_statement(handed.statement or {}), None
    signed_by, payload = signed(handed.signature, keys)
    try:
        signed_statement = parse_statement(parse_object(payload.decode("utf-8")))
    except UnicodeDecodeError:
        raise NotAStatement("what was signed is not UTF-8 text") from None
    if handed.statement is not None and not signed_statement.same_as(parse_statement(handed.statement)):
        raise Forged("what was signed is not the statement that stands beside it")
    return signed_statement, signed_by


def _who_is(session: Session, actor: Actor) -> PersonId | None:
    """Whom an actor is in the records: by the account's name, which is a person's id, or by mail address.

    None where it is nobody there, a group, or where several people share the address.
    """
    if actor.kind == "Group":
        return None
    if actor.account is not None:
        return _with_id(session, actor.account.name)
    if actor.mbox is None and actor.mbox_sha1sum is None:
        return None
    people = session.execute(select(PersonRecord.id, PersonRecord.email))
    found = [person for person, email in people if _is_mailbox(actor, f"mailto:{email}")]
    return found[0] if len(found) == 1 else None


def _with_id(session: Session, name: str) -> PersonId | None:
    try:
        record = session.get(PersonRecord, _PERSON_ID.validate_python(name))
    except ValidationError:
        return None
    return record.id if record else None


def _is_mailbox(actor: Actor, mailbox: str) -> bool:
    """Whether it is the actor's; a hash may be of the address as it is written, or in small letters."""
    if actor.mbox_sha1sum is None:
        return actor.mbox == mailbox.lower()
    return any(
        hashlib.sha1(way.encode(), usedforsecurity=False).hexdigest() == actor.mbox_sha1sum
        for way in (mailbox, mailbox.lower())
    )
