"""What becomes of completion events, and what it takes to have done an e-learning."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.learning.catalogue import MoveOn
from domain.learning.xapi import (
    EventResult,
    Reading,
    Statement,
    StatementContext,
    Verb,
    e_learning_passed,
    odd_time,
    result_of,
    still_to_come,
)
from domain.learning.xapi_text import NotAStatement, parse_handed_in, parse_object, parse_statement, split_statements
from tests.domain.factories import shipped_learning_policy

LEARNER, SOMEBODY = "P-LEARNER", "P-ELSE"
SQL, ETHICS, OTHER, FINISHED = (
    f"https://lms.example.org/courses/{course}" for course in ("sql", "ethics", "knitting", "excel")
)


def statement_that(
    verb: Verb, *, success: bool | None = None, completion: bool | None = None, **changed: Any
) -> Statement:
    values: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "person": LEARNER,
        "verb": verb,
        "activity": SQL,
        "at": datetime(2026, 9, 7, tzinfo=UTC),
        "success": success,
        "completion": completion,
        "signed_by": "academy",
    }
    return Statement(**(values | changed))


COMPLETED, PASSED, FAILED = statement_that(Verb.COMPLETED), statement_that(Verb.PASSED), statement_that(Verb.FAILED)

statements = st.lists(
    st.builds(
        statement_that,
        st.sampled_from(Verb),
        success=st.sampled_from([None, True, False]),
        completion=st.sampled_from([None, True, False]),
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    ("move_on", "said", "done"),
    [
        (MoveOn.PASSED, [], None),
        (MoveOn.PASSED, [COMPLETED], None),
        (MoveOn.PASSED, [PASSED], True),
        (MoveOn.PASSED, [FAILED], False),
        (MoveOn.PASSED, [FAILED, PASSED], True),
        (MoveOn.COMPLETED, [PASSED], None),
        (MoveOn.COMPLETED, [FAILED], None),
        (MoveOn.COMPLETED, [FAILED, COMPLETED], True),
        (MoveOn.COMPLETED_AND_PASSED, [COMPLETED], None),
        (MoveOn.COMPLETED_AND_PASSED, [PASSED], None),
        (MoveOn.COMPLETED_AND_PASSED, [COMPLETED, FAILED], False),
        (MoveOn.COMPLETED_AND_PASSED, [FAILED, PASSED], None),
        (MoveOn.COMPLETED_AND_PASSED, [FAILED, PASSED, COMPLETED], True),
        (MoveOn.COMPLETED_OR_PASSED, [FAILED], False),
        (MoveOn.COMPLETED_OR_PASSED, [PASSED], True),
        (MoveOn.COMPLETED_OR_PASSED, [FAILED, COMPLETED], True),  # cmi5's own example 05
        (MoveOn.NOT_APPLICABLE, [], True),
        (MoveOn.NOT_APPLICABLE, [FAILED], True),
    ],
)
def test_what_counts_as_done_is_what_cmi5_says(move_on: MoveOn, said: list[Statement], done: bool | None) -> None:
    assert e_learning_passed(move_on, said) is done
    assert (still_to_come(move_on, said) == "") is (done is not None)


def test_whoever_hands_in_what_does_not_end_a_training_hears_what_does() -> None:
    assert still_to_come(MoveOn.PASSED, [COMPLETED]) == "its training ends once it is passed"
    assert still_to_come(MoveOn.COMPLETED_AND_PASSED, [PASSED]) == (
        "its training ends once it is both completed and passed"
    )


def test_a_completion_that_speaks_of_success_passes_or_fails_by_it() -> None:
    assert e_learning_passed(MoveOn.PASSED, [statement_that(Verb.COMPLETED, success=True)]) is True
    assert e_learning_passed(MoveOn.COMPLETED_OR_PASSED, [statement_that(Verb.COMPLETED, success=False)]) is False
    assert e_learning_passed(MoveOn.PASSED, [statement_that(Verb.PASSED, success=False)]) is False
    assert e_learning_passed(MoveOn.COMPLETED, [statement_that(Verb.COMPLETED, completion=False)]) is None


def test_a_wrong_answer_in_a_test_fails_nobody() -> None:
    assert e_learning_passed(MoveOn.PASSED, [statement_that(Verb.OTHER, success=False)]) is None


@given(st.sampled_from(MoveOn), statements, st.randoms())
def test_neither_order_nor_repetition_matters(move_on: MoveOn, said: list[Statement], random: Any) -> None:
    again = [*said, *random.choices(said, k=3)] if said else []
    random.shuffle(again)
    assert e_learning_passed(move_on, again) is e_learning_passed(move_on, said)


@given(st.sampled_from(MoveOn), statements, statements)
def test_what_was_reached_stays_reached(move_on: MoveOn, before: list[Statement], after: list[Statement]) -> None:
    if e_learning_passed(move_on, before):
        assert e_learning_passed(move_on, [*before, *after])


@given(st.sampled_from(MoveOn), statements)
def test_who_failed_can_still_pass(move_on: MoveOn, before: list[Statement]) -> None:
    assert e_learning_passed(move_on, [*before, COMPLETED, PASSED])


BEGAN, NOW = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 8, tzinfo=UTC)


def so_far(*seen: Statement) -> StatementContext:
    """The SQL course is being done, the ethics course is still to come, Excel is done."""
    return StatementContext(
        learner=LEARNER,
        seen={statement.id: statement for statement in seen},
        doing=[SQL],
        known=[SQL, ETHICS],
        done=[FINISHED],
        began=BEGAN,
        now=NOW,
    )


def result(reading: Reading, *seen: Statement, unsigned_count: bool = False) -> EventResult:
    """What becomes of it."""
    rules = shipped_learning_policy().training.model_copy(update={"unsigned_events": unsigned_count})
    at = reading.statement.at if reading.statement else None
    became, sentence = result_of(reading, at, so_far(*seen), rules)
    assert sentence
    return became


def test_a_completion_counts_once() -> None:
    completed = Reading(statement=COMPLETED)
    assert result(completed) is EventResult.COUNTS
    assert result(completed, COMPLETED) is EventResult.REPEATED


@pytest.mark.parametrize(
    "changed",
    [
        {"verb": Verb.PASSED, "success": True},
        {"activity": ETHICS},
        {"success": True},
        {"completion": False},
        {"at": datetime(2026, 9, 7, 0, 0, 1, tzinfo=UTC)},
    ],
)
def test_the_same_id_with_another_body_is_a_conflict(changed: dict[str, Any]) -> None:
    failed = statement_that(Verb.FAILED, success=False)
    altered = failed.model_copy(update=changed)

    assert result(Reading(statement=altered), failed) is EventResult.CONFLICT
    assert result(Reading(statement=failed), altered) is EventResult.CONFLICT


@given(statements, statements)
def test_an_id_never_stands_for_two_statements(before: list[Statement], after: list[Statement]) -> None:
    """What comes under an id that was seen counts for nothing, and is a conflict unless it says the same."""
    for old in before:
        for new in after:
            became = result(Reading(statement=new.model_copy(update={"id": old.id})), old)
            alike = (new.verb, new.success, new.completion) == (old.verb, old.success, old.completion)
            assert became is (EventResult.REPEATED if alike else EventResult.CONFLICT)


def test_what_a_record_store_adds_or_cuts_off_is_the_same_statement() -> None:
    without = COMPLETED.model_copy(update={"at": None, "signed_by": None})
    cut = COMPLETED.model_copy(update={"at": datetime(2026, 9, 7, 0, 0, 0, 999, tzinfo=UTC)})

    assert (
        result(Reading(statement=COMPLETED), without)
        is result(Reading(statement=cut), COMPLETED)
        is EventResult.REPEATED
    )


def test_a_completion_of_a_training_to_come_is_kept_and_one_of_no_training_is_not() -> None:
    assert result(Reading(statement=statement_that(Verb.COMPLETED, activity=ETHICS))) is EventResult.EARLY
    assert result(Reading(statement=statement_that(Verb.COMPLETED, activity=OTHER))) is EventResult.UNRELATED
    assert result(Reading(statement=statement_that(Verb.PASSED, activity=FINISHED))) is EventResult.LATE
    assert result(Reading(statement=statement_that(Verb.OTHER))) is EventResult.UNRELATED


def test_what_cannot_be_believed_never_counts_not_even_as_a_repetition() -> None:
    assert result(Reading(forged="no learning system has signed it")) is EventResult.FORGED
    for person in (SOMEBODY, None):
        elses = statement_that(Verb.PASSED, person=person)
        assert result(Reading(statement=elses), elses) is EventResult.FORGED
    unsigned = Reading(statement=statement_that(Verb.PASSED, signed_by=None))
    assert result(unsigned) is EventResult.FORGED
    assert result(unsigned, unsigned_count=True) is EventResult.COUNTS
    assert result(Reading(unusable="it is no JSON object")) is EventResult.UNUSABLE


@pytest.mark.parametrize(
    ("at", "became", "odd"),
    [
        (
            datetime(2025, 8, 31, 23, 59, tzinfo=UTC),
            EventResult.STALE,
            "before the path began on 2026-09-01T00:00Z",
        ),
        (
            datetime(2025, 9, 1, tzinfo=UTC),
            EventResult.COUNTS,
            "happened on 2025-09-01T00:00Z, before the path began",
        ),
        (datetime(2026, 9, 1, tzinfo=UTC), EventResult.COUNTS, None),
        (datetime(2026, 9, 9, tzinfo=UTC), EventResult.COUNTS, None),
        (
            datetime(2026, 9, 9, 0, 0, 1, tzinfo=UTC),
            EventResult.COUNTS,
            "happens on 2026-09-09T00:00Z, which is still to come",
        ),
        (None, EventResult.COUNTS, None),
    ],
)
def test_when_it_happened_is_looked_at(at: datetime | None, became: EventResult, odd: str | None) -> None:
    assert result(Reading(statement=statement_that(Verb.PASSED, at=at))) is became
    said = odd_time(at, so_far())
    assert odd in said if odd and said else said is odd


def raw(**changed: Any) -> dict[str, Any]:
    """A statement as a learning record store gives it out."""
    values: dict[str, Any] = {
        "id": "33CFF416-e331-4c9d-969e-5373a1756120",
        "actor": {"mbox": "mailto:Ada@Example.org", "name": "Ada", "objectType": "Agent"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en": "passed"}},
        "object": {"id": SQL, "definition": {"name": {"en": "SQL"}}},
        "result": {"success": True, "score": {"scaled": 0.9}},
        "context": {"registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7"},
        "timestamp": "2026-09-07T12:00:00.1234567+02:00",
        "version": "1.0.3",
    }
    return {name: value for name, value in (values | changed).items() if value is not None}


def test_the_part_that_matters_is_read_in_one_way_of_writing_it() -> None:
    said = parse_statement(raw())
    assert said.id == "33cff416-e331-4c9d-969e-5373a1756120"
    assert said.actor.mbox == "mailto:ada@example.org"
    assert said.verb is Verb.PASSED
    assert said.timestamp == datetime(2026, 9, 7, 10, 0, 0, 123456, tzinfo=UTC)
    assert parse_statement(raw(verb={"id": "http://adlnet.gov/expapi/verbs/attempted"})).verb is Verb.OTHER
    assert parse_statement(raw(timestamp="2026-09-07T10:00:00")).timestamp == datetime(2026, 9, 7, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": None}, "id"),
        ({"id": "{33cff416-e331-4c9d-969e-5373a1756120}"}, "id"),
        ({"actor": {"name": "Ada"}}, "actor"),
        ({"actor": {"mbox": "mailto:ada@example.org", "openid": "https://ada.example.org"}}, "actor"),
        ({"actor": {"mbox": "ada@example.org"}}, "actor.mbox"),
        ({"actor": {"account": {"name": "P-ADA"}}}, "actor.account.homePage"),
        ({"verb": "passed"}, "verb"),
        ({"object": {"objectType": "StatementRef", "id": "x:1"}}, "object.objectType"),
        ({"object": {"id": "sql"}}, "object.id"),
        ({"result": {"success": "true"}}, "result.success"),
        ({"timestamp": 1788775200}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
        ({"timestamp": "9999-12-31T23:59:60Z"}, "timestamp"),
        ({"timestamp": "2026-09-07"}, "timestamp"),
        ({"timestamp": "20260907T100000Z"}, "timestamp"),
        ({"timestamp": "2026-W37-1T10:00:00Z"}, "timestamp"),
        ({"timestamp": "2026-250T10:00:00Z"}, "timestamp"),
        ({"timestamp": "2026-09-07 10:00:00Z"}, "timestamp"),
        ({"timestamp": "2026-09-07T10:00Z"}, "timestamp"),
        ({"timestamp": "2026-09-07T10:00:00,5Z"}, "timestamp"),
        ({"timestamp": "2026-09-07T10:00:00+0200"}, "timestamp"),
        ({"timestamp": "2026-09-07T10:00:00+02"}, "timestamp"),
        ({"timestamp": "2026-09-07T10:00:00-00:00"}, "timestamp"),
        ({"timestamp": "2026-09-07T10:00:00+24:00"}, "timestamp"),
        ({"timestamp": "2026-09-07T24:00:00Z"}, "timestamp"),
        ({"timestamp": "2026-09-07T10:00:60Z"}, "timestamp"),
        ({"timestamp": "2026-12-30T23:59:60Z"}, "timestamp"),
        ({"timestamp": "2026-02-30T10:00:00Z"}, "timestamp"),
        ({"timestamp": "２026-09-07T10:00:00Z"}, "timestamp"),
    ],
)
def test_what_does_not_fit_is_named_without_being_repeated(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(NotAStatement) as refused:
        parse_statement(raw(**changed))
    assert str(refused.value).startswith(f"{field}: ")
    assert "ada" not in str(refused.value).lower()


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-09-07t10:00:00z", datetime(2026, 9, 7, 10, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2017-01-01T00:59:60.25+01:00", datetime(2017, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-09-07T10:00:00.123456789012-03:30", datetime(2026, 9, 7, 13, 30, 0, 123_456, tzinfo=UTC)),
        ("2026-09-07T10:00:00.5+00:00", datetime(2026, 9, 7, 10, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_read_as_rfc_3339_has_it(written: str, at: datetime) -> None:
    assert parse_statement(raw(timestamp=written)).timestamp == at


@given(st.datetimes(timezones=st.timezones()), st.sampled_from(["auto", "milliseconds", "seconds"]))
def test_whatever_an_instant_is_written_as_by_rfc_3339_is_read(at: datetime, precision: str) -> None:
    offset = at.utcoffset()
    assume(offset is not None and offset % timedelta(minutes=1) == timedelta(0))
    with suppress(OverflowError):
        rounded = datetime.fromisoformat(at.isoformat(timespec=precision)).astimezone(UTC)
        assert parse_statement(raw(timestamp=at.isoformat(timespec=precision))).timestamp == rounded


def test_several_statements_are_taken_one_by_one() -> None:
    first, second = raw(), raw(id="33cff416-e331-4c9d-969e-5373a1756121")
    array, answer = [first, "a.b.c", 7], {"statements": [first, second], "more": "/xapi/statements?cursor=2"}

    assert [json.loads(text) if text != "a.b.c" else text for text in split_statements(json.dumps(array))] == array
    assert [json.loads(text) for text in split_statements(json.dumps(answer))] == [first, second]
    alone = json.dumps(first)
    assert split_statements(alone) == [alone]
    assert split_statements("a.b.c") == ["a.b.c"]
    signed = json.dumps({"statement": first, "signature": "a.b.c"})
    assert split_statements(signed) == [signed]


@pytest.mark.parametrize("text", ["[]", '{"statements": []}', f"[{','.join(['1'] * 101)}]"])
def test_none_and_too_many_at_once_are_refused(text: str) -> None:
    with pytest.raises(NotAStatement, match=r"no statement in it|101 statements in it; hand in at most 100"):
        split_statements(text)


@given(st.text() | st.recursive(st.just("[]"), lambda inner: inner.map(lambda inside: f'[{inside}, "\\ud800"]')))
def test_no_text_is_too_odd_to_be_taken_apart(text: str) -> None:
    with suppress(NotAStatement):
        assert split_statements(text)


def test_what_a_record_store_may_change_leaves_a_statement_the_same() -> None:
    said = parse_statement(raw(version=None, timestamp="2026-09-07T10:00:00.123999Z"))
    assert said.same_as(
        parse_statement(raw(timestamp="2026-09-07T12:00:00.123+02:00", stored="2026-09-08T00:00:00Z", authority={}))
    )
    assert said.same_as(parse_statement(raw(id=raw()["id"].lower(), timestamp="2026-09-07T10:00:00.1239Z")))
    assert parse_statement(raw(timestamp=None)).same_as(parse_statement(raw()))


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "33cff416-e331-4c9d-969e-5373a1756121"},
        {"actor": {"mbox": "mailto:eve@example.org"}},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}},
        {"object": {"id": ETHICS}},
        {"result": {"success": False}},
        {"result": None},
        {"timestamp": "2027-09-07T10:00:00Z"},
        {"timestamp": None},
    ],
)
def test_any_other_change_makes_it_another_statement(changed: dict[str, Any]) -> None:
    assert not parse_statement(raw()).same_as(parse_statement(raw(**changed)))


@given(st.text() | st.recursive(st.just("[]"), lambda inner: inner.map(lambda inside: f'{{"a": {inside}}}')))
def test_no_text_does_worse_than_being_no_statement(text: str) -> None:
    with suppress(NotAStatement):
        parse_statement(parse_handed_in(text).statement or {})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "too deeply"),
        ('{"a":' * 30_000, "too deeply"),
        ('{"id": "1", "id": "2"}', "twice"),
        ('{"result": {"success": false, "success": true}}', "twice"),
        ('{"result": NaN}', "no JSON"),
        ('{"result": -Infinity}', "no JSON"),
        ("9" * 5_000, "neither JSON"),
        ("[]", "no JSON object"),
        ("", "neither JSON"),
        ('{"signature": "a.b.c"}', "there must be a statement"),
        ('{"signature": "a.b.c", "statement": {}, "more": 1}', "nothing else"),
        ('{"signature": {}, "statement": {}}', "compact form"),
    ],
)
def test_hostile_json_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotAStatement, match=why):
        parse_handed_in(text)


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(NotAStatement, match=r"object\.id"):
        parse_statement(parse_object('{"object": {"id": "https://x.example.org/\\ud800"}, "\\ud800": 1}'))
