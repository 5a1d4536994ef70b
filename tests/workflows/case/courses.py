"""The courses that cases of each kind can take, from their beginning; with little of everything: they are short."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from domain.certification.requests import Reinstate, Renew, Revoke, Suspend, TakeExam
from domain.certification.state import CertificationStart
from domain.cohort.requests import PauseCohort, Rematch, ResumeCohort
from domain.core.case import Withdraw
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.reassigning import HandOver, Reassign
from domain.core.working_pattern import read_patterns
from domain.learning.requests import ChangeRole, PausePath, ResumePath
from domain.learning.start import Goal, PathStart
from domain.placement.requests import (
    AskForMentor,
    ChangePattern,
    DecideEarly,
    ExtendPlacement,
    PausePlacement,
    ReassignMentor,
    ReleaseWaiting,
    ResumePlacement,
)
from domain.placement.start import PlacementStart
from tests.domain.factories import shipped_learning_policy
from tests.office import ELIGIBLE, HR, HR_LEAD, MANAGER, RETURNER, ROLE, STAND_IN
from tests.school import LEARNER, PROFILE, REACHED, TRAINER, all_kinds, certificate, levels
from tests.workflows.case.any_order import Ask, Asks, Course
from tests.workflows.case.stand_ins import MENTORS, StandIns
from tests.workflows.cohort.cohorts_by_hand import ANSWERS, COHORT, enlisting, short_policy, start_cohort
from workflows.certification.workflow import Certification
from workflows.cohort.workflow import Cohort
from workflows.learning.workflow import UpskillingPath
from workflows.placement.workflow import Placement

NEWCOMER, LAST_DAY = "P-NEWCOMER", date(2027, 3, 5)


def goes(person: PersonId, **successors: Any) -> HandOver:
    """What the departure of somebody asks of a case."""
    return HandOver(actor=HR_LEAD, person=person, left_on=LAST_DAY, **successors)


OTHER_ROLE = ROLE.model_copy(update={"id": "ENG1", "title": "Data engineer"})
OTHER_GOAL = Goal(role=OTHER_ROLE, profile=PROFILE.model_copy(update={"id": "ENG1", "skills": PROFILE.skills[:2]}))
PLACEMENT: dict[str, Ask] = {
    "pause": lambda: ("pause", PausePlacement(actor=HR)),
    "resume": lambda: ("resume", ResumePlacement(actor=HR)),
    "extend": lambda: ("extend", ExtendPlacement(actor=HR, weeks=2, reason="to finish")),
    "another pattern": lambda: (
        "change_pattern",
        ChangePattern(actor=HR, patterns=read_patterns("from 2027-02-16 mon-tue 8"), reason="school hours"),
    ),
    "another mentor": lambda: ("reassign_mentor", ReassignMentor(actor=HR, reason="another site")),
    "named mentor": lambda: ("reassign_mentor", ReassignMentor(actor=HR, reason="another site", mentor=MENTORS[2])),
    "another mentor, in confidence": lambda: ("ask_for_mentor", AskForMentor(actor=RETURNER)),
    "decide early": lambda: ("decide_early", DecideEarly(actor=HR, reason="a post is free")),
    "release": lambda: ("release", ReleaseWaiting(actor=HR, reason="no place this year")),
    "another manager": lambda: (
        "reassign",
        Reassign(actor=HR, party=Party.MANAGER, to=NEWCOMER, reason="another team"),
    ),
    "the manager leaves": lambda: ("hand_over", goes(MANAGER, successor=NEWCOMER)),
    "HR leaves": lambda: ("hand_over", goes(HR)),
    "a mentor leaves": lambda: ("hand_over", goes(MENTORS[0])),
    "the returner leaves": lambda: ("hand_over", goes(RETURNER)),
    "withdraw": lambda: ("withdraw", Withdraw(actor=HR, reason="another plan")),
}
PATH: dict[str, Ask] = {
    "pause": lambda: ("pause", PausePath(actor=HR)),
    "resume": lambda: ("resume", ResumePath(actor=HR)),
    "another role": lambda: ("change_role", ChangeRole(actor=HR, goal=OTHER_GOAL, reason="a post is free")),
    "the trainer leaves": lambda: ("hand_over", goes(TRAINER, successor=NEWCOMER)),
    "the manager leaves": lambda: ("hand_over", goes(MANAGER)),
    "HR leaves": lambda: ("hand_over", goes(HR)),
    "withdraw": lambda: ("withdraw", Withdraw(actor=HR, reason="another plan")),
}
OF_COHORT: dict[str, Ask] = {
    "pause": lambda: ("pause", PauseCohort(actor=HR, reason="a strike")),
    "resume": lambda: ("resume", ResumeCohort(actor=HR)),
    "match again": lambda: ("rematch", Rematch(actor=HR, reason="somebody is new", forbid=[f"P-RETURN2={MENTORS[0]}"])),
    "HR leaves": lambda: ("hand_over", goes(HR)),
    "withdraw": lambda: ("withdraw", Withdraw(actor=HR, reason="each for themselves")),
}
OF_CERTIFICATION: dict[str, Ask] = {
    "take exam": lambda: ("take_exam", TakeExam(actor=LEARNER)),
    "renew": lambda: ("renew", Renew(actor=LEARNER)),
    "suspend": lambda: ("suspend", Suspend(actor=HR, reason="an inquiry")),
    "reinstate": lambda: ("reinstate", Reinstate(actor=HR, reason="nothing was found")),
    "revoke": lambda: ("revoke", Revoke(actor=HR, reason="it was forged")),
    "the examiner leaves": lambda: ("hand_over", goes(STAND_IN)),
    "the holder leaves": lambda: ("hand_over", goes(LEARNER)),
    "withdraw": lambda: ("withdraw", Withdraw(actor=HR, reason="another plan")),
}
ASKS: Asks = {Placement: PLACEMENT, UpskillingPath: PATH, Cohort: OF_COHORT, Certification: OF_CERTIFICATION}


def path_start(**more: Any) -> PathStart:
    policy = shipped_learning_policy()
    values = {
        "case": "U-1-DATA1",
        "learner": LEARNER,
        "manager": MANAGER,
        "goal": Goal(role=ROLE, profile=PROFILE),
        "policy": policy,
        "hours": policy.plan.hours,
        "hours_per_week": policy.plan.hours_per_week,
        "budget": policy.plan.budget,
        "started_by": HR,
    }
    return PathStart(**{**values, **more})


def placement_start(now: datetime, **more: Any) -> PlacementStart:
    return PlacementStart(
        case="R-1-DATA1",
        returner=RETURNER,
        application=ELIGIBLE,
        role=ROLE.model_copy(update={"headcount": "headcount-DATA"}),
        starts_on=(now + timedelta(weeks=3)).date(),
        weeks=8,
        policy=short_policy(),
        started_by=HR,
        **more,
    )


def placement() -> Course:
    office = StandIns()
    office.driver.start(Placement, "placement-R-1-DATA1", placement_start(office.driver.now))
    return Course(office, ASKS)


def path() -> Course:
    office = StandIns(trainings=all_kinds())
    office.driver.start(UpskillingPath, "upskilling-U-1-DATA1", path_start())
    return Course(office, ASKS, ANSWERS)


def certification() -> Course:
    office = StandIns()
    start = CertificationStart(
        case="C-1-DATA1",
        holder=LEARNER,
        certificate=certificate(),
        shown=PROFILE.skills[:1],
        policy=shipped_learning_policy(),
        parties={
            Party.LEARNER: LEARNER,
            Party.HR: HR,
            Party.HR_LEAD: HR_LEAD,
            Party.MANAGER: MANAGER,
            Party.EXAMINER: STAND_IN,
        },
        time_zone=ROLE.time_zone,
        country=ROLE.country,
        started_by=HR,
    )
    office.driver.start(Certification, "certification-C-1-DATA1", start)
    return Course(office, ASKS)


def path_to_a_certificate() -> Course:
    office = StandIns()
    goal = Goal(role=ROLE, profile=PROFILE, certificate=certificate())
    office.driver.start(UpskillingPath, "upskilling-U-1-DATA1", path_start(goal=goal))
    everything = dict.fromkeys(REACHED, 5)
    assessed = dict.fromkeys(
        (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER), lambda task, view: levels(task, everything)
    )
    return Course(office, ASKS, {**ANSWERS, **assessed})


def placement_with_a_path_inside() -> Course:
    office = StandIns(trainings=all_kinds())
    start = placement_start(office.driver.now, learning=path_start(learner=RETURNER))
    office.driver.start(Placement, "placement-R-1-DATA1", start)
    return Course(office, ASKS, ANSWERS)


def cohort(events_a_run: int = 1_000) -> Course:
    office = StandIns()
    start_cohort(office, events_a_run=events_a_run)
    office.driver.update(COHORT, *enlisting(1, 2))
    return Course(office, ASKS, ANSWERS)


def cohort_of_many_runs() -> Course:
    return cohort(events_a_run=1)
