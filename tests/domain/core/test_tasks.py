"""Tasks: the ladder, and who may answer what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.answering import check_delegation
from domain.core.clock import moments_missed
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.tasks import (
    VOLUNTARY,
    Action,
    AnswerTask,
    DutiesNotSeparate,
    Refused,
    Step,
    Task,
    TaskState,
    ladder_for,
    take_steps,
)
from domain.registry.answers import read_answer, read_form, same_answer
from domain.registry.forms import MAY_EXPIRE
from tests.domain.factories import shipped_policy

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
ASKED, ESCALATION, STRANGER = "P-ASKED", "P-ABOVE", "P-OTHER"


def task(kind: TaskKind = TaskKind.MANAGER_REVIEW, **changes: Any) -> Task:
    usual: dict[str, Any] = {
        "id": "R-TEST-1",
        "kind": kind,
        "subject": "week 4 review",
        "party": Party.MANAGER,
        "assignee": ASKED,
        "escalation": ESCALATION,
        "opened_at": NOW,
        "due_at": NOW + timedelta(days=5),
        "ladder": ladder_for(shipped_policy().ladder, NOW, timedelta(days=5), may_expire=False),
        "then_every": timedelta(days=7),
    }
    return Task(**{**usual, **changes})


def answer(actor: str, **fields: Any) -> AnswerTask:
    return AnswerTask(actor=actor, task="R-TEST-1", answer=fields)


@pytest.mark.parametrize(
    ("goals", "met", "why"),
    [
        (["one", "two"], 2, None),
        (["one", "two"], 8, "goals_met: there are 2 goals, and 8 can't be met"),
        (["one"], 2, "goals_met: there is 1 goal, and 2 can't be met"),
        ([], 1, None),
        (["one"], None, None),
    ],
)
def test_no_more_goals_are_met_than_there_are(goals: list[str], met: int | None, why: str | None) -> None:
    asked, given = task(facts={"goals": goals}), answer(ASKED, score=4, goals_met=met)
    if why is None:
        assert read_answer(asked, given).model_dump()["goals_met"] == met
        return
    with pytest.raises(Refused) as refused:
        read_answer(asked, given)
    assert (str(refused.value), refused.value.kind) == (why, "invalid")


def test_of_what_is_voluntary_somebody_is_reminded_once_and_nothing_else_follows() -> None:
    steps = ladder_for(shipped_policy().ladder, NOW, timedelta(days=10), may_expire=True, voluntary=True)
    assert [((step.at - NOW).days, step.action) for step in steps] == [(5, Action.REMIND), (10, Action.EXPIRE)]
    assert VOLUNTARY <= MAY_EXPIRE


def test_the_ladder_reminds_at_50_and_80_escalates_at_100_and_150_percent_and_then_every_week() -> None:
    asked = task()

    steps = [take_steps(asked, asked.ladder[0].at) for _ in range(6)]

    assert [(step.at - NOW) / timedelta(days=1) for step in steps if step] == [2.5, 4, 5, 7.5, 14.5, 21.5]
    assert [step.action for step in steps if step] == [Action.REMIND, Action.REMIND, *[Action.ESCALATE] * 4]
    assert not any(step.missed for step in steps if step)


LOOKS = st.lists(st.timedeltas(timedelta(minutes=1), timedelta(days=60)), min_size=1, max_size=12)
"""How long nobody looks at a ladder, again and again: a moment, or a long outage."""


@given(LOOKS, st.sampled_from([TaskKind.MANAGER_REVIEW, TaskKind.OFFER]))
def test_after_an_outage_each_step_is_said_once_by_one_letter(looks: list[timedelta], kind: TaskKind) -> None:
    """Given any outages, then whenever somebody looks one letter at most says all that has come due since, the ladder
    goes on from then, escalates from its time on, and an offer runs out once, with its time."""
    may_expire = kind in MAY_EXPIRE
    asked = task(kind, ladder=ladder_for(shipped_policy().ladder, NOW, timedelta(days=5), may_expire=may_expire))
    planned = [step.at for step in asked.ladder]
    escalates = [step.at for step in asked.ladder if step.action is Action.ESCALATE]
    now, said = NOW, []
    for away in looks:
        now += away
        due = take_steps(asked, now)
        assert all(step.at > now for step in asked.ladder)
        if due is None:
            continue
        said += [*due.missed, due.at]
        assert due.at <= now
        assert (due.action is Action.ESCALATE) == (bool(escalates) and due.at >= escalates[0])
        if asked.ladder and due.at >= planned[-1]:
            assert asked.ladder == [Step(at=now + asked.then_every, action=Action.ESCALATE)]

    assert said == sorted(set(said))
    assert [at for at in said if at in planned] == [at for at in planned if at <= now]
    if may_expire:
        assert said == [at for at in planned if at <= now]
        assert bool(asked.ladder) == (now < planned[-1])
    else:
        assert asked.ladder


@given(st.timedeltas(timedelta(0), timedelta(days=400)), st.integers(1, 60))
def test_what_was_missed_of_something_regular_and_what_is_done_now_are_all(late: timedelta, days: int) -> None:
    every = timedelta(days=days)

    missed = moments_missed(NOW, NOW + late, every)

    done_now = missed[-1] + every if missed else NOW
    assert done_now <= NOW + late < done_now + every
    assert [*missed, done_now] == [NOW + every * n for n in range(len(missed) + 1)]


def test_an_offer_is_reminded_of_and_then_expires() -> None:
    steps = ladder_for(shipped_policy().ladder, NOW, timedelta(days=7), may_expire=True)

    assert [step.action for step in steps] == [Action.REMIND, Action.REMIND, Action.EXPIRE]
    assert steps[-1].at == NOW + timedelta(days=7)


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_pause_gives_back_exactly_the_time_it_took(away: timedelta) -> None:
    before, after = task(), task()

    after.postpone(away)

    assert after.due_at - before.due_at == away
    assert [late.at - early.at for early, late in zip(before.ladder, after.ladder, strict=True)] == [away] * 4


@pytest.mark.parametrize(
    ("asked", "message", "sentence"),
    [
        (task(), answer(STRANGER, score=4), "P-OTHER was not asked"),
        (task(), answer(ESCALATION, score=4), "P-ABOVE was not asked"),
        (
            task(state=TaskState.ANSWERED, closed_at=NOW, answered_by=ASKED),
            answer(ASKED, score=4),
            rf"closed since 2027-01-04T09:00Z \(answered by {ASKED}\)",
        ),
        (task(), answer(ASKED, score=6), "score: must be 5 or less, not 6"),
        (task(), answer(ASKED, score=4, mark=1), "mark: there is no such field"),
        (task(), answer(ASKED), "give either a score or waived_because"),
        (task(), answer(ASKED, waived_because="no time"), "give the answer"),
        (task(), AnswerTask(actor=ASKED, task="R-TEST-1"), "an answer is missing"),
    ],
)
def test_what_can_not_be_accepted_is_refused_with_a_sentence(asked: Task, message: AnswerTask, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_answer(asked, message)


def test_a_refusal_does_not_repeat_what_was_written_at_length() -> None:
    with pytest.raises(Refused) as refusal:
        read_answer(task(), answer(ASKED, score=4, comment="a secret " * 1000))

    assert "secret" not in str(refusal.value)


def test_the_escalation_target_may_answer_once_it_was_told() -> None:
    read_answer(task(escalated=True), answer(ESCALATION, score=3))


def test_the_separation_of_duties_excludes_even_the_one_who_was_asked() -> None:
    with pytest.raises(DutiesNotSeparate):
        read_answer(task(not_by=[ASKED]), answer(ASKED, score=4))


@pytest.mark.parametrize("kind", [TaskKind.OFFER, TaskKind.GOALS_AGREEMENT, TaskKind.EXTENSION_CONSENT])
def test_nobody_accepts_for_somebody_else(kind: TaskKind) -> None:
    fields = {"accept": True} if kind is TaskKind.OFFER else {"yes": True}

    with pytest.raises(DutiesNotSeparate, match="theirs alone"):
        read_answer(task(kind, escalated=True), answer(ESCALATION, **fields))


def test_a_missing_self_review_can_be_explained_but_not_scored_by_somebody_else() -> None:
    asked = task(TaskKind.SELF_REVIEW, escalated=True)

    read_answer(asked, answer(ESCALATION, waived_because="on sick leave that day"))
    with pytest.raises(DutiesNotSeparate):
        read_answer(asked, answer(ESCALATION, score=4))


def test_a_task_can_be_handed_to_somebody_else_but_not_to_whom_duties_exclude() -> None:
    asked = task(not_by=[STRANGER])

    to = check_delegation(asked, AnswerTask(actor=ASKED, task="R-TEST-1", delegate_to="P-HELPS"))

    assert to == "P-HELPS"
    with pytest.raises(DutiesNotSeparate):
        check_delegation(asked, AnswerTask(actor=ASKED, task="R-TEST-1", delegate_to=STRANGER))


def test_nobody_hands_a_task_to_themselves() -> None:
    with pytest.raises(Refused, match=f"R-TEST-1 .* waits for {ASKED} already: name somebody else"):
        check_delegation(task(), AnswerTask(actor=ASKED, task="R-TEST-1", delegate_to=ASKED))


def test_a_double_click_is_recognised_and_another_answer_is_not() -> None:
    answered = task(
        state=TaskState.ANSWERED,
        closed_at=NOW,
        answered_by=ASKED,
        answer=read_answer(task(), answer(ASKED, score=4)).model_dump(mode="json"),
    )

    assert same_answer(answered, answer(ASKED, score=4))
    assert not same_answer(answered, answer(ASKED, score=5))
    assert not same_answer(answered, answer(ESCALATION, score=4))


def test_whom_a_task_is_about_and_whom_duties_exclude_choose_nobody_to_judge_but_the_head_of_hr_does() -> None:
    asked = task(not_by=[ASKED])
    hand_on = AnswerTask(actor=ASKED, task="R-TEST-1", delegate_to="P-HELPS")

    with pytest.raises(DutiesNotSeparate, match="about themselves"):
        check_delegation(asked, hand_on, about=ASKED, head=ASKED)
    with pytest.raises(DutiesNotSeparate, match="would choose who decides"):
        check_delegation(asked, hand_on, about=STRANGER, head=ESCALATION)
    assert check_delegation(asked, hand_on, about=STRANGER, head=ASKED) == "P-HELPS"


def test_whoever_is_barred_meanwhile_can_only_say_why_there_is_no_review() -> None:
    asked = task(escalated=True)

    with pytest.raises(DutiesNotSeparate, match="nobody decides on their own"):
        read_answer(asked, answer(ESCALATION, score=4), barred=[ESCALATION])
    read_answer(asked, answer(ESCALATION, waived_because="there was nobody who could"), barred=[ESCALATION])
    with pytest.raises(DutiesNotSeparate, match="separation of duties excludes them"):
        check_delegation(asked, AnswerTask(actor=ASKED, task="R-TEST-1", delegate_to=STRANGER), barred=[STRANGER])


@pytest.mark.parametrize("sat_at", ["0001-01-01T00:00:00+14:00", "1999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"])
def test_an_exam_sat_at_a_moment_that_nothing_can_be_counted_from_is_refused(sat_at: str) -> None:
    with pytest.raises(Refused, match="exam result: sat_at: must be "):
        read_form(TaskKind.EXAM_RESULT, {"passed": False, "sat_at": sat_at})
