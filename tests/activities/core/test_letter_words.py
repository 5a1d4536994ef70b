"""How letters say things to those who read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from activities.core.letters import write
from domain.certification.letters import CertificateIssued, CertificationEnded
from domain.certification.signals import CertificationOutcome
from domain.cohort.letters import CohortInvitation
from domain.core.letters import LetterFacts, RiskCleared
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.task_letters import TaskEscalated, TaskOpened, TaskOverdue, TaskReminder
from domain.learning.letters import PathEnded, WorkshopInvitation
from domain.learning.result import PathOutcome
from domain.placement.letters import DecisionRefused, Paused, PlacementEnded, Withdrawn
from domain.placement.stages import Outcome
from tests.activities.core.letter_examples import HOW_TO_CHECK, MISSED, SESSION, TASK, about, wire, worded
from tests.activities.core.mailroom import AT, BO, CASE, CHEN


def test_facts_are_written_as_people_say_them() -> None:
    _, opened = worded(TaskOpened(about=TASK))
    assert "salary: 52,000.00 EUR\nstarts on: Monday 7 December 2026\ngoals: one; two\n" in opened
    assert "by Friday 11 December 2026, 17:00 UTC." in opened
    assert "10:00 GMT" in worded(SESSION, time_zone="Europe/London")[1]
    late = SESSION.model_copy(update={"starts": datetime(2027, 1, 12, 23, tzinfo=UTC)})
    assert worded(late, time_zone="Australia/Sydney")[0].endswith("on Wednesday 13 January 2027")
    second_manager = DecisionRefused(by=Party.SECOND_MANAGER.spoken, reason="no headcount")
    assert "was decided by: second-level manager." in worded(second_manager)[1]


def test_of_many_letters_that_were_missed_the_first_are_named_and_the_others_counted() -> None:
    _, text = worded(TaskOverdue(about=TASK, missed=MISSED))
    assert text.count("- Friday 4 December 2026, 17:00 UTC") == 1
    assert f"- and {len(MISSED) - 5} more" in text
    assert "Earlier letters" not in worded(TaskOverdue(about=TASK))[1]


def test_an_instant_within_a_sentence_is_told_where_the_case_is_at_home() -> None:
    seat = about(
        subject="a seat on 2027-01-12T01:00Z",
        facts={"evidence": ["learning path U-1: certified on 2027-01-08T01:00Z"]},
    )

    subject, text = worded(TaskOpened(about=seat), time_zone="America/Los_Angeles")

    assert subject.startswith("A seat on Monday 11 January 2027, 17:00 PST")
    assert "certified on Thursday 7 January 2027, 17:00 PST" in text


@pytest.mark.parametrize(
    "typed", ["2027-02-30T10:00Z", "9999-12-31T23:59Z", "0001-01-01T00:00Z", "2027-01-04T09:00+99:00"]
)
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_a_reason_that_looks_like_an_instant_and_is_none_holds_up_no_letter(typed: str, zone: str) -> None:
    for reason in (f"not before {typed}, sorry", typed):
        _, text = worded(Withdrawn(why=reason, last_day=date(2027, 1, 15), over=False, begun=True), time_zone=zone)
        assert "The reason: " in text


def test_a_letter_says_whose_time_it_tells_where_the_readers_differs() -> None:
    cleared = wire(RiskCleared(), time_zone="Pacific/Auckland")

    def read_in(zone: str | None) -> str:
        return write(CASE, cleared, "Amara", {}, read_in=zone)[1]

    assert "Dates and times in this letter are those of Pacific/Auckland.\n" in read_in("America/Los_Angeles")
    assert "Pacific/Auckland" not in read_in("Pacific/Auckland") + read_in("Antarctica/McMurdo") + read_in(None)


def escalated(kind: TaskKind, *, may_answer: bool = True) -> str:
    return worded(TaskEscalated(about=about(kind=kind, may_answer=may_answer), assignee=BO))[1]


@pytest.mark.parametrize(
    ("kind", "may_answer", "sentence"),
    [
        (TaskKind.CHECKLIST_ITEM, True, "You may answer in their place"),
        (TaskKind.APPROVAL, False, "nobody decides on their own proposal"),
        (TaskKind.SELF_REVIEW, True, "Only they can answer this"),
        (TaskKind.EXTENSION_CONSENT, True, "Only they can answer this"),
    ],
)
def test_an_escalation_says_what_can_be_done(kind: TaskKind, may_answer: bool, sentence: str) -> None:
    assert sentence in escalated(kind, may_answer=may_answer)


@pytest.mark.parametrize(
    ("kind", "asked"), [(TaskKind.OFFER, False), (TaskKind.SELF_REVIEW, True), (TaskKind.APPROVAL, True)]
)
def test_whoever_can_not_answer_is_not_told_how(kind: TaskKind, asked: bool) -> None:
    """An offer is the returner's alone; of a self review, the reason why there is none can be given."""
    assert ("To answer, tell HR" in escalated(kind)) is asked


