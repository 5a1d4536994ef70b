"""The figures of a rehearsal, on numbers that can be counted by hand."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.speech import Speech
from records.reporting.models import Cost
from rehearsal.charts import charts
from rehearsal.figures import Lateness, Machine, PersonLoad, Rehearsed, RoleWeek, Run, Unmatched
from rehearsal.inputs import brought_nearer_by, names_of
from rehearsal.measuring import most_at_once, week_at, week_of
from rehearsal.pacing import ENOUGH_ANSWERS, hopeless, pace, slower
from rehearsal.page import page
from rehearsal.run import warnings
from rehearsal.sections import headline, sections

FIRST = date(2027, 3, 1)


@given(st.integers(-60, 200))
def test_there_is_no_week_nought(days: int) -> None:
    week = week_of(FIRST + timedelta(days=days), FIRST)
    assert week != 0
    assert week_of(FIRST + timedelta(days=days + 7), FIRST) == (1 if week == -1 else week + 1)


@pytest.mark.parametrize(("days", "week"), [(0, 1), (6, 1), (7, 2), (-1, -1), (-7, -1), (-8, -2)])
def test_weeks_are_counted_from_the_first_day(days: int, week: int) -> None:
    assert week_of(FIRST + timedelta(days=days), FIRST) == week


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Europe/London", "America/Los_Angeles"])
def test_a_week_begins_and_ends_where_the_case_is_at_home(zone: str) -> None:
    monday = datetime.combine(FIRST, time(0), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    minute = timedelta(minutes=1)

    weeks = [week_at(at, zone, FIRST) for at in (monday - minute, monday, monday + timedelta(weeks=1) - minute)]

    assert weeks == [-1, 1, 1]


def test_tasks_that_touch_are_not_open_at_the_same_time() -> None:
    def at(hour: int) -> datetime:
        return datetime(2027, 3, 1, hour, tzinfo=UTC)

    spans = [(at(8), at(10)), (at(10), at(12)), (at(9), at(11)), (at(11), None)]
    assert most_at_once(spans) == (2, at(9))
    assert most_at_once([]) == (0, None)


def test_a_difference_is_taken_between_the_same_people() -> None:
    made = _rehearsed([_run(1, "a@1", 10), _run(2, "a@1", 12)], [_run(1, "b@1", 13), _run(2, "b@1", 13)])
    converted = next(difference for difference in made.differences() if difference.name == "converted")
    assert converted.first is not None
    assert converted.second is not None
    assert (converted.first.mean, converted.second.mean) == (11, 13)
    assert (converted.more, converted.least, converted.most) == (2, 1, 3)


def test_who_is_overloaded_is_shown_with_the_week_and_the_hours() -> None:
    made = _rehearsed([_run(1, "a@1", 10)], [])
    text = page(made)
    assert "The busiest is P-BUSY, with 7.5 hours in one week." in headline(made, Speech())
    assert [row for section in sections(made, Speech()) if section.key == "people" for row in section.rows] == [
        ("P-BUSY", "manager", "4", "2", "7.5", "2", "9 (week 2)"),
        ("P-CALM", "mentor", "2", "1", "2.0", "-", "1 (week 1)"),
    ]
    assert text.count("<svg") == 2
    assert "<inputs" not in text
    assert "http" not in text.replace("http://www.w3.org/", "")


def test_a_week_before_the_first_day_is_said_in_words() -> None:
    early = PersonLoad(person="P-EARLY", parts=["it"], cases=2, hours={-1: 7.5, 1: 6.5}, most_open=3, week=-2)
    run = _run(1, "a@1", 10).model_copy(update={"people": [early]})
    people = next(section for section in sections(_rehearsed([run], []), Speech()) if section.key == "people")
    assert people.rows == (("P-EARLY", "IT", "2", "1 week before", "7.5", "1 week before, 1", "3 (2 weeks before)"),)


def test_whoever_knows_the_people_reads_their_names() -> None:
    made = _rehearsed([_run(1, "a@1", 10)], [_run(1, "b@1", 10)])
    known = made.with_names({"P-BUSY": "Ada Lee"})
    assert made.people() >= {"P-BUSY", "P-CALM"}
    assert "The busiest is Ada Lee (P-BUSY), with 7.5 hours" in headline(known, Speech())
    told = [row[0] for section in sections(known, Speech()) if section.key.startswith("people") for row in section.rows]
    assert told == ["Ada Lee (P-BUSY)", "P-CALM"] * 2


def test_whoever_knows_the_people_reads_by_name_why_somebody_found_no_mentor() -> None:
    # given somebody who asked in vain, and two who would have suited
    why = (
        "asked in vain: P-BUSY, P-CALM; each of the 2 mentors who suit has no place left: would have suited P-BUSY "
        "(0.78), who has 3 of 3 places taken; P-CALM (0.42), who has 3 of 3 places taken"
    )
    run = _run(1, "a@1", 10).model_copy(update={"unmatched": [Unmatched(returner="P-ALONE", why=why)]})
    made = _rehearsed([run], [])
    assert made.people() >= {"P-ALONE", "P-BUSY", "P-CALM"}
    known = made.with_names({"P-BUSY": "Ada Lee", "P-CALM": "Ida Noor"})
    # then the page says it in the reader's language, all of it, with their names
    (section,) = [section for section in sections(known, Speech("de")) if section.key == "unmatched"]
    assert section.rows[0][1] == (
        "vergeblich gefragt: Ada Lee, Ida Noor; alle 2, die für das Mentoring gepasst hätten, haben keinen Platz mehr; "
        "am besten gepasst hätten: Ada Lee (0,78), 3 von 3 Plätzen vergeben; Ida Noor (0,42), 3 von 3 Plätzen vergeben"
    )
    # and the figures for scripts have ids
    assert "Ada Lee" not in made.model_dump_json()


@pytest.mark.parametrize(("ahead", "nearer"), [(20, 0), (35, 0), (36, 7), (42, 7), (43, 14), (70, 35)])
def test_a_first_day_is_brought_nearer_only_where_it_is_more_than_five_weeks_ahead(ahead: int, nearer: int) -> None:
    assert brought_nearer_by(FIRST + timedelta(days=ahead), FIRST) == nearer


def test_a_page_of_two_policies_names_each_part_once() -> None:
    text = page(_rehearsed([_run(1, "a@1", 10)], [_run(1, "b@1", 13)]))
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    referred = {*re.findall(r'href="#([^"]+)"', text), *re.findall(r"url\(#([^)]+)\)", text)}
    assert referred
    assert referred <= set(ids)
    # and each chart stands once, under its own policy
    assert text.count("<svg") == 5
    parts = dict(re.findall(r'<section id="([^"]+)">(.*?)</section>', text, re.DOTALL))
    assert {name for name, part in parts.items() if "<svg" in part} == {
        "figures",
        "people",
        "roles",
        "people-against",
        "roles-against",
    }


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The other policy: "), ("de", "Die andere Richtlinie: "), ("fr", "L'autre politique : "),
     ("es", "La otra política: ")],
)  # fmt: skip
def test_what_is_about_the_other_policy_says_so_and_each_heading_begins_with_a_capital(
    language: str, said: str
) -> None:
    made, speech = _rehearsed([_run(1, "a@1", 10)], [_run(1, "b@1", 13)]), Speech(language)
    titles = {section.key: section.title for section in sections(made, speech)}
    titles |= {f"chart {key}": chart.caption for key, drawn in charts(made, speech).items() for chart in drawn}
    for key, title in titles.items():
        assert title.lstrip("¿")[0].isupper(), title
        assert title.startswith(said) is key.endswith("-against")


def test_a_machine_that_did_not_keep_up_says_so() -> None:
    assert _machine(off=0.1).kept_up
    assert not _machine(off=0.11).kept_up


def test_figures_that_a_slow_machine_has_spoilt_bear_a_warning_on_top_of_the_page() -> None:
    slow = _run(1, "a@1", 10).model_copy(update={"machine": _machine(off=0.4)})
    fine = _run(2, "a@1", 10)
    (warning,) = warnings([slow, fine])
    text = page(_rehearsed([slow, fine], []).model_copy(update={"warnings": [warning]}))
    assert "too slow for 0.25 seconds a day (a@1, seed 1)" in warning
    assert text.index(warning.partition("'")[0]) < text.index("people who take part: 20; converted: 10")


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        (("a", "1", "one.yaml"), ("b", "1", "two.yaml"), ["a@1", "b@1"]),
        (("a", "1", "one.yaml"), ("a", "1", "two.yaml"), ["a@1 (one.yaml)", "a@1 (two.yaml)"]),
        (("a", "1", "x/p.yaml"), ("a", "1", "y/p.yaml"), ["a@1 (x/p.yaml)", "a@1 (y/p.yaml)"]),
    ],
)
def test_two_policies_are_told_apart(
    first: tuple[str, str, str], second: tuple[str, str, str], names: list[str]
) -> None:
    labels = {Path(file): f"{policy}@{version}" for policy, version, file in (first, second)}
    assert list(names_of(labels).values()) == names


def test_an_early_look_gives_a_hopeless_pace_up_and_the_next_one_is_slower() -> None:
    assert not hopeless([9.0] * (ENOUGH_ANSWERS - 1))
    assert hopeless([9.0] * ENOUGH_ANSWERS)
    assert not hopeless([0.05] * 1000)
    paces = [pace(20)]
    while (longer := slower(paces[-1])) is not None:
        paces.append(longer)
    assert paces == sorted(set(paces))
    assert len(paces) > 2


def _rehearsed(runs: list[Run], against: list[Run]) -> Rehearsed:
    return Rehearsed(
        file="cohort.csv", starts_on=FIRST, moved_days=0, left_out=[], left_out_against=[], runs=runs, against=against,
        notes=[], seconds=1.0,
    )  # fmt: skip


def _run(seed: int, policy: str, converted: int) -> Run:
    busy = PersonLoad(person="P-BUSY", parts=["manager"], cases=4, hours={1: 3.0, 2: 7.5}, most_open=9, week=2)
    calm = PersonLoad(person="P-CALM", parts=["mentor"], cases=2, hours={1: 2.0}, most_open=1, week=1)
    return Run(
        seed=seed,
        policy=policy,
        participants=20,
        outcomes={"converted": converted, "withdrawn": 20 - converted},
        unfinished={},
        unmatched=[],
        befell={},
        roles=[RoleWeek(role="manager", week=1, tasks=4, reminders=1, escalations=0, hours=3.0)],
        people=[busy, calm],
        overload_hours=6,
        late=[Lateness(kind="approval", decision=True, answered=4, late=1, mean_days=2.0, most_days=2.0)],
        stages=[],
        costs=[Cost(currency="GBP", stipends=Decimal(10), training=Decimal(0), total=Decimal(10))],
        unplayed={},
        machine=_machine(off=0.0),
    )


def _machine(off: float) -> Machine:
    return Machine(
        seconds=40, seconds_per_day=0.25, answered=600, answers_off_mean=off, answers_off_most=1, reviews_late_mean=0.5
    )
