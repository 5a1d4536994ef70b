"""What commands work with: files that were named, and time to wait for Temporal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from cli.core.errors import CommandError
from cli.core.options import STDIN
from domain.learning.policy import LearningPolicy
from domain.placement.policy import Policy
from domain.registry.policy_file import read_policy

T = TypeVar("T")

MOST_TEXT_BYTES = 4 * 2**20
"""No policy and no list of hosts is nearly as large."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run what waits for Temporal."""
    return asyncio.run(work)


def read_bytes(file: Path, most: int) -> bytes:
    """What is in a file; of one that is too large only ``most`` bytes and one more, by which that can be told."""
    with file.open("rb") as opened:
        return opened.read(most + 1)


def read_given(file: Path, most: int) -> bytes:
    """The same, of standard input where the name says so."""
    return sys.stdin.buffer.read(most + 1) if file == STDIN else read_bytes(file, most)


def read_all(file: Path, most: int) -> bytes:
    """What is in a file. Raises :class:`CommandError` for one of more than ``most`` bytes, before it is read whole."""
    content = read_bytes(file, most)
    if len(content) > most:
        raise CommandError(f"{file.name} is larger than {most // 2**20} MiB", "invalid")
    return content


def read_text(file: Path) -> str:
    """The text of a file. Raises :class:`CommandError` when it is none, or larger than any that we take."""
    content = read_all(file, MOST_TEXT_BYTES)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CommandError(f"{file.name} is not UTF-8 text", "invalid") from None


def read_placement_policy(file: Path) -> Policy:
    """The policy of placements in a file. Raises ``PolicyError``."""
    return read_policy(read_text(file), file.name, Policy)


def read_learning_policy(file: Path) -> LearningPolicy:
    """The policy of upskilling in a file. Raises ``PolicyError``."""
    return read_policy(read_text(file), file.name, LearningPolicy)
