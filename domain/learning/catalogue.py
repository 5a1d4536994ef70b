"""The catalogue: what the company offers to learn, and the certificates that can be earned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from domain.core.model import CaseId, CertificateId, Fixed, Instant, Party, PersonId, Price, Sentence, Title, TrainingId
from domain.core.people import Named, NamedIn, Skill
from domain.core.skills import Level, ProfileId, RequiredSkill, TrainingKind

Iri = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+$", max_length=300)]
"""An absolute IRI, such as ``https://lms.example.org/courses/sql-101``."""

OPENED_SAFELY = ("https://", "http://", "urn:", "tag:")
"""How the IRI of an activity begins that is taken: an address of the web, or a name that is none (RFC 8141, RFC 4151).

With another scheme whoever opens it as a link may run it (``javascript:``), or take it for a page (``data:``).
"""


NAMED = (Party.TRAINER, Party.SUPERVISOR, Party.REVIEWER)
"""Who says that something was learned, as trainings name them."""


class MoveOn(StrEnum):
    """When an e-learning counts as done: the five values of cmi5's ``moveOn``."""

    PASSED = "Passed"
    COMPLETED = "Completed"
    COMPLETED_AND_PASSED = "CompletedAndPassed"
    COMPLETED_OR_PASSED = "CompletedOrPassed"
    NOT_APPLICABLE = "NotApplicable"


class WorkshopSession(Fixed):
    """A date on which a workshop is held, for so many people, and where. ``id`` is unique within the workshop."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,19}$")]
    starts: Instant
    ends: Instant
    seats: int = Field(ge=1, le=1000)
    place: Title | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError("ends must be after starts")
        return self


class Training(Fixed):
    """Something to learn by. ``hours`` is the learner's time, ``cost`` what one learner costs.

    ``leads_to`` is the level of each skill that somebody has who passed it. ``requires`` are the trainings that must
    have been passed before. Who says that it was passed: the ``trainer`` of a workshop by its attendance, the learning
    system for the ``activity`` of an e-learning, the ``supervisor`` of an assignment, the ``reviewer`` of self-directed
    study; the last two are the learner's manager where nobody is named.
    """

    id: TrainingId
    title: Title
    kind: TrainingKind
    leads_to: dict[Skill, Level] = Field(min_length=1)
    hours: int = Field(ge=1, le=2000)
    cost: Price
    requires: list[TrainingId] = []
    sessions: list[WorkshopSession] = []
    trainer: PersonId | None = None
    activity: Iri | None = None
    move_on: MoveOn = MoveOn.COMPLETED_OR_PASSED
    supervisor: PersonId | None = None
    reviewer: PersonId | None = None

    def judge(self, party: Party) -> PersonId | None:
        """Who is named in that part; nobody for the parts that no training has."""
        named: PersonId | None = getattr(self, party.value) if party in NAMED else None
        return named

    def passed_on(self, party: Party, before: PersonId, to: PersonId) -> Training:
        """The same with somebody else in that part, where it names who has it."""
        return self.model_copy(update={party.value: to}) if self.judge(party) == before else self

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.cost.amount < 0:
            raise ValueError("cost must not be negative")
        if self.id in self.requires:
            raise ValueError("it requires itself")
        if len({session.id for session in self.sessions}) != len(self.sessions):
            raise ValueError("two sessions have the same id")
        for kind, name, given in (
            (TrainingKind.WORKSHOP, "sessions", bool(self.sessions)),
            (TrainingKind.WORKSHOP, "trainer", self.trainer is not None),
            (TrainingKind.E_LEARNING, "activity", self.activity is not None),
        ):
            if given is not (self.kind is kind):
                who = f"a training of the kind {kind.value}"
                raise ValueError(f"{name}: only {who} has that" if given else f"{name}: {who} must have that")
        if self.supervisor and self.kind is not TrainingKind.ASSIGNMENT:
            raise ValueError("supervisor is for an assignment only")
        if self.reviewer and self.kind is not TrainingKind.SELF_STUDY:
            raise ValueError("reviewer is for self-directed study only")
        return self


class Certificate(Fixed):
    """A certificate that can be earned by an exam, by whoever has closed the gaps to the profile.

    ``criteria`` says, to anybody who reads the certificate, what its holder has shown.
    """

    id: CertificateId
    title: Title
    description: Sentence
    criteria: Sentence
    profile: ProfileId
    examiner: PersonId

    def named(self) -> Named:
        """Everybody whom this certificate names, by where it does."""
        return [(NamedIn("certificate", Party.EXAMINER, self.id), self.examiner)]


class CertificateEntry(Fixed):
    """What a certificate attests by the catalogue of a moment: the entry, and the skills of its profile (``shown``)."""

    certificate: Certificate
    shown: list[RequiredSkill]

    @property
    def words(self) -> dict[str, Any]:
        """The entry as evidence: who examines what, by which criteria, at which levels."""
        return {
            **self.certificate.model_dump(mode="json", include={"id", "title", "criteria", "profile", "examiner"}),
            "skills": skills_in_words(self.shown),
        }


class CertificateRequest(Fixed):
    """Asks for the entry of a certificate, and for its certification of somebody; ``case`` is who asks."""

    case: CaseId
    holder: PersonId
    certificate: CertificateId


class CertificateNow(Fixed):
    """The entry of a certificate in the catalogue (none: it is there no more), and its certification of somebody.

    That is the case that runs, if it is another than the one that asks. ``examiner_left`` says that whom the entry
    names has left the company: whoever has taken over examines, or HR stands in.
    """

    entry: CertificateEntry | None
    running: CaseId | None
    examiner_left: bool = False


def skills_in_words(shown: Sequence[RequiredSkill]) -> list[str]:
    """The skills as lines a person reads: ``sql: level 4``."""
    return [f"{required.skill}: level {required.level.normalize():f}" for required in shown]


class Catalogue(Fixed):
    """All trainings and certificates on offer, each id once."""

    trainings: list[Training] = []
    certificates: list[Certificate] = []

    def without(self, gone: Collection[PersonId]) -> Catalogue:
        """What is on offer where these people have left the company.

        A workshop is not, until the catalogue names another trainer; of all else the learner's manager judges.
        """
        here = [training for training in self.trainings if training.trainer not in gone]
        judges = [party.value for party in NAMED if party is not Party.TRAINER]
        judged = [
            training.model_copy(update={field: None for field in judges if getattr(training, field) in gone})
            for training in here
        ]
        return self.model_copy(update={"trainings": judged})
