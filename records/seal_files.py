"""What of the seals is not in the database: the key they are made with, and a copy of their list.

Both stand in files for their owner only. Whoever can write the database but not these files can't hide what they did;
whoever has the key can make any seal.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEY_BYTES = 32
TAIL_BYTES = 4096
"""No line of the list is so long."""


class SealFilesError(Exception):
    """The key, or the list beside it, can't be used. The text says which and why."""


@dataclass(frozen=True)
class Listed:
    """A line of the list: the ``n``-th seal, which is of this row of a case."""

    n: int
    case: str
    kind: str
    row: int
    seal: str


class SealFiles:
    """The files of the seals. The key is made when something is first sealed; ``listed`` is the copy of the list."""

    def __init__(self, key: Path, listed: Path) -> None:
        self.key_file = key
        self.listed = listed
        self._key: bytes | None = None

    def check_not_lost(self) -> None:
        """Raise :class:`SealFilesError` where there is no key, though seals were made with one."""
        if self._key is None and not self.key_file.exists():
            raise SealFilesError(
                f"the key of the seals {self.key_file} is gone, and what is on record was sealed with it: put it back "
                "from your backup (WAYMARK_SEAL_KEY names it). Where it is lost for good, make another one as "
                "docs/operations.md says"
            )

    def key(self) -> bytes:
        """The key, made where there is none. Raises :class:`SealFilesError`."""
        if self._key is None:
            self._key = read_key(self.key_file) if self.key_file.exists() else self._make_key()
        return self._key

    def append(self, entries: Iterable[Listed]) -> None:
        """Add those entries to the list that are newer than all it has. Raises :class:`SealFilesError`.

        Nothing waits for the disk: what a power cut takes away is added again with the next.
        """
        with self._open_list() as file:
            last = _last_line(file)
            for entry in entries:
                if entry.n > last:
                    line = {"n": entry.n, "case": entry.case, "kind": entry.kind, "row": entry.row, "seal": entry.seal}
                    file.write(json.dumps(line).encode() + b"\n")

    def last(self) -> int:
        """The number of the newest seal on the list, 0 where there is none. Raises :class:`SealFilesError`."""
        try:
            with self.listed.open("rb") as file:
                return _last_line(file)
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise _failed("the list of seals", self.listed, "read", error) from None

    @contextmanager
    def _open_list(self) -> Iterator[Any]:
        """The list, to be added to by nobody else at the same time."""
        try:
            self.listed.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.listed, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield file
        except OSError as error:
            raise _failed("the list of seals", self.listed, "written", error) from None

    def _make_key(self) -> bytes:
        """Make the key; of several workers that do so at once, the first one's is everybody's."""
        draft = self.key_file.with_name(f".{self.key_file.name}.{secrets.token_hex(8)}")
        try:
            draft.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_hex(KEY_BYTES).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(draft, self.key_file)
        except OSError as error:
            raise _failed("the key of the seals", self.key_file, "written", error) from None
        finally:
            with suppress(OSError):
                draft.unlink()
        return read_key(self.key_file)


def read_key(file: Path) -> bytes:
    """The key in a file. Raises :class:`SealFilesError`."""
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except OSError as error:
        raise _failed("the key of the seals", file, "read", error) from None
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SealFilesError(f"the key of the seals {file} is none: it must be {2 * KEY_BYTES} hexadecimal digits")
    return key


def read_list(file: Path) -> Iterator[Listed]:
    """The lines of a list of seals. Raises :class:`SealFilesError`."""
    number = 0
    try:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                number += 1
                if not line.endswith("\n"):
                    return  # cut off when the power went; it is written again with the next seal
                found = json.loads(line)
                case, kind, seal = (str(found[name]) for name in ("case", "kind", "seal"))
                yield Listed(int(found["n"]), case, kind, int(found["row"]), seal)
    except OSError as error:
        raise _failed("the list of seals", file, "read", error) from None
    except (ValueError, KeyError, TypeError):
        raise SealFilesError(f"line {number} of the list of seals {file} can't be read: the file was changed") from None


def _last_line(file: Any) -> int:
    """The number in a list's last whole line; what was cut off when the power went is taken away."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read()
    whole, newline, rest = tail.rpartition(b"\n")
    if rest and file.writable():
        file.truncate(size - len(rest))
    if not newline:
        return 0
    try:
        return int(json.loads(whole.rpartition(b"\n")[2])["n"])
    except (ValueError, KeyError, TypeError):
        raise SealFilesError("the last line of the list of seals can't be read: the file was changed") from None


def _failed(subject: str, file: Path, done: str, error: OSError) -> SealFilesError:
    return SealFilesError(f"{subject} {file} can't be {done}: {error.strerror or error}")
