"""The people of a rehearsal, where the separation of duties keeps whoever is asked from answering."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from rehearsal.choices import About, Choice
from rehearsal.people import People
from simulated.inbox import TaskNow
from tests.office import ROLE

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


async def test_who_may_not_decide_hands_it_to_somebody_without_a_part_who_then_answers() -> None:
    # Given a decision that is for the head of HR, who may not answer it but hand it on
    sent: list[tuple[str, str | None]] = []

    async def send(case: str, name: str, message: AnswerTask, result: Any, **_: Any) -> Any:
        sent.append((message.actor, message.delegate_to))
        refused = message.actor == ROLE.hr_lead and message.delegate_to is None
        return None if refused else SimpleNamespace(at=NOW)

    async def wait(days: float) -> None:
        return None

    async def task_now(task_id: str) -> TaskNow:
        return task

    task = TaskNow("R-1-9", "R-1", TaskKind.CONFIRMATION, "x", [ROLE.hr_lead], NOW, NOW + timedelta(days=3), True, {})
    context = SimpleNamespace(
        chance=None,
        habits=None,
        gone=set(),
        away={},
        participants={"R-1": SimpleNamespace(returner="P-ANN", role=ROLE.id)},
        inputs=SimpleNamespace(roles={ROLE.id: ROLE}),
        clocks=SimpleNamespace(now=lambda case: NOW, until=lambda case, at: wait(0), wait=wait),
        records_view=SimpleNamespace(task=task_now),
        log=SimpleNamespace(answered=0, off=[]),
        send=send,
    )
    people = People(cast(Any, context))
    people._choices = cast(Any, Willing())

    await people._deal_with(task)

    assert sent == [(ROLE.hr_lead, None), (ROLE.hr_lead, ROLE.it), (ROLE.it, None)]


class Willing:
    """Whoever is asked says yes at once."""

    def of(self, about: About, allowed: timedelta) -> Choice:
        return cast(Choice, SimpleNamespace(after=timedelta(0), silent=False, refuses=False, stands_in=False))

    def answer(self, about: About, choice: Choice, named: list[str], facts: dict[str, Any]) -> dict[str, Any]:
        return {"yes": True}
