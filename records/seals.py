"""The seals that chain a case's decisions, so that changing one afterwards shows.

The seal of a decision is a SHA-256 over its canonical JSON and the seal of the decision before it. It shows what was
changed, inserted or removed in the middle of a chain; not that the newest decisions are missing. That, the database's
triggers prevent, and the case's own state shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC

from records.tables import DecisionRecord

BEFORE_THE_FIRST = ""
"""What stands for the previous seal of a case's first decision."""


def seal_of(decision: DecisionRecord) -> str:
    """The seal a decision must have, as 64 hexadecimal digits."""
    content = {
        "case": decision.case_id,
        "n": decision.n,
        "at": decision.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "what": decision.what,
        "decided": decision.decided,
        "by": decision.by_person,
        "policy": decision.policy,
        "reason": decision.reason,
        "evidence": decision.evidence,
        "previous_seal": decision.previous_seal,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def problems_in(decisions: Sequence[DecisionRecord]) -> list[str]:
    """What is wrong with a case's decisions, given in order; none when nobody touched them."""
    problems: list[str] = []
    previous = BEFORE_THE_FIRST
    for n, decision in enumerate(decisions, start=1):
        name = f"decision {decision.n} of {decision.case_id}"
        if decision.n != n:
            problems.append(f"{name} stands where decision {n} is expected")
        if decision.previous_seal != previous:
            problems.append(f"{name} does not follow on the one before it: something was removed, added or replaced")
        if decision.seal != seal_of(decision):
            problems.append(f"{name} was changed after it was sealed")
        previous = decision.seal
    return problems
