"""Who is signed in: sessions, which begin by a mail, by an account or in a demo, and end; all of it in the records.

A session is a random cookie, of which the records have the hash alone.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from domain.core.access import Viewer
from domain.core.model import PersonId
from domain.core.sign_in import KEPT, SEEN_EVERY, SessionRules, agent_in_words
from domain.core.tasks import Refused
from records.database import Database
from records.errors import RecordsError
from records.queries.core import access as in_access
from records.queries.core import people as in_records
from records.queries.core import sign_in as queries
from records.tables.access import SessionRecord, SignInRecord
from records.tables.core import PersonRecord

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignedIn:
    """Somebody is signed in: the ``cookie`` their browser keeps, which nobody else ever sees, and where they go on."""

    person: PersonId
    cookie: str
    onward: str | None


@dataclass(frozen=True)
class Known:
    """Who somebody is; ``by_hand`` where somebody said so, and not an address alone.

    ``address`` is the hash of the mail address by which it is known, where it is by a link that went there.
    """

    person: PersonId
    by_hand: bool
    address: str | None = None


class WhyEnded(StrEnum):
    """Why nobody is signed in by a cookie that a browser still has, as far as the records know."""

    IDLE = "idle"
    """Nobody was there for too long."""
    LONGEST = "longest"
    """It had lasted as long as a session may."""
    OUT = "out"
    """It was ended on purpose, and is not on record any more: by themselves elsewhere, or by HR."""
    OTHER = "other"
    """It is on record, and its time is not over; but it counts no more."""


@dataclass(frozen=True)
class SessionShown:
    """Where somebody is signed in. ``id`` names the session and opens nothing; ``is_this`` is the one that asks."""

    id: str
    agent: str
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    is_this: bool


def new_secret() -> str:
    """256 random bits as text: what a browser keeps from asking for a link to being signed in."""
    return secrets.token_urlsafe(32)


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def hashed(secret: str) -> str:
    """The SHA-256 of a secret, in hexadecimal digits: it has 256 random bits, so nobody finds it by trying."""
    return sha256(secret.encode()).hexdigest()


class Sessions:
    """The sessions on these records. ``rules`` say how long they last.

    Without ``duties_by_mail`` nobody who has a duty beyond cases stays signed in by an address alone.
    """

    def __init__(
        self,
        database: Database,
        *,
        rules: SessionRules | None = None,
        duties_by_mail: bool = True,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._rules = rules or SessionRules()
        self._now = now
        self.duties_by_mail = duties_by_mail

    def open(
        self, whose: Callable[[Session, datetime], Known], *, agent: str = "", before: str | None = None
    ) -> SignedIn:
        """Sign in whoever ``whose`` finds out they are, in the same transaction; what it raises, goes on.

        Whether they are at the company still is for it to look at.
        """
        now = self._now()
        with self._database.session() as session:
            known = whose(session, now)
            return SignedIn(known.person, self.begin(session, known, now, agent=agent, before=before), None)

    def begin(
        self, session: Session, whose: Known, now: datetime, *, agent: str = "", before: str | None = None
    ) -> str:
        """Begin a session in this transaction; the one of the browser until now, by its cookie, ends. Its cookie."""
        if before is not None:
            session.execute(delete(SessionRecord).where(SessionRecord.id == hashed(before)))
        cookie = new_secret()
        session.add(
            SessionRecord(
                id=hashed(cookie),
                person=whose.person,
                created_at=now,
                last_seen_at=now,
                ends_at=now + self._rules.longest,
                agent=agent_in_words(agent),
                by_hand=whose.by_hand,
                address=whose.address,
            )
        )
        return cookie

    def session_of(self, cookie: str) -> Viewer | None:
        """Who is signed in by this cookie, by the records of this moment; None for nobody, any more or ever."""
        now = self._now()
        with self._database.reading() as session:
            found = queries.session_of(session, hashed(cookie))
            if found is None:
                return None
            record, person = found
            if self._rules.is_over(record.last_seen_at, record.ends_at, now):
                return None
            if not counts_for(session, person.id, record.address, now):
                return None
            viewer = in_access.viewer_of(session, person, now)
        if viewer.has_duties and not (self.duties_by_mail or record.by_hand):
            return None  # the duty was granted since: an address alone does not do for it
        if now >= record.last_seen_at + SEEN_EVERY:
            self._note_seen(record.id, now)
        return viewer

    def _note_seen(self, session_id: str, now: datetime) -> None:
        seen = update(SessionRecord).where(SessionRecord.id == session_id, SessionRecord.last_seen_at < now)
        try:
            with self._database.session() as session:
                session.execute(seen.values(last_seen_at=now))
        except RecordsError as error:  # no page is refused for that
            _log.warning("that somebody was there is not noted", extra={"reason": str(error)})

    def lapsed(self, cookie: str) -> PersonId | None:
        """Whose session this was, if it ended by itself within the last day; else nobody's.

        Good for one thing: what they were typing just then is kept for them, until they have signed in again.
        """
        now = self._now()
        with self._database.reading() as session:
            record = session.get(SessionRecord, hashed(cookie))
            if record is None or record.ends_at <= now - KEPT:
                return None
            return record.person if counts_for(session, record.person, record.address, now) else None

    def why_ended(self, cookie: str) -> WhyEnded:
        """Why nobody is signed in by this cookie any more. A browser drops it before its session leaves the records by
        itself."""
        with self._database.reading() as session:
            record = session.get(SessionRecord, hashed(cookie))
            if record is None:
                return WhyEnded.OUT
            idle_since = record.last_seen_at + self._rules.idle
            if self._now() < min(idle_since, record.ends_at):
                return WhyEnded.OTHER
            return WhyEnded.IDLE if idle_since < record.ends_at else WhyEnded.LONGEST

    def sign_out(self, cookie: str) -> None:
        """End the session of this cookie, if there is one."""
        with self._database.session() as session:
            session.execute(delete(SessionRecord).where(SessionRecord.id == hashed(cookie)))

    def sign_out_everywhere(self, person: PersonId, *, but: str | None = None) -> int:
        """End all sessions of somebody (but that of this cookie), and links nobody has used; how many sessions."""
        with self._database.session() as session:
            return end_sessions_of(session, person, self._now(), but=None if but is None else hashed(but))

    def sign_out_there(self, person: PersonId, session_id: str) -> bool:
        """End one session of somebody, by its id; whether there was one."""
        one = delete(SessionRecord).where(SessionRecord.id == session_id, SessionRecord.person == person)
        with self._database.session() as session:
            return session.execute(one.returning(SessionRecord.id)).first() is not None

    def sessions_of(self, person: PersonId, *, this: str | None = None) -> Sequence[SessionShown]:
        """Where somebody is signed in, the last seen first; ``this`` is the cookie of whoever asks."""
        now, own = self._now(), None if this is None else hashed(this)
        with self._database.reading() as session:
            somebody = session.get(PersonRecord, person)  # kept: it is read once, for all sessions
            if somebody is None:
                return []
            return [
                SessionShown(
                    id=record.id,
                    agent=record.agent,
                    created_at=record.created_at,
                    last_seen_at=record.last_seen_at,
                    ends_at=min(record.ends_at, record.last_seen_at + self._rules.idle),
                    is_this=record.id == own,
                )
                for record in queries.sessions(session, person)
                if not self._rules.is_over(record.last_seen_at, record.ends_at, now)
                and counts_for(session, somebody.id, record.address, now)
            ]

    def clean(self, session: Session, now: datetime) -> None:
        """Delete, in this transaction, what ended a day ago: until then :meth:`lapsed` knows of it."""
        session.execute(delete(SessionRecord).where(SessionRecord.ends_at <= now - KEPT))


def counts_for(session: Session, person: PersonId, address: str | None, now: datetime) -> bool:
    """Whether somebody is at the company, and a mail address, by its hash, is theirs still; none, if none was needed.

    Once it is not theirs, whoever reads mail there is let in no more, and whoever was let in by it is signed out.
    """
    if not queries.is_here(session, person, now):
        return False
    return address is None or any(hashed(theirs) == address for theirs in queries.addresses_of(session, person))


def end_sessions(database: Database, person: PersonId, by: PersonId) -> int:
    """HR of any role ends all sessions of somebody; how many. Raises ``Unknown`` and :class:`Refused`."""
    with database.session() as session:
        in_records.person(session, person)
        in_records.person(session, by)
        if by != person and not in_access.hr_of(session, by):
            raise Refused(f"{by} can't end sessions of {person}: it is for themselves and HR", "forbidden")
        return end_sessions_of(session, person, utc_now())


def end_sessions_of(session: Session, person: PersonId, now: datetime, *, but: str | None = None) -> int:
    """End all sessions of somebody, but one (by its id), and the links that nobody has used; how many sessions."""
    pending = update(SignInRecord).where(SignInRecord.person == person, SignInRecord.used_at.is_(None))
    session.execute(pending.values(used_at=now))
    ending = delete(SessionRecord).where(SessionRecord.person == person)
    if but is not None:
        ending = ending.where(SessionRecord.id != but)
    return len(session.scalars(ending.returning(SessionRecord.id)).all())
