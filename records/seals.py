"""The seals of what is on record for good (decisions, stipends, attempts), by which a change afterwards shows.

A seal is an HMAC (SHA-256) by a key that is not in the database, so nobody can make one who has only the database. All
seals stand in one list, each over the one before it, whichever case they are of: a row can't be taken out, put in or
replaced anywhere but at the list's very end, and what is missing there, the copy of the list beside the key tells, and
the cases themselves do.

Before there were keys, a decision's seal was a plain SHA-256. Such decisions keep it; a seal in the list covers them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["decision", "pay", "attempt"]

SPOKEN: dict[str, str] = {"decision": "decision", "pay": "stipend", "attempt": "attempt"}
"""The kinds of what is sealed, as people say them."""

CONTENT: dict[Kind, tuple[str, ...]] = {
    "decision": ("at", "what", "decided", "by_person", "policy", "reason", "evidence", "previous_seal"),
    "pay": ("at", "returner", "due_on", "first_day", "last_day", "days", "amount", "currency", "corrects"),
    "attempt": ("at", "by_person", "task", "sentence"),
}
"""The columns that a seal covers, besides case and number."""

WHERE_SET = frozenset({"corrects"})
"""Columns that came later: a seal covers them where something stands there, so that the seals from before still fit."""

FIRST = ""
"""What stands for the seal before the first one."""


def digest(key: bytes, kind: Kind, row: Mapping[str, Any]) -> str:
    """The seal of a row by itself, as 64 hexadecimal digits."""
    columns = ("case_id", "n", *CONTENT[kind])
    content = {name: _plain(row[name]) for name in columns if name not in WHERE_SET or row.get(name) is not None}
    return _sealed(key, {"kind": kind, **content})


def seal(key: bytes, n: int, row_digest: str, previous: str) -> str:
    """The ``n``-th seal of the list, over a row's and over the one before it."""
    return _sealed(key, {"n": n, "digest": row_digest, "previous": previous})


def name_of(key: bytes) -> str:
    """What a key is called: it tells keys apart and gives nothing away."""
    return _sealed(key, {"name": "of this key"})[:16]


def plain_seal(row: Mapping[str, Any]) -> str:
    """The seal of a decision from before there were keys."""
    content = {
        "case": row["case_id"],
        "n": row["n"],
        "at": _plain(row["at"]),
        "what": row["what"],
        "decided": row["decided"],
        "by": row["by_person"],
        "policy": row["policy"],
        "reason": row["reason"],
        "evidence": row["evidence"],
        "previous_seal": row["previous_seal"],
    }
    return hashlib.sha256(_canonical(content)).hexdigest()


def same(seal: str, other: str) -> bool:
    """Whether two seals are the same."""
    return hmac.compare_digest(seal.encode(), other.encode())


def _sealed(key: bytes, content: Mapping[str, Any]) -> str:
    return hmac.new(key, _canonical(content), hashlib.sha256).hexdigest()


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    """A value as it is sealed: the same whether it is about to be stored or was read back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value
