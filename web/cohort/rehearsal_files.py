"""The files that a rehearsal's program reads: in the data directory, for as long as the console that runs it is there.

They name people. So each directory is locked by the console that made it; of one that was killed nothing holds the lock
any more, and the next console of the same data directory removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.settings import Settings

FILES = "rehearsals"
"""Where in the data directory they are."""


@contextmanager
def files_of(settings: Settings, rehearsal: str) -> Iterator[Path]:
    """A directory for the files of a rehearsal, gone after the block."""
    all_files = settings.data_dir / FILES
    all_files.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(all_files / f"{rehearsal}.lock"):  # before there is a directory, so that none is ever without
        directory = all_files / rehearsal
        directory.mkdir(mode=0o700)
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)


def remove_left(settings: Settings) -> Iterator[str]:
    """Remove the files of rehearsals whose console was killed; the ids of these rehearsals."""
    for directory in (settings.data_dir / FILES).glob("*/"):
        with suppress(BlockingIOError), _locked(directory.with_name(f"{directory.name}.lock")):
            shutil.rmtree(directory, ignore_errors=True)
            yield directory.name


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold a lock that goes with this process, however that ends; its file goes after the block.

    Raises ``BlockingIOError`` where somebody else holds it.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)
    finally:
        os.close(descriptor)
