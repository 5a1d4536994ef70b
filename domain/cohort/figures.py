"""What came of a cohort, in figures: the end of a cohort's report, and the head of the report for HR.

Each figure is defined in docs/reports.md and computed in :mod:`records.reporting`, which both reports use.
"""

from __future__ import annotations

from domain.core.model import Fixed, Money


class Retention(Fixed):
    """Of those who were converted, who was still here so many days afterwards.

    ``retained`` and ``gone`` are known; ``to_come`` have yet to be asked; of ``not_asked`` nobody will
    be, because their case has ended. "Still to come" is no "no": shares are of :attr:`known`.
    """

    days: int
    retained: int
    gone: int
    to_come: int
    not_asked: int

    @property
    def known(self) -> int:
        """Of how many it is known."""
        return self.retained + self.gone


class Counts(Fixed):
    """How many placements came how far. Of ``applications``, ``running`` have no outcome yet."""

    applications: int
    starts: int
    completions: int
    conversions: int
    declined: int
    expired: int
    released: int
    not_eligible: int
    withdrawn: int
    running: int


class CohortFigures(Fixed):
    """What came of a cohort. ``participants`` are its applications; sums of money are one for each currency."""

    cohort: str
    participants: int
    starts: int
    completions: int
    conversions: int
    declined: int
    expired: int
    released: int
    withdrawn: int
    not_eligible: int
    retained: list[Retention]
    stipends: list[Money]
    training: list[Money]
    certificates: int
