"""How things are said in a language."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from domain.core.model import Money
from languages.speech import Speech

BERLIN = ZoneInfo("Europe/Berlin")


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "day", "moment", "money"),
    [
        ("en", "Monday 7 December 2026", "Monday 7 December 2026, 09:00 CET", "52,000.50 EUR"),
        ("de", "Montag, 7. Dezember 2026", "Montag, 7. Dezember 2026, 09:00 Uhr (MEZ)", "52.000,50 EUR"),
        ("fr", "lundi 7 décembre 2026", "lundi 7 décembre 2026 à 09:00 (CET)", "52 000,50 EUR"),
        ("es", "lunes, 7 de diciembre de 2026", "lunes, 7 de diciembre de 2026, a las 09:00 (CET)", "52.000,50 EUR"),
    ],
)
def test_dates_times_and_amounts(language: str, day: str, moment: str, money: str) -> None:
    speech = Speech(language, BERLIN)
    assert speech.day("2026-12-07") == day
    assert speech.moment("2026-12-07T08:00:00Z") == moment
    assert plain(speech.money(Money(amount=Decimal("52000.5"), currency="EUR"))) == money
    assert plain(speech.money({"amount": "52000.50", "currency": "EUR"})) == money
    assert plain(speech.money("52,000.50 EUR")) == money


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("week 4 review", "Beurteilung in Woche 4"),
        ("whether the person is still here after 30 days", "ob die Person nach 30 Tagen noch hier ist"),
        ("agree to 1 more week", "Zustimmung zu 1 weiteren Woche"),
        ("agree to 2 more weeks", "Zustimmung zu 2 weiteren Wochen"),
        ("approve 1,650.00 GBP of training", "Genehmigung von 1.650,00 GBP für Schulungen"),
        ("review week 4: 2.40 (below the threshold)", "Beurteilung in Woche 4: 2,40 (unter der Schwelle)"),
        (
            "a seat in Joins on 2027-03-01T09:00Z",
            "ein Platz in Joins am Montag, 1. März 2027, 10:00 Uhr (MEZ)",
        ),
        (
            "SQL-W Joins (workshop, 16 h, 600.00 GBP)",
            "SQL-W Joins (Workshop, 16 Std., 600,00 GBP)",
        ),
        ("second-level manager: above the band", "nächsthöhere Führungskraft: above the band"),
        (
            "P-MEN1: is the returner; P-MEN2: was forbidden by HR",
            "P-MEN1: ist selbst die Person im Wiedereinstieg; P-MEN2: wurde von der Personalabteilung ausgeschlossen",
        ),
        ("Laptop: not done by the gate day 30", "Notebook: nicht erledigt bis zum Meilenstein Tag 30"),
    ],
)
def test_sentences_of_cases(sentence: str, german: str) -> None:
    assert Speech("de", BERLIN, {"Laptop": "Notebook"}).sentence(sentence) == german
    assert Speech("en", BERLIN).sentence("week 4 review") == "week 4 review"


@pytest.mark.parametrize(
    ("language", "week", "later"),
    [
        ("en", "mon-wed 8, thu 4.5", "from 2027-02-01 60%"),
        ("de", "Mo.–Mi. 8 Std., Do. 4,5 Std.", "ab Montag, 1. Februar 2027: 60%"),
        ("fr", "lun.–mer. 8 h, jeu. 4,5 h", "à partir du lundi 1er février 2027 : 60%"),
        ("es", "lun–mié 8 h, jue 4,5 h", "a partir del lunes, 1 de febrero de 2027: 60%"),
    ],
)
def test_working_patterns(language: str, week: str, later: str) -> None:
    speech = Speech(language)
    assert speech.sentence("mon-wed 8, thu 4.5") == week
    assert plain(speech.sentence("from 2027-02-01 60%")) == later


def test_of_what_is_no_whole_number_several_are_said() -> None:
    line = "1.50 years of experience; the policy asks for 3"
    assert Speech("de").sentence(line) == "1,50 Jahre Berufserfahrung; verlangt werden 3"
    assert Speech("de").sentence("1 year of experience; the policy asks for 3").startswith("1 Jahr ")


def test_facts_of_a_task() -> None:
    facts = {
        "salary": {"amount": "52000", "currency": "EUR"},
        "starts_on": "2026-12-07",
        "goals": [],
        "score": 0.8889,
        "accept": True,
        "leads_to": {"sql": "4"},
        "hours": 1200,
    }
    assert Speech("de", BERLIN).lines(facts).splitlines() == [
        "Gehalt: 52.000,00 EUR",
        "beginnt am: Montag, 7. Dezember 2026",
        "Ziele: keine",
        "Wert: 0,8889",
        "annehmen: ja",
        "führt zu: sql 4",
        "Stunden: 1.200",
    ]
