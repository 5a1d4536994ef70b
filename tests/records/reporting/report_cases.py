"""Fourteen placements and six learning paths, small enough to count by hand; days count from the first of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.case_rows import CaseRow, StageRow, TaskRow
from domain.core.decisions import DecisionRow
from domain.core.journal import JournalBatch, Row
from domain.core.learning_rows import LearningRow, LevelRow
from domain.core.model import Money, Party
from domain.core.placement_rows import PayRow
from domain.core.questions import TaskKind
from domain.core.skills import SkillLevel, Source, TrainingKind
from domain.core.tasks import TaskState
from records.journal import write
from records.tables.certification import CredentialRecord
from records.tables.core import PersonRecord, ProtectedRecord, StageRecord
from records.tables.learning import TrainingRecord

FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
POLICY = "returnship-16-weeks@1"
SPRING, AUTUMN = "SPRING-2026", "AUTUMN-2026"
MANAGER = "P-BOSS"

TO_THE_END = {"intake": 0, "matching": 1, "preboarding": 3, "placement": 10}
"""The stages up to the first day, each with the day on which it was entered."""

NAMES = {"A05": "Alma Sørensen", "A01": "Béatrice Okonkwo"}


def day(n: float) -> datetime:
    """The instant so many days after the first."""
    return FIRST + timedelta(days=n)


def money(text: str) -> Money:
    """Such as ``3000 GBP``."""
    amount, currency = text.split()
    return Money(amount=Decimal(amount), currency=currency)


def fill(session: Session) -> None:
    """Write all cases."""
    _people(session)
    _spring(session)
    _autumn(session)
    placement(session, "N01", None, {"intake": 0})
    _paths(session)
    _credentials(session)
    _as_it_happened(session)


def _as_it_happened(session: Session) -> None:
    """The cases were written one after the other; in life the records hear of each stage when it is entered."""
    stages = session.scalars(select(StageRecord).order_by(StageRecord.at, StageRecord.case_id, StageRecord.n))
    for n, stage in enumerate(stages, start=1):
        stage.arrived = n


def _spring(session: Session) -> None:
    """Eight returners: two converted, one declined, expired, released, not eligible each, two withdrawn."""

    def spring(who: str, stages: Mapping[str, float], outcome: str, **more: Any) -> None:
        placement(session, who, SPRING, stages, outcome, **more)

    offered = {**TO_THE_END, "decision": 100}
    spring(
        "S01",
        {**offered, "offer": 104, "closing": 106, "follow_up": 122},
        "converted",
        pay=["1000 GBP", "2000 GBP"],
        here={30: True, 90: True},
        asked=[180],
        reviews={"week 4 review": (4, 5, 3), "week 12 review": (5, None, 4), "final review": (5, 5, 5)},
    )
    spring(
        "S02",
        {**offered, "offer": 106, "closing": 108, "follow_up": 120, "ended": 215},
        "converted",
        pay=["3000 GBP"],
        here={30: True, 90: False},
        reviews={"week 4 review": (3, 4, 3)},
    )
    spring("S03", {**offered, "offer": 105, "closing": 107, "ended": 130}, "declined", pay=["3000 GBP"])
    spring(
        "S04",
        {**offered, "offer": 109, "closing": 116, "ended": 118},
        "expired",
        pay=["2500 GBP"],
        decisions=[("left early", "closing", "another job", {})],
    )
    spring("S05", {**offered, "closing": 101, "offboarding": 122, "ended": 125}, "released", pay=["3000 GBP"])
    spring("S06", {**TO_THE_END, "ended": 25}, "withdrawn", pay=["500 GBP"], because="Family  reasons")
    spring("S07", {"intake": 0, "matching": 1, "ended": 9}, "withdrawn", because="family reasons.")
    spring("S08", {"intake": 0, "ended": 2}, "not_eligible")


def _autumn(session: Session) -> None:
    """Five returners: two converted, one of them after learning; one withdrawn while learning; two running."""

    def autumn(who: str, stages: Mapping[str, float], outcome: str | None = None, **more: Any) -> None:
        placement(session, who, AUTUMN, stages, outcome, **more)

    offered = {**TO_THE_END, "decision": 90}
    autumn(
        "A01",
        {**offered, "offer": 93, "closing": 94, "follow_up": 120},
        "converted",
        pay=["4000 EUR"],
        here={30: True},
        decisions=[("learning", "U-1 begins", None, {"case": "U-1"})],
        reviews={"week 4 review": (2, 3, None)},
    )
    autumn("A02", TO_THE_END, pay=["1000 EUR"])
    autumn("A03", {"intake": 0, "matching": 4})
    autumn(
        "A04",
        {**offered, "offer": 92, "closing": 93, "follow_up": 110, "ended": 111},
        "converted",
        pay=["2000 EUR"],
        decisions=[("left early", "follow_up", "moved", {})],
    )
    autumn(
        "A05",
        {**TO_THE_END, "ended": 50},
        "withdrawn",
        pay=["300 EUR"],
        because="alma has moved, says P-BOSS (boss@example.org)",
        decisions=[("learning", "U-2 begins", None, {"case": "U-2"})],
    )


def placement(
    session: Session,
    who: str,
    cohort: str | None,
    stages: Mapping[str, float],
    outcome: str | None = None,
    *,
    pay: Sequence[str] = (),
    here: Mapping[int, bool] | None = None,
    asked: Sequence[int] = (),
    because: str | None = None,
    decisions: Sequence[tuple[str, str, str | None, dict[str, Any]]] = (),
    reviews: Mapping[str, tuple[int | None, int | None, int | None]] | None = None,
) -> None:
    """A placement as its workflow tells of it. ``asked`` are follow-ups that nobody has answered yet."""
    case = f"R-{who}"
    rows: list[Row] = _case("returnship", f"P-{who}", cohort, stages, outcome)
    told = [*decisions, *([("outcome", "withdrawn", because, {})] if because else [])]
    for n, (kind, decided, reason, evidence) in enumerate(told, start=1):
        rows.append(
            DecisionRow(
                n=n, at=day(9), what=kind, decided=decided, by=None, policy=POLICY, reason=reason, evidence=evidence
            )
        )
    for n, amount in enumerate(pay, start=1):
        rows.append(
            PayRow(
                n=n,
                at=day(40),
                returner=f"P-{who}",
                due_on=date(2026, 2, 28),
                first=date(2026, 2, 1),
                last=date(2026, 2, 28),
                days=28,
                amount=money(amount),
            )
        )
    follow_ups: dict[int, dict[str, Any] | None] = {
        **{days: {"still_here": still, "comment": None} for days, still in (here or {}).items()},
        **dict.fromkeys(asked),
    }
    questions: list[tuple[TaskKind, str, dict[str, Any] | None]] = []
    kinds = (TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
    for subject, scores in (reviews or {}).items():
        questions += [
            (kind, subject, {"score": score, "comment": "x", "waived_because": None if score else "away"})
            for kind, score in zip(kinds, scores, strict=True)
        ]
    rows += [task(f"{case}-{n}", *question) for n, question in enumerate(questions, start=1)]
    rows += [
        task(
            f"{case}-{n}", TaskKind.FOLLOW_UP, f"whether the person is still here after {days} days", answer, days=days
        )
        for n, (days, answer) in enumerate(follow_ups.items(), start=len(questions) + 1)
    ]
    write(session, JournalBatch(case=case, rows=rows))


def _paths(session: Session) -> None:
    """Two inside placements, four alone. What a training cost counts only where it was begun."""
    one_round = {"assessment": 0, "planning": 4, "training": 10}
    workshop = TrainingKind.WORKSHOP
    _path(
        session,
        "U-1",
        "P-A01",
        AUTUMN,
        {**one_round, "reassessment": 60, "ended": 64},
        "closed",
        trainings=[(TrainingKind.E_LEARNING, "passed", 1, "100 EUR"), (workshop, "called_off", 1, "50 EUR")],
        levels=[
            ("python", Source.MANAGER, 1, "3"),
            ("python", Source.MANAGER, 3, "2"),  # calibrated: this one counts
            ("python", Source.SELF, 1, "4"),
            ("python", Source.MANAGER, 61, "4"),
            ("python", Source.SELF, 61, "4"),
            ("python", Source.MANAGER, 70, "6"),  # after the path
        ],
    )
    _path(
        session,
        "U-2",
        "P-A05",
        AUTUMN,
        {**one_round, "ended": 50},
        "withdrawn",
        trainings=[(workshop, "called_off", 1, "200 EUR")],
        attended=True,
    )
    _path(
        session,
        "U-3",
        "P-E03",
        AUTUMN,
        one_round,
        None,
        trainings=[(TrainingKind.SELF_STUDY, "under_way", 1, "80 EUR")],
    )
    _path(
        session,
        "U-4",
        "P-E04",
        None,
        {**one_round, "reassessment": 30, "certification": 34, "ended": 44},
        "certified",
        trainings=[(workshop, "passed", 1, "70 GBP"), (workshop, "not_passed", 1, "30 GBP")],
        levels=[
            ("sql", Source.TEST, -100, "1"),
            ("sql", Source.TEST, 31, "3"),
            ("python", Source.MANAGER, 2, "3"),
            ("python", Source.MANAGER, 31, "2.5"),
        ],
    )
    _path(session, "U-5", "P-E05", None, {"assessment": 0, "ended": 3}, "no_gap")
    _path(
        session,
        "U-6",
        "P-E06",
        None,
        {**one_round, "reassessment": 20, "planning 2": 22, "training 2": 25, "ended": 30},
        "not_closed",
        trainings=[(TrainingKind.ASSIGNMENT, "not_passed", 2, "40 GBP"), (workshop, "planned", 0, "500 GBP")],
        levels=[("python", Source.MANAGER, -400, "1"), ("python", Source.MANAGER, 21, "2")],  # the first is stale
    )


def _path(
    session: Session,
    case: str,
    person: str,
    cohort: str | None,
    stages: Mapping[str, float],
    outcome: str | None,
    *,
    trainings: Sequence[tuple[TrainingKind, str, int, str]] = (),
    levels: Sequence[tuple[str, Source, int, str]] = (),
    attended: bool = False,
) -> None:
    rows: list[Row] = _case("upskilling", person, cohort, stages, outcome)
    for n, (kind, state, attempts, cost) in enumerate(trainings, start=1):
        rows.append(
            LearningRow(
                n=n,
                at=day(20),
                training="PY-W" if kind is TrainingKind.WORKSHOP else "PY-E",
                kind=kind,
                round=1,
                state=state,
                attempts=attempts,
                hours=8,
                cost=money(cost),
                reason=None,
            )
        )
    for skill, source, found_on, level in levels:
        found = SkillLevel(skill=skill, source=source, level=Decimal(level), on=day(found_on).date(), by=MANAGER)
        rows.append(LevelRow(person=person, found=found))
    if attended:
        rows.append(task(f"{case}-1", TaskKind.ATTENDANCE, "attendance: Python in two days", None))
    write(session, JournalBatch(case=case, rows=rows))


def _case(
    programme: str, person: str, cohort: str | None, stages: Mapping[str, float], outcome: str | None
) -> list[Row]:
    """The row of a case, and those of its stages; a second turn of a stage is told by the number behind it."""
    entered = [(name.split()[0], at) for name, at in stages.items()]
    row = CaseRow(
        at=day(400),
        programme=programme,
        person=person,
        role="DATA1",
        cohort=cohort,
        policy=POLICY,
        stage=entered[-1][0],
        stage_since=day(entered[-1][1]),
        week=None,
        starts_on=None,
        ends_on=None,
        mentor=None,
        paused=False,
        at_risk=[],
        outcome=outcome,
    )
    return [row, *(StageRow(n=n, at=day(at), stage=stage) for n, (stage, at) in enumerate(entered, start=1))]


def task(task_id: str, kind: TaskKind, subject: str, answer: dict[str, Any] | None, **facts: Any) -> TaskRow:
    """A task, answered or open."""
    return TaskRow(
        task=task_id,
        at=day(50),
        kind=kind,
        subject=subject,
        party=Party.HR,
        assignee=MANAGER,
        people=[MANAGER],
        opened_at=day(40),
        due_at=day(60),
        allowed=timedelta(days=20),
        state=TaskState.ANSWERED if answer else TaskState.OPEN,
        closed_at=day(50) if answer else None,
        answered_by=MANAGER if answer else None,
        facts=facts,
        answer=answer,
    )


YOUNG = ("S01", "S02", "S04", "S05", "A01", "A02", "A03")
OLD = ("S03", "S06", "S07", "S08", "A04", "A05", "N01")
WOMEN = ("S01", "S02", "S03", "A01", "A02")
MEN = ("S04", "S05", "S06", "S07", "S08", "A03", "A05")


def _people(session: Session) -> None:
    """Everybody who applied. Of one the gender is another, of one it is not stated."""
    for who in (*YOUNG, *OLD):
        session.add(
            PersonRecord(
                id=f"P-{who}",
                name=NAMES.get(who, f"Somebody Elsewhere{who}"),
                email=f"{who.lower()}@example.org",
                time_zone="Europe/London",
                country="GB-ENG",
                languages=["en"],
                skills=[],
                preferences=[],
                manager=None,
                mentor=False,
                break_months=24,
                underemployed=False,
                experience_years=8,
            )
        )
    session.flush()
    values = {
        "age_band": {**dict.fromkeys(YOUNG, "under 40"), **dict.fromkeys(OLD, "40 and over")},
        "gender": {**dict.fromkeys(WOMEN, "female"), **dict.fromkeys(MEN, "Male "), "A04": "another"},
    }
    for characteristic, people in values.items():
        for who, value in people.items():
            session.add(ProtectedRecord(person=f"P-{who}", characteristic=characteristic, value=value))


def _credentials(session: Session) -> None:
    """One certificate issued and renewed, another issued and revoked; and the workshop that is attended."""
    session.add(
        TrainingRecord(
            id="PY-W",
            title="Python in two days",
            kind="workshop",
            leads_to={"python": "4"},
            hours=16,
            cost_amount=Decimal(70),
            cost_currency="GBP",
            requires=[],
            sessions=[],
            move_on="CompletedOrPassed",
        )
    )
    for person, certificate in (("P-A01", "DATA-PRO"), ("P-E04", "SQL-PRO")):
        case = f"C-{person[2:]}-{certificate}"
        cohort = AUTUMN if person == "P-A01" else None
        write(session, JournalBatch(case=case, rows=_case("certification", person, cohort, {"valid": 64}, None)))
    issued = [("A01", "DATA-PRO", 1, "valid"), ("A01", "DATA-PRO", 2, "valid"), ("E04", "SQL-PRO", 1, "revoked")]
    for index, (who, certificate, n, status) in enumerate(issued):
        session.add(
            CredentialRecord(
                id=f"urn:uuid:00000000-0000-0000-0000-00000000000{index}",
                case_id=f"C-{who}-{certificate}",
                n=n,
                person=f"P-{who}",
                certificate=certificate,
                issuer="did:key:z6MkTest",
                issued_at=day(64),
                valid_from=day(64),
                valid_until=day(429),
                status=status,
                status_since=day(64),
                status_reason=None,
                status_index=index,
                status_home="https://badges.example.org/status",
                document="{}",
            )
        )
