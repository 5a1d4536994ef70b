"""Gaps and plans as tables."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from domain.learning.gaps import Gap, number_text
from domain.learning.plan import LearningPlan
from presentation.tables import table


def gaps_table(title: str, gaps: Iterable[Gap]) -> Table:
    """Ranked gaps, with the numbers behind the rank."""
    columns = ("Skill", "Required", "Assessed", "Missing", "Importance", "Mandatory", "Priority", "Found by")
    return table(
        title,
        columns,
        (
            (
                one.skill,
                number_text(one.required),
                number_text(one.assessed),
                number_text(one.missing),
                number_text(one.importance),
                "yes" if one.mandatory else "no",
                f"{one.priority:.2f}",
                ", ".join(f"{level.source.value} {number_text(level.level)} on {level.on}" for level in one.found)
                or "nobody",
            )
            for one in gaps
        ),
    )


def plan_tables(plan: LearningPlan) -> list[Table]:
    """A plan: its trainings, and what they cover and leave."""
    trainings = (
        (one.id, one.title, one.kind.spoken, one.hours, one.cost, ", ".join(one.requires)) for one in plan.trainings
    )
    covers = [
        (one.skill, f"{number_text(one.from_level)} to {number_text(one.to_level)}", one.training)
        for one in plan.covers
    ]
    left = [(one.skill, f"{number_text(one.missing)} missing", one.why) for one in plan.uncovered]
    columns = ("Training", "Title", "Kind", "Hours", "Cost", "Requires")
    return [
        *([table(f"Plan: {plan.hours} hours, {plan.cost}", columns, trainings)] if plan.trainings else []),
        *([table("What it closes", ("Skill", "Level", "By"), covers)] if covers else []),
        *([table("What stays open", ("Skill", "Levels", "Why"), left)] if left else []),
    ]
