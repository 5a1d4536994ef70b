"""The journey of a case as data: what has happened, what is planned, and what its reader may not see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from domain.placement.mentorship import MENTORED, MentorshipState
from domain.placement.programme_days import Leave
from languages.speech import Speech
from presentation.journey.away import waiting
from presentation.journey.common import Material, Shown
from presentation.journey.model import How, Journey, Mark, Row, Stretch
from presentation.journey.picture import drawn
from presentation.journey.placement import placement_journey
from records.tables.core import CaseRecord
from records.tables.placement import MentorshipRecord, MissedSessionRecord
from tests.presentation.journey import journeys
from tests.presentation.journey.journeys import STARTS, noon, placement


def row(journey: Journey, key: str) -> Row:
    """A row by its key."""
    return next(row for row in journey.rows if row.key == key)


def stretch(journey: Journey, key: str, label: str) -> Stretch:
    """A stretch of a row by its label."""
    return next(stretch for stretch in row(journey, key).stretches if stretch.label == label)


def mark(journey: Journey, key: str, label: str) -> Mark:
    """A mark of a row by its label."""
    return next(mark for mark in row(journey, key).marks if mark.label == label)


def test_stages_follow_each_other_and_those_to_come_are_planned() -> None:
    journey = placement_journey(journeys.in_the_middle())

    stages = row(journey, "stages").stretches
    assert [stage.label for stage in stages] == ["Intake", "Matching", "Pre-boarding", "Placement", "Decision"]
    assert [stage.how for stage in stages] == [How.DONE, How.DONE, How.DONE, How.UNDER_WAY, How.PLANNED]
    assert all(earlier.until == later.since for earlier, later in pairwise(stages))


def test_before_there_is_a_calendar_the_first_and_last_day_are_drawn_as_far_as_they_are_known() -> None:
    stages = {"intake": STARTS - timedelta(days=38), "matching": STARTS - timedelta(days=36)}
    material = placement(STARTS - timedelta(days=35), stages=stages, view={"plan": None})
    material.records.case.ends_on = None

    journey = placement_journey(material)
    to_come = stretch(journey, "stages", "Placement")
    assert (to_come.since.date(), to_come.until - to_come.since) == (STARTS, timedelta(weeks=16))
    assert stretch(journey, "work", "At work").how is How.PLANNED
    assert journey.last == to_come.until
    # and where the case can't be asked, as far as the records know it
    alone = placement_journey(replace(material, view={}))
    assert alone.last.date() == STARTS


def test_a_leave_moves_the_end_and_the_first_plan_stays_to_be_seen() -> None:
    # given a leave of two weeks
    journey = placement_journey(journeys.in_the_middle())
    # then it ends two weeks later than was planned at first
    moved = stretch(journey, "work", "Week 9 of 16").until - stretch(journey, "work", "As planned at first").until
    assert abs(moved - timedelta(days=14)) < timedelta(days=1)
    (away,) = journey.absences
    assert (away.until - away.since, away.how) == (timedelta(days=14), How.DONE)
    # and without one there is nothing to compare
    smooth = placement_journey(placement(STARTS + timedelta(days=30)))
    assert [at_work.label for at_work in row(smooth, "work").stretches] == ["At work"]


def test_a_leave_that_lasts_goes_on_up_to_today_and_says_nothing_of_why() -> None:
    today = date(2027, 2, 12)
    journey = placement_journey(placement(today, leaves=[Leave(first=date(2027, 2, 8))]))

    (away,) = journey.absences
    assert (away.label, away.until, away.how) == ("Away", noon(today), How.UNDER_WAY)
    said = str(drawn(journey, Speech()))
    assert not any(kind in said for kind in ("parental", "sick", "carer"))


@pytest.mark.parametrize(
    ("planned", "until"),
    [
        (date(2027, 3, 1), date(2027, 3, 1)),
        (date(2027, 2, 10), None),  # they were to be back, and are not
        (date(2199, 1, 1), None),
    ],
)
def test_a_leave_whose_end_was_said_goes_on_up_to_that_day(planned: date, until: date | None) -> None:
    today = date(2027, 2, 12)
    known = placement(today, leaves=[Leave(first=date(2027, 2, 8))], planned_back=planned)
    journey = placement_journey(known)

    (away,) = row(journey, "away").stretches
    assert away.how is How.UNDER_WAY
    assert away.until == known.begins(until) if until else known.now <= away.until <= known.now + timedelta(days=400)
    (entry,) = [entry for entry in drawn(journey, Speech()).table if entry.row == "Away"]
    assert entry.note == f"back on {Speech().day(planned)}, as planned"


@pytest.mark.parametrize(
    ("planned", "days", "said"),
    [
        (date(2027, 3, 1), 21, "as if they were back on Monday 1 March 2027"),
        (date(2027, 2, 10), 4, "as if they were back today"),  # they were to be back, and are not
        (None, 4, "as if they were back today"),
    ],
)
def test_what_a_leave_keeps_waiting_is_drawn_later_by_as_much_as_it_lasts(
    planned: date | None, days: int, said: str
) -> None:
    # given a leave that began on Monday, four days ago
    today = date(2027, 2, 12)
    smooth = placement_journey(placement(today))
    journey = placement_journey(placement(today, leaves=[Leave(first=date(2027, 2, 8))], planned_back=planned))

    # then reviews that were to come after its first day come later, and the one before does not
    before, moved = (row(each, "reviews").marks for each in (smooth, journey))
    late = [new.at - old.at for old, new in zip(before, moved, strict=True)]
    assert late == [timedelta(0) if old.at.date() < date(2027, 2, 8) else timedelta(days=days) for old in before]
    assert {timedelta(0), timedelta(days=days)} == set(late)
    # and so does the last day
    ends = [next(at_work.until for at_work in row(each, "work").stretches) for each in (smooth, journey)]
    assert ends[1] - ends[0] == timedelta(days=days)
    # and the page says what is supposed
    assert said in drawn(journey, Speech()).supposes
    assert not drawn(smooth, Speech()).supposes


def test_a_leave_before_the_first_day_keeps_that_waiting_too() -> None:
    today = STARTS - timedelta(days=10)
    leaves, back = [Leave(first=today - timedelta(days=3))], STARTS + timedelta(days=20)
    journey = placement_journey(placement(today, leaves=leaves, planned_back=back))

    (at_work,) = [entry for entry in row(journey, "work").stretches if entry.label == "At work"]
    assert at_work.since.date() == STARTS + timedelta(days=(back - leaves[0].first).days)


def test_a_leave_over_which_clocks_are_put_forward_lasts_as_many_days_as_the_calendar_says() -> None:
    leaves = [Leave(first=date(2027, 3, 22))]
    material = placement(date(2027, 3, 24), leaves=leaves, planned_back=date(2027, 4, 5))
    material.records.case.time_zone = "Europe/Berlin"

    review = noon(date(2027, 4, 12))
    assert waiting(material)(review) - review == timedelta(days=14)


def test_reviews_are_done_planned_or_were_missed() -> None:
    journey = placement_journey(journeys.in_the_middle())

    reviews = {review.label: review.how for review in row(journey, "reviews").marks}
    assert reviews == {
        "Goals": How.DONE,
        "Week 4: 3.80": How.DONE,
        "Week 8": How.NOT_DONE,
        "Week 12": How.PLANNED,
        "Final": How.PLANNED,
    }


def test_who_may_not_see_scores_decisions_or_learning_sees_none() -> None:
    whole = journeys.employed()
    hidden = replace(whole, shown=Shown(learning=False, decisions=False, scores=False))

    seen = str(drawn(placement_journey(whole), Speech()))
    not_seen = str(drawn(placement_journey(hidden), Speech()))
    for said in ("3.85", "Confirmed", "Employed", "Offer"):
        assert said in seen
    assert "3.85" not in not_seen
    assert "Confirmed" not in not_seen
    assert "Employed" not in not_seen


def test_who_was_asked_and_is_not_the_mentor_is_for_those_who_may_see_it() -> None:
    whole = journeys.in_the_middle()
    asked = [
        {"n": n, "mentor": f"P-{state}", "state": state, "since": whole.now.isoformat()}
        for n, state in enumerate(MentorshipState)
        if state not in MENTORED
    ]
    more = replace(whole, view={**whole.view, "mentorships": [*whole.view["mentorships"], *asked]})

    all_of_it = str(row(placement_journey(more), "mentoring").entries)
    rest = str(row(placement_journey(replace(more, shown=Shown(mentors_asked=False))), "mentoring").entries)
    for mentor in ("P-SECOND", "P-asked", "P-refused", "P-expired", "P-no_place", "P-called_off"):
        name = more.records.name(mentor)
        assert name in all_of_it
        assert name not in rest
    held = [more.records.name(mentor) for mentor in ("P-4CY9GS", "P-MNTR02")]
    assert all(name in rest for name in held)


def test_the_same_holds_where_the_records_alone_tell_who_was_asked() -> None:
    whole = journeys.in_the_middle()
    mentorships = [
        MentorshipRecord(case_id=journeys.CASE, n=n, at=whole.now, mentor=f"P-{state}", state=state.value)
        for n, state in enumerate(MentorshipState)
    ]
    alone = replace(whole, records=replace(whole.records, mentorships=mentorships), view={})

    all_of_it = row(placement_journey(alone), "mentoring")
    rest = row(placement_journey(replace(alone, shown=Shown(mentors_asked=False))), "mentoring")
    assert {stretch.label for stretch in all_of_it.stretches} == {f"P-{state}" for state in MENTORED}
    assert len(all_of_it.marks) == len(MentorshipState) - len(MENTORED)
    assert not rest.marks
    assert rest.stretches == all_of_it.stretches


def test_the_year_after_is_drawn_narrower_and_what_is_to_come_is_planned() -> None:
    journey = placement_journey(journeys.employed())

    assert journey.knee is not None
    assert mark(journey, "decision", "180 days").how is How.DONE
    assert mark(journey, "decision", "365 days").how is How.PLANNED
    assert mark(journey, "decision", "Confirmed").how is How.DONE


def test_without_the_case_itself_the_records_tell_what_has_happened() -> None:
    known = journeys.employed()
    alone = Material(known.records, {}, known.now, known.speech)

    journey = placement_journey(alone)
    assert [stage.label for stage in row(journey, "stages").stretches][-1] == "Follow-up"
    assert mark(journey, "decision", "Confirmed").how is How.DONE
    assert drawn(journey, Speech()).table


def test_the_records_alone_tell_what_was_planned_at_first_and_which_sessions_never_took_place() -> None:
    # given a case with a leave, whose fourth session was called off, as it and the records tell of it
    known = journeys.in_the_middle()
    missed = known.view["sessions"][3]
    starts = datetime.fromisoformat(missed["starts"])
    missed["state"] = "called_off"
    record = MissedSessionRecord(case_id=journeys.CASE, n=missed["n"], at=starts, starts=starts)
    whole = replace(known, records=replace(known.records, missed_sessions=[record]))
    # when it can't be asked
    asked, alone = (placement_journey(material) for material in (whole, replace(whole, view={})))
    # then both are in the journey all the same
    assert stretch(alone, "work", "As planned at first") == stretch(asked, "work", "As planned at first")
    (never,) = [each for each in row(alone, "mentoring").marks if each.note == "mentoring session 4"]
    assert never in row(asked, "mentoring").marks
    assert (never.at, never.how) == (starts, How.NOT_DONE)


def test_who_left_early_was_at_work_up_to_that_day_by_the_records_alone_too() -> None:
    left = date(2027, 2, 19)
    material = placement(left + timedelta(days=10))
    assert isinstance(material.records.case, CaseRecord)
    material.records.case.left_on = left
    for known in (material, replace(material, view={})):
        journey = placement_journey(known)
        assert stretch(journey, "work", "At work").until.date() == left + timedelta(days=1)
        assert stretch(journey, "work", "As planned at first").until.date() == STARTS + timedelta(weeks=16)


def test_a_placement_that_has_just_begun_can_be_drawn() -> None:
    today = STARTS - timedelta(days=38)
    begun: dict[str, Any] = {"plan": None}
    material = placement(today, view=begun)
    material.records.case.starts_on = None
    material.records.case.ends_on = None

    made = drawn(placement_journey(material), Speech())
    assert [entry.what for entry in made.table] == ["Intake"]


def test_it_is_said_in_the_language_of_its_reader() -> None:
    german = replace(journeys.in_the_middle(), speech=Speech("de"))

    said = str(drawn(placement_journey(german), Speech("de")).wide)
    for english in ("Today", "Stages", "Goals", "Placement", "Decision"):
        assert f">{english}<" not in said
