"""One mail a day on the real server: a manager who has chosen it, and what comes to them while a placement goes on."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from domain.core.case import Withdraw
from domain.core.daily_mail import DailyMailStart
from domain.core.naming import daily_mail_id
from domain.core.questions import TaskKind
from records.tables.dispatch import HeldMailRecord
from tests.office import HR, ROLE, Office, eventually, person

DAY = timedelta(days=1)


async def test_a_manager_gets_one_mail_a_day_with_all_that_is_open(office: Office) -> None:
    # Given a manager who has chosen one mail a day (of an id that no other test on this server has)
    busy = f"P-B{uuid.uuid4().hex[:8].upper()}"
    with office.database.session() as session:
        session.add(person(busy))
        session.flush()
        session.get_one(type(person(busy)), busy).mail_choice = "daily"
    daily = await office.skipper.client.start_workflow(
        "DailyMail", DailyMailStart(person=busy), id=daily_mail_id(busy), task_queue=office.queue
    )
    case = await office.start(role=ROLE.model_copy(update={"manager": busy}))

    # When goals are asked of them, for which there are five days
    goals = await case.next_task(TaskKind.GOALS)
    await case.settled()

    # Then no mail says so before the morning, and one does then
    assert not any("goals" in str(mail["Subject"]).lower() for mail in office.mails(to=busy))
    await office.skipper.fast_forward(daily, DAY)
    await eventually(lambda: len(of_the_day(office, busy)) == 1)
    (first,) = of_the_day(office, busy)
    assert goals["subject"] in first
    assert waiting(office, busy) == 0
    # of what was answered before it came, it says nothing
    answered = [
        task for task in (await case.view())["tasks"] if task["state"] == "answered" and busy in task["assignee"]
    ]
    assert answered
    assert not any(task["id"] in first for task in answered)

    # And once the placement is over, what is new comes with the next one, and then none any more
    await case.ask("withdraw", Withdraw(actor=HR, reason="another plan"))
    await case.ended()
    newest = office.skipper.client.get_workflow_handle(daily_mail_id(busy))
    await office.skipper.fast_forward(newest, DAY)
    await eventually(lambda: len(of_the_day(office, busy)) == 2)
    second = next(text for text in of_the_day(office, busy) if text != first)
    assert f"No longer needed: {goals['subject']}" in second
    assert waiting(office, busy) == 0
    await newest.result()


def of_the_day(office: Office, who: str) -> list[str]:
    """The texts of somebody's daily mails."""
    mails = [mail for mail in office.mails(to=who) if daily_mail_id(who) in str(mail["Message-ID"])]
    return [bytes(mail.get_payload(decode=True)).decode() for mail in mails]


def waiting(office: Office, who: str) -> int:
    with office.database.reading() as records:
        return len(records.scalars(select(HeldMailRecord).where(HeldMailRecord.person == who)).all())
