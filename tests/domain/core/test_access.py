"""Who may see and do what: the one table, its document, and what holds for all of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.certification.requests import MAY_ASK as OF_CERTIFICATIONS
from domain.cohort.requests import MAY_ASK as OF_COHORTS
from domain.core.access import NEVER_IN_CONFIDENCE, RIGHTS, Action, OfRoles, Right, Tie, Viewer, may
from domain.core.model import Party
from domain.core.permissions import NotByParty, Permissions
from domain.learning.requests import MAY_ASK as OF_PATHS
from domain.placement.requests import MAY_ASK as OF_PLACEMENTS
from tests.domain.factories import ROOT

MESSAGES = {
    "AnswerTask": {Action.ANSWER, Action.HAND_ON},
    "NotMine": {Action.NOT_MINE},
    "ReopenTask": {Action.REOPEN},
    "PausePlacement": {Action.PAUSE},
    "ResumePlacement": {Action.RESUME},
    "PausePath": {Action.PAUSE},
    "ResumePath": {Action.RESUME},
    "PauseCohort": {Action.PAUSE},
    "ResumeCohort": {Action.RESUME},
    "ExtendPlacement": {Action.EXTEND},
    "ChangePattern": {Action.CHANGE_PATTERN},
    "ReassignMentor": {Action.REASSIGN_MENTOR},
    "AskForMentor": {Action.ASK_FOR_MENTOR},
    "Reassign": {Action.REASSIGN},
    "DecideEarly": {Action.DECIDE_EARLY},
    "ReleaseWaiting": {Action.RELEASE},
    "WithdrawPlacement": {Action.WITHDRAW},
    "Withdraw": {Action.WITHDRAW},
    "ChangeRole": {Action.CHANGE_ROLE},
    "StateHours": {Action.STATE_HOURS},
    "TakeExam": {Action.TAKE_EXAM},
    "Renew": {Action.RENEW},
    "Suspend": {Action.SUSPEND},
    "Reinstate": {Action.REINSTATE},
    "Revoke": {Action.REVOKE},
    "Enlist": {Action.ENLIST},
    "Rematch": {Action.REMATCH},
}
"""Which actions ask a case by which message."""

NOBODYS = {"HandOver", "HandIn"}
"""What systems ask a case, and nobody on a page: departures, and learning systems, which sign."""

ABOUT = {Party.RETURNER, Party.LEARNER}
"""A returner is in no path, and a learner in no placement: what is for either, may be for both in the one table."""

PROGRAMMES: dict[str, tuple[Permissions, set[Party]]] = {
    "placement": (OF_PLACEMENTS, {Party.LEARNER}),
    "path": (OF_PATHS, {Party.RETURNER}),
    "certification": (OF_CERTIFICATIONS, {Party.RETURNER}),
    "cohort": (OF_COHORTS, ABOUT),
}
"""The table of each subject, and who can't be in such a case."""

actions = st.sampled_from(Action)
parts = st.frozensets(st.sampled_from([*Party, *Tie]))
roles = st.none() | st.sampled_from(["DATA1", "OPS1"])


def viewer(**duties: object) -> Viewer:
    return Viewer.model_validate(
        {"person": "P-ANN", "name": "Ann", "language": "en", "time_zone": "Europe/Dublin", **duties}
    )


