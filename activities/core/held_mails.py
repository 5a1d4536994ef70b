"""What waits for somebody's morning, kept in the records, and the steps in which it becomes mails.

First, in one transaction, it is settled: which mails go to which of their reader's addresses, under which Message-IDs,
with which words, and what goes with each or need not be told any more. Then they are sent; and what became of each is
noted, in one transaction again. Killed in between, a mail goes out again as it was settled, with the same Message-ID,
by which mail programs show it once; what has gathered since waits for the next morning. So nothing is lost, and nothing
that is noted as sent goes out twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from activities.core.contacts import Contact
from activities.core.daily_letter import Gathered, HeldLetter, OpenTask, Told, mails_of_the_day
from activities.core.journal import records_errors
from activities.core.letters import Words, message_id
from activities.core.mail_records import contacts_of, reach_of
from activities.core.sending import UnknownPerson
from domain.core.daily_mail import DailyMailRequest, MailOfTheDay, SetAside
from domain.core.model import CaseId, PersonId
from domain.core.naming import daily_mail_id
from domain.core.post import Address, Letter
from records.database import Database, lock
from records.local_time import local_day
from records.queries.core.cases import inbox
from records.queries.core.held_mails import set_aside
from records.queries.core.policies import titles_of_cases
from records.queries.leaving import cases_about, left_since
from records.tables.core import PersonRecord, TaskRecord
from records.tables.dispatch import DailyMailRecord, HeldMailRecord, MailRecord


@dataclass(frozen=True)
class DailyMail:
    """A daily mail as it was settled. ``key`` makes its Message-ID, of the case :func:`daily_mail_id`."""

    identity: str
    key: str
    at: datetime
    reach: Address
    words: Words
    language: str


class HeldMails:
    """The letters that wait, and the daily mails, which link to the ``console`` where there is one.

    Raises ``ApplicationError`` where the records can't be used.
    """

    def __init__(self, database: Database, sender: Contact, console: str | None = None) -> None:
        self._database = database
        self._sender = sender
        self._console = console

    def settle(self, request: DailyMailRequest) -> DailyMail | None:
        """The first of the daily mails that are to be sent, settling them where none is; none where none is due.

        Of a day's morning they are settled once; what is wanted at once goes in other ones.
        """
        case = daily_mail_id(request.person)
        with records_errors(), self._database.session() as records:
            lock(records, case)
            _drop_of_who_has_left(records, request.person, request.at)
            settled = self._first_settled(records, case)
            if settled is None and self._settle_new(records, case, request):
                settled = self._first_settled(records, case)
            return settled

    def _first_settled(self, records: Session, case: CaseId) -> DailyMail | None:
        of_person = (MailRecord.case_id == case, MailRecord.status == "sending")
        on_way = select(MailRecord, DailyMailRecord).join(
            DailyMailRecord, DailyMailRecord.message_id == MailRecord.message_id
        )
        in_order = (MailRecord.sent_at, MailRecord.reach.desc(), MailRecord.message_id)
        found = records.execute(on_way.where(*of_person).order_by(*in_order)).first()
        if found is None:
            return None
        entry, settled = found
        return DailyMail(
            identity=entry.message_id,
            key=entry.message_id.removeprefix(f"<{case}.").rpartition("@")[0],
            at=entry.sent_at,
            reach="private" if entry.reach == "private" else "work",
            words=Words(settled.subject, settled.text),
            language=settled.language,
        )

    def _settle_new(self, records: Session, case: CaseId, request: DailyMailRequest) -> bool:
        """Settle what is due, if anything is; whether a mail is to be sent."""
        if not request.at_once and self._had_morning(records, case, request.day):
            return False
        held = _held(records, request.person)
        if not held and (request.at_once or not _goes_on(records, request.person, request.at)):
            return False
        gathered = replace(_gathered(records, request.person, held, request.at), console=self._console)
        zone = gathered.reader.time_zone or "UTC"
        day = local_day(request.at, zone) if request.at_once else request.day
        settled = mails_of_the_day(gathered, day, request.at, at_once=request.at_once)
        _set_statuses(records, settled.dropped, status="dropped", reason=None)
        records.execute(delete(HeldMailRecord).where(HeldMailRecord.message_id.in_(settled.dropped)))
        for identity, reason in settled.unusable.items():
            _set_statuses(records, [identity], status="held", reason=reason)
        keys = self._free_keys(records, case, day) if request.at_once else []
        for n, told in enumerate(settled.mails):
            key = keys[n] if request.at_once else _morning_key(day, told.reach)
            self._enter(records, request, key, told, gathered.reader.language)
        records.flush()
        return bool(settled.mails)

    def _had_morning(self, records: Session, case: CaseId, day: date) -> bool:
        """Whether that day's mails were settled before."""
        mornings = [message_id(case, _morning_key(day, reach), self._sender) for reach in ("work", "private")]
        return records.scalar(select(MailRecord.message_id).where(MailRecord.message_id.in_(mornings))) is not None

    def _free_keys(self, records: Session, case: CaseId, day: date) -> Sequence[str]:
        """Those of the next mails at once of that day: of no morning's mail, this day's or the next one's."""
        key = f"{day}-at-once-"
        earlier = select(func.count()).where(MailRecord.message_id.like(f"<{case}.{key}%"))
        number = records.scalar(earlier) or 0
        return [f"{key}{number + 1}", f"{key}{number + 2}"]

    def _enter(self, records: Session, request: DailyMailRequest, key: str, told: Told, language: str) -> None:
        case = daily_mail_id(request.person)
        identity = message_id(case, key, self._sender)
        records.add(
            MailRecord(
                message_id=identity,
                case_id=case,
                template=MailOfTheDay.template,
                recipient=request.person,
                sent_at=request.at,
                status="sending",
                reach=told.reach,
            )
        )
        subject, text = told.words
        records.add(DailyMailRecord(message_id=identity, subject=subject, text=text, language=language))
        goes_with = update(HeldMailRecord).where(HeldMailRecord.message_id.in_(told.letters))
        records.execute(goes_with.values(daily=identity))

    def note(self, mail: DailyMail, reach: Address, reason: str | None = None) -> None:
        """Note that a daily mail, and what went with it, was sent or, with a ``reason``, refused for good.

        Noted again, nothing changes.
        """
        with records_errors(), self._database.session() as records:
            entry = records.get(MailRecord, mail.identity)
            if entry is None or entry.status != "sending":
                return
            status = "refused" if reason else "sent"
            entry.status, entry.reason, entry.reach = status, reason, reach
            told = records.scalars(select(HeldMailRecord.message_id).where(HeldMailRecord.daily == mail.identity)).all()
            _set_statuses(records, told, status=status, reason=reason, reach=reach, daily=mail.identity)
            records.execute(delete(HeldMailRecord).where(HeldMailRecord.daily == mail.identity))
            records.execute(delete(DailyMailRecord).where(DailyMailRecord.message_id == mail.identity))

    def goes_on(self, person: PersonId, now: datetime) -> bool:
        """Whether there is something for another morning: letters that wait, or open tasks of one mail a day."""
        with records_errors(), self._database.reading() as records:
            waiting = select(HeldMailRecord.n).where(HeldMailRecord.person == person).limit(1)
            return records.scalar(waiting) is not None or _goes_on(records, person, now)

    def set_aside(self, person: PersonId) -> list[SetAside]:
        """The letters to somebody that can't be written: they wait until their text is mended."""
        with records_errors(), self._database.reading() as records:
            return set_aside(records, person)

    def refused(self, person: PersonId) -> dict[CaseId, str]:
        """The cases that somebody's last daily mails were about, as far as they were refused, each with the reason why.

        It is looked up and not remembered, so that whoever asks again after a failure hears it too.
        """
        with records_errors(), self._database.reading() as records:
            of_person = select(MailRecord).where(MailRecord.case_id == daily_mail_id(person))
            latest = select(func.max(MailRecord.sent_at)).where(MailRecord.case_id == daily_mail_id(person))
            refused = of_person.where(
                MailRecord.sent_at == latest.scalar_subquery(), MailRecord.status == "refused"
            ).order_by(MailRecord.message_id)
            reasons: dict[CaseId, str] = {}
            for mail in records.scalars(refused).all():
                told = set(records.scalars(select(MailRecord.case_id).where(MailRecord.daily == mail.message_id)))
                if mail.reach == _home(records, person):
                    told |= {task.case_id for task in inbox(records, person)}
                reasons |= dict.fromkeys(told, mail.reason or "refused")
            return dict(sorted(reasons.items()))


