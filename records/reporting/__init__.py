"""What came of the programmes, in figures, from the records alone; definitions in docs/reports.md.

:mod:`records.reporting.reading` reads, each figure is a function of what was read, and :func:`report` gathers them.
Nothing that leaves this package names a person.
"""

from records.reporting.gathering import cohort_figures, report
from records.reporting.models import Report

__all__ = ["Report", "cohort_figures", "report"]
