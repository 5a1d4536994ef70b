"""What the engine is told of a workflow that begins, whoever begins it: a person, a cohort, or another case.

Each subject says it in a pure function of its own (``beginning.py`` of its folder); clients and workflows that start
others use the same, by way of :mod:`engine.starting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.core.model import CaseId, CohortId, Fixed, PersonId, RoleId, Sentence
from domain.core.naming import workflow_id

MATCHED_BY, TERMS = "matched_by", "terms"
"""Where the memo of a case names the cohort that it is told by, and what it was started with."""

PACE = "pace"
POLICY = "policy"

NONE = "none"
"""What a term is that a case does not have."""


def pace(seconds_per_day: float) -> str:
    """How fast the days of a case pass, as one of its terms."""
    return f"{seconds_per_day:g} s a day"


BY_DEFAULT = {PACE: pace(86_400)}
"""Terms that nobody has to ask for: a second start that has them asks for nothing else than what runs."""


class Claim(Fixed):
    """A case that is to start. It is to be the only one of its ``person`` in the programme (in ``role`` if so said).

    Of a certification the certificate stands in place of the role, as in the records.
    ``beside`` is the reason why it may start beside another all the same.
    """

    case: CaseId
    programme: str
    person: PersonId
    role: RoleId
    in_role_only: bool = False
    started_by: PersonId
    beside: Sentence | None = None


class Alone(Fixed):
    """Whether a case may start beside those that the person has: else a sentence that names them."""

    refused: str | None = None


@dataclass(frozen=True)
class WorkflowBeginning:
    """A workflow to be started: its type, its id, its argument, and what the engine shows of it.

    Operators see ``summary`` in a list and ``details`` beside the workflow; both hold ids and dates, never a name. By
    ``stage``, ``policy`` and ``cohort`` it is found, where it has them.
    """

    workflow: str
    workflow_id: str
    start: Any
    summary: str
    details: str
    memo: Mapping[str, Any] = field(default_factory=dict)
    stage: str | None = None
    policy: str | None = None
    cohort: str | None = None


@dataclass(frozen=True)
class Beginning:
    """A case to be started: its workflow type, what that is started with, and what the engine shows of it.

    A second start of the same case must agree on ``identity``, and the case that runs must be told by ``matched_by``
    if that is given. What else is asked for are its ``terms``, such as the first day: they may differ in the case that
    runs, which is told; not of those ``unasked``, which nobody has chosen. By its ``claims`` the person has no other.
    ``summary`` and ``details`` hold ids and dates, never a name. ``instead`` says what else can be done where the case
    is taken.
    """

    case: CaseId
    workflow: str
    start: Any
    stage: str
    policy: str
    cohort: str | None
    identity: dict[str, str]
    summary: str
    details: str
    matched_by: CohortId | None = None
    instead: str = "name another case"
    terms: Mapping[str, str] = field(default_factory=dict)
    unasked: frozenset[str] = frozenset()
    claims: tuple[Claim, ...] = ()

    def of_workflow(self) -> WorkflowBeginning:
        """The workflow that runs the case. Its memo tells later what runs under this id."""
        told_by = {MATCHED_BY: self.matched_by} if self.matched_by else {}
        return WorkflowBeginning(
            workflow=self.workflow,
            workflow_id=workflow_id(self.case),
            start=self.start,
            summary=f"{self.case}: {self.summary}, {self.policy}",
            details=self.details,
            memo=self.identity | told_by | ({TERMS: dict(self.terms)} if self.terms else {}),
            stage=self.stage,
            policy=self.policy,
            cohort=self.cohort,
        )
