"""Each kind of task has its rule whether an answer can be put right, and the pages tell it."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.core.questions import TaskKind
from domain.core.reopening import Until
from domain.registry.reopening import REOPENING

DOCS = Path(__file__).parents[3] / "docs"
PAGES = "\n".join((DOCS / name).read_text() for name in ("placements.md", "paths.md", "engine.md"))


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_of_task_has_a_rule_which_the_pages_tell(kind: TaskKind) -> None:
    rule = REOPENING[kind]
    until = f"until {rule.until}" if isinstance(rule, Until) else "never"

    rows = [[cell.strip() for cell in line.split("|")] for line in PAGES.splitlines() if line.startswith("| ")]
    told = [row[2] for row in rows if row[1] == f"`{kind.value}`" and row[2].startswith(("until", "never"))]
    assert told == [until]
