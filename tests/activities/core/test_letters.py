"""The words of every letter, and the calendar entries."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from icalendar import Calendar

from activities.core.contacts import Contact
from activities.core.letters import TEMPLATES, UnusableLetter, compose, write
from activities.core.mail import PostActivities
from activities.core.transport import MaildirTransport
from domain.certification.news import CertificationOutcome
from domain.core.post import Invitation, Letter
from domain.learning.state import PathOutcome
from domain.placement.state import Outcome
from tests.activities.core.mailroom import (
    AMARA,
    AT,
    CASE,
    CHEN,
    SENDER,
    Book,
    Entries,
    Mailroom,
    fail,
    letter,
    send,
    smtp,
)

# Calendar entries


def session(n: int, sequence: int, starts: datetime, method: str = "REQUEST") -> Letter:
    invitation = Invitation.model_validate(
        {
            "method": method,
            "uid": f"{CASE}.session-3@waymark.invalid",
            "sequence": sequence,
            "starts": starts,
            "ends": starts + timedelta(minutes=60),
            "summary": "Mentoring session 3\r\nX-EVIL: 1",
            "attendees": [AMARA, CHEN],
        }
    )
    template = "session_cancelled" if method == "CANCEL" else "session_invitation"
    facts = {"role_title": "Data engineer", "n": 3, "of": 10, "starts": starts.isoformat(), "moved": sequence > 0}
    facts["why"] = "Chen is ill"
    return letter(n, key=f"{n}-{template}", template=template, facts=facts, invitation=invitation)


def calendar_part(mail: EmailMessage) -> tuple[str, Calendar]:
    (part,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert isinstance(part, EmailMessage)
    calendar = Calendar.from_ical(part.get_content())
    assert isinstance(calendar, Calendar)
    return str(part.get_param("method")), calendar


def test_an_invitation_is_sent_moved_and_called_off(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    moved = AT + timedelta(days=1)
    letters = [session(1, 0, AT), session(2, 1, moved), session(3, 2, moved, "CANCEL")]
    send(smtp(mail_server), entries, book, *letters)

    assert all(mail.get_content_type() == "multipart/alternative" for mail in mailroom.mails)
    parts = [calendar_part(mail) for mail in mailroom.mails]
    events = [calendar.events[0] for _, calendar in parts]
    assert [method for method, _ in parts] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [str(calendar["METHOD"]) for _, calendar in parts] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {str(event["UID"]) for event in events} == {f"{CASE}.session-3@waymark.invalid"}
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [event.start for event in events] == [AT, moved, moved]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    for event in events:
        assert event.organizer == "mailto:hr@waymark.invalid"
        assert event.attendees == ["mailto:amara@example.org", "mailto:chen@example.org"]
        assert event.attendees[1].params["CN"] == "Chen 陈"
        assert event.stamp == AT
        assert "X-EVIL" not in event


# Words


TASK = {
    "task": f"{CASE}-4",
    "subject": "Laptop is ready",
    "kind": "checklist_item",
    "due_at": "2026-12-11T17:00:00+00:00",
    "facts": {"salary": {"amount": "52000", "currency": "EUR"}, "starts_on": "2026-12-07", "goals": ["one", "two"]},
    "may_answer": True,
    "why": "the placement has ended",
}

SAMPLES: dict[str, dict[str, Any]] = {
    **{
        f"task_{name}": TASK
        for name in ("opened", "reminder", "overdue", "escalated", "delegated", "closed", "expired")
    },
    "task_to_hand_on": TASK,
    "not_mentor_after_all": {"why": "is somebody's manager in this placement"},
    "welcome": {"starts_on": "2026-12-07", "ends_on": "2027-03-26"},
    "holidays_lack": {"lack": "those of the parts of GB are left out: the role names none of them (GB-ENG or GB-WLS)"},
    "start_moved": {"planned": "2026-12-07", "starts_on": "2027-01-11"},
    "mentor_matched": {"reasons": ["3 shared skills", "the same time zone"]},
    "mentor_changed": {},
    "mentor_freed": {"why": "the placement has ended"},
    "no_mentor": {"why": "all five are full"},
    "pin_not_kept": {"pinned": "P-MEN1", "why": "has no place free: 2 of 2 are taken or asked for"},
    "session_invitation": {"n": 3, "of": 10, "starts": "2026-12-09T10:00:00Z", "moved": False},
    "session_cancelled": {"n": 3, "of": 10, "starts": "2026-12-09T10:00:00Z", "why": "a pause"},
    "at_risk": {"reasons": ["laptop is not ready"]},
    "risk_cleared": {},
    "improvement_needed": {"n": 1, "score": "2.40", "threshold": "3"},
    "decision_refused": {"by": "second_manager", "reason": "no headcount"},
    "released": {"reason": "no headcount", "ends_on": "2027-03-26"},
    "offer": {
        **TASK,
        "kind": "offer",
        "facts": {"title": "Data engineer", "salary": "52,000.00 EUR", "starts_on": "2027-03-29"},
    },
    "converted": {"title": "Data engineer", "starts_on": "2027-03-29"},
    "offer_declined": {},
    "offer_expired": {},
    "not_eligible": {"rules": ["a career break of 3 months; the policy asks for 12"]},
    "paused": {"since": "2026-12-07", "fixed": False},
    "resumed": {"ends_on": "2027-03-26"},
    "message_not_read": {"message": "learning_result", "why": "learning_result can't be read: case: is missing"},
    "pause_reminder": {"since": "2026-12-07", "days": 28},
    "extension_agreed": {"weeks": 2, "ends_on": "2027-03-26"},
    "extension_refused": {"reason": "the project is over"},
    "withdrawn": {"why": "a job elsewhere", "last_day": "2027-01-15", "over": False},
    "unreachable": {"id": "P-BO1", "why": "550 5.1.1 unknown here"},
    "not_reached": TASK,
    "gaps_assessed": {"gaps": ["sql: 5 required, 3 assessed"]},
    "plan_agreed": {
        "hours": 40,
        "cost": "900.00 GBP",
        "trainings": ["SQL-101 Joins and windows"],
        "uncovered": ["r: 2 missing, no training leads further"],
    },
    "no_training": {"gaps": ["r: 2 missing, no training leads further"]},
    "plan_too_late": {
        "trainings": ["SQL-W Joins (workshop, 16 h, 600.00 GBP)"],
        "why": ["Joins: its last session began on 2027-03-01"],
    },
    "no_certificate": {"certification": "C-7F3K2M-DATA-PRO", "why": "it has broken off"},
    "training_passed": {"title": "Joins and windows"},
    "training_again": {"title": "Joins and windows", "why": "it was not attended"},
    "training_not_passed": {
        "title": "Joins",
        "why": "it was not attended",
        "what_follows": "it is dropped from the plan",
    },
    "seat_waiting": {"title": "Joins and windows", "starts": "2027-03-01T09:00:00Z"},
    "workshop_invitation": {"title": "Joins and windows", "starts": "2027-03-01T09:00:00Z", "place": "Room 4"},
    "workshop_cancelled": {"title": "Joins and windows", "starts": "2027-03-01T09:00:00Z", "why": "a pause"},
    "event_forged": {"why": "nobody has signed it"},
    "event_conflict": {"why": "SQL in depth: it says something else"},
    "event_odd_time": {"why": "SQL in depth: it happens in 2031"},
    "path_paused": {
        "since": "2026-12-07",
        "offers": [{"what": "a seat in Joins on 2027-03-01", "until": "2026-12-09T09:00:00Z"}],
    },
    "money_waiting": {"money": "1,250.00 GBP", "budget": "Training budget", "place": 2},
    "path_resumed": {},
    "role_changed": {"title": "Data engineer"},
    "path_withdrawn": {"why": "another plan"},
    "seat_lapsed": {"title": "SQL in depth", "starts": "2027-02-16T09:30:00+00:00", "booked": False},
    "path_ended": {"outcome": "not_closed", "why": ["SQL: declined"], "gaps": ["sql: 5 required, 3 assessed"]},
    "placement_ended": {"outcome": "not_eligible"},
    "no_mentors": {"cohort": "SPRING", "count": 1, "reasons": ["P-A: all mentors who suit have no place left"]},
    "cohort_invitation": {
        "title": "Kick-off",
        "cohort_title": "Spring 2027",
        "starts": "2026-12-07T09:00:00+00:00",
        "place": None,
        "moved": False,
    },
    "cohort_uninvited": {"title": "Kick-off", "cohort_title": "Spring 2027", "starts": "2026-12-07T09:00:00+00:00"},
    "cohort_closed": {"reason": "each for themselves", "not_started": ["R-A-DATA1"]},
    "cohort_report": {
        "why": "the cohort has ended",
        "cohort": "SPRING",
        "participants": 20,
        "starts": 18,
        "completions": 15,
        "conversions": 12,
        "declined": 1,
        "expired": 1,
        "released": 1,
        "withdrawn": 3,
        "not_eligible": 2,
        "retained": [{"days": 30, "retained": 11, "gone": 1, "to_come": 0, "not_asked": 0}],
        "stipends": [{"amount": "52000.00", "currency": "EUR"}],
        "training": [],
        "certificates": 2,
    },
    "no_headcount": {"reason": "no place of headcount-DATA is free"},
    "no_place": {},
    "certification_begins": {"role": "Data engineer"},
    "exam_failed": {"n": 5, "not_before": "2026-12-07T09:00:00+00:00", "remediation": True},
    "remediation": {"times": 5, "months": 12, "not_before": "2027-12-07T09:00:00+00:00"},
    "certificate_issued": {
        "renewed": False,
        "valid_until": "2027-12-07T09:00:00+00:00",
        "file": "DATA-PRO.json",
        "issuer": "did:key:z6Mk1",
        "status_list": "https://badges.example.org/status/z6Mk1/suspension",
    },
    "certificate_not_issued": {"expired_at": "2027-12-07T09:00:00+00:00"},
    "exam_due": {"skills": ["sql: level 4"], "valid_until": "2027-12-07T09:00:00+00:00"},
    "certificate_expires": {
        "valid_until": "2027-12-07T09:00:00+00:00",
        "opens_at": "2027-06-07T09:00:00+00:00",
        "open": True,
    },
    "certificate_expired": {"expired_at": "2027-12-07T09:00:00+00:00"},
    "certificate_suspended": {"reason": "the exam is looked into"},
    "certificate_reinstated": {"reason": "all was in order", "valid_until": "2027-12-07T09:00:00+00:00"},
    "certificate_revoked": {"reason": "somebody else sat the exam"},
    "certification_ended": {"outcome": "withdrawn", "valid_until": "2027-12-07T09:00:00+00:00"},
}

NAMES = {
    "person": "Bo",
    "holder": "Amara",
    "mentor": "Chen",
    "manager": "Bo",
    "returner": "Amara",
    "learner": "Amara",
    "assignee": "Dana",
    "by": "Eli",
}


def worded(template: str, names: dict[str, str] = NAMES, *, time_zone: str = "UTC", **facts: Any) -> tuple[str, str]:
    told = {"role_title": "Data engineer", **SAMPLES[template], **facts}
    one = letter(1, template=template, time_zone=time_zone, facts=told)
    return write(CASE, one, "Amara", names)


def test_every_template_has_a_sample() -> None:
    assert {path.stem for path in TEMPLATES.glob("[!_]*.txt")} == set(SAMPLES)


@pytest.mark.parametrize("template", SAMPLES)
def test_every_template_says_its_facts(template: str) -> None:
    names = NAMES if template != "decision_refused" else {}
    subject, text = worded(template, names)
    assert subject
    assert text.startswith("Hello Amara,\n\n")
    assert text.endswith(f"\n-- \nWaymark, for your HR team\nCase {CASE}, Data engineer\n")
    assert "\n\n\n" not in text
    assert not {"{", "}", "_ended", "None"} & set(text.split())
    if "task" in SAMPLES[template] and template not in ("task_closed", "task_expired", "not_reached"):
        assert f"    .venv/bin/python starter.py answer {CASE}-4 ...\n" in text


@pytest.mark.parametrize("template", SAMPLES)
def test_every_template_misses_its_facts(template: str) -> None:
    with pytest.raises(UnusableLetter, match=rf"template '{template}': .*(is undefined|has no attribute)"):
        write(CASE, letter(1, template=template, facts={}), "Amara", {})


def test_facts_are_written_as_people_say_them() -> None:
    _, opened = worded("task_opened")
    assert "salary: 52,000.00 EUR\nstarts on: Monday 7 December 2026\ngoals: one; two\n" in opened
    assert "by Friday 11 December 2026, 17:00 UTC." in opened
    assert "10:00 GMT" in worded("session_invitation", time_zone="Europe/London")[1]
    sydney, _ = worded("session_invitation", time_zone="Australia/Sydney", starts="2027-01-12T23:00:00Z")
    assert sydney.endswith("on Wednesday 13 January 2027")
    assert "was decided by: second-level manager" in worded("decision_refused", {})[1]
    assert "was decided by: Eli." in worded("decision_refused", {"by": "Eli"})[1]


def test_an_instant_within_a_sentence_is_told_where_the_case_is_at_home() -> None:
    facts = {"evidence": ["learning path U-1: certified on 2027-01-08T01:00Z"]}

    subject, text = worded(
        "task_opened", time_zone="America/Los_Angeles", subject="a seat on 2027-01-12T01:00Z", facts=facts
    )

    assert subject.startswith("A seat on Monday 11 January 2027, 17:00 PST")
    assert "certified on Thursday 7 January 2027, 17:00 PST" in text


@pytest.mark.parametrize(
    "typed", ["2027-02-30T10:00Z", "9999-12-31T23:59Z", "0001-01-01T00:00Z", "2027-01-04T09:00+99:00"]
)
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_a_reason_that_looks_like_an_instant_and_is_none_holds_up_no_letter(typed: str, zone: str) -> None:
    for reason in (f"not before {typed}, sorry", typed):
        _, text = worded("withdrawn", time_zone=zone, **SAMPLES["withdrawn"] | {"why": reason})
        assert "The reason: " in text


def test_a_letter_says_whose_time_it_tells_where_the_readers_differs() -> None:
    one = letter(1, template="risk_cleared", time_zone="Pacific/Auckland", facts={"role_title": "Data engineer"})

    def read_in(zone: str | None) -> str:
        return write(CASE, one, "Amara", {}, read_in=zone)[1]

    assert "Dates and times in this letter are those of Pacific/Auckland.\n" in read_in("America/Los_Angeles")
    assert "Pacific/Auckland" not in read_in("Pacific/Auckland") + read_in("Antarctica/McMurdo") + read_in(None)


@pytest.mark.parametrize(
    ("kind", "may_answer", "says"),
    [
        ("checklist_item", True, "You may answer in their place"),
        ("approval", False, "nobody decides on their own proposal"),
        ("self_review", True, "Only they can answer this"),
        ("extension_consent", True, "Only they can answer this"),
    ],
)
def test_an_escalation_says_what_can_be_done(kind: str, may_answer: bool, says: str) -> None:
    assert says in worded("task_escalated", kind=kind, may_answer=may_answer)[1]


@pytest.mark.parametrize(("kind", "asked"), [("offer", False), ("self_review", True), ("approval", True)])
def test_whoever_can_not_answer_is_not_told_how(kind: str, asked: bool) -> None:
    """An offer is the returner's alone; of a self review, the reason why there is none can be given."""
    assert ("To answer, tell HR" in worded("task_escalated", kind=kind)[1]) is asked


