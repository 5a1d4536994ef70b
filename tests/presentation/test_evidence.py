"""On which evidence something was decided is told in words, in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest

from domain.core.working_pattern import read_patterns
from languages.speech import Speech
from presentation.evidence import evidence_said
from presentation.tasks.facts import Said, facts_said

NAMES = {"P-7F3K2M": "Priya", "P-4CY9GS": "Maya"}

SUITS = {"score": 0.7778, "reasons": ["shared skills: sql", "time zones 2.5 h apart", "languages in common: de, en"]}

REVIEW = {
    "n": 1,
    "title": "week 4",
    "scores": {"manager": 2, "second_manager": 4},
    "combined": "2.40",
    "below_threshold": True,
    "improvement_plans": 1,
}

PAIR = {"case": "R-7F3K2M-DATA1", "returner": "P-7F3K2M", "mentor": "P-4CY9GS", **SUITS, "last_resort": []}


def said(evidence: dict[str, Any], language: str = "de") -> list[Said]:
    return evidence_said(evidence, Speech(language), NAMES)


def test_why_a_mentor_is_proposed_is_told_in_plain_words() -> None:
    suits = [
        Said("How well they suit each other", "78%"),
        Said(
            "What counts in that",
            lines=["Shared skills: sql", "Time zones 2.5 h apart", "Languages in common: German, English"],
        ),
    ]
    assert facts_said(SUITS, Speech(), NAMES) == suits
    assert said(SUITS, "en") == suits
    assert said(SUITS, "fr") == [
        Said("Leur compatibilité", "78\N{NO-BREAK SPACE}%"),
        Said(
            "Ce qui compte",
            lines=[
                "Compétences communes\N{NO-BREAK SPACE}: sql",
                "2,5 h de décalage horaire",
                "Langues communes : allemand, anglais",
            ],
        ),
    ]


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        (
            {"reviews": [REVIEW]},
            Said(
                "Beurteilungen",
                lines=[
                    "Beurteilung in Woche 4: 2,40 (unter der Schwelle); Führungskraft: 2, Nächsthöhere Führungskraft: 4"
                ],
            ),
        ),
        (
            {"reviews": [REVIEW | {"title": "final", "scores": {}, "combined": None, "below_threshold": False}]},
            Said(
                "Beurteilungen",
                lines=["Abschlussbeurteilung: noch kein Gesamtwert, weil noch keine Beurteilung vorliegt"],
            ),
        ),
        (
            {"reviews": [REVIEW | {"scores": {"manager": 1}, "combined": None, "below_threshold": False}]},
            Said(
                "Beurteilungen",
                lines=[
                    "Beurteilung in Woche 4: noch kein Gesamtwert, weil noch nicht alle Beurteilungen vorliegen; "
                    "Führungskraft: 1"
                ],
            ),
        ),
        (
            {"reviews": [REVIEW | {"scores": dict.fromkeys(["manager", "mentor", "returner"]), "combined": None}]},
            Said("Beurteilungen", lines=["Beurteilung in Woche 4: kein Wert"]),
        ),
        (
            {"pairs": [PAIR | {"pinned": False, "reasons": ["shared skills: sql"]}]},
            Said("Paare", lines=["Priya und Maya: 78\N{NO-BREAK SPACE}% (gemeinsame Kenntnisse: sql)"]),
        ),
        (
            {"kind": "goals_agreement", "before": {"yes": True, "reason": None}},
            Said("Vorher", lines=["Sind Sie mit diesen Zielen einverstanden? Ja, ich bin einverstanden"]),
        ),
        ({"broken_rules": ["paid"]}, Said("Nicht erfüllte Regeln", lines=["Der Wiedereinstieg ist nicht bezahlt."])),
        ({"part": "second_manager"}, Said("Rolle", "Nächsthöhere Führungskraft")),
        ({"cost": {"amount": "650.00", "currency": "GBP"}}, Said("Kosten", "650,00 GBP")),
        ({"stage": "certification"}, Said("Phase", "Zertifizierung")),
        ({"now": {"sql": "1.00"}}, Said("Jetzt", lines=["Sql: 1,00"])),
        (
            {"patterns": [pattern.model_dump(mode="json") for pattern in read_patterns("mon-wed 8")]},
            Said("Arbeitszeiten", "Mo.–Mi. 8 Std."),
        ),
        ({"asked_by": "P-7F3K2M"}, Said("Gefragt von", "Priya")),
        ({"not_started": []}, Said("Nicht begonnen", "Keine")),
    ],
)
def test_each_entry_is_told_in_the_readers_language(evidence: dict[str, Any], told: Said) -> None:
    assert said(evidence)[-1] == told


def test_what_is_not_known_and_what_the_page_says_elsewhere_is_left_out() -> None:
    assert said({"case": "U-1", "at": "2027-03-01T09:00:00Z", "certificate": None}) == []
