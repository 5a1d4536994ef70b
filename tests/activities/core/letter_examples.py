"""Letters as workflows write them: those of the recorded histories, and one of each template that no history
holds; and how they are worded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import domain
from activities.core.letters import write
from domain.capacity.letters import MoneyWaiting
from domain.certification.letters import (
    CertificateExpired,
    CertificateExpires,
    CertificateIssued,
    CertificateNotIssued,
    CertificateReinstated,
    CertificateRevoked,
    CertificateSuspended,
    CertificationBegins,
    CertificationEnded,
    ExamDue,
    ExamFailed,
    Remediation,
)
from domain.certification.signals import CertificationOutcome
from domain.cohort.figures import CohortFigures, Retention
from domain.cohort.letters import CohortReport, CohortUninvited, DateDoesNotSuit, NoMentors
from domain.core.daily_mail import MailOfTheDay
from domain.core.delivery import Delivery
from domain.core.letters import (
    HolidaysLack,
    LetterFacts,
    LetterNotWritten,
    MessageNotRead,
    PartChanged,
    PartPassedOn,
    PartTaken,
    Unreachable,
)
from domain.core.model import Money, Party
from domain.core.post import Letter, PostBatch
from domain.core.questions import TaskKind
from domain.core.sign_in import AddressChanged, SignInLink
from domain.core.task_letters import (
    AboutTask,
    AnswerReopened,
    NotReached,
    TaskBroughtForward,
    TaskDelegated,
    TaskEscalated,
    TaskExpired,
    TaskIsTheirs,
    TaskReminder,
    TaskReopened,
    TaskToHandOn,
    WhoseTask,
)
from domain.learning.letters import (
    EventConflict,
    EventOddTime,
    NoCertificate,
    NoTraining,
    PathPaused,
    PlanTooLate,
    SeatLapsed,
    SeatWaiting,
    WorkshopInvitation,
    WorkshopOnDayOff,
)
from domain.placement.letters import (
    DecisionRefused,
    ExtensionRefused,
    HoursFrom,
    NoHeadcount,
    NotEligible,
    OfferExpired,
    PatternAgreed,
    PatternRefused,
    Released,
    SessionsLackDays,
    StartMoved,
)
from domain.placement.mentor_letters import (
    LowPulse,
    MentorMatched,
    MentorWishAnswered,
    MentorWished,
    NoMentor,
    NoPlace,
    NotMentorAfterAll,
    PinNotKept,
    PulseOpened,
    SessionInvitation,
)
from tests import recordings
from tests.activities.core.mailroom import AMARA, BO, CASE, CHEN, letter
from tests.replaying import calls_in

DUE = datetime(2026, 12, 11, 17, tzinfo=UTC)
STARTS = datetime(2027, 3, 1, 9, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 12, 7, 9, tzinfo=UTC)
MISSED = [DUE - timedelta(days=n) for n in range(7, 0, -1)]

TASK = AboutTask(
    task=f"{CASE}-4",
    subject="Laptop is ready",
    kind=TaskKind.CHECKLIST_ITEM,
    due_at=DUE,
    facts={"salary": {"amount": "52000", "currency": "EUR"}, "starts_on": "2026-12-07", "goals": ["one", "two"]},
    may_answer=True,
)

WISH = TASK.model_copy(
    update={"subject": "a request in confidence", "kind": TaskKind.MENTOR_WISH, "facts": {"reason": "we do not get on"}}
)
PULSE = TASK.model_copy(
    update={
        "subject": "pulse of week 6",
        "kind": TaskKind.PULSE,
        "facts": {"questions": {"support": "I feel supported", "workload": "My workload is fine"}},
    }
)
WHOSE = TASK.model_copy(
    update={
        "subject": f"name the right person: {TASK.subject}",
        "kind": TaskKind.RIGHT_PERSON,
        "facts": {"task": f"{TASK.task}, {TASK.subject}", "note": "I moved to another team"},
    }
)

FIGURES = CohortFigures(
    cohort="SPRING",
    participants=20,
    starts=18,
    completions=15,
    conversions=12,
    declined=1,
    expired=1,
    released=1,
    withdrawn=3,
    not_eligible=2,
    retained=[Retention(days=30, retained=11, gone=1, to_come=0, not_asked=0)],
    stipends=[Money(amount=Decimal(52000), currency="EUR")],
    training=[],
    certificates=2,
)

WRITTEN = "Dear reader"
"""What stands for a letter within another: it is in the reader's language already."""

