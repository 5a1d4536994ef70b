"""What the views of the cases of all programmes share: what a ``view`` query returns, with names instead of ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from domain.core.decisions import spoken_of
from domain.core.model import PERSON_ID, Party
from domain.core.tasks import TaskState
from domain.core.wording import spoken as in_words
from presentation.tables import cell, plain, table
from records.local_time import day_text, time_text, with_local_times

State = Mapping[str, Any]
Names = Mapping[str, str]
Fact = tuple[str, str, str]
"""A label, what it says, and its style."""


def ids_in(value: Any) -> set[str]:
    """The ids of all people in a state."""
    if isinstance(value, str):
        return {value} if re.fullmatch(PERSON_ID, value) else set()
    if isinstance(value, Mapping):
        return ids_in(list(value.values()))
    return {person for entry in value for person in ids_in(entry)} if isinstance(value, list) else set()


class CaseView:
    """A case as people read it. A programme's own view says which ``facts`` and which parts it has."""

    def __init__(self, state: State, names: Names, time_zone: str) -> None:
        self.state = state
        self.names = names
        self._zone = time_zone

    def who(self, person: str | None) -> str:
        """A person's name and id."""
        if person is None:
            return ""
        return f"{self.names[person]} ({person})" if person in self.names else person

    def local(self, instant: str) -> str:
        """A time as it is where the role is."""
        return time_text(instant, self._zone)

    def day(self, instant: str | None) -> str:
        """The day of an instant where the role is."""
        return day_text(instant, self._zone)

    def facts(self) -> Iterator[Fact]:
        """What stands at the head, in the programme's own order."""
        raise NotImplementedError

    def parts(self) -> list[RenderableType | None]:
        """What follows, in the order of the programme; none where there is nothing to say."""
        raise NotImplementedError

    def rendered(self) -> list[RenderableType]:
        """The parts that have something to say."""
        return [part for part in [self.head(), *self.parts()] if part is not None]

    def head(self) -> RenderableType:
        """Where the case stands, who is around it, and its dates, each on its line."""
        lines = Table.grid(padding=(0, 2))
        lines.add_column(style="dim", no_wrap=True)
        lines.add_column(overflow="fold")
        lines.add_row("Case", cell(self.state["case"], "bold"))
        for label, value, style in [*self.facts(), *self._common()]:
            if value:
                lines.add_row(label, cell(value, style))
        return lines

    def people(self, but: Party) -> Iterator[Fact]:
        """Who plays which part, but for the person whom it is about."""
        for party in Party:
            yield party.spoken, self.who(self.state["parties"].get(party.value)) if party != but else "", ""

    def _common(self) -> Iterator[Fact]:
        state = self.state
        yield "At risk", with_local_times("; ".join(state["at_risk"].values()), self._zone), "red"
        early_end = state.get("early_end") or {}
        yield "Left early", f"{self.day(early_end['at'])}: {early_end['reason']}" if early_end else "", "yellow"
        yield "Policy", f"{state['policy']['id']}@{state['policy']['version']}", ""
        yield "Cohort", state.get("cohort") or "", ""
        yield "Time zone", f"{self._zone}, also of the dates and times shown here", ""
        waiting = {name: n for name, n in state.get("waiting", {}).items() if n}
        yield "Still to go out", ", ".join(f"{n} to the {name}" for name, n in waiting.items()), ""

    def stage(self, more: str = "") -> str:
        """Where the case stands, and since when."""
        paused = ", paused" if self.state["clock"].get("paused_since") else ""
        return f"{spoken(self.state['stage'])}{more}{paused}, since {self.day(self.state['stage_since'])}"

    def open_tasks(self) -> RenderableType | None:
        """Who has to do something, and until when."""
        found = sorted(
            (task for task in self.state["tasks"] if task["state"] == TaskState.OPEN), key=lambda task: task["due_at"]
        )
        now = self.state["now"]
        return section(
            "Open tasks",
            ("Task", "What", "Who", "Due"),
            (
                (
                    task["id"],
                    with_local_times(task["subject"], self._zone),
                    f"{party_of(task['party'])}: {self.who(task['assignee'])}" + self._others(task),
                    cell(
                        self.day(task["due_at"]) + (" escalated" if task["escalated"] else ""),
                        late(task["due_at"], now),
                    ),
                )
                for task in found
            ),
        )

    def _others(self, task: State) -> str:
        others = [*task["delegates"], *([task["escalation"]] if task["escalated"] else [])]
        return f", or {', '.join(self.who(person) for person in others)}" if others else ""

    def decisions(self) -> RenderableType | None:
        """Everything that was decided."""
        return section(
            "Decisions",
            ("n", "When", "What", "Decided", "By", "Why"),
            (
                (
                    decision["n"],
                    self.day(decision["at"]),
                    spoken_of(decision["what"], decision.get("evidence") or {}),
                    spoken(decision["decided"]),
                    self.who(decision.get("by")) or "-",
                    with_local_times(decision.get("reason") or "", self._zone),
                )
                for decision in self.state["decisions"]
            ),
        )


def section(title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Table | None:
    """A table, or nothing where nothing is in it."""
    content = list(rows)
    return table(title, columns, content) if content else None


def party_of(party: str) -> str:
    """A part as people say it."""
    return Party(party).spoken


def spoken(word: str | None) -> str:
    """A word of the state as people write it."""
    return plain(in_words(word or ""))


def late(due: str, now: str) -> str:
    """The style of a due time: red where it is over."""
    return "red" if datetime.fromisoformat(due) < datetime.fromisoformat(now) else ""
