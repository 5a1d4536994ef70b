"""Nobody worked for a while: what came due meanwhile is said once, and everything goes on from there."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from domain.cohort.state import CohortPause, CohortState
from domain.core.people import Application
from domain.core.questions import TaskKind
from tests.cohorts import start_cohort
from tests.office import HR, HR_LEAD, PATIENCE_SECONDS, Office, eventually

SECONDS_PER_DAY = 0.5
TOO_SHORT = Application(break_months=11, experience_years=3)


async def test_one_letter_says_what_was_missed(office: Office) -> None:
    """Given a question to HR, when nobody works until it is long overdue, then HR and whoever it is escalated to get
    one letter each, which says what did not come; and no more before the policy's interval is over again."""
    case = await office.start(seconds_per_day=SECONDS_PER_DAY, application=TOO_SHORT)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (asked := await case.open_tasks(TaskKind.ELIGIBILITY_OVERRIDE)):
            await asyncio.sleep(0.05)
    ladder = [datetime.fromisoformat(step["at"]) for step in asked[0]["ladder"]]

    async with office.worker_stopped():
        await asyncio.sleep((ladder[-1] - ladder[0]) / timedelta(days=1) * SECONDS_PER_DAY + 5)
    async with asyncio.timeout(PATIENCE_SECONDS):
        (task,) = asked
        while not task["escalated"]:
            await asyncio.sleep(0.05)
            (task,) = await case.open_tasks()

    in_time = [letter for letter in task["letters"] if letter["what"] in ("task_opened", "task_reminder")]
    overdue, escalated, *later = [letter for letter in task["letters"] if letter not in in_time]
    assert [(letter["what"], letter["to"]) for letter in (overdue, escalated)] == [
        ("task_overdue", HR),
        ("task_escalated", HR_LEAD),
    ]
    back = datetime.fromisoformat(overdue["at"])
    assert back >= ladder[-1]
    every = timedelta(days=(await case.view())["policy"]["ladder"]["then_every_days"])
    assert [letter for letter in later if datetime.fromisoformat(letter["at"]) < back + every] == []
    await eventually(lambda: any(mail["Subject"].startswith("Overdue") for mail in office.mails(to=HR)))
    text = next(str(mail.get_payload()) for mail in office.mails(to=HR) if mail["Subject"].startswith("Overdue"))
    assert text.count("\n- ") + len(in_time) >= len(ladder)


async def test_a_session_to_which_nobody_was_invited_in_time_does_not_say_that_there_was_no_mentor(
    office: Office,
) -> None:
    """Given a mentor, when nobody works from before the first day until the first session is over."""
    case = await office.start(seconds_per_day=SECONDS_PER_DAY)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (asked := await case.open_tasks(TaskKind.MENTOR_REQUEST)):
            await asyncio.sleep(0.05)
        await case.answer(asked[0])
        while not (view := await case.view())["plan"]:
            await asyncio.sleep(0.05)
    over = datetime.fromisoformat(view["plan"]["sessions"][0]["ends"]) + timedelta(days=1)

    async with office.worker_stopped():
        await asyncio.sleep((over - datetime.fromisoformat(view["now"])) / timedelta(days=1) * SECONDS_PER_DAY)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (sessions := (await case.view())["sessions"]) or sessions[0]["state"] == "planned":
            await asyncio.sleep(0.05)

    first, second = sessions[:2]
    assert (first["state"], first["note"]) == ("not_held", "nobody was invited in time")
    assert second["mentor"] == asked[0]["assignee"]


async def test_a_pause_is_not_reminded_of_anew_by_each_run(office: Office) -> None:
    """Given a cohort that goes on in a new run while it is paused, then HR is reminded when it is due, of the whole
    pause; and where that was missed, once."""
    # At noon: late in the evening another day has begun where the cohort is at home.
    paused_since = (datetime.now(UTC) - timedelta(days=90)).replace(hour=12)

    def paused_before(state: CohortState) -> None:
        every = timedelta(days=state.policy.pause.remind_every_days)
        state.clock.paused_since = paused_since
        state.clock.remind_of_pause_at = datetime.now(UTC) - 2 * every
        state.pauses.append(CohortPause(first=paused_since.date(), pause_sent=True))

    cohort = await start_cohort(office, seconds_per_day=86_400, going_on_from=paused_before)

    await eventually(lambda: any(mail["Subject"].startswith("Still paused") for mail in office.mails(to=HR)))
    (mail,) = (mail for mail in office.mails(to=HR) if mail["Subject"].startswith("Still paused"))
    text = " ".join(str(mail.get_payload()).split())
    assert f"paused for 90 days, since {paused_since:%A} {paused_since.day} {paused_since:%B %Y}" in text
    assert text.count(" - ") == 2
    await cohort.handle.terminate()
