"""What the policies of a start stand for on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from domain.core.policy_rules import CasePolicy
from records.database import Database
from records.queries.core.policies import check_content, enter_content
from service.core.starting import Started


@contextmanager
def on_record(database: Database, *policies: CasePolicy | None) -> Iterator[list[CasePolicy]]:
    """Around a start with these policies: refused where they say otherwise than on record, put there once it is done.

    Raises ``OtherContent``. A start that is refused leaves nothing of them, and a case that ran already with another
    policy nothing of that one: see :func:`started_with`.
    """
    given = [one for one in policies if one is not None]
    with database.reading() as session:
        for one in given:
            check_content(session, one)
    yield given
    with database.session() as session:
        for one in given:
            enter_content(session, one, datetime.now(UTC))


def started_with(given: list[CasePolicy], started: Started) -> Started:
    """Of the policies given, only those go on record that the case runs with: it may have been there before."""
    given[:] = [one for one in given if one.label in started.policies]
    return started
