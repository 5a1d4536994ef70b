"""What somebody may start, and where, by the records; the policies that come with Waymark; whether a case is there."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.core.access import Action, Viewer, may
from domain.core.model import CaseId, CertificateId, RoleId
from domain.core.naming import Programme
from domain.core.policy_rules import CasePolicy
from domain.core.skills import ProfileId
from domain.learning.policy import LearningPolicy
from domain.placement.policy import Policy
from domain.registry.policy_file import KINDS, read_policy
from records.database import Database
from records.queries.core import people as in_records
from records.queries.learning import learning as in_learning
from records.queries.registry import known
from service.core.policies import DEFAULT_LEARNING_POLICY, DEFAULT_POLICY

SHIPPED: Mapping[Programme, Path] = {
    Programme.RETURNSHIP: DEFAULT_POLICY,
    Programme.UPSKILLING: DEFAULT_LEARNING_POLICY,
}

BETWEEN_LOOKS = 0.1
"""Seconds between two looks whether a case is on record."""


@dataclass(frozen=True)
class Startable:
    """The roles in which somebody may do something, and which certificates and profiles there are: what each is called,
    by id."""

    roles: Mapping[RoleId, str]
    certificates: Mapping[CertificateId, str]
    profiles: Mapping[ProfileId, str]


def startable(database: Database, viewer: Viewer, action: Action) -> Startable:
    """What somebody may choose from who wants to do this."""
    with database.reading() as session:
        roles = [role for role in in_records.roles(session) if may(viewer, action, role=role.id)]
        certificates = in_learning.catalogue(session).certificates
        profiles = in_learning.profiles(session)
    return Startable(
        {role.id: f"{role.title} ({role.id})" for role in roles},
        {certificate.id: f"{certificate.title} ({certificate.id})" for certificate in certificates},
        {profile.id: f"{profile.title} ({profile.id})" for profile in profiles},
    )


@cache
def shipped_policy(programme: Programme) -> CasePolicy:
    """The policy of a programme that comes with Waymark."""
    file = SHIPPED[programme]
    return read_policy(file.read_text(encoding="utf-8"), file.name, KINDS[programme])


def placement_policy() -> Policy:
    """The policy of placements that comes with Waymark."""
    policy = shipped_policy(Programme.RETURNSHIP)
    assert isinstance(policy, Policy)
    return policy


def learning_policy() -> LearningPolicy:
    """The policy of upskilling paths that comes with Waymark."""
    policy = shipped_policy(Programme.UPSKILLING)
    assert isinstance(policy, LearningPolicy)
    return policy


async def until_on_record(database: Database, case: CaseId, seconds: float) -> bool:
    """Whether a case that was started a moment ago is on record, within so many seconds."""
    for _ in range(math.ceil(seconds / BETWEEN_LOOKS)):
        if await asyncio.to_thread(_is_known, database, case):
            return True
        await asyncio.sleep(BETWEEN_LOOKS)
    return False


def _is_known(database: Database, case: CaseId) -> bool:
    with database.reading() as session:
        return known(session, case) is not None
