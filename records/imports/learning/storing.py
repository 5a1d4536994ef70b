"""Importing what learning needs: profiles, the catalogue, and the levels people have.

As in :mod:`records.imports.core.people_and_roles`: read first, then store, in one transaction and whole. Importing
again changes only what has changed; nothing is deleted but the skills a profile no longer names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from domain.core.skills import ProfileId, RoleProfile
from domain.learning.catalogue import Training
from records.database import lock_rows
from records.imports.core.differences import Difference
from records.imports.core.report import Stored
from records.imports.core.storing import Change, check, store_rows, summary
from records.imports.learning.report import CatalogueReport, FoundLevel, LevelsReport, ProfilesReport
from records.tables.learning import CertificateRecord, LevelRecord, ProfileRecord, ProfileSkillRecord, TrainingRecord

BATCH = 50
"""Profiles that are held, compared and written at a time."""

Asked = dict[str, tuple[Decimal, Decimal, bool]]
"""Of each skill its level, its importance, and whether it is mandatory."""


def store_profiles(session: Session, report: ProfilesReport, *, clean_only: bool = False, write: bool = True) -> Stored:
    """Add or replace profiles, in the transaction of ``session``, a few at a time; unless ``write``, only say what that
    would change.

    Raises :class:`ImportRefused`, having stored nothing, when anything is wrong; with ``clean_only``, when
    nothing is usable.
    """
    check(report, clean_only=clean_only)
    if write:
        lock_rows(session, ProfileRecord.__tablename__)
    changes: Counter[Change] = Counter()
    for batch in _batches(report.profiles):
        changes += _store_batch(session, batch, write=write)
    return summary("profiles", changes, report.entries)


def store_catalogue(
    session: Session, report: CatalogueReport, *, clean_only: bool = False, write: bool = True
) -> Stored:
    """Add or update trainings and certificates, or only say what that would change, as :func:`store_profiles` does."""
    check(report, clean_only=clean_only)
    found: list[Difference] = []
    changes = store_rows(session, TrainingRecord, map(_of_training, report.trainings), found=found, write=write)
    certificates = (certificate.model_dump() for certificate in report.certificates)
    changes += store_rows(session, CertificateRecord, certificates, found=found, write=write)
    return summary("trainings and certificates", changes, report.entries, found)


def store_levels(session: Session, report: LevelsReport, *, clean_only: bool = False, write: bool = True) -> Stored:
    """Add or correct the levels people were found to have, or only say what that would change, as
    :func:`store_profiles` does.

    A level that a case has found and an import corrects is no longer that case's.
    """
    check(report, clean_only=clean_only)
    found: list[Difference] = []
    levels = map(_of_level, report.levels)
    changes = store_rows(session, LevelRecord, levels, on_change={"case_id": None}, found=found, write=write)
    return summary("levels", changes, report.entries, found)


def _batches(profiles: Iterable[RoleProfile]) -> Iterator[list[RoleProfile]]:
    left = iter(profiles)
    while batch := list(islice(left, BATCH)):
        yield batch


def _store_batch(session: Session, batch: list[RoleProfile], *, write: bool) -> Counter[Change]:
    """Write the profiles that are new or have changed. Rows are compared and written in bulk: there may be many."""
    ids = [profile.id for profile in batch]
    known = {
        row.id: (row.title, row.source)
        for row in session.execute(
            select(ProfileRecord.id, ProfileRecord.title, ProfileRecord.source).where(ProfileRecord.id.in_(ids))
        )
    }
    asked = _asked(session, ids)
    new = [profile for profile in batch if profile.id not in known]
    changed = [
        profile
        for profile in batch
        if profile.id in known
        and (known[profile.id], asked.get(profile.id)) != ((profile.title, profile.source), _skills(profile))
    ]
    if write:
        _write(session, new, changed)
    unchanged = len(batch) - len(new) - len(changed)
    return Counter({"added": len(new), "changed": len(changed), "unchanged": unchanged})


def _write(session: Session, new: list[RoleProfile], changed: list[RoleProfile]) -> None:
    if new:
        session.execute(insert(ProfileRecord), [_of_profile(profile) for profile in new])
    if changed:
        session.execute(update(ProfileRecord), [_of_profile(profile) for profile in changed])
        of_changed = ProfileSkillRecord.profile.in_([profile.id for profile in changed])
        session.execute(delete(ProfileSkillRecord).where(of_changed))
    if new or changed:
        session.execute(
            insert(ProfileSkillRecord), [row for profile in (*new, *changed) for row in _of_skills(profile)]
        )


def _asked(session: Session, profiles: list[ProfileId]) -> Mapping[ProfileId, Asked]:
    """What the profiles in the records ask for."""
    found: dict[ProfileId, Asked] = {}
    table = ProfileSkillRecord
    query = select(table.profile, table.skill, table.level, table.importance, table.mandatory)
    for profile, skill, level, importance, mandatory in session.execute(query.where(table.profile.in_(profiles))):
        found.setdefault(profile, {})[skill] = (level, importance, mandatory)
    return found


def _skills(profile: RoleProfile) -> Asked:
    return {required.skill: (required.level, required.importance, required.mandatory) for required in profile.skills}


def _of_profile(profile: RoleProfile) -> dict[str, Any]:
    return profile.model_dump(exclude={"skills"})


def _of_skills(profile: RoleProfile) -> list[dict[str, Any]]:
    return [{"profile": profile.id, **required.model_dump()} for required in profile.skills]


def _of_training(training: Training) -> dict[str, Any]:
    """The columns of a training; the instants of its sessions in UTC."""
    sessions = [
        session.model_copy(update={"starts": session.starts.astimezone(UTC), "ends": session.ends.astimezone(UTC)})
        for session in training.sessions
    ]
    return {
        **training.model_dump(exclude={"cost", "leads_to", "sessions", "kind", "move_on"}),
        "kind": training.kind.value,
        "move_on": training.move_on.value,
        "leads_to": training.model_dump(mode="json", include={"leads_to"})["leads_to"],
        "sessions": [session.model_dump(mode="json") for session in sessions],
        "cost_amount": training.cost.amount,
        "cost_currency": training.cost.currency,
    }


def _of_level(found: FoundLevel) -> dict[str, Any]:
    """The columns of a level."""
    level = found.level
    return {
        "person": found.person,
        "skill": level.skill,
        "source": level.source.value,
        "found_on": level.on,
        "level": level.level,
        "by_person": level.by,
    }
