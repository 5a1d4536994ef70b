"""People together: circles of managers, and addresses that several share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.core.people import Person, manager_circles, notes_on_people

IDS = [f"P-{letter * 3}" for letter in "ABCDEFG"]
who_manages = st.dictionaries(st.sampled_from(IDS), st.none() | st.sampled_from(IDS))


@given(who_manages)
def test_a_circle_is_found_once_and_everybody_in_it_is_above_everybody(managers: dict[str, str | None]) -> None:
    found = manager_circles(managers)

    def above(person: str) -> set[str]:
        line: set[str] = set()
        manager = managers.get(person)
        while manager is not None and manager not in line:
            line.add(manager)
            manager = managers.get(manager)
        return line

    assert {member for circle in found for member in circle} == {member for member in IDS if member in above(member)}
    assert len({member for circle in found for member in circle}) == sum(len(circle) for circle in found)
    for circle in found:
        assert circle[0] == min(circle)
        assert [managers[member] for member in circle] == [*circle[1:], circle[0]]


def person(person_id: str, email: str, manager: str | None = None) -> Person:
    return Person(id=person_id, name="N", email=email, time_zone="UTC", country="GB", languages=["en"], manager=manager)


def test_hr_is_told_of_circles_and_shared_addresses_of_those_whom_a_file_is_about() -> None:
    people = [
        person("P-AAA", "team@example.org", "P-BBB"),
        person("P-BBB", "b@example.org", "P-AAA"),
        person("P-CCC", "Team@Example.org"),
        person("P-DDD", "d@example.org"),
    ]

    assert notes_on_people(people, of={"P-BBB", "P-DDD"}) == [
        "managers run in a circle, in which nobody is above the others: P-AAA, whose manager is P-BBB, "
        "whose manager is P-AAA"
    ]
    (shared,) = notes_on_people(people, of={"P-CCC"})
    assert shared.startswith("P-AAA, P-CCC share one mail address")
    assert "@" not in shared
    assert notes_on_people(people, of={"P-DDD"}) == []


def test_an_address_is_shared_however_its_domain_is_written() -> None:
    people = [person("P-AAA", "team@büro.example"), person("P-BBB", "team@XN--BRO-HOA.example")]
    assert len(notes_on_people(people, of={"P-BBB"})) == 1
