"""What is to be rehearsed: the file of a cohort, read against the real records as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from pathlib import Path

from domain.cohort.participants import LARGEST_COHORT, Participant
from domain.core.model import PersonId
from domain.core.people import Role
from domain.placement.policy import FollowUpRules, Policy
from records.database import Database
from records.imports.cohort.report import CohortReport
from records.imports.core.date_cells import DayOrder
from rehearsal.errors import NobodyCanTakePart, NobodyLeads
from rehearsal.records_setup import Staff, look_up, without_name
from service.cohort.checking import CohortFile, check_file
from service.core.errors import Refused

MOST_AHEAD = timedelta(weeks=5)
"""A later first day is brought nearer, which saves waiting for it; until then there is time to find mentors."""


@dataclass(frozen=True)
class Inputs:
    """A cohort to be rehearsed under one policy. ``report`` has the clean rows, without names and addresses.

    ``name`` is what its policy is called in the report. ``moved_days`` is by how much the first day was brought nearer,
    which saves waiting for it.
    """

    report: CohortReport
    staff: Staff
    policy: Policy
    name: str
    led_by: PersonId
    starts_on: date
    moved_days: int

    @property
    def roles(self) -> dict[str, Role]:
        """The roles by id."""
        return {role.id: role for role in self.staff.roles}

    @property
    def weeks(self) -> int:
        """The weeks of the longest placement."""
        return max([self.policy.length.weeks, *(participant.weeks or 0 for participant in self.report.participants)])

    @property
    def last_start(self) -> date:
        """The first day of whoever begins last."""
        return max(
            [
                self.starts_on,
                *(participant.starts_on for participant in self.report.participants if participant.starts_on),
            ]
        )


def names_of(labels: Mapping[Path, str]) -> dict[Path, str]:
    """What policies are called, by their files: by id and version, and by the files too where these are the same."""
    if len(set(labels.values())) == len(labels):
        return dict(labels)
    told_apart = len({file.name for file in labels}) == len(labels)
    return {file: f"{label} ({file.name if told_apart else file})" for file, label in labels.items()}


def read_inputs(
    database: Database,
    file: str,
    source: bytes,
    policy: Policy,
    name: str,
    *,
    led_by: PersonId | None,
    starts_on: date,
    day_order: DayOrder,
    today: date,
) -> Inputs:
    """The cohort of a ``file``, whose content is the ``source``, under a policy.

    Rows with problems are left out, and stand in its report.

    ``led_by`` is who starts it, else somebody who is HR, or head of HR, of every role. Raises :class:`Refused`
    where nobody can take part or nobody can start it.
    """
    policy = policy.model_copy(update={"follow_up": FollowUpRules(days=[])})
    report, _ = check_file(
        database, CohortFile(file, source, day_order, update_people=True), policy, led_by, rehearsed=True
    )
    if not report.participants:
        raise NobodyCanTakePart(f"{file}: nobody in it can take part", "invalid")
    if len(report.participants) > LARGEST_COHORT:
        raise Refused(
            f"{file}: {len(report.participants):,} people; a cohort has at most {LARGEST_COHORT:,}", "invalid"
        )
    with database.reading() as session:
        staff = look_up(session, policy)
    moved = brought_nearer_by(starts_on, today)
    return Inputs(
        report=report.model_copy(
            update={
                "people": [without_name(person) for person in report.people],
                "participants": [_moved(participant, moved) for participant in report.participants],
                "protected": [],
            }
        ),
        staff=staff,
        policy=policy,
        name=name,
        led_by=led_by or _hr_of_all(report.participants, staff),
        starts_on=starts_on - timedelta(days=moved),
        moved_days=moved,
    )


def _hr_of_all(participants: list[Participant], staff: Staff) -> PersonId:
    roles = [role for role in staff.roles if role.id in {participant.role for participant in participants}]
    leading = [who for role in roles for who in (role.hr, role.hr_lead)]
    for who in dict.fromkeys(leading):
        if all(who in (role.hr, role.hr_lead) for role in roles):
            return who
    raise NobodyLeads(
        "nobody is HR or head of HR of all these roles; say who starts the cohort, and the rows of the other roles are "
        "left out",
        "invalid",
    )


def brought_nearer_by(starts_on: date, today: date) -> int:
    """By how much a first day is brought nearer: by whole weeks, so that weekdays stay, and as few as that takes."""
    return max(0, ceil((starts_on - today - MOST_AHEAD).days / 7) * 7)


def _moved(participant: Participant, days: int) -> Participant:
    if participant.starts_on is None or not days:
        return participant
    return participant.model_copy(update={"starts_on": participant.starts_on - timedelta(days=days)})
