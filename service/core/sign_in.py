"""Signing in by a link that comes by mail; who has asked for one, is in the records.

Whoever asks for a link gets the same answer at the same moment, whether the address is somebody's or not: whose it is,
is looked up afterwards, in the background. The link counts only in the browser that asked, which holds a secret for
it; whoever reads the mail elsewhere types the code of the mail into that browser. Secrets are kept as hashes.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal, TypeAlias

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.core.addresses import comparable, fault_of
from domain.core.model import PersonId
from domain.core.sign_in import (
    CODE_DIGITS,
    CODE_TRIES,
    FOR_ADDRESS,
    FROM_HERE_FOR_ADDRESS,
    FROM_HERE_FOR_ADDRESS_A_DAY,
    FROM_SOURCE,
    KEPT,
    LINK_VALID,
    WRONG_CODES,
    SignInMail,
)
from domain.core.tasks import Refused
from records.database import Database, lock
from records.errors import RecordsError
from records.queries.core import access as in_access
from records.queries.core import sign_in as queries
from records.tables.access import SignInRecord
from service.core.errors import Unfit
from service.core.sessions import Known, Sessions, SignedIn, counts_for, hashed, new_secret, utc_now

Send: TypeAlias = Callable[[SignInMail], None]
"""Sends one mail, or sees to it that it is logged why not."""

WhyNot: TypeAlias = Literal["over", "elsewhere", "wrong_code", "too_many"]

_log = logging.getLogger(__name__)


class NotSignedIn(Refused):
    """Nobody is signed in by this.

    ``why``: the link is used, or older than a quarter of an hour, or none of ours (``over``); another browser asked for
    it, where the code of the mail is to be typed (``elsewhere``); a wrong code, or one too many (``wrong_code``); too
    many links were asked for (``too_many``). ``person`` is whose mail it was, where that is known: for the log alone.
    """

    def __init__(self, sentence: str, why: WhyNot, person: PersonId | None = None) -> None:
        super().__init__(sentence, "conflict" if why == "too_many" else "forbidden")
        self.why = why
        self.person = person


class SignIn:
    """Signing in by mail, on these records. ``send`` sends a mail; ``background`` runs what nobody is to wait for.

    Where these ``sessions`` are not for duties by mail, nobody who has a duty beyond cases gets a link: there is an
    identity provider, and they sign in by it.
    """

    def __init__(
        self,
        database: Database,
        send: Send,
        sessions: Sessions,
        *,
        now: Callable[[], datetime] = utc_now,
        background: Executor | None = None,
    ) -> None:
        self._database = database
        self._send = send
        self._sessions = sessions
        self._now = now
        self._background = background or ThreadPoolExecutor(2, thread_name_prefix="sign-in")

    def close(self) -> None:
        """Wait for mails that are on their way."""
        self._background.shutdown(wait=True)

    def begin(self, address: str, *, browser: str, source: str, onward: str | None = None) -> None:
        """Somebody asks for a link to this address, in the browser that keeps this secret (:func:`new_secret`).

        ``source`` is the network address they come from, ``onward`` the page they wanted. Raises ``Unfit`` for what is
        no address, and :class:`NotSignedIn` where too many were asked for; both whosever the address is, or nobody's.
        """
        given = address.strip()
        if (fault := fault_of(given)) is not None:
            raise Unfit.at("address", fault)
        now, wanted = self._now(), comparable(given)
        record = SignInRecord(
            id=secrets.token_hex(16),
            at=now,
            address=hashed(wanted),
            source=hashed(network_of(source)),
            browser=hashed(browser),
            onward=onward,
            ends_at=now + LINK_VALID,
            code=_keyed(browser, new_secret()),  # that nobody can type: a wrong code is answered alike, whoever asked
            tries=0,
        )
        with self._database.session() as session:
            lock(session, "sign-ins")
            if _too_many(session, record):
                raise NotSignedIn("too many links were asked for; try again in an hour", "too_many")
            session.add(record)
        self._background.submit(self._write_mail, record.id, wanted, browser)

    def _write_mail(self, sign_in: str, address: str, browser: str) -> None:
        """Find out whose address it is, if anybody's, and send them the link."""
        try:
            mail = self._mail(sign_in, address, browser)
            if mail is not None:
                self._send(mail)
        except RecordsError as error:
            _log.error("a link to sign in was not sent", extra={"sign_in": sign_in, "reason": str(error)})
        except Exception:
            _log.exception("a link to sign in was not sent", extra={"sign_in": sign_in})

    def _mail(self, sign_in: str, address: str, browser: str) -> SignInMail | None:
        now = self._now()
        with self._database.session() as session:
            self._clean(session, now)
            found = queries.reached_at(session, address, now)
            if len(found) > 1:  # nobody could say which of them it is
                _log.warning("several people share an address: none can sign in by it", extra={"people": sorted(found)})
            record = session.get(SignInRecord, sign_in)
            if len(found) != 1 or record is None:
                return None
            ((person, reach),) = found.items()
            if not self._sessions.duties_by_mail and in_access.viewer(session, person, now).has_duties:
                _log.warning("with a duty beyond cases one signs in by the identity provider", extra={"person": person})
                return None
            token = new_secret()
            code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
            record.person, record.token, record.code = person, hashed(token), _keyed(browser, code)
            return SignInMail(
                id=sign_in, at=now, to=person, reach=reach, token=token, code=code, ends_at=record.ends_at
            )

    def redeem_link(self, token: str, *, browser: str | None, agent: str = "", before: str | None = None) -> SignedIn:
        """Sign in by the token of a link. ``before`` is the cookie of a session that the browser has: it ends.

        Raises :class:`NotSignedIn`; one that was opened elsewhere can be used still.
        """
        now = self._now()
        with self._database.session() as session:
            record = session.scalars(select(SignInRecord).where(SignInRecord.token == hashed(token))).first()
            if record is None or record.used_at is not None or record.ends_at <= now:
                whose = None if record is None else record.person
                raise NotSignedIn("this link was used, or is older than 15 minutes; ask for another one", "over", whose)
            if browser is None or not hmac.compare_digest(record.browser, hashed(browser)):
                raise NotSignedIn(
                    "this link was asked for in another browser; type the code that came with it there",
                    "elsewhere",
                    record.person,
                )
            return self._sign_in(session, record, agent, before, now)

    def redeem_code(self, code: str, *, browser: str, agent: str = "", before: str | None = None) -> SignedIn:
        """Sign in by the code of a mail, in the browser that asked. Raises as :meth:`redeem_link` does.

        A wrong one counts for each mail that this browser has asked for and nobody has used. After too many wrong ones
        of all browsers together no code counts for a while, and the log says so.
        """
        now, given = self._now(), "".join(code.split())
        with self._database.session() as session:
            if (wrong_ones := queries.wrong_codes(session, now - WRONG_CODES.within)) >= WRONG_CODES.asked:
                _log.error(
                    "somebody may be guessing codes to sign in: none counts for now", extra={"wrong": wrong_ones}
                )
                raise NotSignedIn("codes do not count for now; use the link of the mail", "over")
            lock(session, f"browser {hashed(browser)}")  # of many codes at once each counts
            open_ones = queries.open_in(session, hashed(browser), now, CODE_TRIES)
            wanted = _keyed(browser, given)
            found = next((entry for entry in open_ones if hmac.compare_digest(entry.code or "", wanted)), None)
            if found is not None:
                return self._sign_in(session, found, agent, before, now)
            for entry in open_ones:
                entry.tries += 1
        if any(entry.tries < CODE_TRIES for entry in open_ones):
            raise NotSignedIn("this is not the code of the mail", "wrong_code", _whose(open_ones))
        raise NotSignedIn(
            "there is no code that could be typed here any more; ask for another mail", "over", _whose(open_ones)
        )

    def _sign_in(
        self, session: Session, record: SignInRecord, agent: str, before: str | None, now: datetime
    ) -> SignedIn:
        unused = update(SignInRecord).where(SignInRecord.id == record.id, SignInRecord.used_at.is_(None))
        if session.execute(unused.values(used_at=now).returning(SignInRecord.id)).first() is None:
            raise NotSignedIn("this link was used; ask for another one", "over")  # at this very moment
        person = record.person
        if person is None or not counts_for(session, person, record.address, now):
            raise NotSignedIn("this link does not count any more", "over", person)
        whose = Known(person, by_hand=False, address=record.address)
        cookie = self._sessions.begin(session, whose, now, agent=agent, before=before)
        return SignedIn(person, cookie, record.onward)

    def _clean(self, session: Session, now: datetime) -> None:
        """Delete requests that no limit counts any more, and sessions that ended long ago."""
        session.execute(delete(SignInRecord).where(SignInRecord.at <= now - KEPT))
        self._sessions.clean(session, now)


def _whose(records: Sequence[SignInRecord]) -> PersonId | None:
    """Whose mails these are, as far as it is known: of what one browser asked for, mostly one person's."""
    return next((record.person for record in records if record.person is not None), None)


def network_of(source: str) -> str:
    """Whose address it is, as far as can be told: of IPv6 whoever has one has the 2**64 beside it, too."""
    try:
        address = ip_address(source.partition("%")[0])
    except ValueError:
        return source
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False))
    return str(address)


def _keyed(browser: str, code: str) -> str:
    """The hash of a code, by the secret of the browser: six digits alone would be found by trying all."""
    return hmac.new(browser.encode(), code.encode(), sha256).hexdigest()


def _too_many(session: Session, record: SignInRecord) -> bool:
    """Whether a limit is reached by those who asked before."""
    return any(
        queries.asked_for(session, record.at - limit.within, address=address, source=source) >= limit.asked
        for limit, address, source in (
            (FROM_HERE_FOR_ADDRESS, record.address, record.source),
            (FROM_HERE_FOR_ADDRESS_A_DAY, record.address, record.source),
            (FOR_ADDRESS, record.address, None),
            (FROM_SOURCE, None, record.source),
        )
    )
