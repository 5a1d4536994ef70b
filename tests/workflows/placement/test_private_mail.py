"""A returner with a private address, from the application to the release: which mail went where."""

from __future__ import annotations

from sqlalchemy import select

from domain.core.questions import TaskKind
from records.tables.core import PersonRecord
from records.tables.dispatch import MailRecord
from tests.office import RETURNER, Office, has_ended

PRIVATE = "home.of.returner@example.org"


async def test_a_returner_is_reached_at_home_until_the_first_day_and_again_after_the_last(office: Office) -> None:
    # Given a returner with a private address who declines the offer
    with office.database.session() as records:
        records.get_one(PersonRecord, RETURNER).private_email = PRIVATE
    case = await office.start()
    answers = {TaskKind.OFFER: {"accept": False, "comment": "another plan"}}
    ended = await case.go_on(until=has_ended, answers=answers)
    assert ended["outcome"] == "declined"

    # Then the welcome and the offer came to them at home, the work of the weeks between at work
    at_home, at_work = subjects(office, PRIVATE), subjects(office, f"{RETURNER.lower()}@example.org")
    assert any("Welcome" in subject for subject in at_home)
    assert any("An offer for you" in subject for subject in at_home)
    assert not any("Welcome" in subject or "An offer for you" in subject for subject in at_work)
    assert any("please answer" in subject for subject in at_work)
    assert any("Mentoring" in subject for subject in at_work)

    # And the records say so of each mail, while nobody else's mail names the private address
    with office.database.reading() as records:
        mails = records.scalars(select(MailRecord).where(MailRecord.recipient == RETURNER)).all()
    reach = {mail.template: mail.reach for mail in mails}
    assert (reach["welcome"], reach["offer"], reach["session_invitation"]) == ("private", "private", "work")
    others = [mail for mail in office.mails() if PRIVATE not in mail["To"]]
    assert others
    assert not any(PRIVATE.encode() in bytes(mail) for mail in others)


def subjects(office: Office, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in office.mails() if address in mail["To"]]
