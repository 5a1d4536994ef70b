"""Why something that was asked for is not done: neutral errors, each a sentence for whoever asked.

Who asked is told in their own way: the command line has an exit code for each class, and knows which of its options or
commands help; pages may have answers of their own. Besides these come the errors of the layers below, as they are: of
the records (:class:`records.errors.RecordsError`, ``OtherContent``, ``ImportRefused``), of Temporal
(:class:`engine.connection.EngineUnreachable`, ``RPCError``), and of settings and policies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from domain.core.model import CaseId, CohortId
from domain.core.sentences import Violation, violations
from domain.core.tasks import RefusalKind, Refused
from records.queries.core.people import Unknown

KINDS: Mapping[str, RefusalKind] = {
    "refused": "refused",
    "forbidden": "forbidden",
    "conflict": "conflict",
    "invalid": "invalid",
}
"""Why something is refused: by a rule, to this person, now, or like this."""

__all__ = [
    "KINDS",
    "CantStart",
    "Forgotten",
    "ForgottenCohort",
    "HasEnded",
    "NameTaken",
    "NamesWhoLeft",
    "NeedsReason",
    "NoCapacity",
    "NoWorker",
    "NobodyAtWork",
    "Refused",
    "RefusedByCase",
    "Unfit",
    "Unknown",
    "Unreachable",
]


class Unfit(Refused):
    """What was given does not fit; ``broken`` are the rules it breaks, each with the field that breaks it."""

    def __init__(self, broken: Sequence[Violation]) -> None:
        super().__init__("; ".join(": ".join(filter(None, (rule.where, rule.sentence))) for rule in broken), "invalid")
        self.broken = broken

    @classmethod
    def by(cls, error: ValidationError) -> Unfit:
        """What a model has found."""
        return cls(violations(error))

    @classmethod
    def at(cls, field: str, rule: str) -> Unfit:
        """One field that breaks a rule, as a sentence."""
        return cls([Violation((field,), "value_error", rule, None)])


class RefusedByCase(Refused):
    """A running case has refused what it was asked, in its own words; a field is named as in what was sent."""


class CantStart(Refused):
    """A case can't be started.

    ``kind`` is one of ``refused``, ``forbidden`` (not by this person), ``conflict`` (not now), ``invalid`` (not like
    this).
    """

    def __init__(self, sentence: str, kind: RefusalKind = "refused") -> None:
        super().__init__(sentence, kind)


class NamesWhoLeft(Unfit, CantStart):
    """What is to start names somebody who has left the company; each rule says where, and what helps."""


class HasEnded(CantStart):
    """The case was there and has ended."""


class NameTaken(CantStart):
    """The case runs already, for another person or role."""


class NeedsReason(CantStart):
    """The person has another case of this kind; one may be started beside it where somebody says why."""


class NoCapacity(Unknown):
    """There is no such capacity yet; one is set up where it is said in which unit, and what it is."""


class Forgotten(Refused):
    """The ``case`` has ended, and Temporal keeps nothing of it any more; the records do."""

    def __init__(self, sentence: str, case: CaseId) -> None:
        super().__init__(sentence, "conflict")
        self.case = case


class ForgottenCohort(Refused):
    """The ``cohort`` has ended, and Temporal keeps nothing of it any more; the records do."""

    def __init__(self, sentence: str, cohort: CohortId) -> None:
        super().__init__(sentence, "conflict")
        self.cohort = cohort


class Unreachable(Exception):
    """Nobody answers who would have to: Temporal, a worker, or a case that has too much to do."""


class NoWorker(Unreachable):
    """No worker answers."""


class NobodyAtWork(NoWorker):
    """No worker is there, by what Temporal knows; what was sent to it waits for one."""
