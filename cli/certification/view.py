"""A certification as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from cli.core.case_view import CaseView, Fact, Names, State, section, spoken
from domain.core.model import Party
from presentation.tables import cell


class CertificationView(CaseView):
    """The view of a certification."""

    def __init__(self, state: State, names: Names) -> None:
        super().__init__(state, names, state["time_zone"])

    def parts(self) -> list[RenderableType | None]:
        """In the order of the programme."""
        return [self.open_tasks(), self.exams(), self.credentials(), self.coming(), self.decisions()]

    def facts(self) -> Iterator[Fact]:
        """Whose certificate it is, where it stands, and who is around it."""
        state, certificate = self.state, self.state["certificate"]
        yield "Holder", self.who(state["holder"]), ""
        yield "Certificate", f"{certificate['title']} ({certificate['id']})", ""
        yield "Stage", self.stage(), "cyan"
        yield "Outcome", spoken(state.get("outcome")), "bold"
        skills = (f"{skill['skill']} at level {skill['level']}" for skill in state["shown"])
        yield "Has shown", ", ".join(skills), ""
        yield from self.people(Party.LEARNER)

    def exams(self) -> RenderableType | None:
        """What came of each exam."""
        return section(
            "Exams",
            ("n", "On", "Result", "Percent", "By"),
            (
                (
                    exam["n"],
                    self.day(exam.get("taken_at") or exam["at"]),
                    cell("passed", "green") if exam["passed"] else cell("failed", "red"),
                    exam.get("percent"),
                    self.who(exam.get("by")),
                )
                for exam in self.state["exams"]
            ),
        )

    def credentials(self) -> RenderableType | None:
        """What was issued, and how it stands."""
        return section(
            "Credentials",
            ("n", "Credential", "Valid from", "Until", "Status", "Why"),
            (
                (
                    issued["credential"]["n"],
                    issued["credential"]["id"],
                    self.day(issued["credential"]["valid_from"]),
                    self.day(issued["credential"]["valid_until"]),
                    issued["status"],
                    issued.get("reason"),
                )
                for issued in self.state["credentials"]
            ),
        )

    def coming(self) -> RenderableType | None:
        """What will happen to the certificate by itself."""
        rows = ((self.day(event["at"]), spoken(event["what"])) for event in self.state["coming"])
        return section("To come", ("When", "What"), rows)
