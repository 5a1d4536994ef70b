"""What the check of a cohort file has found, for people and for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from rich.console import RenderableType

from cli.core.explaining import rule_of
from domain.core.sentences import counted
from presentation.tables import cell, table
from records.imports.cohort.report import CohortReport
from records.imports.core.differences import Difference
from records.imports.core.report import Problem

WHOLE_FILE = "the file"
"""Where a problem is that is none of a row or column."""

SHOWN_AT_MOST = 500
"""So many problems are shown to people; nobody reads more at once, and a table of thousands takes long to draw."""


def check_lines(name: str, report: CohortReport) -> list[RenderableType]:
    """What is wrong with all of the file of this name, then the problems in it, then what of it can be used; to be
    given to ``cli.core.output.show``.
    """
    whole = [cell(f"{name}: {rule_of(problem)}") for problem in report.problems if problem.where == WHOLE_FILE]
    within = _within(report)
    problems = [_problems(name, within)] if within else []
    changes = [changes_table(report.changes)] if report.changes else []
    sentences = [cell("\n".join(said))] if (said := _sentences(name, report)) else []
    return [*whole, *problems, *changes, *sentences]


def changes_table(changes: Sequence[Difference]) -> RenderableType:
    """What becomes otherwise of entries on record, old and new."""
    lines = ((change.of, change.field, change.before, change.after) for change in changes[:SHOWN_AT_MOST])
    more = f" (the first {SHOWN_AT_MOST} of {len(changes):,})" if len(changes) > SHOWN_AT_MOST else ""
    return table(f"Changes of what is on record{more}", ("Id", "Field", "Was", "Becomes"), lines)


def check_result(name: str, report: CohortReport) -> dict[str, Any]:
    """The same as JSON, with all problems; of what people are, only what is wrong or differs from the records."""
    return {"file": name, "can_take_part": len(report.participants), **report.model_dump(mode="json")}


def refusal(name: str, report: CohortReport) -> str:
    """A sentence about a file that has problems."""
    return f"{name} has {counted(len(report.problems), 'problem')}"


def _within(report: CohortReport) -> list[Problem]:
    """The problems that have a place in the file."""
    return [problem for problem in report.problems if problem.where != WHOLE_FILE]


def _problems(name: str, problems: Sequence[Problem]) -> RenderableType:
    shown = islice(problems, SHOWN_AT_MOST)
    lines = ((problem.where, problem.column, rule_of(problem)) for problem in shown)
    return table(f"Problems in {name}", ("Where", "Column", "Rule"), lines)


def _sentences(name: str, report: CohortReport) -> list[str]:
    sentences = []
    more = len(_within(report)) - SHOWN_AT_MOST
    if more > 0:
        sentences.append(f"{name}: {more:,} more problems; --json tells all")
    sentences += [f"{name}: {note}" for note in report.notes]
    if report.protected_columns:
        columns = ", ".join(report.protected_columns)
        sentences.append(f"{name}: {columns}: protected; kept from every decision, for monitoring in aggregate only")
    if report.usable:
        refused = report.entries - len(report.participants)
        sentences.append(
            f"{name}: {len(report.participants):,} of {report.entries:,} can take part"
            + (f", {refused:,} can't" if refused else "")
        )
    return sentences
