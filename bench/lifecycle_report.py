"""What placements cost on two engines, as a table."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Lifecycles:
    """What so many placements cost: processor seconds in all, of each process."""

    cases: int
    seconds: float
    server: float
    worker: float
    people: float
    took: Sequence[float]
    peak_mb: float
    events: int = 0
    size: int = 0

    @property
    def engine(self) -> float:
        """Processor seconds of server and worker for each placement."""
        return (self.server + self.worker) / self.cases


def report(temporal: Lifecycles, dbos: Lifecycles) -> None:
    """Print both, and how they compare."""
    print(f"\nOne placement of 16 weeks, from application to the last follow-up, {temporal.cases} side by side\n")
    _line("", "Temporal", "DBOS")
    rows: list[tuple[str, Callable[[Lifecycles], str]]] = [
        ("processor seconds a placement: server", lambda of: f"{of.server / of.cases:.2f}"),
        ("  worker", lambda of: f"{of.worker / of.cases:.2f}"),
        ("  both", lambda of: f"{of.engine:.2f}"),
        ("  people (they and this bench)", lambda of: f"{of.people / of.cases:.2f}"),
        ("answers a placement", lambda of: f"{len(of.took) / of.cases:.0f}"),
        ("an answer takes: half of them, ms", lambda of: f"{1_000 * statistics.median(of.took):.0f}"),
        ("  99 of 100", lambda of: f"{1_000 * statistics.quantiles(of.took, n=100)[98]:.0f}"),
        ("history events a placement", lambda of: f"{of.events / of.cases:.0f}" if of.events else "-"),
        ("  their bytes", lambda of: f"{of.size / of.cases:,.0f}" if of.size else "-"),
        ("worker's memory at most, MB", lambda of: f"{of.peak_mb:.0f}"),
        ("seconds in all", lambda of: f"{of.seconds:.0f}"),
    ]
    for what, cell in rows:
        _line(what, cell(temporal), cell(dbos))
    print(f"\n  ratio of processor seconds, Temporal to DBOS: {temporal.engine / dbos.engine:.2f}")


def _line(what: str, *cells: str) -> None:
    print(f"  {what:45}" + "".join(f"{cell:>14}" for cell in cells))
