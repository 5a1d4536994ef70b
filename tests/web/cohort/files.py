"""Files of cohorts."""

from __future__ import annotations

import uuid

HEADER = "id,name,email,time_zone,country,languages,skills,preferences,break_months,underemployed,experience_years,role"


def cohort_file(people: int, *, months: object = 30) -> tuple[bytes, list[str]]:
    """The file of a cohort of so many people whom no other test has, and their ids; all have had a break so long."""
    fresh = uuid.uuid4().hex[:5].upper()
    ids = [f"P-R{fresh}{n:03}" for n in range(people)]
    rows = [
        f"{who},Returner {n},{who.lower()}@example.org,Europe/London,GB-ENG,en,sql,,{months},no,9,DATA1"
        for n, who in enumerate(ids)
    ]
    return "\n".join([HEADER, *rows, ""]).encode(), ids
