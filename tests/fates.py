"""Recorded histories of whole cases: ``python -m tests.fates`` records them anew.

They must replay, or running cases would break. Until 1.0 nobody has cases running, and a commit that changes what a
workflow does records them anew on purpose and says so.
"""

from __future__ import annotations

import asyncio
import gzip
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from temporalio.client import WorkflowHistory

from domain.case import Withdraw
from domain.people import Application
from domain.placement import ExtendPlacement, PausePlacement, ReassignMentor, ResumePlacement
from domain.questions import TaskKind
from engine.client import connect
from engine.devserver.server import DevServer
from engine.exit import run_to_exit
from engine.settings import load_settings
from tests.office import HR, RETURNER, Case, Office, has_ended, open_office

RECORDED = Path(__file__).parent / "histories"
LEAVE = timedelta(days=28)


async def smooth(office: Office) -> Case:
    """Sixteen weeks without trouble."""
    case = await office.start()
    await case.go_on(until=has_ended)
    return case


async def changed(office: Office) -> Case:
    """Let in by HR, another mentor, a leave, an extension, a low review, a refused proposal; declined in the end."""
    case = await office.start(application=Application(break_months=11, experience_years=3))
    low = {kind: {"score": 2} for kind in (TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW)}
    await case.go_on(until=lambda view: (view["week"] or 0) >= 3)
    await case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="another site"))
    await case.go_on(until=lambda view: (view["week"] or 0) >= 5, answers=low)
    await case.ask("pause", PausePlacement(actor=HR))
    await case.pass_time(LEAVE)
    await case.ask("resume", ResumePlacement(actor=HR))
    await case.ask("extend", ExtendPlacement(actor=HR, weeks=2, reason="to finish"))
    await case.answer(await case.next_task(TaskKind.APPROVAL), yes=False, reason="above the band")
    await case.answer(await case.next_task(TaskKind.OFFER), accept=False, comment="another offer")
    await case.go_on(until=has_ended)
    return case


async def withdrawn(office: Office) -> Case:
    """Ignored until it was escalated, then withdrawn in the middle."""
    case = await office.start()
    notes = [TaskKind.SESSION_NOTE, TaskKind.CHECKLIST_ITEM]
    await case.go_on(until=lambda view: (view["week"] or 0) >= 6, leaving=notes)
    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    await case.ended()
    return case


async def cancelled(office: Office) -> Case:
    """Cancelled by an operator."""
    case = await office.start()
    await case.go_on(until=lambda view: view["stage"] == "placement")
    await case.handle.cancel()
    await case.ended()
    return case


FATES: dict[str, Callable[[Office], Awaitable[Case]]] = {
    "placement-smooth": smooth,
    "placement-changed": changed,
    "placement-withdrawn": withdrawn,
    "placement-cancelled": cancelled,
}


def recorded() -> list[str]:
    """The names of all recorded histories."""
    return sorted(path.name.removesuffix(".json.gz") for path in RECORDED.glob("*.json.gz"))


def read(name: str) -> WorkflowHistory:
    """A recorded history."""
    return WorkflowHistory.from_json(name, gzip.decompress((RECORDED / f"{name}.json.gz").read_bytes()).decode())


async def record() -> None:
    """Record all fates anew."""
    RECORDED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        settings = load_settings(data_dir=Path(directory))
        server = await DevServer.start(data_dir=settings.data_dir, ui=False, ignore_configured=True)
        client = await connect(settings, address=server.address)
        async with open_office(client, Path(directory)) as office:
            for name, fate in FATES.items():
                history = await (await fate(office)).handle.fetch_history()
                content = gzip.compress(history.to_json().encode(), mtime=0)
                (RECORDED / f"{name}.json.gz").write_bytes(content)
        await server.stop()


if __name__ == "__main__":
    run_to_exit(lambda: asyncio.run(record()))
