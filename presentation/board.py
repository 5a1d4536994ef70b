"""The board as people read it: a table, or a line for each change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.table import Table
from rich.text import Text

from domain.core.case import ENDED
from domain.core.wording import spoken
from domain.placement.stages import Stage
from domain.registry.stages import STAGES
from presentation.local_time import note_on_zones
from presentation.tables import cell, plain
from records.local_time import day_text
from service.registry.board import BoardRow

SHOWN_RISKS = 2
STAGE = max(len(word) for stages in STAGES.values() for stage in stages for word in spoken(stage.value).split())
"""As wide as the longest word in the name of a stage."""


def render(board: Sequence[BoardRow], title: str) -> Table:
    """The board for people; fits into 110 columns."""
    table = Table(title=cell(title, "bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Case", no_wrap=True)
    for column, widest in (("Person", 18), ("Role", 12), ("Stage", STAGE), ("Week", 6), ("Waiting for", 22)):
        least = STAGE if column == "Stage" else None  # its words are not broken
        table.add_column(column, min_width=least, max_width=widest, overflow="fold")
    table.add_column("Due", no_wrap=True)
    table.add_column("At risk", max_width=26, overflow="fold")
    table.add_column("Outcome", no_wrap=True)
    for row in board:
        table.add_row(*_cells(row))
    return table


def note(board: Sequence[BoardRow], now: datetime) -> str:
    """Whose dates these are, where a clock there shows another time than the reader's; else nothing."""
    return note_on_zones((row.time_zone for row in board if row.due is not None), now)


def _cells(row: BoardRow) -> list[Text]:
    dim = "dim" if row.stage == ENDED else ""
    return [
        cell(row.case, dim or "bold"),
        cell(row.person, dim),
        cell(row.role, dim),
        cell(_stage(row), dim or ("yellow" if row.paused else "cyan")),
        cell(_progress(row), dim),
        cell(", ".join(row.waiting_for), dim),
        cell(day_text(row.due, row.time_zone), "red" if row.overdue else dim),
        cell(_risks(row.at_risk), "red"),
        cell(spoken(row.outcome or ""), OUTCOMES.get(row.outcome or "", "yellow")),
    ]


OUTCOMES = {"converted": "green", "certified": "green", "closed": "green", "no_gap": "green", "withdrawn": "dim"}


def _stage(row: BoardRow) -> str:
    back = f", back on {row.planned_back}" if row.planned_back else ""
    return f"{spoken(row.stage)}{f', paused{back}' if row.paused else ''}"


def _progress(row: BoardRow) -> str:
    return f"{row.week or '-'}/{row.weeks}" if row.weeks and row.stage != Stage.OFFBOARDING else ""


def changes(before: Sequence[BoardRow], after: Sequence[BoardRow]) -> list[str]:
    """What is new on the board, a line for each case whose stage, week, risk or outcome has changed."""
    known = {row.case: row for row in before}
    return [_line(row) for row in after if row.case not in known or _watched(known[row.case]) != _watched(row)]


def _watched(row: BoardRow) -> tuple[object, ...]:
    return row.stage, row.week, row.weeks, row.paused, row.planned_back, row.at_risk, row.outcome


def _line(row: BoardRow) -> str:
    parts = [
        _stage(row),
        f"week {row.week} of {row.weeks}" if row.week and row.stage not in (Stage.OFFBOARDING, ENDED) else "",
        f"waiting for {', '.join(row.waiting_for)}" if row.waiting_for else "",
        f"at risk: {_risks(row.at_risk)}" if row.at_risk else "",
        spoken(row.outcome or ""),
    ]
    return plain(f"{row.case}  {row.person}: {', '.join(part for part in parts if part)}")


def _risks(reasons: tuple[str, ...]) -> str:
    """The first reasons; the view of the case shows all."""
    more = f"; and {len(reasons) - SHOWN_RISKS} more" if len(reasons) > SHOWN_RISKS else ""
    return "; ".join(reasons[:SHOWN_RISKS]) + more
