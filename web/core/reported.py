"""What is wrong with a file, and what becomes otherwise by it, as rows of the tables of ``macros/uploads.html``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from languages.speech import Speech, begun
from records.imports.core.differences import Difference
from records.imports.core.report import Problem, Remedy

SHOWN_AT_MOST = 500
"""So many rows of a table are shown; nobody reads more at once."""

T = TypeVar("T")


@dataclass(frozen=True)
class Rows:
    """The first rows of a table, and how many more there are."""

    shown: Sequence[Mapping[str, str]] = ()
    more: int = 0


def problem_rows(problems: Sequence[Problem], said: Speech, remedies: Mapping[Remedy, str] | None = None) -> Rows:
    """What is wrong, each with what helps against it on that page."""

    def row(problem: Problem) -> dict[str, str]:
        rule = said.sentence(problem.rule)
        remedy = (remedies or {}).get(problem.remedy) if problem.remedy else None
        return {
            "where": said.sentence(problem.where),
            "column": said.sentence(problem.column or ""),
            "rule": f"{begun(rule)}. {said.text(remedy)}" if remedy else rule,
        }

    return _rows(problems, row)


def difference_rows(differences: Sequence[Difference], said: Speech) -> Rows:
    """What becomes otherwise; values as a file has them, but for what we say of them."""

    def row(difference: Difference) -> dict[str, str]:
        before, after = said.sentence(difference.before), said.sentence(difference.after)
        return {"of": difference.of, "field": difference.field, "before": before, "after": after}

    return _rows(differences, row)


def _rows(entries: Sequence[T], row: Callable[[T], dict[str, str]]) -> Rows:
    return Rows([row(entry) for entry in entries[:SHOWN_AT_MOST]], max(0, len(entries) - SHOWN_AT_MOST))
