"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class Draft:
    """What is to become a file. A reader sees the file as it was, or the whole of the new one."""

    def __init__(self, opened: TextIO, draft: Path, file: Path) -> None:
        self._opened = opened
        self._draft = draft
        self._file = file

    def finish(self, text: str, mode: int | None = None) -> None:
        """Write the text, and put the draft in the place of the file, once. Raises ``OSError``."""
        self._opened.write(text)
        self._opened.flush()
        if mode is not None:
            os.fchmod(self._opened.fileno(), mode)
        os.fsync(self._opened.fileno())
        self._draft.replace(self._file)


@contextmanager
def draft_of(file: Path) -> Iterator[Draft]:
    """A draft of a file, beside it; what is not finished leaves nothing.

    Raises ``OSError`` at once where nothing can be written there. Nobody but this user may read it, unless it is
    finished with another mode.
    """
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
            yield Draft(opened, draft, file)
    finally:
        draft.unlink(missing_ok=True)