EXAMPLES: list[LetterFacts] = [
    TaskToHandOn(about=TASK),
    TaskDelegated(about=TASK, by=BO),
    TaskBroughtForward(about=TASK),
    TaskExpired(about=TASK),
    WhoseTask(about=WHOSE, said_by=BO),
    TaskIsTheirs(about=TASK, said_by=BO, why="the laptop is in your room"),
    TaskReopened(about=TASK, before={"done": True, "remark": None}),
    AnswerReopened(about=TASK, reason="it was another laptop"),
    TaskEscalated(about=TASK, assignee=BO, missed=MISSED),
    NotReached(subject="offer of employment", task=f"{CASE}-4"),
    HolidaysLack(lack="those of the parts of GB are left out: the role names none of them (GB-ENG or GB-WLS)"),
    MessageNotRead(message="learning_result", why="learning_result can't be read: case: is missing"),
    MailOfTheDay(
        day=date(2026, 12, 8),
        id=AMARA,
        asks=[{"subject": WRITTEN, "text": WRITTEN, "case": CASE}],
        news=[{"subject": WRITTEN, "text": WRITTEN, "case": CASE}],
        open=[{"task": f"{CASE}-4", "subject": "Laptop is ready", "due_at": DUE.isoformat()}],
        more=3,
        last=False,
    ),
    AddressChanged(id=AMARA, changed_at=DUE),
    LetterNotWritten(person=BO, letter="3-paused"),
    SignInLink(id=AMARA, link="https://waymark.example.org/sign-in/x7Kd9", code="042137", until=DUE),
    Unreachable(person=BO, id=BO, why="550 5.1.1 unknown here"),
    PartTaken(part=Party.SECOND_MANAGER, before=BO, tasks=2),
    PartPassedOn(part=Party.SECOND_MANAGER, now=BO),
    PartChanged(part=Party.MANAGER, now=BO),
    # Placements
    NotEligible(rules=["a career break of 3 months; the policy asks for 12"]),
    StartMoved(planned=date(2026, 12, 7), starts_on=date(2027, 1, 11)),
    MentorMatched(returner=AMARA, reasons=["shared skills: python, sql", "in the same time zone"]),
    NotMentorAfterAll(returner=AMARA, why="is somebody's manager in this placement"),
    NoPlace(returner=AMARA),
    NoMentor(why="all five are full"),
    PinNotKept(pinned="P-MEN1", why="has no place free: 2 of 2 are taken or asked for"),
    ExtensionRefused(reason="the project is over"),
    PatternAgreed(
        since=date(2027, 2, 1),
        patterns=[
            HoursFrom(since=date(2027, 2, 1), what="mon-wed 8"),
            HoursFrom(since=date(2027, 3, 1), what="100%"),
        ],
    ),
    PatternRefused(reason="the team meets on Fridays"),
    SessionsLackDays(lack="returner and mentor have no working day in common: sessions are on days of the returner's"),
    NoHeadcount(reason="no place of headcount-DATA is free"),
    DecisionRefused(by=Party.SECOND_MANAGER.spoken, reason="no headcount"),
    Released(reason="no headcount", ends_on=date(2027, 3, 26)),
    OfferExpired(),
    # In confidence
    MentorWished(about=WISH),
    MentorWished(about=WISH.model_copy(update={"facts": {}})),
    TaskEscalated(about=WISH, assignee=BO),
    *(MentorWishAnswered(reply=reply, message="tomorrow at ten?") for reply in ("grant", "talk", "decline")),
    MentorWishAnswered(reply="grant", message=None),
    PulseOpened(about=PULSE),
    PulseOpened(about=PULSE.model_copy(update={"kind": TaskKind.MENTOR_PULSE})),
    TaskReminder(about=PULSE),
    LowPulse(week=6, by="returner", answers=["I feel supported: 1 of 5"], comment="nobody has time"),
    LowPulse(week=6, by="mentor", answers=["We meet as often as we planned: 2 of 5"], comment=None),
    # Learning
    MoneyWaiting(money="1,250.00 GBP", budget="Training budget", place=2),
    NoTraining(gaps=["r: 2 missing, no training leads further"]),
    PlanTooLate(
        trainings=["SQL-W Joins (workshop, 16 h, 600.00 GBP)"], why=["Joins: its last session began on 2027-03-01"]
    ),
    SeatWaiting(trainer=None, place=None, title="Joins and windows", starts=STARTS),
    SeatLapsed(learner=AMARA, title="SQL in depth", starts=STARTS, booked=False),
    WorkshopInvitation(trainer=None, place="Room 4", title="Joins and windows", starts=STARTS),
    WorkshopOnDayOff(learner=AMARA, title="Joins and windows", starts=STARTS),
    EventConflict(why="SQL in depth: it says something else"),
    EventOddTime(why="SQL in depth: it happens in 2031"),
    PathPaused(since=DUE, offers=[{"what": "a seat in Joins on 2027-03-01", "until": "2026-12-09T09:00:00Z"}]),
    NoCertificate(certification="C-7F3K2M-DATA-PRO", why="it has broken off"),
    # Certification
    CertificationBegins(role="Data engineer"),
    ExamDue(holder=AMARA, skills=["sql: level 4"], valid_until=NEXT_YEAR),
    ExamFailed(n=4, not_before=DUE, remediation=False),
    ExamFailed(n=5, not_before=NEXT_YEAR, remediation=True),
    Remediation(holder=AMARA, times=5, months=12, not_before=NEXT_YEAR),
    CertificateIssued(renewed=False, valid_until=NEXT_YEAR),
    CertificateNotIssued(holder=AMARA, expired_at=NEXT_YEAR),
    CertificateExpires(valid_until=NEXT_YEAR, opens_at=DUE, open=True, missed=MISSED[:2]),
    CertificateExpired(holder=AMARA, expired_at=NEXT_YEAR),
    CertificateSuspended(holder=AMARA, reason="the exam is looked into"),
    CertificateReinstated(holder=AMARA, reason="all was in order", valid_until=NEXT_YEAR),
    CertificateReinstated(holder=AMARA, reason="all was in order", valid_until=None),
    CertificateRevoked(holder=AMARA, reason="somebody else sat the exam"),
    CertificationEnded(holder=AMARA, outcome=CertificationOutcome.WITHDRAWN, valid_until=None),
    # Cohorts
    NoMentors(cohort="SPRING", count=1, reasons=["P-A: all mentors who suit have no place left"]),
    DateDoesNotSuit(title="Kick-off", starts=STARTS, who="P-AMARA, P-BO"),
    CohortUninvited(led_by=CHEN, title="Kick-off", cohort_title="Spring 2027", starts=STARTS, place=None, moved=False),
    CohortReport(why="the cohort has ended", figures=FIGURES),
]


