"""One mail a day for somebody who has chosen it: a workflow for each such person, a run for each morning.

It begins when they choose it, and with a letter to them, and ends on a morning on which nothing is open and nothing has
gathered. What gathers stands in the records, written together with what is noted of mails; this only knows when it is
time.
"""

from __future__ import annotations

from temporalio import workflow

from domain.core.daily_mail import DailyMailRequest, DailyMailStart, LetterSetAside, MailRefused, MorningRequest
from domain.core.naming import workflow_id
from domain.core.signals import Signal
from workflows.case import activity_calls
from workflows.case.signalling import signalled


@workflow.defn(name="DailyMail")
class DailyMail:
    """Sends somebody what is open and what is new, at their own morning."""

    @workflow.init
    def __init__(self, start: DailyMailStart) -> None:
        self._person = start.person
        self._at_once = start.at_once
        self._written = False

    @workflow.run
    async def run(self, start: DailyMailStart) -> None:
        """Wait for the morning, and send; go on with the next one, unless there is nothing to come."""
        morning = await activity_calls.next_morning(MorningRequest(person=self._person, after=workflow.now()))
        await self._until_morning_or_wanted((morning.at - workflow.now()).total_seconds())
        self._written = False  # what comes from here on may be too late for this mail
        at_once, self._at_once = self._at_once, False
        request = DailyMailRequest(person=self._person, day=morning.day, at=workflow.now(), at_once=at_once)
        sent = await activity_calls.send_daily_mail(request)
        for case, why in sorted(sent.refused.items()):
            await signalled(workflow_id(case), Signal.MAIL_REFUSED, MailRefused(person=self._person, why=why))
        for aside in sent.set_aside:
            message = LetterSetAside(person=self._person, letter=aside.letter)
            await signalled(workflow_id(aside.case), Signal.LETTER_SET_ASIDE, message)
        if sent.goes_on or self._written or self._at_once:
            workflow.continue_as_new(DailyMailStart(person=self._person, at_once=self._at_once))

    async def _until_morning_or_wanted(self, seconds: float) -> None:
        try:
            await workflow.wait_condition(
                lambda: self._at_once, timeout=max(seconds, 0), timeout_summary="the next morning"
            )
        except TimeoutError:
            return

    @workflow.signal(description="There are letters for this person, or tasks")
    def letters_written(self) -> None:
        """There is something for the next morning."""
        self._written = True

    @workflow.signal(description="This person wants each mail by itself again: send what has gathered")
    def send_held(self) -> None:
        """What has gathered goes now."""
        self._at_once = True
