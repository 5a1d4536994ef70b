"""Forms that are sent twice: one of those who send the same does what it asks, on either database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from records.database import Database
from records.tables.sent_forms import SentFormRecord
from service.core.errors import Unknown
from service.core.sent_forms import KEPT, claim, give_up, settle, tell, told

WITHIN = timedelta(seconds=60)
SOMEBODY, ANOTHER = "P-SOMEBODY", "P-ANOTHER"


def age(database: Database, key: str, by: timedelta) -> None:
    """Let a form have been sent so long ago."""
    with database.session() as session:
        session.get_one(SentFormRecord, key).at = datetime.now(UTC) - by


def test_of_all_who_send_the_same_at_once_one_does_it(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        claims = list(threads.map(lambda _: claim(database, "same", SOMEBODY, WITHIN), range(16)))
    assert [found.free for found in claims].count(True) == 1
    # and once it is done, the others are led to where it led
    settle(database, "same", "/cases/R-1")
    assert claim(database, "same", SOMEBODY, WITHIN).led_to == "/cases/R-1"
    assert claim(database, "another", SOMEBODY, WITHIN).free


def test_what_was_given_up_or_broke_off_may_be_done_by_the_next(database: Database) -> None:
    assert claim(database, "refused", SOMEBODY, WITHIN).free
    give_up(database, "refused")
    assert claim(database, "refused", SOMEBODY, WITHIN).free
    # whoever has died with a claim has it no more, once its time is over; and the next one has it alone
    age(database, "refused", WITHIN)
    assert claim(database, "refused", SOMEBODY, WITHIN).free
    assert not claim(database, "refused", SOMEBODY, WITHIN).free


def test_what_came_of_it_is_told_to_its_sender_for_a_day(database: Database) -> None:
    claim(database, "key", SOMEBODY, WITHIN)
    with pytest.raises(Unknown):
        told(database, "key", SOMEBODY)
    tell(database, "key", {"notes": ["it begins later"]})
    settle(database, "key", "/start/started/key")
    assert told(database, "key", SOMEBODY) == {"notes": ["it begins later"]}
    with pytest.raises(Unknown):
        told(database, "key", ANOTHER)
    age(database, "key", KEPT)
    claim(database, "of another", ANOTHER, WITHIN)
    with pytest.raises(Unknown):
        told(database, "key", SOMEBODY)
