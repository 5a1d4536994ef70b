"""A cohort as people read it, and its matching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rich.console import RenderableType

from cli.core.case_view import CaseView, Fact, Names, State, section, spoken
from domain.cohort.participant_state import ParticipantStatus
from domain.core.model import Money, Party
from presentation.tables import cell

STYLES = {
    ParticipantStatus.NOT_STARTED: "red",
    ParticipantStatus.UNMATCHED: "yellow",
    ParticipantStatus.MATCHED: "green",
    ParticipantStatus.OVER: "dim",
}


class CohortView(CaseView):
    """The view of a cohort. Besides its own state it shows, where given, its ``cases`` as the records know them."""

    def __init__(self, state: State, names: Names) -> None:
        super().__init__(state, names, state["time_zone"])

    def parts(self) -> list[RenderableType | None]:
        """What is to be done, who takes part, when, and what came of it."""
        return [
            self.open_tasks(),
            self.participants(),
            self.dates(),
            self.pauses(),
            self.figures(),
            self.decisions(),
        ]

    def facts(self) -> Iterator[Fact]:
        """Stage, dates, and with how many it stands how."""
        state = self.state
        yield "Title", state["title"], ""
        yield "Stage", self.stage(), "cyan"
        yield "Outcome", spoken(state.get("outcome")), "bold"
        last = f"to {state['ends_on']}" if state.get("ends_on") else f"{state['weeks']} weeks"
        yield "Dates", f"{state['first_day']} {last}", ""
        yield "Led by", self.who(state["led_by"]), ""
        yield "Escalates to", self.who(state["parties"].get(Party.HR_LEAD.value)), ""
        counted = Counter(participant["status"] for participant in state["participants"].values())
        counts = ", ".join(f"{counted[status]} {spoken(status)}" for status in ParticipantStatus if counted[status])
        yield "People", f"{counted.total()}: {counts}" if counted else "nobody yet", ""
        under_way = "a launch is under way, or broke off: then launch it again" if state["more_follow"] else ""
        yield "More to come", under_way, "yellow"

    def participants(self) -> RenderableType | None:
        """Everybody who takes part, with their mentor, and how their placement stands."""
        return section(
            "People",
            ("Case", "Returner", "Status", "Mentor", "Placement", "Why"),
            (
                (
                    case,
                    self.who(participant["who"]["returner"]),
                    cell(spoken(participant["status"]), STYLES.get(participant["status"], "")),
                    self._mentor(case, participant),
                    self._placement(case, participant),
                    participant.get("why"),
                )
                for case, participant in sorted(self.state["participants"].items())
            ),
        )

    def _on_record(self, case: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.state.get("cases", {}).get(case, {})
        return found

    def _mentor(self, case: str, participant: State) -> str:
        """The mentor of today; else whoever is proposed or asked."""
        return self.who(self._on_record(case).get("mentor") or participant.get("mentor"))

    def _placement(self, case: str, participant: State) -> str:
        placement = self._on_record(case)
        outcome = participant.get("outcome") or placement.get("outcome")
        week = f", week {placement['week']}" if placement.get("week") else ""
        paused = ", paused" if placement.get("paused") else ""
        return spoken(", ".join(part for part in (f"{placement.get('stage', '')}{week}{paused}", outcome) if part))

    def dates(self) -> RenderableType | None:
        """The cohort's own dates."""
        return section(
            "Dates",
            ("What", "When", "State", "Invited", "Not worked by"),
            (
                (
                    event["title"],
                    f"{self.local(event['starts'])} to {self.local(event['ends'])[11:]}",
                    *_date(event),
                    self._unsuited(event),
                )
                for event in self.state["dates"]
            ),
        )

    def _unsuited(self, event: State) -> str:
        return ", ".join(map(self.who, event.get("does_not_suit", [])))

    def pauses(self) -> RenderableType | None:
        """When it stood still, and with it which placements."""
        return section(
            "Pauses",
            ("From", "Goes on", "Placements paused", "Not with it"),
            (
                (
                    pause["first"],
                    pause.get("back_on") or "not yet",
                    len(pause["cases"]),
                    _refusals(pause["refused"]),
                )
                for pause in self.state["pauses"]
            ),
        )

    def figures(self) -> RenderableType | None:
        """What came of it by the records; defined in docs/reports.md."""
        figures = self.state.get("figures")
        return section("What came of it so far", ("Figure", "Value"), _figures(figures)) if figures else None


def _date(event: State) -> tuple[str, int]:
    return spoken(event["state"]), len(event["invited"])


def _refusals(refused: Mapping[str, str]) -> str:
    """Why placements were not paused, or did not go on; most often for one reason, which is told once."""
    why = Counter(sentence.removeprefix(case).strip() for case, sentence in refused.items())
    return "; ".join(f"{number} {sentence}" for sentence, number in why.items())


def _figures(figures: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """What is known and not nothing."""
    for name in (
        "participants",
        "starts",
        "completions",
        "conversions",
        "declined",
        "expired",
        "released",
        "withdrawn",
        "not_eligible",
        "certificates",
    ):
        if figures[name]:
            yield spoken(name), figures[name]
    for retention in figures["retained"]:
        if known := retention["retained"] + retention["gone"]:
            yield f"retained after {retention['days']} days", f"{retention['retained']} of {known}"
    for name in ("stipends", "training"):
        if figures[name]:
            yield name, ", ".join(str(Money.model_validate(amount)) for amount in figures[name])


def matching_parts(found: State, names: Names) -> list[RenderableType]:
    """The matching proposed or agreed to last; ``found`` has its ``proposal`` and all ``pins`` and ``forbids``."""
    proposal = found["proposal"]

    def who(person: str) -> str:
        return f"{names[person]} ({person})" if person in names else person

    pairs = section(
        f"Matching {proposal['n']}: {spoken(proposal['objective'])}, {proposal['total_score']:.4f} in all",
        ("Returner", "Mentor", "Score", "Reasons"),
        (
            (
                who(pair["returner"]),
                who(pair["mentor"]),
                "pinned" if pair["pinned"] else f"{pair['score']:.4f}",
                "; ".join([*pair["reasons"], *(f"last resort: {why}" for why in pair.get("last_resort", []))]),
            )
            for pair in proposal["pairs"]
        ),
    )
    unmatched = section(
        "Without a mentor",
        ("Returner", "Why"),
        ((who(returner["returner"]), returner["why"]) for returner in proposal["unmatched"]),
    )
    ties = section(
        "Settled by the order of ids",
        ("What could as well be otherwise",),
        ((tie,) for tie in proposal.get("ties", [])),
    )
    parts = [pairs, unmatched, ties, _pairs("Pinned", found["pins"], who), _pairs("Forbidden", found["forbids"], who)]
    return [part for part in parts if part is not None]


def _pairs(title: str, pairs: Iterable[State], who: Callable[[str], str]) -> RenderableType | None:
    """What HR has said of pairs."""
    return section(title, ("Returner", "Mentor"), ((who(pair["returner"]), who(pair["mentor"])) for pair in pairs))