viewers = st.builds(
    lambda hr_of, hr_of_all, operator, owns_budgets: viewer(
        hr_of=hr_of, hr_of_all=hr_of_all, operator=operator, owns_budgets=owns_budgets
    ),
    st.frozensets(st.sampled_from(["DATA1", "OPS1"])),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


# The document


def _listed(words: Collection[str]) -> str:
    return ", ".join(words) or "–"


def _by_part(right: Right) -> Iterator[str]:
    if Tie.ASKED in right.ties:
        yield "whoever is asked"
    if Tie.WAS_ASKED in right.ties:
        yield "whoever was asked"
    yield from (party.spoken for party in Party if party in right.parts)
    if right.never:
        others = " or ".join(party.spoken for party in Party if party in right.never)
        yield f"but nobody who is {others} too"


def _beyond(right: Right) -> Iterator[str]:
    if right.everybody:
        yield "everybody, of their own"
    if right.hr is not None:
        yield f"HR {right.hr.value}"
    if right.budget_owner:
        yield "budget owners of roles"
    if right.operator:
        yield "operators"


def test_the_document_says_what_the_table_says() -> None:
    text = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert rows == [
        (action.value, _listed(list(_by_part(RIGHTS[action]))), _listed(list(_beyond(RIGHTS[action]))))
        for action in Action
    ]


# What the cases themselves say


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_what_can_be_asked_of_a_case_is_for_those_who_may_ask_it_there(programme: str) -> None:
    permissions, nobody = PROGRAMMES[programme]
    for message, permission in permissions.items():
        if message.__name__ in NOBODYS:
            continue
        for action in MESSAGES[message.__name__]:
            right = RIGHTS[action]
            if permission.who is NotByParty.WHOEVER_IS_ASKED:
                assert right == Right(ties=frozenset({Tie.ASKED}))
            else:
                assert right == Right(parts=right.parts)
                assert right.parts - nobody == permission.who, (programme, action)


def test_every_part_in_the_table_may_do_it_in_some_case() -> None:
    for action in {action for some in MESSAGES.values() for action in some}:
        asked = {name for name, some in MESSAGES.items() if action in some}
        permissions = [
            permission.who
            for table, _ in PROGRAMMES.values()
            for message, permission in table.items()
            if message.__name__ in asked
        ]
        parties = {party for who in permissions if isinstance(who, frozenset) for party in who}
        assert RIGHTS[action].parts == parties, action


# What holds for all of it


def test_every_action_is_in_the_table() -> None:
    assert list(RIGHTS) == list(Action)


@given(actions, roles)
def test_who_has_no_part_and_no_duty_may_see_nothing_but_their_own(action: Action, role: str | None) -> None:
    assert may(viewer(), action, role=role) is (
        action in {Action.MY_TASKS, Action.MY_CASES, Action.MY_PAGE, Action.ABOUT_ME}
    )


@given(viewers, viewers, actions, parts, roles)
def test_another_duty_takes_no_right_away(
    one: Viewer, other: Viewer, action: Action, played: frozenset[Party | Tie], role: str | None
) -> None:
    both = viewer(
        hr_of=one.hr_of | other.hr_of,
        hr_of_all=one.hr_of_all or other.hr_of_all,
        operator=one.operator or other.operator,
        owns_budgets=one.owns_budgets or other.owns_budgets,
    )
    if may(one, action, played, role=role):
        assert may(both, action, played, role=role)


@given(viewers, actions, parts, roles)
def test_hr_of_one_role_is_nobody_in_the_cases_of_another(
    seen: Viewer, action: Action, played: frozenset[Party | Tie], role: str | None
) -> None:
    elsewhere = seen.model_copy(update={"hr_of": seen.hr_of - {role}})
    if RIGHTS[action].hr is OfRoles.THIS:
        without = elsewhere.model_copy(update={"hr_of": frozenset()})
        assert may(elsewhere, action, played, role=role) is may(without, action, played, role=role)


@given(viewers, parts, roles)
def test_what_is_in_confidence_is_for_nobody_but_those_asked_and_hr_without_another_part(
    seen: Viewer, played: frozenset[Party | Tie], role: str | None
) -> None:
    assert may(seen, Action.CONFIDENTIAL_TASK, played, role=role) is bool(played & {Tie.ASKED, Tie.WAS_ASKED})
    if may(seen, Action.IN_CONFIDENCE, played, role=role):
        assert played & {Party.HR, Party.HR_LEAD}
        assert not played & set(NEVER_IN_CONFIDENCE)


@given(viewers, st.frozensets(st.sampled_from(Tie)), roles)
def test_a_mentor_sees_no_pay_whatever_else_they_are(seen: Viewer, ties: frozenset[Tie], role: str | None) -> None:
    assert not may(seen, Action.PAY, {Party.MENTOR, *ties}, role=role)


def test_a_mentor_sees_goals_and_no_evidence_and_no_decisions() -> None:
    allowed = {action for action in Action if may(viewer(), action, {Party.MENTOR}, role="DATA1")}
    own = {Action.MY_TASKS, Action.MY_CASES, Action.MY_PAGE, Action.ABOUT_ME}
    assert allowed - own == {Action.CASE, Action.GOALS, Action.REASSIGN_MENTOR}


@pytest.mark.parametrize("party", [Party.IT, Party.FACILITIES, Party.TRAINER, Party.EXAMINER])
def test_who_only_does_a_task_sees_that_and_not_the_case(party: Party) -> None:
    assert not may(viewer(), Action.CASE, {party}, role="DATA1")
    assert may(viewer(), Action.TASK, {party, Tie.ASKED}, role="DATA1")


@given(parts, roles)
def test_operators_act_in_no_case_and_read_nothing_that_is_said_in_one(
    played: frozenset[Party | Tie], role: str | None
) -> None:
    seen = {Action.CASE, Action.LETTERS, Action.OPERATORS_LINK, Action.COHORTS, Action.COHORT, Action.BOARD}
    for action in Action:
        if may(viewer(operator=True), action, played, role=role) and not may(viewer(), action, played, role=role):
            assert action in seen


@pytest.mark.parametrize("action", [Action.IMPORT_PEOPLE, Action.IMPORT_ROLES, Action.GRANT, Action.ABOUT_SOMEBODY])
def test_who_could_make_themselves_anybody_is_hr_of_all_roles(action: Action) -> None:
    assert not may(viewer(hr_of={"DATA1", "OPS1"}), action, role="DATA1")
    assert may(viewer(hr_of_all=True), action)


def test_whom_a_case_is_about_is_not_its_hr_by_a_duty() -> None:
    of_role = viewer(hr_of={"DATA1"}, hr_of_all=True)
    assert may(of_role, Action.EVIDENCE, role="DATA1")
    assert not may(of_role, Action.EVIDENCE, {Party.RETURNER}, role="DATA1")
    assert not may(of_role, Action.EVIDENCE, {Party.LEARNER}, role="DATA1")
