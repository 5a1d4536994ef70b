"""Letters that do not get through: no other waits for them, and nothing runs out for somebody it has not reached."""

from __future__ import annotations

from datetime import timedelta

from domain.core.case import Withdraw
from domain.core.questions import TaskKind
from domain.placement.stages import Outcome
from records.tables.core import PersonRecord
from tests.office import HR, MANAGER, RETURNER, Case, Office, eventually, has_ended, person

DAY = timedelta(days=1)
STRANGER = "P-STRANGER"


async def test_an_offer_does_not_run_out_for_somebody_whom_no_letter_reaches(office: Office) -> None:
    # Given an address that is none when the offer is made
    case = await office.start()
    await case.next_task(TaskKind.CONFIRMATION)
    readdress(office, RETURNER, "nowhere")
    offer = await case.next_task(TaskKind.OFFER)

    # When its time is over
    await case.pass_time(8 * DAY)
    await case.settled()

    # Then it has not expired, but is made anew with a later first day, and HR knows why
    (anew,) = await case.open_tasks(TaskKind.OFFER)
    assert anew["id"] != offer["id"]
    assert anew["facts"]["starts_on"] >= offer["facts"]["starts_on"]
    assert anew["facts"]["starts_on"] > anew["due_at"][:10]
    subjects = [str(mail["Subject"]) for mail in office.mails(to=HR)]
    assert sum("Mail does not reach somebody" in subject for subject in subjects) == 1
    assert sum("Not told in time: offer of employment" in subject for subject in subjects) == 1

    # And once a letter reaches them, they can accept it
    readdress(office, RETURNER, f"{RETURNER.lower()}@example.org")
    await case.pass_time(8 * DAY)
    await case.settled()
    (told,) = await case.open_tasks(TaskKind.OFFER)
    assert any("An offer for you" in mail["Subject"] for mail in office.mails(to=RETURNER))
    await case.answer(told, accept=True)
    ended = await case.go_on(until=has_ended)
    assert (ended["outcome"], ended["employed_from"]) == ("converted", told["facts"]["starts_on"])


async def test_a_letter_to_somebody_who_is_not_in_the_records_waits_and_holds_up_no_other(office: Office) -> None:
    # Given tasks of somebody of whom the records know nothing (on a real clock, as mail is)
    case = await office.start_and_lose_it(STRANGER, seconds_per_day=0.3)

    # Then everybody else gets their mails
    await case.next_task(TaskKind.MANAGER_REVIEW)
    await eventually(lambda: any("review" in mail["Subject"] for mail in office.mails(to=MANAGER)))
    assert await kept_back(case) == {STRANGER}

    # And the stranger theirs, once known; only then does the case end
    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    with office.database.session() as records:
        records.add(person(STRANGER))
    assert (await case.ended()).outcome is Outcome.WITHDRAWN
    assert any("please answer" in mail["Subject"] for mail in office.mails(to=STRANGER))


def readdress(office: Office, person: str, email: str) -> None:
    """Give somebody another address."""
    with office.database.session() as records:
        records.get_one(PersonRecord, person).email = email


async def kept_back(case: Case) -> set[str]:
    """Those whose letters are tried on their own, as operators see it."""
    pending = (await case.handle.describe()).raw_description.pending_activities
    return {
        activity.last_failure.message.split()[0] for activity in pending if activity.activity_type.name == "send_post"
    }
