"""Given a worker that is killed between two steps of a delivery, when it is tried again, then nothing is lost.

What went out and was not noted goes out once more, under the same Message-ID; nothing else does.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from engine.settings import ROOT
from records.database import Database
from records.tables.base import Base
from records.tables.core import CaseRecord, StageRecord
from records.tables.dispatch import MailRecord
from tests.activities.core.killed_delivery import deliver
from tests.activities.core.mailroom import AMARA, BO, CHEN, Mailroom
from tests.office import person

PEOPLE = (AMARA, BO, CHEN)


@pytest.mark.parametrize(
    ("step", "twice"),
    [
        ("begun", 0),
        ("rows written", 0),
        ("looked up", 0),
        ("mail 1", 1),
        ("mail 2", 2),
        ("mail 3", 3),
        ("noted", 0),
    ],
)
def test_whatever_the_step_nothing_is_lost_and_only_what_was_not_noted_goes_out_again(
    tmp_path: Path, mail_server: Controller, mailroom: Mailroom, step: str, twice: int
) -> None:
    records, smtp = f"sqlite:///{tmp_path / 'waymark.db'}", f"smtp://127.0.0.1:{mail_server.port}"
    database = Database(records)
    Base.metadata.create_all(database.engine)
    with database.session() as session:
        session.add_all(person(person_id) for person_id in PEOPLE)

    killed = subprocess.run(
        [sys.executable, "-m", "tests.activities.core.killed_delivery", step, records, smtp], cwd=ROOT, check=False
    )
    again = deliver(records, smtp)
    once_more = deliver(records, smtp)

    assert killed.returncode == -signal.SIGKILL
    arrived = Counter(mail["To"].addresses[0].addr_spec for mail in mailroom.mails)
    assert [arrived[f"{person_id.lower()}@example.org"] for person_id in PEOPLE] == [2] * twice + [1] * (3 - twice)
    assert len({mail["Message-ID"] for mail in mailroom.mails}) == 3
    assert again.done == once_more.done == ["1-paused", "2-paused", "3-paused"]
    with database.reading() as session:
        counts = [
            session.scalar(select(func.count()).select_from(table)) for table in (MailRecord, CaseRecord, StageRecord)
        ]
    assert counts == [3, 1, 1]
    database.close()