def _morning_key(day: date, reach: Address) -> str:
    return str(day) if reach == "work" else f"{day}-{reach}"


def _set_statuses(records: Session, identities: Collection[str], **values: str | None) -> None:
    records.execute(update(MailRecord).where(MailRecord.message_id.in_(identities)).values(**values))


# What has gathered


def _held(records: Session, person: PersonId) -> list[HeldLetter]:
    """What waits for somebody and goes with no mail yet, in the order in which it was held."""
    waiting = select(HeldMailRecord).where(HeldMailRecord.person == person, HeldMailRecord.daily.is_(None))
    rows = records.scalars(waiting.order_by(HeldMailRecord.n))
    return [HeldLetter(row.message_id, row.case_id, Letter.model_validate(row.letter)) for row in rows]


def _gathered(records: Session, person: PersonId, held: Sequence[HeldLetter], now: datetime) -> Gathered:
    """That, with what is open, and all that is to be known for it. Raises :class:`UnknownPerson`."""
    people = contacts_of(records, {person}.union(*(letter.letter.named for letter in held)))
    if person not in people:
        raise UnknownPerson(person)
    return Gathered(
        person=person,
        held=held,
        open=_open(records, person, people[person].language, now),
        closed=_closed(records, person, {letter.letter.facts.get("task") for letter in held}),
        people=people,
        on_record=reach_of(records, [person])[person],
    )


