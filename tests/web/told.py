"""All that cases, people, HR and files can tell, on record: each with a text where people type what they like."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.certification.credentials import CredentialStatus
from domain.core.departure import DepartureStage
from domain.core.journal import JournalBatch, Row
from domain.core.model import Party
from domain.core.naming import choice_case
from domain.core.placement_rows import MentorWishRow, PulseRow
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from records.imports.core.report import Problem
from records.journal import write
from records.tables.access import AccountRecord, DraftRecord, SessionRecord
from records.tables.base import Base
from records.tables.capacity import CapacityRecord, ReservationRecord
from records.tables.certification import CredentialRecord
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, DepartureRecord, PersonRecord, ProtectedRecord, RoleRecord
from records.tables.dispatch import (
    AddressChangeRecord,
    DailyMailRecord,
    HeldMailRecord,
    InvitationRecord,
    MailRecord,
    PolicyRecord,
    StartRecord,
)
from records.tables.learning import (
    CertificateRecord,
    LearningHoursRecord,
    LearningRecord,
    LevelRecord,
    ProfileRecord,
    ProfileSkillRecord,
    TrainingRecord,
)
from records.tables.payroll import PayExportLineRecord, PayExportRecord
from records.tables.sent_forms import SentFormRecord
from records.tables.uploads import RehearsalRecord, UploadRecord
from tests.domain.factories import shipped_policy
from tests.records.rows import attempt_row, decision_row, leave_row, mentorship_row, pay_row, stage_row
from tests.rehearsal import test_figures as figures
from tests.web.readers import COHORT, PATH, PLACEMENT, SENDER, WHO
from tests.web.tasks import NOW, task

FREE = "free text"
"""Stands wherever people can type what they like."""


def tell_all(session: Session) -> None:
    """Put all of it on record, about the cases of :mod:`tests.web.readers`, which are there."""
    for case, rows in _told().items():
        write(session, JournalBatch(case=case, rows=rows))
    for record in _more():
        session.add(record)
        session.flush()
    _type_into(session)


def _type_into(session: Session) -> None:
    """Of what is on record otherwise, lists of words are what people have typed."""
    session.execute(update(PersonRecord).values(skills=[FREE], preferences=[FREE]))
    session.execute(update(RoleRecord).values(skills=[FREE]))
    session.execute(update(CaseRecord).values(at_risk=[FREE]))
    session.execute(update(CohortRecord).values(at_risk=[FREE]))


def _told() -> Mapping[str, list[Row]]:
    """What cases have told, beside what :mod:`tests.web.readers` has of them."""
    hr, manager, mentor, returner = (WHO[who] for who in ("HR", "manager", "mentor", "returner"))
    answered: dict[str, Any] = {"state": TaskState.ANSWERED, "closed_at": NOW}
    return {
        PLACEMENT: [
            task(11, TaskKind.GOALS, manager, **answered, answered_by=manager, answer={"goals": [FREE]}),
            task(12, TaskKind.SELF_REVIEW, returner, party=Party.RETURNER, **answered, answered_by=returner,
                 answer={"score": 4, "comment": FREE}),
            task(13, TaskKind.PROPOSAL, manager, facts={"evidence": [FREE]}),
            task(14, TaskKind.APPROVAL, WHO["second-level manager"], WHO["budget owner"], hr,
                 party=Party.SECOND_MANAGER, facts={"proposal": {"reasons": FREE}, "reasons": FREE}),
            task(15, TaskKind.RIGHT_PERSON, hr, party=Party.HR, facts={"note": FREE, "subject": FREE}),
            task(16, TaskKind.SKILLS_MANAGER, manager, facts={"skills": [FREE]}),
            task(17, TaskKind.PLAN_CHOICE, manager, facts={"may_be_added": [FREE]}),
            task(18, TaskKind.OFFER, returner, party=Party.RETURNER,
                 facts={"role_title": FREE, "starts_on": "2030-02-04",
                        "salary": {"amount": "50000", "currency": "GBP"}}),
            task(19, TaskKind.IMPROVEMENT_PLAN, mentor, party=Party.MENTOR, facts={"reason": FREE}),
            decision_row(1, what="proposal", decided="yes", reason=FREE, evidence={"reviews": FREE, FREE: [FREE]}),
            decision_row(2, what="mentor", decided=mentor, reason=FREE),
            attempt_row(), stage_row(), leave_row(1, last=date(2026, 6, 1)), leave_row(2), pay_row(),
            mentorship_row(1, mentor=mentor, reason=FREE, reasons=[FREE], score=0.5),
            MentorWishRow(n=1, at=NOW, asked_at=NOW - timedelta(days=5), mentor=mentor, reason=FREE, state="asked",
                          message=FREE, answered_by=hr),
            PulseRow(n=1, at=NOW, week=2, party=Party.RETURNER, person=returner, questions={"a": FREE}, scores={"a": 2},
                     comment=FREE),
        ],
        choice_case(WHO["learner"], "DATA1"): [
            decision_row(1, what="recommendation", decided="upskilling", reason=None, by=None,
                         evidence={"person": WHO["learner"], "role": "DATA1", "reasons": [FREE]}),
            decision_row(2, what="programme", decided="neither", reason=FREE, by=hr),
        ],
    }  # fmt: skip


# fmt: off
def _more() -> Iterator[Base]:
    """What is on record beside what cases tell."""
    hr, learner, returner = WHO["HR"], WHO["learner"], WHO["returner"]
    hour = timedelta(hours=1)
    yield AccountRecord(issuer="https://login.example.org", subject=FREE, person=hr, by_hand=True, linked_by=SENDER,
                        linked_at=NOW, address=FREE)
    yield AddressChangeRecord(person=hr, at=NOW, address="old@example.org", tried_at=None)
    for person in WHO.values():
        yield SessionRecord(id=f"elsewhere-{person}", person=person, created_at=NOW, last_seen_at=NOW,
                            ends_at=NOW + hour, agent=FREE, by_hand=True, address=None)
    yield DraftRecord(task=f"{PLACEMENT}-1", person=WHO["manager"], saved_at=NOW,
                      content={"typed": {"comment": [FREE]}})
    yield CapacityRecord(id="budget-TRAINING", at=NOW, position=None, title=FREE, unit="GBP", size=Decimal(1000),
                         held=Decimal(10), waiting=0)
    yield ReservationRecord(capacity="budget-TRAINING", holder=PATH, at=NOW, position=None, status="held",
                            amount=Decimal(10))
    yield DepartureRecord(person=WHO["mentor"], at=NOW, last_day=NOW.date() + timedelta(days=30),
                          stage=DepartureStage.PLANNED.value, declared_by=hr, reason=FREE, successor=None,
                          successors={}, looks=1,
                          handed=[{"case": PLACEMENT, "handed": {"what": FREE, "state": "waits",
                                                                 "at": NOW.isoformat(), "why": FREE}}])
    yield ProtectedRecord(person=returner, characteristic="gender", value=FREE)
    yield DailyMailRecord(message_id="<1@x>", subject=FREE, text=FREE, language="en")
    yield HeldMailRecord(message_id="<2@x>", person=hr, case_id=PLACEMENT, letter={"key": "1", "facts": {"a": FREE}},
                         daily=None)
    yield InvitationRecord(uid="1", person=returner, address="a@example.org", organizer=FREE,
                           organizer_address="b@example.org", reach="work", case_id=PLACEMENT, ends_at=NOW)
    yield MailRecord(message_id="<3@x>", case_id=PLACEMENT, template="paused", recipient=returner, sent_at=NOW,
                     status="refused", reason=FREE, reach="work", daily=None)
    yield StartRecord(case_id=PLACEMENT, at=NOW, programme="returnship", person=returner, role="DATA1", started_by=hr,
                      beside=FREE)
    yield PolicyRecord(label="returnship-16-weeks@1", programme="returnship", at=NOW,
                       content=shipped_policy().model_dump(mode="json"))
    yield ProfileRecord(id="DATA1", title=FREE, source="own")
    yield ProfileSkillRecord(profile="DATA1", skill=FREE, level=Decimal(4), importance=Decimal(5), mandatory=True)
    training: dict[str, Any] = {
        "leads_to": {FREE: "4"},
        "hours": 8,
        "cost_amount": Decimal(10),
        "cost_currency": "GBP",
        "requires": [],
        "move_on": "Completed",
        "supervisor": None,
        "reviewer": None,
    }
    yield TrainingRecord(id="SQL-101", title=FREE, kind="workshop", trainer=hr, activity=None, **training,
                         sessions=[{"id": "A", "place": FREE, "seats": 3, "starts": NOW.isoformat(),
                                    "ends": (NOW + hour).isoformat()}])
    yield TrainingRecord(id="SQL-102", title=FREE, kind="e_learning", trainer=None, activity=FREE, sessions=[],
                         **training)
    yield CertificateRecord(id="DATA-PRO", title=FREE, description=FREE, criteria=FREE, profile="DATA1", examiner=hr)
    yield CredentialRecord(id="urn:uuid:0", case_id=PATH, n=1, person=learner, certificate="DATA-PRO", issuer="did:x",
                           issued_at=NOW, valid_from=NOW, valid_until=NOW + timedelta(days=300),
                           status=CredentialStatus.SUSPENDED.value, status_since=NOW, status_reason=FREE,
                           status_index=7, status_home="https://badges.example.org", document="{}")
    yield LevelRecord(person=learner, skill=FREE, source="self", found_on=NOW.date(), level=Decimal(3), by_person=hr,
                      case_id=PATH)
    yield LearningHoursRecord(case_id=PATH, key="1", at=NOW, position=None, n=1, training="SQL-101",
                              source="attendance", on_day=NOW.date(), hours=Decimal(2), counts=True)
    yield LearningRecord(case_id=PATH, n=1, at=NOW, position=None, training="SQL-101", kind="workshop", round=1,
                         state="failed", attempts=1, hours=8, cost_amount=Decimal(10), cost_currency="GBP",
                         reason=FREE)
    yield PayExportRecord(n=1, at=NOW, by_person=hr, first_day=NOW.date(), last_day=NOW.date(), lines=1, columns=14,
                          digest="0", written_at=NOW)
    yield PayExportLineRecord(case_id=PLACEMENT, n=1, export=1, role="DATA1", cost_centre=FREE, name=FREE,
                              payroll_number=FREE)
    problem = Problem(where=FREE, column=FREE, rule=FREE)
    run = figures._run(1, "a@1", 10)
    made = figures._rehearsed([run], [run]).model_copy(
        update={"file": FREE, "warnings": [FREE], "notes": [FREE], "left_out": [problem], "left_out_against": [problem]}
    )
    for state, result in (("done", json.loads(made.model_dump_json())), ("failed", None), ("running", None)):
        yield RehearsalRecord(id=f"rehearsal-{state}", started_by=SENDER, file=FREE, options={}, state=state,
                              started_at=NOW, seen_at=NOW + hour, ended_at=None if state == "running" else NOW,
                              progress=[FREE], problem=FREE if state == "failed" else None, result=result)
    yield PolicyRecord(label="own@1", programme="returnship", content={"title": FREE}, at=NOW)
    started = {"case": PLACEMENT, "already_running": True, "differs": [FREE], "notes": [FREE], "there": True}
    yield SentFormRecord(key="told", person=SENDER, at=NOW, led_to="/start/started/told", told=started)
    done = {
        "import people": {
            "what": "people",
            "added": 1,
            "changed": 1,
            "unchanged": 0,
            "refused": 0,
            "differences": [{"of": FREE, "field": FREE, "before": FREE, "after": FREE}],
        },
        "cohort": {
            "cohort": "SPRING",
            "case": COHORT,
            "already_running": False,
            "new": 1,
            "there": 0,
            "left_out": 0,
            "notes": [FREE],
        },
    }
    for kind, outcome in done.items():
        yield UploadRecord(id=f"{kind.replace(' ', '-')}-done", person=SENDER, kind=kind, name=FREE, content=b"",
                           options={"day_order": "iso"}, uploaded_at=NOW, ends_at=NOW + timedelta(days=1),
                           outcome=outcome)
# fmt: on
