"""One mail a day: when somebody's morning is, what they get then, and that somebody sees to it."""

from __future__ import annotations

from datetime import time, timedelta

from temporalio import activity
from temporalio.client import Client

from activities.core.contacts import Contact, UnusableAddress
from activities.core.heartbeat import heartbeating
from activities.core.held_mails import DailyMail, HeldMails
from activities.core.ledger import AddressBook
from activities.core.letters import settled_mail
from activities.core.mail import as_retryable
from activities.core.sending import UnknownPerson, why_refused
from activities.core.transport import RecipientRefused, Transport
from domain.core.daily_mail import DailyMailRequest, DailyMailSent, Morning, MorningRequest
from domain.core.model import PersonId
from domain.core.naming import daily_mail_id
from records.local_time import instant_at, local_day
from service.core.daily_mail import begin


class DailyMailActivities:
    """Sends people what is open and new, at ``morning`` by their own clocks. ``task_queue`` is that of the workers."""

    def __init__(
        self,
        client: Client,
        task_queue: str,
        held: HeldMails,
        address_book: AddressBook,
        transport: Transport,
        sender: str,
        morning: time,
    ) -> None:
        self._client = client
        self._task_queue = task_queue
        self._held = held
        self._address_book = address_book
        self._transport = transport
        self._sender = Contact.parse(sender)
        self._morning = morning

    @activity.defn(name="begin_daily_mail")
    async def begin_daily_mail(self, people: list[PersonId]) -> list[PersonId]:
        """Have the daily mail of these people seen to, from the next morning on; whoever has it seen to, keeps that."""
        for person in people:
            await begin(self._client, self._task_queue, person)
        return people

    @activity.defn(name="next_morning", no_thread_cancel_exception=True)
    def next_morning(self, request: MorningRequest) -> Morning:
        """The first morning after an instant, by the clock of the person's time zone in the records; else by UTC."""
        reader = self._address_book.contacts([request.person]).get(request.person)
        zone = (reader.time_zone if reader else None) or "UTC"
        day = local_day(request.after, zone)
        if instant_at(day, self._morning, zone) <= request.after:
            day += timedelta(days=1)
        return Morning(at=instant_at(day, self._morning, zone), day=day)

    @activity.defn(name="send_daily_mail", no_thread_cancel_exception=True)
    def send_daily_mail(self, request: DailyMailRequest) -> DailyMailSent:
        """Send what is open and new, in one mail to each of the addresses where it belongs; none where nothing is.

        The same again sends nothing twice. A mail that is refused for good is logged and noted; the reply says which
        cases it was about, and which letters can't be written and are set aside. Raises an ``ApplicationError`` to be
        retried, as :meth:`PostActivities.send_post` does.
        """
        person = request.person
        with heartbeating(), as_retryable():
            while mail := self._held.settle(request):
                self._send(mail, person)
            set_aside = self._held.set_aside(person)
            for letter in set_aside:
                activity.logger.warning("a letter can't be written", extra={"to": person, **letter.model_dump()})
            refused = self._held.refused(person)
            return DailyMailSent(goes_on=self._held.goes_on(person, request.at), refused=refused, set_aside=set_aside)

    def _send(self, mail: DailyMail, person: PersonId) -> None:
        """Send it to where that address is by now, and note what became of it."""
        reader = self._address_book.contacts([person]).get(person)
        if reader is None:
            raise UnknownPerson(person)
        reach, to, reason = reader.address_for(mail.reach), reader.reached(mail.reach), None
        try:
            composed = settled_mail(
                daily_mail_id(person), mail.key, mail.at, mail.words, self._sender, to, mail.language
            )
            with self._transport.session() as session:
                session.send(composed)
        except (RecipientRefused, UnusableAddress) as refusal:
            reason = why_refused(refusal, reach)
            activity.logger.warning("mail refused", extra={"letter": mail.key, "to": person, "reason": reason})
        self._held.note(mail, reach, reason)
