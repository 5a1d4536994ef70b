"""The separation of duties: nobody acts in two steps of a decision, whoever has which parts, and nobody gets stuck."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import Task, TaskState
from domain.placement.duties import (
    USUAL,
    acted_in,
    cannot_act,
    duty,
    may_not_review,
    notes_on,
    reviewers_in,
    steps_with,
)
from tests.office import ROLE

PARTS = (*USUAL, Party.HR_LEAD)
PEOPLE = ("P-ANNA", "P-BERT", "P-CLEO", "P-DORA", "P-EMIL")
RETURNER, MENTOR, OUTSIDERS = "P-RETURN", "P-MENTOR", ("P-OUT1", "P-OUT2", "P-OUT3", "P-OUT4")
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)

every_assignment = [dict(zip(PARTS, people, strict=True)) for people in product(PEOPLE[:3], repeat=len(PARTS))]
few_people = st.fixed_dictionaries({party: st.sampled_from(PEOPLE) for party in PARTS})
ways = st.lists(st.sampled_from(["answers", "hands on", "silent"]), min_size=len(USUAL), max_size=len(USUAL))


def decide(parties: dict[Party, PersonId], how: list[str]) -> list[tuple[Party, list[PersonId]]]:
    """Who acts at each step of one decision, when whoever is asked behaves like this.

    The head of HR who hands on what they may not answer themselves is the last resort, and so does not count.
    """
    acted: dict[Party, list[PersonId]] = {}
    had_to_hand_on: dict[Party, list[PersonId]] = {step: [] for step in USUAL}
    for step, way in zip(USUAL, how, strict=True):
        so_far = {step: [*people, *had_to_hand_on[step]] for step, people in acted.items()}
        found = duty(step, USUAL, parties, so_far, [parties[Party.MANAGER], MENTOR], RETURNER)
        may_answer, head = found.asked not in found.not_by, parties[Party.HR_LEAD]
        # Nobody gets stuck: whoever is asked may answer, or is the head of HR, who can hand it on
        assert may_answer or found.asked == head
        if may_answer and way == "answers":
            acted[step] = [found.asked]
        elif way == "silent" and may_answer and head not in found.not_by:
            acted[step] = [head]  # told once it is overdue, and may answer
        else:
            free = next(person for person in OUTSIDERS if person not in found.not_by)
            acted[step] = [*([found.asked] if may_answer else []), free]
            had_to_hand_on[step] = [] if may_answer else [found.asked]
    return list(acted.items())


@pytest.mark.parametrize("way", ["answers", "hands on", "silent"])
def test_whoever_has_which_parts_nobody_acts_in_two_steps(way: str) -> None:
    for parties in every_assignment:
        assert_apart(decide(parties, [way] * len(USUAL)))


@given(few_people, ways)
def test_nor_however_each_of_them_behaves(parties: dict[Party, PersonId], how: list[str]) -> None:
    assert_apart(decide(parties, how))


def assert_apart(acted: list[tuple[Party, list[PersonId]]]) -> None:
    assert [step for step, _ in acted] == list(USUAL)
    for n, (step, people) in enumerate(acted):
        assert people
        assert not {RETURNER, MENTOR} & set(people)
        for later_step, others in acted[n + 1 :]:
            assert not set(people) & set(others), f"{step} and {later_step}"


def test_whoever_has_another_part_still_to_come_can_not_stand_in_for_somebody() -> None:
    found = duty(Party.SECOND_MANAGER, USUAL, ROLE.parties(), {Party.MANAGER: [ROLE.manager]}, [], RETURNER)

    assert found.asked == ROLE.second_manager
    assert {ROLE.manager, ROLE.budget_owner, ROLE.hr, RETURNER} == set(found.not_by)


def step(kind: TaskKind, party: Party, by: PersonId, **changes: Any) -> Task:
    return Task(
        id="R-TEST-1",
        kind=kind,
        subject="",
        party=party,
        assignee=by,
        escalation=ROLE.hr_lead,
        opened_at=NOW,
        due_at=NOW + timedelta(days=5),
        ladder=[],
        then_every=timedelta(days=7),
        **{"state": TaskState.ANSWERED, "answered_by": by, **changes},
    )


def test_who_handed_a_step_on_has_acted_in_it_and_a_new_proposal_begins_anew() -> None:
    first = [
        step(TaskKind.PROPOSAL, Party.MANAGER, "P-ANNA"),
        step(TaskKind.APPROVAL, Party.SECOND_MANAGER, "P-BERT"),
    ]
    second = [
        step(TaskKind.PROPOSAL, Party.MANAGER, "P-CLEO", handed_on_by=["P-ANNA"]),
        step(TaskKind.APPROVAL, Party.SECOND_MANAGER, "P-BERT", state=TaskState.OPEN, answered_by=None),
    ]

    assert acted_in(first) == {Party.MANAGER: ["P-ANNA"], Party.SECOND_MANAGER: ["P-BERT"]}
    assert acted_in([*first, *second]) == {Party.MANAGER: ["P-ANNA", "P-CLEO"], Party.SECOND_MANAGER: []}


def test_a_review_makes_a_reviewer_and_saying_why_there_is_none_does_not() -> None:
    tasks = [
        step(TaskKind.MENTOR_REVIEW, Party.MENTOR, "P-ANNA", answer={"score": 4, "waived_because": None}),
        step(TaskKind.MENTOR_REVIEW, Party.MENTOR, "P-BERT", answer={"score": None, "waived_because": "away"}),
    ]

    assert reviewers_in(tasks) == ["P-ANNA"]


def test_who_decides_or_is_asked_to_gives_no_review_any_more_but_the_manager_does() -> None:
    tasks = [
        step(TaskKind.PROPOSAL, Party.MANAGER, ROLE.manager),
        step(TaskKind.APPROVAL, Party.SECOND_MANAGER, "P-BERT", handed_on_by=[ROLE.second_manager]),
        step(TaskKind.APPROVAL, Party.BUDGET_OWNER, ROLE.budget_owner, state=TaskState.OPEN, answered_by=None),
    ]

    assert may_not_review(tasks, ROLE.manager) == [ROLE.second_manager, "P-BERT", ROLE.budget_owner]


def test_a_role_says_which_steps_the_head_of_hr_is_asked_for_instead() -> None:
    def with_parts(**parts: PersonId) -> list[str]:
        return notes_on(ROLE.model_copy(update=parts))

    assert with_parts() == []
    assert with_parts(hr="P-BUDGET") == [
        "P-BUDGET can't confirm as HR, because they approve as budget owner: the head of HR (P-HRLEAD) is asked instead"
    ]
    assert with_parts(budget_owner="P-MANAGER", hr="P-MANAGER") == [
        "P-MANAGER can't approve as budget owner, because they propose as manager: "
        "the head of HR (P-HRLEAD) is asked instead",
        "P-MANAGER can't confirm as HR, because they propose as manager: the head of HR "
        "(P-HRLEAD, who has a part too and can only hand it on) is asked instead",
    ]
    (small,) = with_parts(second_manager="P-MANAGER", hr_lead="P-MANAGER")
    assert "P-MANAGER, who has a part too and can only hand it on" in small
    assert with_parts(hr="P-HRLEAD") == [
        "P-HRLEAD would be HR and head of HR: what they do not answer in time would go on to nobody else"
    ]


def test_a_role_is_held_against_the_steps_that_a_policy_has() -> None:
    role = ROLE.model_copy(update={"budget_owner": ROLE.manager, "second_manager": ROLE.hr_lead})
    assert "approve as budget owner" in " ".join(notes_on(role))
    assert notes_on(role, steps_with([Party.SECOND_MANAGER])) == []
    (sentence,) = notes_on(role, steps_with([Party.HR_LEAD, Party.SECOND_MANAGER]))
    assert sentence.startswith("P-HRLEAD can't approve as second-level manager, because they approve as head of HR")


@given(few_people, st.sampled_from(USUAL), st.sampled_from([*PEOPLE, MENTOR, RETURNER]))
def test_whoever_may_take_a_part_over_is_asked_in_it_at_each_step_that_is_theirs(
    parties: dict[Party, PersonId], part: Party, to: PersonId
) -> None:
    then = {**parties, part: to}
    evidence_by = [then[Party.MANAGER], MENTOR]
    refused_at = cannot_act(to, USUAL, then, {}, evidence_by, RETURNER)

    acted: dict[Party, list[PersonId]] = {}
    for step in USUAL:
        found = duty(step, USUAL, then, acted, evidence_by, RETURNER)
        acted[step] = [found.asked]
        if then[step] == to and refused_at is None:
            assert found.asked == to
    if to in (MENTOR, RETURNER):
        assert refused_at is not None or (to, part) == (MENTOR, Party.MANAGER)
