"""What a path is started with: outside a placement the learner works what the records say of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.core.working_pattern import WorkingTime, WorkingWeek, read_patterns
from domain.learning.part_time import days_of
from domain.learning.state import PathState
from records.database import Database
from records.imports.learning.report import ProfilesReport
from records.imports.learning.storing import store_profiles
from service.learning.learners import look_up
from service.learning.planning import from_now
from service.learning.starting import WantedPath, inside_placement, path_start
from tests.domain.factories import shipped_learning_policy
from tests.office import HR, ROLE, people, person, role_record
from tests.school import LEARNER, PROFILE
from tests.workflows.case.stand_ins import MENTORS

POLICY = shipped_learning_policy()
WANTED = WantedPath(learner=LEARNER, role=ROLE.id)
MONDAY = date(2027, 1, 4)


def test_a_path_outside_a_placement_goes_by_the_learners_own_pattern_and_one_inside_by_the_placements(
    database: Database,
) -> None:
    # Given somebody who works half of the week by the records
    with database.session() as session:
        session.add_all(people(MENTORS))
        learner = person(LEARNER)
        learner.working_pattern = ["mon-tue 8, wed 4"]
        session.add(learner)
        session.flush()
        session.add(role_record(ROLE))
        store_profiles(session, ProfilesReport(entries=1, profiles=[PROFILE]))

    # Then a path of theirs has half of the hours a week, as has the plan that is shown beforehand
    alone = path_start(database, WANTED, POLICY, HR)
    state = PathState.begin(alone, from_now(look_up(database, LEARNER, PROFILE.id, POLICY), POLICY).begins)
    assert alone.patterns == read_patterns("mon-tue 8, wed 4")
    assert (alone.hours_per_week, state.hours_a_week(MONDAY)) == (POLICY.plan.hours_per_week, 4)
    assert from_now(look_up(database, LEARNER, PROFILE.id, POLICY), POLICY).hours_per_week == 4

    # And inside a placement it is what was agreed for that
    inside = inside_placement(database, WANTED, POLICY, HR, days_of(MONDAY, 4), WorkingTime(read_patterns("25%")))
    assert (inside.patterns, inside.hours) == ([], POLICY.pathway.placement_hours_per_week)


def test_what_part_of_full_time_somebody_works_goes_by_the_working_week_of_the_policy(database: Database) -> None:
    # Given full time of 30 hours, and somebody who works 15 of them
    week = WorkingWeek(**dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), Decimal(6)))
    policy = POLICY.model_copy(update={"working_week": week})
    with database.session() as session:
        session.add_all(people(MENTORS))
        learner = person(LEARNER)
        learner.working_pattern = ["mon-tue 6, wed 3"]
        session.add(learner)
        session.flush()
        session.add(role_record(ROLE))
        store_profiles(session, ProfilesReport(entries=1, profiles=[PROFILE]))

    alone = path_start(database, WANTED, policy, HR)

    when = from_now(look_up(database, LEARNER, PROFILE.id, policy), policy)
    half = policy.plan.hours_per_week // 2
    assert PathState.begin(alone, when.begins).hours_a_week(MONDAY) == when.hours_per_week == half
