"""Runs rehearsals: each seed under each policy, one after the other, and the report of all of them."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import partial

from domain.core.wording import spoken
from engine.devserver.errors import DevServerError
from engine.devserver.progress import Progress
from engine.exit import INTERRUPTED
from engine.signals import stopped_by
from presentation.tables import plain
from rehearsal.figures import Rehearsed, Run
from rehearsal.habits import Habits
from rehearsal.inputs import Inputs
from rehearsal.measuring import measure
from rehearsal.one_run import TooSlow, rehearse
from rehearsal.pacing import pace, slower
from service.core.errors import Unreachable


class Interrupted(Exception):
    """Ctrl-C or SIGTERM; everything has been cleaned up."""

    code = INTERRUPTED


def rehearse_all(
    file: str,
    inputs: Inputs,
    against: Inputs | None,
    habits: Habits,
    seeds: Sequence[int],
    seconds_per_day: float | None,
    progress: Progress,
) -> Rehearsed:
    """The report on all runs; without ``seconds_per_day`` the pace follows what the machine can keep up with.

    Raises :class:`Unreachable` where there is no server, :class:`Interrupted`."""
    try:
        return asyncio.run(_rehearse_all(file, inputs, against, habits, seeds, seconds_per_day, progress))
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise Interrupted from None
    except DevServerError as error:
        raise Unreachable(plain(error)) from None


async def _rehearse_all(
    file: str,
    inputs: Inputs,
    against: Inputs | None,
    habits: Habits,
    seeds: Sequence[int],
    seconds_per_day: float | None,
    progress: Progress,
) -> Rehearsed:
    began = time.monotonic()
    both = [inputs, *([against] if against else [])]
    people = max(len(given.report.participants) for given in both)
    runs: dict[int, list[Run]] = {n: [] for n in range(len(both))}
    keeping_up = KeepingUp(habits, progress, seconds_per_day, pace(people))
    with stopped_by(signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        for seed in seeds:
            for n, given in enumerate(both):
                runs[n].append(await keeping_up.rehearse(given, seed))
    return Rehearsed(
        file=file,
        starts_on=_as_asked(inputs),
        moved_days=inputs.moved_days,
        left_out=inputs.report.problems,
        left_out_against=against.report.problems if against else [],
        runs=runs[0],
        against=runs.get(1, []),
        warnings=warnings([run for some in runs.values() for run in some]),
        notes=_notes(inputs, against, [run for some in runs.values() for run in some]),
        seconds=round(time.monotonic() - began, 1),
    )


class KeepingUp:
    """Rehearses as fast as the machine keeps up with; at the pace that was ``asked`` for, if one was."""

    def __init__(self, habits: Habits, progress: Progress, asked: float | None, seconds_per_day: float) -> None:
        self._habits = habits
        self._progress = progress
        self._asked = asked is not None
        self._seconds_per_day = asked or seconds_per_day

    async def rehearse(self, inputs: Inputs, seed: int) -> Run:
        """A run that kept up, begun anew with longer days as often as that takes; the last one if none did.

        What comes after it begins at the pace at which this one kept up.
        """
        while True:
            longer = None if self._asked else slower(self._seconds_per_day)
            with suppress(TooSlow):
                run = await rehearse(
                    inputs,
                    self._habits,
                    seed,
                    self._seconds_per_day,
                    self._progress,
                    partial(measure, habits=self._habits),
                    give_up=longer is not None,
                )
                if run.machine.kept_up or longer is None:
                    return run
            assert longer is not None
            self._progress.say(
                f"This machine is too slow, or too busy, for {self._seconds_per_day:g} seconds a day: begun anew with "
                f"{longer:g}."
            )
            self._seconds_per_day = longer


def _as_asked(inputs: Inputs) -> date:
    return date.fromordinal(inputs.starts_on.toordinal() + inputs.moved_days)


def _notes(inputs: Inputs, against: Inputs | None, runs: Sequence[Run]) -> list[str]:
    """What whoever reads the figures has to know, as sentences."""
    notes = ["Follow-ups after the conversion are left out: they would only cost time."]
    if inputs.moved_days:
        notes.append(
            f"The first day was brought nearer by {inputs.moved_days} days, which saves waiting for it; "
            "public holidays are those of the nearer dates."
        )
    for given in [inputs, *([against] if against else [])]:
        if given.report.problems:
            out = given.report.entries - len(given.report.participants)
            notes.append(f"{out} of {given.report.entries} rows can't take part under {given.name} and are left out.")
        if given.staff.own_sizes:
            sizes = ", ".join(f"{mentor} {size}" for mentor, size in given.staff.own_sizes.items())
            notes.append(
                f"Mentors keep the number of places on record, whatever max_mentees of {given.name} says "
                f"({given.policy.mentoring.max_mentees}): {sizes}."
            )
    for run in runs:
        notes += _about(run)
    return list(dict.fromkeys(notes))


def warnings(runs: Sequence[Run]) -> list[str]:
    """What makes the figures wrong, as sentences."""
    return [
        f"This machine was too slow for {run.machine.seconds_per_day:g} seconds a day ({run.policy}, seed {run.seed}). "
        f"Without anybody's doing, answers were off by {run.machine.answers_off_mean:.2f} days on average and reviews "
        f"opened {run.machine.reviews_late_mean:.2f} days late: there are too many reminders and escalations in these "
        "figures. Rehearse again on a machine with less to do, or with more seconds a day."
        for run in runs
        if not run.machine.kept_up
    ]


def _about(run: Run) -> Iterator[str]:
    which = f"{run.policy}, seed {run.seed}"
    for stage, number in run.unfinished.items():
        yield f"{which}: {number} placements still waited in the stage {spoken(stage)} when the rehearsal ended."
    for kind, number in run.unplayed.items():
        yield f"{which}: {number} tasks of the kind {spoken(kind)} stayed open, because nobody plays them."