HOW_TO_CHECK = {
    "file": "DATA-PRO.json",
    "issuer": "did:key:z6Mk1",
    "status_list": "https://badges.example.org/status/z6Mk1/suspension",
}
"""What is added to a letter with a certificate when it is sent."""

ADDED = {CertificateIssued.template: HOW_TO_CHECK}


def wire(facts: LetterFacts, *, time_zone: str = "UTC", **added: Any) -> Letter:
    """The letter as it reaches the activity that sends it; ``added`` is what that one adds to the facts."""
    sent = letter(1, template=facts.template, time_zone=time_zone, people=facts.people(), facts=facts.facts())
    complete = {"role_title": "Data engineer", **sent.facts, **added}
    return Letter.model_validate_json(sent.model_copy(update={"facts": complete}).model_dump_json())


def letter_types() -> list[type[LetterFacts]]:
    """The models of all letters that have a template of their own."""
    for module in Path(domain.__path__[0]).glob("*/*letters.py"):
        import_module(f"domain.{module.parent.name}.{module.stem}")
    return [kind for kind in dict.fromkeys(_below(LetterFacts)) if "template" in vars(kind)]


def _below(kind: type[LetterFacts]) -> Iterator[type[LetterFacts]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _below(subclass)


@cache
def recorded_letters(name: str) -> list[Letter]:
    """All that a recorded workflow has written."""
    calls = calls_in(recordings.read(name))
    batches = [Delivery.model_validate_json(text).letters for call, text in calls if call == "deliver"]
    batches += [PostBatch.model_validate_json(text).letters for call, text in calls if call == "send_post"]
    return [letter for batch in batches for letter in batch]


@cache
def one_of_each() -> dict[str, Letter]:
    """A letter of each template, recorded where one is, ready to be composed."""
    recorded = {sent.template: sent for name in recordings.names_of_cases() for sent in recorded_letters(name)}
    return {**{example.template: wire(example, **ADDED.get(example.template, {})) for example in EXAMPLES}, **recorded}


SESSION = SessionInvitation(other=None, n=3, of=10, starts=datetime(2026, 12, 9, 10, tzinfo=UTC), moved=False)


def worded(facts: LetterFacts, *, time_zone: str = "UTC", **added: Any) -> tuple[str, str]:
    return written(wire(facts, time_zone=time_zone, **added))


def written(in_outbox: Letter) -> tuple[str, str]:
    """Subject and text; whoever is named is called after their part."""
    return write(CASE, in_outbox, "Amara", {key: key.title() for key in in_outbox.people})


def about(**changes: Any) -> AboutTask:
    return TASK.model_copy(update=changes)
