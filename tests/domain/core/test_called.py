"""Whose name a text is, or a part of, however it is spelled."""

from __future__ import annotations

import unicodedata

import pytest

from domain.core.called import holds


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("uebel", "Jörg Übelacker"),
        ("ubel", "Jörg Übelacker"),
        ("ÜBEL", "Jörg Übelacker"),
        ("übel", "Joerg Uebelacker"),
        ("joerg ueb", "Jörg Übelacker"),
        ("adebayo", "Adébáyò Okonkwo"),
        ("Adébáyò", "Adebayo Okonkwo"),
        ("groessl", "Katharina Größl"),
        ("grossl", "Katharina Größl"),
        ("soren", "Søren Ågård"),
        ("soeren", "Søren Ågård"),
        ("aagaard", "Søren Ågård"),
        ("lodz", "Łukasz z Łodzi"),
        (unicodedata.normalize("NFD", "Übel"), "Übelacker"),
        ("übel", unicodedata.normalize("NFD", "Übelacker")),
        ("margaret  ash", "Margaret Ashworth-Bell"),
    ],
)
def test_a_part_of_a_name_is_found_however_it_is_spelled(text: str, name: str) -> None:
    assert holds(name, text)


@pytest.mark.parametrize(
    ("text", "name"), [("michal", "Michael Kovac"), ("samul", "Samuel Ito"), ("muller", "Anna Mueller")]
)
def test_what_is_another_name_is_not_found(text: str, name: str) -> None:
    assert not holds(name, text)
