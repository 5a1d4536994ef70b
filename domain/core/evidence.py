"""What a case keeps itself of the evidence of a decision; all of it stands in the records, sealed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

LARGE = 1_000
"""From so many characters on, a part of the evidence is only referred to."""


def reference(evidence: dict[str, Any]) -> dict[str, Any]:
    """The evidence with each large part replaced by how many entries it has and its SHA-256.

    The hash is that of the part as JSON with sorted keys and no spaces, by which it is recognised in the records. A
    case that decides again and again would else grow with each decision until it could not go on in a new run.
    """
    return {key: _referred_to(value) for key, value in evidence.items()}


def _referred_to(value: Any) -> Any:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    if len(text) < LARGE:
        return value
    entries = {"entries": len(value)} if isinstance(value, list | dict) else {}
    return {**entries, "sha256": hashlib.sha256(text.encode()).hexdigest()}
