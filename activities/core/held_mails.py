"""What waits for somebody's morning, kept in the records, and the steps in which it becomes one mail.

What goes with a daily mail, and under which Message-ID, is put on record before it is sent; what became of it,
afterwards. Killed in between, the same mail goes out again with the same Message-ID, by which mail programs show it
once; what has gathered since waits for the next one. So nothing is lost, and nothing in the ledger is sent twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from activities.core.contacts import Contact
from activities.core.journal import records_errors
from activities.core.letters import message_id
from domain.core.daily_mail import DailyMailRequest
from domain.core.model import CaseId, PersonId
from domain.core.naming import daily_mail_id
from domain.core.post import Address, Letter
from records.database import Database, lock
from records.queries.core.cases import inbox
from records.tables.core import PersonRecord, TaskRecord
from records.tables.dispatch import HeldMailRecord, MailRecord

TEMPLATE = "daily_mail"


@dataclass(frozen=True)
class HeldLetter:
    """A letter of a case that waits for its reader's morning; its ``identity`` is its Message-ID."""

    identity: str
    case: CaseId
    letter: Letter


@dataclass(frozen=True)
class DailyMail:
    """What is settled of a daily mail before it is sent, and how it stands with the tasks around it.

    ``key`` makes its Message-ID, as of a letter of the case :func:`daily_mail_id`. ``open`` are all open tasks that the
    person may act on, the soonest due first; ``closed`` those of the letters' tasks that they need not answer any more.
    """

    identity: str
    key: str
    at: datetime
    held: Sequence[HeldLetter]
    open: Sequence[TaskRecord]
    closed: frozenset[str]

    @property
    def day(self) -> date:
        """The day whose mail it is, also where it goes out later."""
        return date.fromisoformat(self.key[: len("2026-12-08")])


class HeldMails:
    """The letters that wait, and the daily mails. Raises ``ApplicationError`` where the records can't be used."""

    def __init__(self, database: Database, sender: Contact) -> None:
        self._database = database
        self._sender = sender

    def settle(self, request: DailyMailRequest) -> DailyMail | None:
        """The daily mail that is on its way already, or a new one of all that has gathered; none where none is due.

        Of a day's morning there is one; what is wanted at once is another one of that day.
        """
        case = daily_mail_id(request.person)
        with records_errors(), self._database.session() as records:
            lock(records, case)
            entry = records.scalar(select(MailRecord).where(MailRecord.case_id == case, MailRecord.status == "sending"))
            if entry is None:
                entry = self._new(records, case, request)
            if entry is None:
                return None
            held = records.scalars(
                select(HeldMailRecord).where(HeldMailRecord.daily == entry.message_id).order_by(HeldMailRecord.n)
            )
            letters = [HeldLetter(row.message_id, row.case_id, Letter.model_validate(row.letter)) for row in held]
            return DailyMail(
                identity=entry.message_id,
                key=entry.message_id.removeprefix(f"<{case}.").partition("@")[0],
                at=entry.sent_at,
                held=letters,
                open=inbox(records, request.person),
                closed=_closed(records, request.person, {letter.letter.facts.get("task") for letter in letters}),
            )

    def _new(self, records: Session, case: CaseId, request: DailyMailRequest) -> MailRecord | None:
        waiting = records.scalars(
            select(HeldMailRecord).where(HeldMailRecord.person == request.person, HeldMailRecord.daily.is_(None))
        ).all()
        of_day = f"<{case}.{request.day}%"
        earlier = records.scalar(select(func.count()).where(MailRecord.message_id.like(of_day))) or 0
        if not waiting and (request.at_once or not _goes_on(records, request.person)):
            return None
        if earlier and not request.at_once:
            return None
        key = f"{request.day}{f'-{earlier + 1}' if earlier else ''}"
        entry = MailRecord(
            message_id=message_id(case, key, self._sender),
            case_id=case,
            template=TEMPLATE,
            recipient=request.person,
            sent_at=request.at,
            status="sending",
        )
        records.add(entry)
        for row in waiting:
            row.daily = entry.message_id
        records.flush()
        return entry

    def note(
        self, mail: DailyMail, reach: Address, told: Collection[str], *, sent: bool, reason: str | None = None
    ) -> None:
        """Note what became of a daily mail, and of what was to go with it; ``told`` are the Message-IDs of what did.

        Where nothing was to be told there is no mail. Noted again, nothing changes.
        """
        by_status: Mapping[str, list[str]] = {
            "refused" if reason else "sent": [held.identity for held in mail.held if held.identity in told],
            "dropped": [held.identity for held in mail.held if held.identity not in told],
        }
        with records_errors(), self._database.session() as records:
            entry = records.get(MailRecord, mail.identity)
            if entry is None or entry.status != "sending":
                return
            if sent:
                entry.status, entry.reason, entry.reach = "refused" if reason else "sent", reason, reach
            else:
                records.delete(entry)
            for status, identities in by_status.items():
                went_with = {"daily": mail.identity, "reach": reach, "reason": reason} if status != "dropped" else {}
                records.execute(
                    update(MailRecord).where(MailRecord.message_id.in_(identities)).values(status=status, **went_with)
                )
            records.execute(delete(HeldMailRecord).where(HeldMailRecord.daily == mail.identity))

    def goes_on(self, person: PersonId) -> bool:
        """Whether there is something for another morning: letters that wait, or open tasks of one mail a day."""
        with records_errors(), self._database.reading() as records:
            waiting = select(HeldMailRecord.n).where(HeldMailRecord.person == person).limit(1)
            return records.scalar(waiting) is not None or _goes_on(records, person)

    def refused(self, person: PersonId) -> dict[CaseId, str]:
        """The cases that somebody's last daily mail was about, where it was refused, each with the reason why.

        It is looked up and not remembered, so that whoever asks again after a failure hears it too.
        """
        of_person = select(MailRecord).where(MailRecord.case_id == daily_mail_id(person))
        with records_errors(), self._database.reading() as records:
            last = records.scalar(of_person.order_by(MailRecord.sent_at.desc()).limit(1))
            if last is None or last.status != "refused":
                return {}
            told = records.scalars(select(MailRecord.case_id).where(MailRecord.daily == last.message_id))
            cases = {*told, *(task.case_id for task in inbox(records, person))}
            return dict.fromkeys(sorted(cases), last.reason or "refused")


def _goes_on(records: Session, person: PersonId) -> bool:
    daily = records.scalar(select(PersonRecord.mail_choice).where(PersonRecord.id == person)) == "daily"
    return daily and bool(inbox(records, person, first=1))


def _closed(records: Session, person: PersonId, tasks: Collection[str | None]) -> frozenset[str]:
    """Those of the tasks that nobody has to answer any more, or somebody else."""
    found = records.scalars(select(TaskRecord).where(TaskRecord.task.in_([task for task in tasks if task])))
    return frozenset(task.task for task in found if task.state != "open" or person not in task.people)
