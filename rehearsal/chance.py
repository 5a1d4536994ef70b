"""Chance that comes out the same again: every draw has a key of its own, and depends on nothing else.

Whatever order people are asked in, and however fast the machine is, the same seed gives the same person the same
behaviour. Two policies are therefore compared with the same people (common random numbers).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Chance:
    """All the chance of a rehearsal with this seed."""

    seed: int

    def of(self, *key: str | int) -> np.random.Generator:
        """A generator of its own for this key, always the same one."""
        digest = hashlib.blake2b("\x1f".join(map(str, key)).encode(), digest_size=16).digest()
        words = [int.from_bytes(digest[start : start + 4], "big") for start in range(0, 16, 4)]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, *words])))
