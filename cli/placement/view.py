"""A placement as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType

from cli.core.case_view import CaseView, Fact, Names, State, party_of, section, spoken
from domain.core.model import Money, Party
from domain.core.working_pattern import WorkingPattern, patterns_text
from domain.learning.hours import HoursTotals
from presentation.tables import cell


class PlacementView(CaseView):
    """The view of a placement."""

    def __init__(self, state: State, names: Names) -> None:
        super().__init__(state, names, state["role"]["time_zone"])

    def parts(self) -> list[RenderableType | None]:
        """In the order of the programme."""
        return [
            self.open_tasks(),
            self.mentors(),
            self.checklist(),
            self.goals(),
            self.sessions(),
            self.learning(),
            self.reviews(),
            self.decisions(),
            self.stipends(),
            self.changeover(),
            self.follow_ups(),
            self.offboarding(),
        ]

    def facts(self) -> Iterator[Fact]:
        """Stage, week, dates and people."""
        state, role = self.state, self.state["role"]
        plan = state.get("plan") or {}
        yield "Returner", self.who(state["returner"]), ""
        yield "Role", f"{role['title']} ({role['id']})", ""
        yield (
            "Stage",
            self.stage(f", week {state['week']} of {plan['weeks']}" if state.get("week") and plan else ""),
            "cyan",
        )
        yield "Outcome", spoken(state.get("outcome")), "bold"
        yield "Dates", self._dates(), ""
        yield "Holidays", (state.get("plan") or {}).get("holidays_lack") or "", "yellow"
        yield "Leave", "; ".join(map(_leave, state["leaves"])), "yellow"
        yield "Extensions", "; ".join(map(_extension, state["extensions"])), ""
        yield "Working pattern", self._patterns(state), ""
        yield "Sessions", plan.get("sessions_lack") or "", "yellow"
        yield from self.people(Party.RETURNER)
        yield "Rules broken", "; ".join(rule["sentence"] for rule in state["broken_rules"]), "yellow"
        yield "Learning path", (state.get("learning") or {}).get("case", ""), ""

    def _patterns(self, state: State) -> str:
        """What returner and mentor work, where it is not full time, and what is being agreed."""
        plan = state.get("plan") or {}
        asked = [change for change in state["pattern_changes"] if change.get("agreed") is None]
        parts = [
            _pattern(state["patterns"]),
            *(f"the mentor: {_pattern(plan['mentor_patterns'])}" for _ in [0] if plan.get("mentor_patterns")),
            *(f"being agreed: {_pattern(change['patterns'])}" for change in asked),
        ]
        return "; ".join(part for part in parts if part)

    def _dates(self) -> str:
        plan = self.state.get("plan")
        if not plan:
            return f"wanted from {self.state['starts_on']}, {self.state['weeks']} weeks; not planned yet"
        employed = self.state.get("employed_from")
        decision = f"decision {self.day(plan['decision_at'])}"
        return f"{plan['start']} to {plan['end']}, {decision}" + (f", employed from {employed}" if employed else "")

    def learning(self) -> RenderableType | None:
        """How far the learning path inside has come."""
        learned = self.state.get("learned")
        if not learned:
            return None
        title = f"Learning path: {spoken(learned.get('outcome') or learned['stage'])} on {self.day(learned['at'])}"
        if learned.get("hours"):
            title += f"; hours {HoursTotals.model_validate(learned['hours']).sentence}"
        rows = ((skill, missing, learned["now"][skill]) for skill, missing in learned["before"].items())
        return section(title, ("Skill", "Levels missing at first", "Now"), rows)

    def mentors(self) -> RenderableType | None:
        """Everybody who was asked."""
        return section(
            "Mentors",
            ("n", "Mentor", "State", "Since", "Until", "Score", "Why"),
            (
                (
                    mentorship["n"],
                    self.who(mentorship["mentor"]),
                    mentorship["state"],
                    self.day(mentorship["since"]),
                    self.day(mentorship.get("until")),
                    f"{mentorship['score']:.2f}",
                    mentorship.get("why") or "; ".join(mentorship["reasons"]),
                )
                for mentorship in self.state["mentorships"]
            ),
        )

    def checklist(self) -> RenderableType | None:
        """What is ready, and what is not."""
        return self._items("Checklist", self.state["checklist"], "items")

    def offboarding(self) -> RenderableType | None:
        """What is to be done because somebody leaves."""
        return self._items("Off-boarding", self.state["offboarding"], "offboarding")

    def changeover(self) -> RenderableType | None:
        """What is to be done because somebody is employed."""
        return self._items("Change-over", self.state["changeover"], "changeover")

    def _items(self, title: str, items: list[State], in_plan: str) -> RenderableType | None:
        tasks = {task["id"]: task["due_at"] for task in self.state["tasks"]}
        planned = {item["key"]: item["due_at"] for item in (self.state.get("plan") or {}).get(in_plan, [])}
        return section(
            title,
            ("", "Item", "Required", "Due", "Done by"),
            (
                (
                    cell("✓", "green") if item.get("done_at") else cell("·", "dim"),
                    item["title"],
                    "yes" if item["required"] else "",
                    self.day(tasks.get(item.get("task")) or planned.get(item["key"])),
                    self._done(item),
                )
                for item in items
            ),
        )

    def _done(self, item: State) -> str:
        if not item.get("done_at"):
            return ""
        waived = f"not needed: {item['waived_because']}; " if item.get("waived_because") else ""
        return f"{waived}{self.who(item['done_by'])}, {self.day(item['done_at'])}"

    def goals(self) -> RenderableType | None:
        """What the placement is to achieve."""
        agreed = "agreed" if self.state["goals_agreed"] else "not agreed yet"
        return section(f"Goals ({agreed})", ("n", "Goal"), enumerate(self.state["goals"], start=1))

    def sessions(self) -> RenderableType | None:
        """Mentoring sessions."""
        return section(
            "Mentoring sessions",
            ("n", "When", "Mentor", "State", "Minutes", "Note"),
            (
                (
                    session["n"],
                    self.local(session["starts"]),
                    self.who(session.get("mentor")),
                    spoken(session["state"]),
                    session.get("minutes"),
                    session.get("note"),
                )
                for session in self.state["sessions"]
            ),
        )

    def reviews(self) -> RenderableType | None:
        """Review rounds with their scores."""
        return section(
            "Reviews",
            ("n", "Round", "Scores", "Combined"),
            (
                (
                    review["n"],
                    review["title"],
                    ", ".join(f"{party_of(by)} {'waived' if n is None else n}" for by, n in review["scores"].items()),
                    cell(review.get("combined"), "red" if review["below_threshold"] else ""),
                )
                for review in self.state["reviews"]
            ),
        )

    def stipends(self) -> RenderableType | None:
        """Pay instructions, with their sum."""
        found = [(stipend, Money(**stipend["amount"])) for stipend in self.state["stipends"]]
        sums: dict[str, Decimal] = {}
        for _, money in found:
            sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
        days = sum(stipend["days"] for stipend, _ in found)
        totals = [
            ("", "in all", "", days, Money(amount=amount, currency=currency), "") for currency, amount in sums.items()
        ]
        lines = [
            (
                stipend["n"],
                stipend["due_on"],
                f"{stipend['first']} to {stipend['last']}",
                stipend["days"],
                paid,
                stipend["corrects"],
            )
            for stipend, paid in found
        ]
        return section("Stipends", ("n", "Due on", "For", "Days", "Amount", "Corrects"), [*lines, *totals])

    def follow_ups(self) -> RenderableType | None:
        """Who is still here."""
        return section(
            "Follow-ups",
            ("After days", "Asked", "Still here"),
            (
                (follow_up["days"], self.day(follow_up["at"]), "yes" if follow_up["still_here"] else "no")
                for follow_up in self.state["follow_ups"]
            ),
        )


def _pattern(patterns: list[State]) -> str:
    return patterns_text([WorkingPattern.model_validate(pattern) for pattern in patterns])


def _leave(leave: State) -> str:
    return f"from {leave['first']}, back on {leave['back_on']}" if leave.get("back_on") else f"since {leave['first']}"


def _extension(extension: State) -> str:
    agreed = {None: "being agreed", True: "agreed", False: "refused"}[extension.get("agreed")]
    return f"{extension['weeks']} weeks, {agreed}"