def test_a_pause_says_nothing_of_its_kind() -> None:
    subject, text = worded("paused", leave_type="parental")
    assert "parental" not in subject + text
    assert "leave" not in subject + text


def test_an_invitation_says_with_whom_and_about_what_and_whether_it_replaces_another() -> None:
    subject, text = worded("session_invitation", {**NAMES, "other": "Chen"})
    assert subject == "Mentoring with Chen, session 3 of 10, on Wednesday 9 December 2026"
    assert "Session 3 of 10 of the mentoring with Chen is on Wednesday 9 December 2026, 10:00 UTC." in text
    assert "replaces" not in text
    assert "it replaces the earlier one" in worded("session_invitation", moved=True)[1]

    text = worded("workshop_invitation", {**NAMES, "trainer": "Dana"})[1]
    assert "workshop Joins and windows with Dana." in text
    assert "is held here: Room 4." in text
    assert "held here" not in worded("workshop_invitation", place=None)[1]

    text = worded("cohort_invitation", {**NAMES, "led_by": "Eli"})[1]
    assert "Kick-off of the cohort Spring 2027, with Eli and all who take part, is on" in text
    assert "replaces" not in text
    assert "it replaces the earlier one" in worded("cohort_invitation", moved=True)[1]


def test_the_entry_says_the_same_by_names() -> None:
    one = session(1, 0, AT)
    assert one.invitation is not None
    about = one.invitation.model_copy(update={"summary": "Mentoring with {other}, session {n} of 10"})
    mail = compose(
        CASE,
        one.model_copy(update={"invitation": about, "people": {"other": CHEN}}),
        Contact.parse(SENDER),
        {AMARA: Contact("Amara", "amara@example.org"), CHEN: Contact("Chen {n}", "chen@example.org")}.__getitem__,
    )
    event = calendar_part(mail)[1].events[0]
    assert event["SUMMARY"] == "Mentoring with Chen {n}, session {n} of 10"


