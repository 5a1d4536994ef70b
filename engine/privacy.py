"""Whose files these are: what Waymark writes is for the user it runs as, and for nobody else on the machine."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
"""What a file's mode gives to everybody but its owner."""

PUBLISHED = Path("credentials", "status")
"""In a data directory, what is for everybody to read once it is copied to where it is published."""


def write_privately() -> None:
    """Let nobody else read what this process, and what it starts, writes from now on."""
    os.umask(OTHERS)


def close_to_others(data_dir: Path) -> None:
    """Take from others what they may do with a data directory that is there, and with all that is in it.

    Costs nothing once it is done: nobody comes through a closed directory. A directory that is not ours alone (of
    another user, for everybody like ``/tmp``, a home, what the checkout is in) stays as it is.
    """
    data_dir = data_dir.resolve()  # the directory itself, where a link leads to it
    if not _is_open(data_dir) or not _is_ours(data_dir):
        return
    for directory, _, files in os.walk(data_dir, topdown=False):
        if Path(directory).is_relative_to(data_dir / PUBLISHED):
            continue
        for name in files:
            _close(Path(directory, name))
        _close(Path(directory))  # the data directory itself comes last: what breaks off here is done again


def _is_open(directory: Path) -> bool:
    return directory.is_dir() and bool(directory.stat().st_mode & OTHERS)


def _is_ours(directory: Path) -> bool:
    from engine.settings import ROOT  # every program begins with this module, and some need no settings

    found = directory.stat()
    kept_in_it = [ROOT, Path(os.path.expanduser("~"))]  # noqa: PTH111 - a user without a home is no error here
    holds_more = any(kept.is_relative_to(directory.resolve()) for kept in kept_in_it)
    return found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX and not holds_more


def _close(path: Path) -> None:
    with suppress(OSError):  # gone meanwhile, or somebody else's
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
