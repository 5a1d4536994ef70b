"""The id and version of a policy stand for one content on record."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.placement.policy import Policy
from records.database import Database
from records.queries.core.policies import OtherContent, check_content, enter_content
from records.tables.dispatch import PolicyRecord
from tests.domain.factories import shipped_policy

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def other() -> Policy:
    """The shipped policy with two values of its own, under the same id and version."""
    changed = shipped_policy().model_dump(mode="json")
    changed["mentoring"]["max_mentees"] = 5
    changed["length"]["min_weeks"] = 9
    return Policy.model_validate(changed)


def test_another_content_under_an_id_and_version_on_record_is_refused_and_named(database: Database) -> None:
    with database.session() as session:
        enter_content(session, shipped_policy(), NOW)
        enter_content(session, shipped_policy(), NOW)  # the same once more changes nothing
        with pytest.raises(OtherContent, match=r"2027-01-04.* in length\.min_weeks, mentoring\.max_mentees; give this"):
            check_content(session, other())
        with pytest.raises(OtherContent):
            enter_content(session, other(), NOW)
        check_content(session, other().model_copy(update={"version": 2}))


def test_what_a_policy_has_by_default_since_it_was_put_on_record_is_no_other_content(database: Database) -> None:
    with database.session() as session:
        enter_content(session, shipped_policy(), NOW)
        known = session.get_one(PolicyRecord, shipped_policy().label)
        shipped = shipped_policy()
        by_default = [key for key, field in Policy.model_fields.items() if getattr(shipped, key) == field.default]
        known.content = {key: value for key, value in known.content.items() if key not in by_default}
        check_content(session, shipped_policy())


def test_a_content_that_this_code_can_not_read_any_more_gives_way(database: Database) -> None:
    with database.session() as session:
        session.add(PolicyRecord(label=other().label, programme="returnship", content={"id": "x"}, at=NOW))
        enter_content(session, other(), NOW)
        with pytest.raises(OtherContent):
            check_content(session, shipped_policy())
