"""What all subjects are made of: identifiers, parties to a case, money, and the base classes of models."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints, field_validator

from domain.core.characters import one_line

PERSON_ID = r"P-[A-Z0-9]{3,12}"
"""What the id of a person looks like, wherever it stands."""
PERSON_IN_TEXT = re.compile(rf"\b{PERSON_ID}\b")
"""Finds people by their ids in a text."""

PersonId = Annotated[str, StringConstraints(pattern=rf"^{PERSON_ID}$")]
"""An opaque id of a person, such as ``P-7F3K2M``: never a name, never an address."""

CaseId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,39}$")]
"""An opaque id of one case of a programme, such as ``R-7F3K2M-DATA1``."""

RoleId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,19}$")]
"""The id of a role somebody can be placed in, such as ``DATA1``."""

CohortId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,29}$")]
"""The id of a cohort, such as ``SPRING-2027``."""

TrainingId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,29}$")]
"""The id of a training, such as ``SQL-101``."""

CertificateId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,19}$")]
"""The id of a certificate somebody can earn, such as ``DATA-PRO``."""

CredentialId = Annotated[str, StringConstraints(pattern=r"^urn:uuid:[0-9a-f-]{36}$")]

Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")]
"""What a group of cases is called on the engine and in the records: opaque like an id, so that no name stands in it."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A short name in a policy, such as ``laptop``."""

Instant = AwareDatetime
"""A point in time; always aware, always UTC when we make it."""


def instant_text(instant: datetime) -> str:
    """An instant in a sentence, ``2027-01-04T09:00Z``: whoever shows the sentence tells it in the zone of the case."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


Sentence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=r"^[^\x00]*$")
]
"""Something a person wrote: never empty, at most 4,000 characters, and no NUL, which PostgreSQL can't store."""


def _title(text: str) -> str:
    if not (line := one_line(text)):
        raise ValueError("must not be empty")
    return line


LONGEST_TITLE = 300

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE), AfterValidator(_title)
]
"""What people call something, which stands in the subjects of letters: one line, at most 300 characters."""


class Model(BaseModel):
    """Base of all state and records.

    Every field counts as set, because our data converter leaves unset fields out and a default list that was
    appended to would otherwise be lost on the way. Validation errors never repeat the input: it may be personal.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    def model_post_init(self, _context: Any) -> None:
        self.__pydantic_fields_set__.update(type(self).__pydantic_fields__)


class Fixed(Model):
    """A :class:`Model` that never changes once made."""

    model_config = ConfigDict(frozen=True)


class Message(BaseModel):
    """Base of what people send us. What they left out stays recognisably left out."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class Party(StrEnum):
    """The part a person plays in one case."""

    RETURNER = "returner"
    LEARNER = "learner"
    MENTOR = "mentor"
    MANAGER = "manager"
    SECOND_MANAGER = "second_manager"
    BUDGET_OWNER = "budget_owner"
    HR = "hr"
    HR_LEAD = "hr_lead"
    IT = "it"
    FACILITIES = "facilities"
    TRAINER = "trainer"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    EXAMINER = "examiner"

    @property
    def spoken(self) -> str:
        """The party as people say it: ``second-level manager``, ``HR``."""
        return _SPOKEN.get(self, self.value.replace("_", " "))


_SPOKEN = {
    Party.SECOND_MANAGER: "second-level manager",
    Party.HR: "HR",
    Party.HR_LEAD: "head of HR",
    Party.IT: "IT",
}


LARGEST_AMOUNT = Decimal(10) ** 12
"""No amount of money reaches this; more than that the records could not hold."""

CENT = Decimal("0.01")


class Money(Fixed):
    """An amount in a currency (ISO 4217), to its hundredth."""

    amount: Decimal
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

    @field_validator("amount", mode="before")
    @classmethod
    def _no_more_than_cents(cls, amount: Any) -> Any:
        """What people write is to the hundredth; only what we have worked out is rounded."""
        if isinstance(amount, (str, float)):
            try:
                written = Decimal(str(amount))
            except ArithmeticError:
                return amount
            if written.is_finite() and abs(written) < LARGEST_AMOUNT and written != written.quantize(CENT):
                raise ValueError("must have at most two decimal places")
        return amount

    @field_validator("amount")
    @classmethod
    def _to_the_hundredth(cls, amount: Decimal) -> Decimal:
        if abs(amount) < LARGEST_AMOUNT:  # more than that can't be rounded, and is too much anyway
            amount = amount.quantize(CENT, rounding=ROUND_HALF_EVEN)
        if abs(amount) >= LARGEST_AMOUNT:
            raise ValueError("must be less than a million million")
        return amount

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"


LARGEST_PRICE = Decimal(10) ** 10


def _can_be_added_up(money: Money) -> Money:
    if abs(money.amount) >= LARGEST_PRICE:
        raise ValueError("must be less than ten thousand million")
    return money


Price = Annotated[Money, AfterValidator(_can_be_added_up)]
"""What something costs or pays each time: so much at most that the sum of all times is still an amount of money."""
