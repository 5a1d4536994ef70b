"""The rows that a case writes to the records database, each with a key, so that writing one twice changes nothing.

A case hands them over in order; see :mod:`workflows.case.outbox`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.core.holdings import Amount, CapacityId, HolderId, ReservationStatus
from domain.core.model import CaseId, CohortId, Fixed, Instant, Money, Party, PersonId, RoleId, TrainingId
from domain.core.questions import TaskKind
from domain.core.skills import SkillLevel, TrainingKind
from domain.core.tasks import TaskState


class CaseRow(Fixed):
    """The state of a case now (replaces its row). ``at_risk`` names the reasons; empty means not at risk."""

    table: Literal["case"] = "case"
    at: Instant
    programme: str
    person: PersonId
    role: RoleId
    cohort: str | None
    policy: str
    stage: str
    stage_since: Instant
    week: int | None
    starts_on: date | None
    ends_on: date | None
    time_zone: str | None = None
    mentor: PersonId | None
    paused: bool
    at_risk: list[str]
    outcome: str | None


class PartsRow(Fixed):
    """Who plays which part in a case now (replaces its row); it is written whenever that changes."""

    table: Literal["parts"] = "parts"
    at: Instant
    parts: dict[Party, list[PersonId]]


class StageRow(Fixed):
    """A case entered a stage (kept for ever; reports measure the time in each stage by it)."""

    table: Literal["stage"] = "stage"
    n: int
    at: Instant
    stage: str


class TaskRow(Fixed):
    """The state of a task now (replaces the row of that task). ``people`` are those who may act on it now.

    ``not_theirs`` are those of them who say that it is not theirs, while HR is asked whose it is. ``may_waive`` are
    those who may say why there is no answer, ``kept_from`` those of the people whom the separation of duties keeps from
    answering: as far as it is known now, for pages to say so beforehand.
    """

    table: Literal["task"] = "task"
    task: str
    at: Instant
    kind: TaskKind
    subject: str
    party: Party
    assignee: PersonId
    people: list[PersonId]
    opened_at: Instant
    due_at: Instant
    allowed: timedelta
    state: TaskState
    closed_at: Instant | None
    answered_by: PersonId | None
    facts: dict[str, Any]
    answer: dict[str, Any] | None
    not_theirs: list[PersonId] | None = None
    reopens: str | None = None
    may_waive: list[PersonId] | None = None
    kept_from: list[PersonId] | None = None


class DecisionKind(StrEnum):
    """What was decided, as the records keep it and people read it."""

    PROGRAMME_RECOMMENDED = "programme_recommended"
    PROGRAMME_DECIDED = "programme_decided"

    START = "start"
    OUTCOME = "outcome"
    PART = "part"

    ELIGIBILITY = "eligibility"
    MENTOR = "mentor"
    LEARNING = "learning"
    EXTENSION = "extension"
    WORKING_PATTERN = "working pattern"
    EARLY_DECISION = "early_decision"
    PROPOSAL = "proposal"
    APPROVAL = "approval"
    CONFIRMATION = "confirmation"
    CORRECTION = "correction"
    HEADCOUNT = "headcount"
    LEFT_EARLY = "left early"
    OFFBOARDING = "offboarding"
    CHANGEOVER = "changeover"

    GAPS = "gaps"
    REASSESSMENT = "reassessment"
    LEARNING_PLAN = "learning plan"
    ROLE = "role"
    PATH_AFTER_PLACEMENT = "path after placement"

    CERTIFICATE = "certificate"
    CATALOGUE_ENTRY = "catalogue entry"
    EXAM = "exam"
    CERTIFICATION = "certification"

    COHORT = "cohort"
    ENLISTED = "enlisted"
    MATCHING = "matching"
    PAUSE = "pause"


class DecisionRow(Fixed):
    """A decision about a person: who, when, on which evidence, under which policy. Append-only, sealed in a chain.

    ``n`` counts a case's decisions from 1.
    """

    table: Literal["decision"] = "decision"
    n: int
    at: Instant
    what: str
    decided: str
    by: PersonId | None
    policy: str
    reason: str | None
    evidence: dict[str, Any]


class PayRow(Fixed):
    """A stipend is to be paid, for the days from ``first`` to ``last`` (both counted). Append-only.

    A correction names the number of the row that it ``corrects``; its days and amount may be below zero.
    """

    table: Literal["pay"] = "pay"
    n: int
    at: Instant
    returner: PersonId
    due_on: date
    first: date
    last: date
    days: int
    amount: Money
    corrects: int | None = None


class MentorshipRow(Fixed):
    """A mentor was asked, accepted, refused or was freed (replaces the row of that request).

    ``score`` and ``reasons`` are given when the mentor is asked.
    """

    table: Literal["mentorship"] = "mentorship"
    n: int
    at: Instant
    mentor: PersonId
    state: Literal["asked", "held", "refused", "expired", "no_place", "ended"]
    reason: str | None
    score: float | None = None
    reasons: list[str] | None = None


class MentorWishRow(Fixed):
    """A returner wishes for another mentor than ``mentor``, in confidence, and what HR says (replaces that row).

    With :class:`PulseRow` the only one that holds what was said in confidence; nobody but HR of the case reads either.
    """

    table: Literal["mentor_wish"] = "mentor_wish"
    n: int
    at: Instant
    asked_at: Instant
    mentor: PersonId
    reason: str | None
    state: Literal["asked", "talk", "granted", "declined", "lapsed"]
    message: str | None
    answered_by: PersonId | None


class PulseRow(Fixed):
    """Somebody has answered a pulse: a score of 1 to 5 for each of the ``questions`` they wanted to answer."""

    table: Literal["pulse"] = "pulse"
    n: int
    at: Instant
    week: int
    party: Party
    person: PersonId
    questions: dict[str, str]
    scores: dict[str, int]
    comment: str | None


class CohortRow(Fixed):
    """The state of a cohort now (replaces its row).

    Of its ``participants``, ``matched`` have a mentor, and ``ended`` are through.
    """

    table: Literal["cohort"] = "cohort"
    cohort: CohortId
    at: Instant
    title: str
    policy: str
    led_by: PersonId
    stage: str
    starts_on: date
    ends_on: date | None
    time_zone: str | None = None
    participants: int
    matched: int
    ended: int
    paused: bool
    at_risk: list[str]


class LeaveRow(Fixed):
    """A pause began or ended. Of all rows only this one has the type of leave; no command shows it."""

    table: Literal["leave"] = "leave"
    n: int
    at: Instant
    leave_type: str
    first: date
    last: date | None


class AttemptRow(Fixed):
    """Somebody tried what the separation of duties forbids. Append-only."""

    table: Literal["attempt"] = "attempt"
    n: int
    at: Instant
    by: PersonId
    task: str
    sentence: str


class LevelRow(Fixed):
    """A level that somebody was found to have (one for each skill, source and day)."""

    table: Literal["level"] = "level"
    person: PersonId
    found: SkillLevel


class LearningRow(Fixed):
    """The state of one training of a path now (replaces the row of that number)."""

    table: Literal["learning"] = "learning"
    n: int
    at: Instant
    training: TrainingId
    kind: TrainingKind
    round: int
    state: str
    attempts: int
    hours: int
    cost: Money
    reason: str | None


class LearningHoursRow(Fixed):
    """Hours that were spent on the ``n``-th training of a path (replaces the row of that ``key``).

    ``counts`` is false where what others have seen outweighs it.
    """

    table: Literal["learning_hours"] = "learning_hours"
    key: str
    at: Instant
    n: int
    training: TrainingId
    source: str
    on: date
    hours: Decimal
    counts: bool


class CapacityRow(Fixed):
    """The state of a capacity now (replaces its row)."""

    table: Literal["capacity"] = "capacity"
    id: CapacityId
    at: Instant
    title: str
    unit: str
    size: Amount
    held: Amount
    waiting: int


class ReservationRow(Fixed):
    """The status of a holder that wants a part of a capacity (replaces the row of that holder)."""

    table: Literal["reservation"] = "reservation"
    capacity: CapacityId
    holder: HolderId
    at: Instant
    status: ReservationStatus
    amount: Amount


Row = Annotated[
    CaseRow
    | CohortRow
    | PartsRow
    | StageRow
    | TaskRow
    | DecisionRow
    | PayRow
    | MentorshipRow
    | MentorWishRow
    | PulseRow
    | LeaveRow
    | AttemptRow
    | LevelRow
    | LearningRow
    | LearningHoursRow
    | CapacityRow
    | ReservationRow,
    Field(discriminator="table"),
]


class JournalBatch(Fixed):
    """Rows of one case (or capacity), in order: written in one transaction, and safely written again.

    ``first`` numbers the first of them among all that the case ever wrote, from 1. It says which of two rows of the
    same instant is newer, should a batch that was given up as lost arrive after the next one.
    """

    case: CaseId | CapacityId
    rows: list[Row]
    first: int | None = Field(default=None, ge=1)