@pytest.mark.parametrize("template", ["task_opened", "task_reminder", "task_overdue", "task_escalated"])
def test_letters_about_an_e_learning_ask_for_no_answer(template: str) -> None:
    subject, text = worded(template, kind="e_learning", subject="Joins and windows")
    assert "There is nothing to answer: the learning system tells us" in text
    assert not re.search(r"(?i)please answer|has not answered|no answer from you|asks for", subject + text)


def test_the_mail_with_a_certificate_says_how_to_check_it_and_names_its_issuer() -> None:
    _, text = worded("certificate_issued")
    for needed in ("did:key:z6Mk1", "https://badges.example.org/status/z6Mk1/suspension", "DATA-PRO.json"):
        assert f"{needed}" in text
    assert "certificate verify DATA-PRO.json --issuer did:key:z6Mk1" in text


@pytest.mark.parametrize(
    ("template", "outcome"),
    [
        *(("placement_ended", one) for one in Outcome),
        *(("path_ended", one) for one in PathOutcome),
        *(("certification_ended", one) for one in CertificationOutcome),
    ],
)
def test_every_ending_is_a_sentence(template: str, outcome: str) -> None:
    _, text = worded(template, outcome=str(outcome))
    (sentence,) = re.findall(r"has ended\. ([A-Z][^_]+\.)\n", text)
    assert "utcome" not in text
    assert len(sentence.split()) >= 4


