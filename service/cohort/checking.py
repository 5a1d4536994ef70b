"""A cohort file read and checked against the records and a policy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from domain.core.model import CohortId, PersonId
from domain.placement.policy import Policy
from records.database import Database
from records.imports.cohort.cohort_csv import read_cohort
from records.imports.cohort.people import KnownRecords, known_records
from records.imports.cohort.report import CohortReport
from records.imports.core.date_cells import DayOrder
from service.core.errors import Refused
from service.core.people import check_known
from service.core.policies import check_on_record
from service.core.today import today


@dataclass(frozen=True)
class CohortFile:
    """The CSV file of a cohort, and how it is to be read.

    ``update_people`` changes people on record where the file says otherwise of them; ``beside`` is the reason why
    placements may start beside others of the same person.
    """

    name: str
    content: bytes
    day_order: DayOrder
    update_people: bool = False
    beside: str | None = None


def check_cohort_id(cohort: str) -> None:
    """Raise :class:`Refused` for what can be no cohort's."""
    try:
        TypeAdapter[str](CohortId).validate_python(cohort)
    except ValidationError:
        raise Refused(
            f"{cohort} can't be the id of a cohort: capital letters, digits and hyphens, as in SPRING-2027", "invalid"
        ) from None


def check(
    database: Database, file: CohortFile, policy: Policy, started_by: PersonId | None, cohort: CohortId | None
) -> CohortReport:
    """What is wrong with a file, and what a launch would change of people on record. Nothing is stored.

    Raises ``Unknown`` for somebody unknown, ``OtherContent``, and :class:`Refused` for what can be no cohort's id.
    """
    check_known(database, [started_by])
    if cohort is not None:
        check_cohort_id(cohort)
    check_on_record(database, policy)
    report, _ = check_file(database, file, policy, started_by, cohort=cohort)
    return report


def check_file(
    database: Database,
    file: CohortFile,
    policy: Policy,
    started_by: PersonId | None,
    *,
    cohort: CohortId | None = None,
    rehearsed: bool = False,
) -> tuple[CohortReport, KnownRecords]:
    """What a file holds and what is wrong with it, and the records as they were looked at for that.

    One that is ``rehearsed`` may be of people who are placed already: it changes nothing of them.
    """
    with database.reading() as session:
        known = known_records(session)
    report = read_cohort(
        file.content,
        replace(known, placed={}) if rehearsed else known,
        policy,
        day_order=file.day_order,
        today=today(),
        started_by=started_by,
        cohort=cohort,
        update_people=file.update_people,
        beside=file.beside,
    )
    return report, known
