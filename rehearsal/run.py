"""Runs rehearsals: each seed under each policy, one after the other, and the report of all of them."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial

from cli.errors import CommandError
from cli.output import plain
from engine.devserver.errors import DevServerError
from engine.devserver.progress import Progress
from engine.exit import INTERRUPTED
from rehearsal.course import pace, rehearse
from rehearsal.figures import Rehearsed, Run
from rehearsal.habits import Habits
from rehearsal.measuring import measure
from rehearsal.script import Script


class Interrupted(Exception):
    """Ctrl-C or SIGTERM; everything has been cleaned up."""

    code = INTERRUPTED


def rehearse_all(
    file: str,
    script: Script,
    against: Script | None,
    habits: Habits,
    seeds: Sequence[int],
    seconds_per_day: float | None,
) -> Rehearsed:
    """The report on all runs. Raises :class:`CommandError` where there is no server, :class:`Interrupted`."""
    try:
        return asyncio.run(_rehearse_all(file, script, against, habits, seeds, seconds_per_day))
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise Interrupted from None
    except DevServerError as error:
        raise CommandError(plain(error), "unreachable") from None


async def _rehearse_all(
    file: str,
    script: Script,
    against: Script | None,
    habits: Habits,
    seeds: Sequence[int],
    seconds_per_day: float | None,
) -> Rehearsed:
    began, progress = time.monotonic(), Progress()
    scripts = [script, *([against] if against else [])]
    people = max(len(one.report.participants) for one in scripts)
    runs: dict[int, list[Run]] = {n: [] for n in range(len(scripts))}
    with _terminated_like_interrupted():
        for seed in seeds:
            for n, one in enumerate(scripts):
                runs[n].append(
                    await rehearse(
                        one, habits, seed, seconds_per_day or pace(people), progress, partial(measure, habits=habits)
                    )
                )
    return Rehearsed(
        file=file,
        starts_on=_as_asked(script),
        moved_days=script.moved_days,
        left_out=script.report.problems,
        left_out_against=against.report.problems if against else [],
        runs=runs[0],
        against=runs.get(1, []),
        notes=_notes(script, against, [run for some in runs.values() for run in some]),
        seconds=round(time.monotonic() - began, 1),
    )


def _as_asked(script: Script) -> date:
    return date.fromordinal(script.starts_on.toordinal() + script.moved_days)


def _notes(script: Script, against: Script | None, runs: Sequence[Run]) -> list[str]:
    """What whoever reads the figures has to know, as sentences."""
    notes = ["Follow-ups after the conversion are left out: they would only cost time."]
    if script.moved_days:
        notes.append(
            f"The first day was brought nearer by {script.moved_days} days, which saves waiting for it; "
            "public holidays are those of the nearer dates."
        )
    for one in [script, *([against] if against else [])]:
        if one.report.problems:
            out = one.report.entries - len(one.report.participants)
            notes.append(
                f"{out} of {one.report.entries} rows can't take part under {one.policy.label} and are left out."
            )
    for run in runs:
        notes += _about(run)
    return list(dict.fromkeys(notes))


def _about(run: Run) -> Iterator[str]:
    which = f"{run.policy}, seed {run.seed}"
    if not run.machine.kept_up:
        off, late = run.machine.answers_off_mean, run.machine.reviews_late_mean
        yield (
            f"{which}: this machine was too slow for {run.machine.seconds_per_day:g} seconds a day. Without anybody's "
            f"doing, answers were off by {off:.2f} days on average and reviews opened {late:.2f} days late, so there "
            "are too many reminders and escalations. Take more --seconds-per-day."
        )
    for stage, number in run.unfinished.items():
        yield f"{which}: {number} placements still waited in the stage {stage} when the rehearsal ended."
    for kind, number in run.unplayed.items():
        yield f"{which}: {number} tasks of the kind {kind} stayed open, because nobody plays them."


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM ends a rehearsal in good order, as Ctrl-C does."""
    this = asyncio.current_task()
    assert this is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, this.cancel)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)
