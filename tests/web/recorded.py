"""The cases of the recorded histories, put on record: pages about all that happens in cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from domain.core.case_rows import TaskRow
from domain.core.delivery import Delivery
from domain.core.journal import JournalBatch
from domain.core.model import PERSON_IN_TEXT
from domain.core.tasks import TaskState
from records import journal
from records.database import Database
from records.queries.core.policies import enter_content
from records.tables.core import RoleRecord
from records.tables.dispatch import MailRecord
from tests import recordings
from tests.domain.factories import shipped_learning_policy, shipped_policy
from tests.office import ROLE, person, role_record
from tests.replaying import calls_in


def deliveries(name: str) -> list[Delivery]:
    """What a recorded case has handed in, in order."""
    calls = calls_in(recordings.read(name))
    return [Delivery.model_validate_json(text) for call, text in calls if call == "deliver"]


def around(database: Database, handed_in: Iterable[Delivery]) -> None:
    """Put on record what the records know before a case begins: everybody whom it names, the role, the policies."""
    named = {found for delivery in handed_in for found in PERSON_IN_TEXT.findall(delivery.model_dump_json())}
    with database.session() as session:
        for policy in (shipped_policy(), shipped_learning_policy()):
            enter_content(session, policy, datetime.now(UTC))
        if session.get(RoleRecord, ROLE.id) is None:
            session.add(role_record(ROLE))
        session.add_all(person(who) for who in sorted({*named, *ROLE.parties().values()}))


def hand_in(database: Database, delivery: Delivery) -> list[TaskRow]:
    """Write what was handed in; the tasks that it opens."""
    with database.session() as session:
        journal.write(session, JournalBatch(case=delivery.case, rows=delivery.rows, first=delivery.first_row))
        for letter in delivery.letters:
            session.merge(
                MailRecord(
                    message_id=f"{delivery.case}-{letter.key}",
                    case_id=delivery.case,
                    template=letter.template,
                    recipient=letter.to,
                    sent_at=letter.at,
                    status="sent",
                    reason=None,
                    reach="work",
                    daily=None,
                )
            )
    return [row for row in delivery.rows if isinstance(row, TaskRow) and row.state is TaskState.OPEN]
