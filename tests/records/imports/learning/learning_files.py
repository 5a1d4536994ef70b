"""Files of profiles, trainings and levels, for tests; and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from domain.core.skills import RoleProfile
from records.database import Database
from records.imports.learning.report import ProfilesReport
from records.imports.learning.storing import store_profiles

ONET_HEADER = (
    "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tN\tStandard Error\tLower CI Bound\t"
    "Upper CI Bound\tRecommend Suppress\tNot Relevant\tDate\tDomain Source"
)
ANALYST, CLERK = "15-2051.00", "43-4051.00"

ESCO = "http://data.europa.eu/esco"
OCCUPATION = f"{ESCO}/occupation/00030d09-2b3a-4efd-87cc-c4ea39d27c34"
OTHER = f"{ESCO}/occupation/000e93a3-d956-4e45-aacb-f12c83fedf84"


def onet_row(
    code: str, element: str, name: str, scale: str, value: str, *, suppress: str = "N", not_relevant: str = ""
) -> str:
    """A row as O*NET publishes it."""
    relevant = not_relevant or ("n/a" if scale == "IM" else "N")
    values = [code, element, name, scale, value, "8", "0.1250", "2.7550", "3.2450", suppress, relevant]
    return "\t".join([*values, "08/2025", "Analyst"])


def onet_pair(code: str, element: str, name: str, importance: str, level: str, **flags: str) -> list[str]:
    """The two rows of an element; the flags are those of its level."""
    return [onet_row(code, element, name, "IM", importance), onet_row(code, element, name, "LV", level, **flags)]


def onet_file(path: Path, *rows: str, header: str = ONET_HEADER) -> Path:
    """A file with the line ends of O*NET's."""
    path.write_bytes("\r\n".join([header, *rows, ""]).encode())
    return path


def esco_file(path: Path, header: str, *rows: str) -> Path:
    """A file as ESCO publishes it: with a byte order mark."""
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8-sig")
    return path


def profile(**changes: Any) -> dict[str, Any]:
    """An entry of a YAML file of profiles."""
    skills = [{"skill": "SQL", "level": 5, "importance": 4.5, "mandatory": True}]
    return {"id": "DATA1", "title": "Analyst", "skills": skills} | changes


def profiles_yaml(*entries: Any) -> str:
    return yaml.safe_dump({"profiles": list(entries)})


def training(training_id: str, **changes: Any) -> dict[str, Any]:
    """An e-learning of the catalogue, with changes; None takes a key away."""
    entry = {
        "id": training_id,
        "title": "A course",
        "kind": "e_learning",
        "leads_to": {"SQL": 3},
        "hours": 12,
        "cost": {"amount": "100", "currency": "GBP"},
        "activity": f"https://lms.example.org/{training_id}",
    }
    return {key: value for key, value in (entry | changes).items() if value is not None}


def workshop(training_id: str, **changes: Any) -> dict[str, Any]:
    """A workshop of the catalogue."""
    session = {"id": "MAY", "starts": "2027-05-11T10:30:00+02:00", "ends": "2027-05-12T15:00:00Z", "seats": 8}
    return training(training_id, kind="workshop", activity=None, trainer="P-BOSS", sessions=[session]) | changes


def certificate(**changes: Any) -> dict[str, Any]:
    """A certificate of the catalogue."""
    entry = {"id": "DATA-PRO", "title": "Pro", "description": "What it is.", "criteria": "What was shown."}
    return entry | {"profile": "DATA1", "examiner": "P-BOSS"} | changes


def catalogue_yaml(*trainings: Any, certificates: tuple[Any, ...] = ()) -> str:
    return yaml.safe_dump({"trainings": list(trainings), "certificates": list(certificates)})


def asked(imported: RoleProfile) -> dict[str, tuple[str, str, bool]]:
    return {skill.skill: (str(skill.level), str(skill.importance), skill.mandatory) for skill in imported.skills}


def store(database: Database, report: ProfilesReport, *, clean_only: bool = False) -> str:
    with database.session() as session:
        return str(store_profiles(session, report, clean_only=clean_only))
