"""A rehearsal as a program of its own, which the console runs and watches: the command ``rehearse``.

Nobody has to wait for it: how far it is, and what came of it, stands in the records. It ends with the console, however
that ends: the program stops, and cleans up, as soon as nobody holds its standard input open any more.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from engine.settings import PREFIX, ROOT, Settings
from records.database import Database
from records.errors import RecordsError
from service.cohort.rehearsals import RehearsalState, broke_off, finish, goes_on
from web.cohort.rehearsal_files import files_of, remove_left
from web.core.surroundings import Surroundings

log = logging.getLogger("waymark.console")

PROGRAM: Sequence[str] = (sys.executable, str(ROOT / "starter.py"), "rehearse", "--until-input-ends")
"""What is run; tests have another."""

LOOK_SECONDS = 1.0
ENDS_WITHIN_SECONDS = 20.0
LINES = 6
"""So many lines of what it says last are shown."""
LONGEST_LINE = 500
LONGEST_NAME = 255
"""Bytes of the name of a file, on file systems that are in use."""


async def run(around: Surroundings, rehearsal: str, name: str, content: bytes, options: Mapping[str, Any]) -> None:
    """Rehearse the cohort of a file, and note what comes of it. By its ``name`` the program speaks of it."""
    try:
        await asyncio.to_thread(remove_what_was_left, around.settings, around.database)
        with files_of(around.settings, rehearsal) as directory:
            words = await asyncio.to_thread(_prepared, directory, name, content, options)
            state, result, problem = await _watched(around, rehearsal, words)
    except Exception as error:  # whatever it is, the page says that nothing came of it
        log.exception("a rehearsal broke off", extra={"reason": type(error).__name__})
        state, result, problem = RehearsalState.FAILED, None, None
    with suppress(RecordsError):
        await asyncio.to_thread(finish, around.database, rehearsal, state, result=result, problem=problem)


def remove_what_was_left(settings: Settings, database: Database) -> None:
    """Remove the files of rehearsals whose console was killed, and note that they broke off."""
    for rehearsal in remove_left(settings):
        log.warning("a rehearsal broke off", extra={"reason": "its console was killed"})
        broke_off(database, rehearsal)


def _prepared(directory: Path, name: str, content: bytes, options: Mapping[str, Any]) -> list[str]:
    """The files that the program reads, and what it is called with."""
    file = directory / "cohort" / (name if _can_name_a_file(name) else "cohort.csv")
    file.parent.mkdir(mode=0o700)
    file.write_bytes(content)
    words = [str(file), "--json", "--as", options["led_by"], "--runs", str(options["runs"])]
    words += ["--day-order", options["day_order"], "--seed", str(options["seed"])]
    if options.get("starts_on"):
        words += ["--starts-on", options["starts_on"]]
    if options.get("people"):
        people = directory / "people.yaml"
        people.write_text(options["people"], encoding="utf-8")
        words += ["--people", str(people)]
    for option in ("policy", "against"):
        if options.get(option):
            policy = directory / f"{option}.yaml"
            policy.write_bytes(to_json(options[option]))  # JSON is YAML
            words += [f"--{option}", str(policy)]
    return words


def _can_name_a_file(name: str) -> bool:
    """Whether what a browser called a file can be the name of one here; it is the last part of a path."""
    return name not in (".", "..") and len(os.fsencode(name)) <= LONGEST_NAME


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment, with the records of its settings."""
    return {
        **os.environ,
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}RECORDS_URL": settings.records_url,
    }


async def _watched(
    around: Surroundings, rehearsal: str, words: Sequence[str]
) -> tuple[RehearsalState, dict[str, Any] | None, str | None]:
    """Run the program to its end, or until it is to stop."""
    program = await asyncio.create_subprocess_exec(
        *PROGRAM,
        *words,
        cwd=ROOT,
        env=environment(around.settings),
        stdin=asyncio.subprocess.PIPE,  # nothing is written to it: it ends when this process does
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in the console's terminal is for the console, which ends it
    )
    assert program.stdout is not None
    assert program.stderr is not None
    said: deque[str] = deque(maxlen=LINES)
    out, err = asyncio.create_task(program.stdout.read()), asyncio.create_task(_listen(program.stderr, said))
    state = RehearsalState.RUNNING
    try:
        while program.returncode is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(asyncio.gather(out, err)), LOOK_SECONDS)
                await program.wait()
            if program.returncode is None:
                state = await _is_to_go_on(around, rehearsal, said)
                if state is not RehearsalState.RUNNING:
                    break
    finally:
        await _end(program)
    content = await out
    await err
    if state is not RehearsalState.RUNNING:
        return state, None, None
    if program.returncode == 0:
        return RehearsalState.DONE, json.loads(content), None
    return RehearsalState.FAILED, None, _reason(said[-1]) if said else None


def _reason(line: str) -> str:
    """Why a command could not do its work, by the last line that it says: without what only helps at a terminal."""
    with suppress(ValueError, AttributeError, KeyError):
        error = json.loads(line)
        return str(error.get("reason") or error["error"])
    return line


async def _is_to_go_on(around: Surroundings, rehearsal: str, said: deque[str]) -> RehearsalState:
    """``RUNNING`` if it is; else how it ends."""
    if around.ending.is_set():
        return RehearsalState.ENDED
    try:
        return await asyncio.to_thread(goes_on, around.database, rehearsal, list(said))
    except RecordsError:
        return RehearsalState.RUNNING  # they come back, or it ends by itself


async def _listen(stream: asyncio.StreamReader, said: deque[str]) -> None:
    """What it says, line by line."""
    while line := await stream.readline():
        if text := line.decode(errors="replace").strip():
            said.append("".join(filter(str.isprintable, text))[:LONGEST_LINE])


async def _end(program: asyncio.subprocess.Process) -> None:
    """Have it end, which cleans up after itself; by force where it does not."""
    if program.returncode is not None:
        return
    with suppress(ProcessLookupError):
        program.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(program.wait(), ENDS_WITHIN_SECONDS)
        except TimeoutError:
            program.kill()
            await program.wait()
