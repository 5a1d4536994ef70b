"""The table of a matching, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.core.model import PersonId
from languages.speech import Speech, begun
from presentation.tasks.facts import named


@dataclass(frozen=True)
class Line:
    """A pair as the table shows it; ``key`` is how it is sent."""

    key: str
    returner: str
    mentor: str
    score: str
    reasons: list[str]
    last_resort: list[str]
    pinned: bool


class MatchingTable:
    """What the table says of a matching, with the names of people beside their ids."""

    def __init__(self, shown: Mapping[str, Any], names: Mapping[PersonId, str], said: Speech) -> None:
        self._shown, self._names, self._said = shown, names, said

    def facts(self) -> dict[str, Any]:
        """The facts of the page's template."""
        proposal = self._shown["proposal"]
        made = proposal or {"pairs": [], "unmatched": []}
        returners = [participant["who"]["returner"] for participant in (self._shown["participants"] or {}).values()]
        return {
            "proposal": proposal,
            "lines": [self._line(pair) for pair in made["pairs"]],
            "unmatched": [(self._who(other["returner"]), self._sentence(other["why"])) for other in made["unmatched"]],
            "ties": [self._sentence(tie) for tie in made.get("ties", [])],
            "pins": self._pairs("pins"),
            "forbids": self._pairs("forbids"),
            "returners": sorted(((person, self._who(person)) for person in returners), key=lambda entry: entry[1]),
        }

    def _who(self, person: PersonId) -> str:
        return f"{self._names[person]} ({person})" if person in self._names else person

    def _sentence(self, text: str) -> str:
        return begun(named(self._said.sentence(text), self._names))

    def _line(self, pair: Mapping[str, Any]) -> Line:
        return Line(
            key=f"{pair['returner']}={pair['mentor']}",
            returner=self._who(pair["returner"]),
            mentor=self._who(pair["mentor"]),
            score=self._said.percent(pair["score"]),
            reasons=[self._said.sentence(reason) for reason in pair["reasons"]],
            last_resort=[self._said.sentence(why) for why in pair.get("last_resort", [])],
            pinned=pair["pinned"],
        )

    def _pairs(self, part: str) -> list[tuple[str, str, str]]:
        pairs = ((pair["returner"], pair["mentor"]) for pair in self._shown[part] or [])
        return [(f"{returner}={mentor}", self._who(returner), self._who(mentor)) for returner, mentor in pairs]
