"""The pages of tasks in a real browser: on phone and desktop, light and dark, each form with what is wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from tests.web.console import Console
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.tasks import CASE, MANAGER, NOW, on_record, task

ANSWER = {"score": 4, "comment": "Good work.\nReally."}
FORMS = (
    task(1, TaskKind.MANAGER_REVIEW, MANAGER, facts={"goals": ["Own a report"]}, due_at=NOW - timedelta(days=2)),
    task(2, TaskKind.PROPOSAL, MANAGER, facts={"evidence": ["goal: Own a report"]}),
    task(3, TaskKind.GOALS, MANAGER),
    task(4, TaskKind.SKILLS_MANAGER, MANAGER, facts={"skills": ["sql", "reading comprehension"]}),
    task(5, TaskKind.MATCHING_REVIEW, MANAGER),
    task(6, TaskKind.EXAM_RESULT, MANAGER),
    task(7, TaskKind.MENTOR_NOMINATION, MANAGER),
    task(8, TaskKind.PLAN_CHOICE, MANAGER, facts={"may_be_added": ["SQL-101 Joins"]}),
    task(9, TaskKind.OFFBOARDING_ITEM, MANAGER, may_waive=[MANAGER]),
)
REST = (
    task(20, TaskKind.APPROVAL, MANAGER, kept_from=[MANAGER]),
    task(21, TaskKind.MENTOR_REVIEW, MANAGER, state=TaskState.ANSWERED, closed_at=NOW, answered_by=MANAGER,
         answer=ANSWER),
)  # fmt: skip
OTHERS = ("/tasks", "/tasks?q=nothing", f"/tasks/{CASE}-20", f"/tasks/{CASE}-21",
          f"/tasks/{CASE}-2/hand-on", f"/tasks/{CASE}-2/not-mine")  # fmt: skip


async def test_pages_of_tasks(console: Console, window: Callable[..., Any]) -> None:
    on_record(console.database, *FORMS, *REST)
    context = await window(**DESKTOP)
    await sign_in(context, console, MANAGER)
    page = await context.new_page()
    for path in OTHERS:
        await check_looks(page, console.origin + path)
    await check_looks(page, f"{console.origin}/tasks/{CASE}-77", status=404)
    for form in FORMS:
        await check_looks(page, f"{console.origin}/tasks/{form.task}")
        await page.locator('main button[name="_step"]').first.click()
        await page.locator(".error-summary").wait_for()
        await check_looks(page)
        assert await page.evaluate("document.activeElement.className") == "error-summary"
        await page.locator(".error-summary a").first.click()
        assert await page.evaluate("document.activeElement.matches('input, textarea, select')")