@pytest.mark.parametrize("template", ["no_such", "_letter", "../letters", "no_such\x00"])
def test_an_unknown_template_is_named(template: str, entries: Entries, book: Book, tmp_path: Path) -> None:
    error = fail(MaildirTransport(tmp_path), entries, book, letter(1, template=template))
    assert error.type == "UnusableLetter"
    assert f"there is no template {template!r}" in str(error)


@pytest.mark.parametrize("starts", ["tomorrow", "2026-12-09T10:00:00", "2026-12-09", 3])
def test_a_fact_of_the_wrong_kind_is_an_error(starts: object) -> None:
    with pytest.raises(UnusableLetter, match="session_invitation"):
        worded("session_invitation", starts=starts)


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85"])
def test_line_breaks_forge_no_headers(break_: str, book: Book) -> None:
    evil = f"Amara{break_}Bcc: all@example.org"
    book.people[AMARA] = Contact(evil, "amara@example.org")
    facts = {**TASK, "role_title": "Data engineer", "subject": f"Laptop{break_}Bcc: all@example.org"}
    one = letter(1, template="task_opened", facts=facts)
    mail = compose(CASE, one, Contact.parse(SENDER), book.contact)
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert "Bcc" not in read
    assert read["To"].addresses[0].addr_spec == "amara@example.org"
    assert read["Subject"].startswith("Laptop Bcc: all@example.org: please answer")


@pytest.mark.parametrize("sender", ["", "HR", "hr@", "Bo <bo..@example.org>"])
def test_a_sender_must_be_an_address(sender: str, entries: Entries, book: Book, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not one mail address"):
        PostActivities(entries, book, MaildirTransport(tmp_path), sender)