def _open(records: Session, person: PersonId, language: str, now: datetime) -> list[OpenTask]:
    tasks = _open_tasks(records, person, now)
    titles = titles_of_cases(records, {task.case_id for task in tasks}, language)
    return [OpenTask(task.task, task.subject, task.due_at, titles.get(task.case_id, {})) for task in tasks]


def _home(records: Session, person: PersonId) -> Address | None:
    """By which address somebody is reached now."""
    reader = contacts_of(records, [person]).get(person)
    return reader.address_for(reach_of(records, [person])[person]) if reader else None


def _goes_on(records: Session, person: PersonId, now: datetime) -> bool:
    daily = records.scalar(select(PersonRecord.mail_choice).where(PersonRecord.id == person)) == "daily"
    return daily and bool(_open_tasks(records, person, now))


# Who has left


def _open_tasks(records: Session, person: PersonId, now: datetime) -> list[TaskRecord]:
    """What is open for somebody; for whoever has left, in the cases about themselves."""
    tasks = inbox(records, person)
    if left_since(records, person, now) is None:
        return [*tasks]
    own = set(records.scalars(cases_about(person)))
    return [task for task in tasks if task.case_id in own]


def _drop_of_who_has_left(records: Session, person: PersonId, now: datetime) -> None:
    """Whoever has left hears of no case any more but of those about themselves: what was held, or settled before."""
    since = left_since(records, person, now)
    if since is None:
        return
    settled_before = records.scalars(
        select(MailRecord.message_id).where(
            MailRecord.case_id == daily_mail_id(person), MailRecord.status == "sending", MailRecord.sent_at < since
        )
    ).all()
    _set_statuses(records, settled_before, status="dropped")
    records.execute(delete(DailyMailRecord).where(DailyMailRecord.message_id.in_(settled_before)))
    records.execute(update(HeldMailRecord).where(HeldMailRecord.daily.in_(settled_before)).values(daily=None))
    of_others = (HeldMailRecord.person == person, HeldMailRecord.case_id.not_in(cases_about(person)))
    dropped = records.scalars(select(HeldMailRecord.message_id).where(*of_others)).all()
    _set_statuses(records, dropped, status="dropped", reason=None)
    records.execute(delete(HeldMailRecord).where(HeldMailRecord.message_id.in_(dropped)))


def _closed(records: Session, person: PersonId, tasks: Collection[str | None]) -> frozenset[str]:
    """Those of the tasks that nobody has to answer any more, or somebody else."""
    found = records.scalars(select(TaskRecord).where(TaskRecord.task.in_([task for task in tasks if task])))
    return frozenset(task.task for task in found if task.state != "open" or person not in task.people)
