"""What all reports on imported files have."""

from __future__ import annotations

from records.imports.core.report import ImportReport


def said(report: ImportReport) -> list[str]:
    """The problems, as sentences."""
    return [str(problem) for problem in report.problems]
