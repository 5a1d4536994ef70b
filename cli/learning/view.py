"""An upskilling path as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rich.console import RenderableType

from cli.core.case_view import CaseView, Fact, Names, State, section, spoken
from domain.core.model import Money, Party
from domain.core.skills import TrainingKind
from domain.learning.gaps import Gap, number_text
from domain.learning.hours import HoursSource, HoursTotals
from presentation.tables import cell
from records.local_time import with_local_times

STYLES = {"passed": "green", "not_passed": "red", "called_off": "dim"}


class PathView(CaseView):
    """The view of an upskilling path."""

    def __init__(self, state: State, names: Names) -> None:
        super().__init__(state, names, state["goal"]["role"]["time_zone"])

    def parts(self) -> list[RenderableType | None]:
        """In the order of the programme."""
        return [
            self.open_tasks(),
            self.gaps(),
            self.trainings(),
            self.hours(),
            self.uncovered(),
            self.held(),
            self.decisions(),
        ]

    def facts(self) -> Iterator[Fact]:
        """Where it leads, where it stands, what it may take, and who is around it."""
        state, goal = self.state, self.state["goal"]
        budget = Money.model_validate(state["budget"])
        yield "Learner", self.who(state["learner"]), ""
        yield "Role", f"{goal['role']['title']} ({goal['role']['id']}), profile {goal['profile']['id']}", ""
        yield "Certificate", (goal.get("certificate") or {}).get("title", ""), ""
        yield "Stage", self.stage(f", round {state['round']}" if state["round"] else ""), "cyan"
        yield "Outcome", spoken(state.get("outcome")), "bold"
        yield "Why", with_local_times("; ".join(state.get("why", [])), self._zone), ""
        yield "May take", f"{state['hours']} hours, {state['hours_per_week']} a week; {budget}", ""
        yield "Hours spent", HoursTotals.model_validate(self._hours(without_entries=True)).sentence, ""
        yield "Placement", state.get("placement") or "", ""
        yield "Certification", state.get("certification") or "", ""
        yield "Certified until", self.day(state.get("certified_until")), "green"
        yield from self.people(Party.LEARNER)

    def gaps(self) -> RenderableType | None:
        """What was missing at first, and what is now, the most important first."""
        now = {gap["skill"]: number_text(Decimal(gap["assessed"])) for gap in self.state["gaps"]}
        first = [Gap.model_validate(gap) for gap in self.state["first_gaps"]]
        return section(
            "Gaps",
            ("Skill", "Required", "Assessed at first", "Now", "Importance", "Priority"),
            (
                (
                    gap.skill + (" (mandatory)" if gap.mandatory else ""),
                    number_text(gap.required),
                    number_text(gap.assessed),
                    cell(now[gap.skill], "yellow") if gap.skill in now else cell("closed", "green"),
                    number_text(gap.importance),
                    f"{gap.priority:.2f}",
                )
                for gap in first
            ),
        )

    def trainings(self) -> RenderableType | None:
        """The trainings of all rounds."""
        return section(
            "Trainings",
            ("n", "Round", "Training", "Kind", "Hours", "Cost", "State", "Why"),
            (
                (
                    enrolment["n"],
                    enrolment["round"],
                    enrolment["training"]["title"]
                    + (f", instead of {enrolment['instead_of']}" if enrolment.get("instead_of") else ""),
                    TrainingKind(enrolment["training"]["kind"]).spoken,
                    enrolment["training"]["hours"],
                    Money.model_validate(enrolment["training"]["cost"]),
                    cell(spoken(enrolment["state"]), STYLES.get(enrolment["state"], "")),
                    with_local_times(enrolment.get("reason") or "", self._zone),
                )
                for enrolment in self.state["enrolments"]
            ),
        )

    def hours(self) -> RenderableType | None:
        """The hours that stand on record, training by training; those that are outweighed dimmed."""
        titles = {enrolment["n"]: enrolment["training"]["title"] for enrolment in self.state["enrolments"]}
        return section(
            "Hours on record",
            ("Training", "On", "Hours", "By", "Counts"),
            (
                (
                    titles[entry["n"]],
                    entry["on"],
                    entry["hours"],
                    HoursSource(entry["source"]).spoken,
                    "yes" if entry["counts"] else cell("no, others have seen it", "dim"),
                )
                for entry in self._hours()["entries"]
            ),
        )

    def _hours(self, *, without_entries: bool = False) -> dict[str, Any]:
        found = self.state["hours_spent"]
        return {name: value for name, value in found.items() if name != "entries" or not without_entries}

    def uncovered(self) -> RenderableType | None:
        """What the plan leaves open."""
        plan = self.state.get("plan") or {"uncovered": []}
        rows = ((gap["skill"], gap["missing"], gap["why"]) for gap in plan["uncovered"])
        return section("Not covered by the plan", ("Skill", "Levels", "Why"), rows)

    def held(self) -> RenderableType | None:
        """Seats and money."""
        rows = ((holding["capacity"], holding["holder"], holding["amount"]) for holding in self.state["held"])
        return section("Held or waited for", ("Capacity", "Under the name", "Amount"), rows)
