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
                gap.skill,
                number_text(gap.required),
                number_text(gap.assessed),
                number_text(gap.missing),
                number_text(gap.importance),
                "yes" if gap.mandatory else "no",
                f"{gap.priority:.2f}",
                ", ".join(f"{level.source.value} {number_text(level.level)} on {level.on}" for level in gap.found)
                or "nobody",
            )
            for gap in gaps
        ),
    )


def plan_tables(plan: LearningPlan) -> list[Table]:
    """A plan: its trainings, and what they cover and leave."""
    trainings = (
        (training.id, training.title, training.kind.spoken, training.hours, training.cost, ", ".join(training.requires))
        for training in plan.trainings
    )
    covers = [
        (step.skill, f"{number_text(step.from_level)} to {number_text(step.to_level)}", step.training)
        for step in plan.covers
    ]
    left = [(gap.skill, f"{number_text(gap.missing)} missing", gap.why) for gap in plan.uncovered]
    columns = ("Training", "Title", "Kind", "Hours", "Cost", "Requires")
    return [
        *([table(f"Plan: {plan.hours} hours, {plan.cost}", columns, trainings)] if plan.trainings else []),
        *([table("What it closes", ("Skill", "Level", "By"), covers)] if covers else []),
        *([table("What stays open", ("Skill", "Levels", "Why"), left)] if left else []),
    ]
