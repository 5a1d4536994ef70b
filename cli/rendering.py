"""A placement as people read it: what its ``view`` query returns, with names instead of ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.table import Table

from cli.output import cell, plain, table
from domain.model import Money, Party

State = Mapping[str, Any]
Names = Mapping[str, str]

PERSON = re.compile(r"P-[A-Z0-9]{3,12}")


def ids_in(value: Any) -> set[str]:
    """The ids of all people in a state."""
    if isinstance(value, str):
        return {value} if PERSON.fullmatch(value) else set()
    if isinstance(value, Mapping):
        return ids_in(list(value.values()))
    return {person for one in value for person in ids_in(one)} if isinstance(value, list) else set()


def rendered(state: State, names: Names) -> list[RenderableType]:
    """The parts of the view that have something to say, in the order of the programme."""
    view = _View(state, names)
    parts = [
        view.head(),
        view.open_tasks(),
        view.mentors(),
        view.checklist(),
        view.goals(),
        view.sessions(),
        view.reviews(),
        view.decisions(),
        view.stipends(),
        view.follow_ups(),
    ]
    return [part for part in parts if part is not None]


class _View:
    def __init__(self, state: State, names: Names) -> None:
        self.state = state
        self.names = names

    def who(self, person: str | None) -> str:
        """A person's name and id."""
        if person is None:
            return ""
        return f"{self.names[person]} ({person})" if person in self.names else person

    def local(self, instant: str) -> str:
        """A time as it is where the role is."""
        there = datetime.fromisoformat(instant).astimezone(ZoneInfo(self.state["role"]["time_zone"]))
        return f"{there:%Y-%m-%d %H:%M}"

    def head(self) -> RenderableType:
        """Stage, week, dates and people, each on its line."""
        lines = Table.grid(padding=(0, 2))
        lines.add_column(style="dim", no_wrap=True)
        lines.add_column(overflow="fold")
        lines.add_row("Case", cell(self.state["case"], "bold"))
        for label, value, style in self._facts():
            if value:
                lines.add_row(label, cell(value, style))
        return lines

    def _facts(self) -> Iterator[tuple[str, str, str]]:
        state, role = self.state, self.state["role"]
        yield "Returner", self.who(state["returner"]), ""
        yield "Role", f"{role['title']} ({role['id']})", ""
        yield "Stage", self._stage(), "cyan"
        yield "Outcome", _spoken(state.get("outcome")), "bold"
        yield "Dates", self._dates(), ""
        yield "Leave", "; ".join(map(_leave, state["leaves"])), "yellow"
        yield "Extensions", "; ".join(map(_extension, state["extensions"])), ""
        for party in Party:
            yield party.spoken, self.who(state["parties"].get(party.value)) if party != Party.RETURNER else "", ""
        yield "At risk", "; ".join(state["at_risk"].values()), "red"
        yield "Rules broken", "; ".join(rule["says"] for rule in state["broken_rules"]), "yellow"
        leaving = state.get("leaving") or {}
        yield "Left early", f"{_day(leaving['at'])}: {leaving['reason']}" if leaving else "", "yellow"
        yield "Policy", f"{state['policy']['id']}@{state['policy']['version']}", ""
        yield "Cohort", state.get("cohort") or "", ""
        waiting = {name: n for name, n in state.get("waiting", {}).items() if n}
        yield "Still to go out", ", ".join(f"{n} to the {name}" for name, n in waiting.items()), ""

    def _stage(self) -> str:
        state, plan = self.state, self.state.get("plan") or {}
        week = f", week {state['week']} of {plan['weeks']}" if state.get("week") and plan else ""
        paused = ", paused" if state["clock"].get("paused_since") else ""
        return f"{_spoken(state['stage'])}{week}{paused}, since {_day(state['stage_since'])}"

    def _dates(self) -> str:
        plan = self.state.get("plan")
        if not plan:
            return f"wanted from {self.state['starts_on']}, {self.state['weeks']} weeks; not planned yet"
        employed = self.state.get("employed_from")
        decision = f"decision {_day(plan['decision_at'])}"
        return f"{plan['start']} to {plan['end']}, {decision}" + (f", employed from {employed}" if employed else "")

    def open_tasks(self) -> RenderableType | None:
        """Who has to do something, and until when."""
        found = sorted((one for one in self.state["tasks"] if one["state"] == "open"), key=lambda one: one["due_at"])
        now = self.state["now"]
        return _section(
            "Open tasks",
            ("Task", "What", "Who", "Due"),
            (
                (
                    one["id"],
                    one["subject"],
                    f"{_party(one['party'])}: {self.who(one['assignee'])}" + self._others(one),
                    cell(_day(one["due_at"]) + (" escalated" if one["escalated"] else ""), _late(one["due_at"], now)),
                )
                for one in found
            ),
        )

    def _others(self, task: State) -> str:
        others = [*task["delegates"], *([task["escalation"]] if task["escalated"] else [])]
        return f", or {', '.join(self.who(person) for person in others)}" if others else ""

    def mentors(self) -> RenderableType | None:
        """Everybody who was asked."""
        return _section(
            "Mentors",
            ("n", "Mentor", "State", "Since", "Until", "Score", "Why"),
            (
                (
                    one["n"],
                    self.who(one["mentor"]),
                    one["state"],
                    _day(one["since"]),
                    _day(one.get("until")),
                    f"{one['score']:.2f}",
                    one.get("why") or "; ".join(one["reasons"]),
                )
                for one in self.state["mentorships"]
            ),
        )

    def checklist(self) -> RenderableType | None:
        """What is ready, and what is not."""
        due = {one["key"]: one["due_at"] for one in (self.state.get("plan") or {}).get("items", [])}
        return _section(
            "Checklist",
            ("", "Item", "Required", "Due", "Done by"),
            (
                (
                    cell("✓", "green") if one.get("done_at") else cell("·", "dim"),
                    one["title"],
                    "yes" if one["required"] else "",
                    _day(due.get(one["key"])),
                    f"{self.who(one['done_by'])}, {_day(one['done_at'])}" if one.get("done_at") else "",
                )
                for one in self.state["checklist"]
            ),
        )

    def goals(self) -> RenderableType | None:
        """What the placement is to achieve."""
        agreed = "agreed" if self.state["goals_agreed"] else "not agreed yet"
        return _section(f"Goals ({agreed})", ("n", "Goal"), enumerate(self.state["goals"], start=1))

    def sessions(self) -> RenderableType | None:
        """Mentoring sessions."""
        return _section(
            "Mentoring sessions",
            ("n", "When", "Mentor", "State", "Minutes", "Note"),
            (
                (
                    one["n"],
                    self.local(one["starts"]),
                    self.who(one.get("mentor")),
                    _spoken(one["state"]),
                    one.get("minutes"),
                    one.get("note"),
                )
                for one in self.state["sessions"]
            ),
        )

    def reviews(self) -> RenderableType | None:
        """Review rounds with their scores."""
        return _section(
            "Reviews",
            ("n", "Round", "Scores", "Combined"),
            (
                (
                    one["n"],
                    one["title"],
                    ", ".join(f"{_party(by)} {'waived' if n is None else n}" for by, n in one["scores"].items()),
                    cell(one.get("combined"), "red" if one["below_threshold"] else ""),
                )
                for one in self.state["reviews"]
            ),
        )

    def decisions(self) -> RenderableType | None:
        """Everything that was decided."""
        return _section(
            "Decisions",
            ("n", "When", "What", "Decided", "By", "Why"),
            (
                (
                    one["n"],
                    _day(one["at"]),
                    _spoken(one["what"]),
                    _spoken(one["decided"]),
                    self.who(one.get("by")) or "-",
                    one.get("reason"),
                )
                for one in self.state["decisions"]
            ),
        )

    def stipends(self) -> RenderableType | None:
        """Pay instructions, with their sum."""
        found = [(one, Money(**one["amount"])) for one in self.state["stipends"]]
        sums: dict[str, Decimal] = {}
        for _, money in found:
            sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
        days = sum(one["days"] for one, _ in found)
        totals = [
            ("", "in all", "", days, Money(amount=amount, currency=currency)) for currency, amount in sums.items()
        ]
        lines = [
            (one["n"], one["due_on"], f"{one['first']} to {one['last']}", one["days"], paid) for one, paid in found
        ]
        return _section("Stipends", ("n", "Due on", "For", "Days", "Amount"), [*lines, *totals])

    def follow_ups(self) -> RenderableType | None:
        """Who is still here."""
        return _section(
            "Follow-ups",
            ("After days", "Asked", "Still here"),
            ((one["days"], _day(one["at"]), "yes" if one["still_here"] else "no") for one in self.state["follow_ups"]),
        )


def _section(title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Table | None:
    """A table, or nothing where nothing is in it."""
    content = list(rows)
    return table(title, columns, content) if content else None


def _leave(one: State) -> str:
    return f"from {one['first']}, back on {one['back_on']}" if one.get("back_on") else f"since {one['first']}"


def _extension(one: State) -> str:
    agreed = {None: "being agreed", True: "agreed", False: "refused"}[one.get("agreed")]
    return f"{one['weeks']} weeks, {agreed}"


def _party(party: str) -> str:
    return Party(party).spoken


def _spoken(word: str | None) -> str:
    return plain(word or "").replace("_", " ")


def _day(instant: str | None) -> str:
    return (instant or "")[:10]


def _late(due: str, now: str) -> str:
    return "red" if datetime.fromisoformat(due) < datetime.fromisoformat(now) else ""