def test_a_pause_says_nothing_of_its_kind() -> None:
    subject, text = worded(Paused(since=date(2026, 12, 7), fixed=False), leave_type="parental")
    assert "parental" not in subject + text
    assert "leave" not in subject + text


def test_an_invitation_says_with_whom_and_about_what_and_whether_it_replaces_another() -> None:
    with_chen = SESSION.model_copy(update={"other": CHEN})
    subject, text = worded(with_chen)
    assert subject == "Mentoring with Other, session 3 of 10, on Wednesday 9 December 2026"
    assert "Session 3 of 10 of the mentoring with Other is on Wednesday 9 December 2026, 10:00 UTC." in text
    assert "replaces" not in text
    assert "it replaces the earlier one" in worded(SESSION.model_copy(update={"moved": True}))[1]

    workshop = WorkshopInvitation(trainer=BO, place="Room 4", title="Joins and windows", starts=AT)
    text = worded(workshop)[1]
    assert "workshop Joins and windows with Trainer." in text
    assert "is held here: Room 4." in text
    assert "held here" not in worded(workshop.model_copy(update={"place": None}))[1]

    kick_off = CohortInvitation(
        led_by=BO, title="Kick-off", cohort_title="Spring 2027", starts=AT, place=None, moved=False
    )
    text = worded(kick_off)[1]
    assert "Kick-off of the cohort Spring 2027, with Led_By and all who take part, is on" in text
    assert "replaces" not in text
    assert "it replaces the earlier one" in worded(kick_off.model_copy(update={"moved": True}))[1]


def test_letters_about_an_e_learning_ask_for_no_answer() -> None:
    course = about(kind=TaskKind.E_LEARNING, subject="Joins and windows")
    for facts in (
        TaskOpened(about=course),
        TaskReminder(about=course),
        TaskOverdue(about=course),
        TaskEscalated(about=course, assignee=BO),
    ):
        subject, text = worded(facts)
        assert "There is nothing to answer: the learning system tells us" in text
        assert not re.search(r"(?i)please answer|has not answered|no answer from you|asks for", subject + text)


def test_the_mail_with_a_certificate_says_how_to_check_it_and_names_its_issuer() -> None:
    _, text = worded(CertificateIssued(renewed=False, valid_until=AT), **HOW_TO_CHECK)
    for needed in HOW_TO_CHECK.values():
        assert needed in text
    assert "certificate verify DATA-PRO.json --issuer did:key:z6Mk1" in text


@pytest.mark.parametrize(
    "facts",
    [
        *(PlacementEnded(outcome=ending) for ending in Outcome),
        *(PathEnded(outcome=ending, why=[], gaps=[]) for ending in PathOutcome),
        *(CertificationEnded(holder=BO, outcome=ending, valid_until=None) for ending in CertificationOutcome),
    ],
    ids=lambda facts: f"{facts.template}-{facts.outcome.value}",
)
def test_every_ending_is_a_sentence(facts: LetterFacts) -> None:
    _, text = worded(facts)
    (sentence,) = re.findall(r"has ended\. ([A-Z][^_]+\.)\n", text)
    assert "utcome" not in text
    assert len(sentence.split()) >= 4
