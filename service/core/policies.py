"""What the policies of a start stand for on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from domain.core.policy_rules import CasePolicy
from engine.settings import ROOT
from records.database import Database
from records.queries.core.policies import (
    OtherContent,
    check_content,
    content_on_record,
    differences,
    enter_content,
    known_titles,
)
from service.core.started import Started

DEFAULT_POLICY = ROOT / "policies" / "returnship-16-weeks.yaml"
DEFAULT_LEARNING_POLICY = ROOT / "policies" / "upskilling-path.yaml"
"""The policies that come with Waymark: of placements, and of upskilling paths."""


def check_against(policy: CasePolicy, others: Iterable[tuple[str, CasePolicy]]) -> None:
    """Refuse a policy whose id and version stand for another content in another file: a decision names no more.

    ``others`` are the policies there are, each with the name of its file. Raises ``OtherContent``.
    """
    for name, other in others:
        if other.label == policy.label and (found := differences(policy, other)):
            raise OtherContent(
                f"{policy.label} is {name} already, which says otherwise in {found}; give this one another version"
            )


def check_on_record(database: Database, *policies: CasePolicy) -> None:
    """Refuse policies whose id and version cases were started with that say otherwise. Raises ``OtherContent``."""
    with database.reading() as session:
        for policy in policies:
            check_content(session, policy)


def known_policies(database: Database, programme: str) -> dict[str, str]:
    """The titles of a programme's policies that cases were started with, by id and version, the newest first."""
    with database.reading() as session:
        return known_titles(session, programme)


def known_policy(database: Database, label: str) -> CasePolicy | None:
    """The policy that cases were started with under this id and version, if there is one that can still be used."""
    with database.reading() as session:
        return content_on_record(session, label)


@contextmanager
def on_record(database: Database, *policies: CasePolicy | None) -> Iterator[list[CasePolicy]]:
    """Around a start with these policies: refused where they say otherwise than on record, put there once it is done.

    Raises ``OtherContent``. A start that is refused leaves nothing of them, and a case that ran already with another
    policy nothing of that one: see :func:`started_with`.
    """
    given = [policy for policy in policies if policy is not None]
    check_on_record(database, *given)
    yield given
    with database.session() as session:
        for policy in given:
            enter_content(session, policy, datetime.now(UTC))


def started_with(given: list[CasePolicy], started: Started) -> Started:
    """Of the policies given, only those go on record that the case runs with: it may have been there before."""
    given[:] = [policy for policy in given if policy.label in started.policies]
    return started
