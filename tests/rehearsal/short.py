"""What makes a rehearsal short."""

from __future__ import annotations

from typing import Any

import yaml

from tests.domain.factories import POLICY_FILE


def eight_weeks(name: str, **mentoring: Any) -> str:
    """The shipped policy under another name, for eight weeks, with other numbers of mentoring; as YAML."""
    content = yaml.safe_load(POLICY_FILE.read_text(encoding="utf-8"))
    content |= {"id": name, "sources": {}}
    content["length"] = {"weeks": 8, "min_weeks": 8, "max_weeks": 26}
    content["reviews"] |= {"weeks": [4], "final_days_before_end": 7}
    content["mentoring"] |= mentoring
    return yaml.safe_dump(content)
