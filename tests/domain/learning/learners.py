"""Gaps, trainings and levels for tests, by hand and by Hypothesis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from domain.core.model import Money
from domain.core.skills import RequiredSkill, RoleProfile, SkillLevel, Source, TrainingKind
from domain.learning.catalogue import Training, WorkshopSession
from domain.learning.gaps import Gap, rank_gaps
from domain.learning.policy import AssessmentRules, GapRules
from domain.learning.time import LearningTime
from tests.domain.factories import shipped_learning_policy

SKILLS = ["excel", "python", "sql", "statistics"]
TODAY = date(2027, 3, 1)


ASSESSMENT: AssessmentRules = shipped_learning_policy().assessment
GAP: GapRules = shipped_learning_policy().gap


def level(skill: str, of: str, source: str = "test", on: date = TODAY) -> SkillLevel:
    """Somebody was found to have this level."""
    return SkillLevel(skill=skill, level=Decimal(of), source=Source(source), on=on, by="P-AAA111")


def profile(*required: tuple[str, str, str, bool]) -> RoleProfile:
    """A role that requires skills: name, level, importance, mandatory."""
    skills = [
        RequiredSkill(skill=skill, level=Decimal(of), importance=Decimal(importance), mandatory=mandatory)
        for skill, of, importance, mandatory in required
    ]
    return RoleProfile(id="DATA1", title="Data analyst", skills=skills)


def gaps(*required: tuple[str, str, str, bool], levels: Sequence[SkillLevel] = ()) -> list[Gap]:
    """The gaps of somebody to a role, today."""
    return rank_gaps(profile(*required), levels, TODAY, ASSESSMENT, GAP)


BEGINS = datetime(2027, 3, 1, 9, tzinfo=UTC)
LEARNING = LearningTime(begins=BEGINS, hours_per_week=8)
"""When somebody learns, unless something else is said."""


def training(
    name: str,
    leads_to: dict[str, str],
    *,
    hours: int = 10,
    cost: str = "100.00",
    currency: str = "GBP",
    requires: Sequence[str] = (),
    sessions: Sequence[int] = (),
) -> Training:
    """Something to learn by, on one's own; or a workshop, whose sessions of a day start so many days after BEGINS."""
    starts = [BEGINS + timedelta(days=days) for days in sessions]
    return Training(
        id=name,
        title=f"Course {name}",
        kind=TrainingKind.WORKSHOP if sessions else TrainingKind.SELF_STUDY,
        leads_to={skill: Decimal(of) for skill, of in leads_to.items()},
        hours=hours,
        cost=Money(amount=Decimal(cost), currency=currency),
        requires=list(requires),
        trainer="P-TRA111" if sessions else None,
        sessions=[
            WorkshopSession(id=f"S{n}", starts=start, ends=start + timedelta(days=1), seats=2)
            for n, start in enumerate(starts, start=1)
        ],
    )


def done_at_the_earliest(training: Training, among: Mapping[str, Training]) -> datetime | None:
    """When somebody who begins at BEGINS, with eight hours a week, has done a training and the one it requires.

    None where no session of a workshop comes in time. Counted one after another, the slow way.
    """
    begins = BEGINS
    for need in training.requires:
        first = done_at_the_earliest(among[need], among)
        if first is None:
            return None
        begins = max(first, BEGINS + timedelta(weeks=1) * _hours_of(among[need], among) / 8)
    if not training.sessions:
        return begins + timedelta(weeks=1) * training.hours / 8
    return min(
        (session.ends for session in training.sessions if session.starts > BEGINS and session.starts >= begins),
        default=None,
    )


def _hours_of(training: Training, among: Mapping[str, Training]) -> int:
    return training.hours + sum(_hours_of(among[need], among) for need in training.requires)


def money(amount: str, currency: str = "GBP") -> Money:
    """So much money."""
    return Money(amount=Decimal(amount), currency=currency)


hundredths = st.decimals(0, 7, places=2)
few_levels = st.sampled_from([Decimal(n) for n in ("0", "1", "2", "2.5", "3", "4", "5.25", "7")])
importances = st.sampled_from([Decimal(n) for n in ("1", "2", "3.3", "5")])


def found_levels(values: st.SearchStrategy[Decimal] = hundredths) -> st.SearchStrategy[list[SkillLevel]]:
    """What was found of somebody in the last two years: at most one level of each skill, source and day."""
    a_level = st.builds(
        SkillLevel,
        skill=st.sampled_from(SKILLS),
        level=values,
        source=st.sampled_from(Source),
        on=st.dates(date(2025, 3, 1), TODAY),
        by=st.just("P-AAA111"),
    )
    return st.lists(a_level, max_size=12, unique_by=lambda found: (found.skill, found.source, found.on))


def profiles(values: st.SearchStrategy[Decimal] = hundredths) -> st.SearchStrategy[RoleProfile]:
    """Roles that require some of the skills."""
    skill = st.builds(
        RequiredSkill, skill=st.sampled_from(SKILLS), level=values, importance=importances, mandatory=st.booleans()
    )
    skills = st.lists(skill, min_size=1, unique_by=lambda required: required.skill)
    return st.builds(RoleProfile, id=st.just("DATA1"), title=st.just("Data analyst"), skills=skills)


def some_gaps() -> st.SearchStrategy[list[Gap]]:
    """The gaps of somebody to some role, in few different levels, so that ties are frequent."""
    return st.builds(
        lambda role, found: rank_gaps(role, found, TODAY, ASSESSMENT, GAP),
        profiles(few_levels),
        found_levels(few_levels),
    )


@st.composite
def catalogues(draw: st.DrawFn, most: int = 8) -> list[Training]:
    """Trainings: some abroad, some free, some that require others (or what is not offered, or each other).

    Some are workshops, of which some are over.
    """
    ids = [f"T-{n}" for n in range(draw(st.integers(0, most)))]
    return [
        training(
            training_id,
            {
                skill: str(draw(few_levels))
                for skill in draw(st.lists(st.sampled_from(SKILLS), min_size=1, max_size=2, unique=True))
            },
            hours=draw(st.sampled_from([1, 2, 3, 5, 8])),
            cost=draw(st.sampled_from(["0", "0.10", "0.20", "0.30", "100", "250"])),
            currency=draw(st.sampled_from(["GBP", "GBP", "GBP", "EUR"])),
            requires=draw(
                st.lists(
                    st.sampled_from([*(prerequisite for prerequisite in ids if prerequisite != training_id), "T-NONE"]),
                    max_size=1,
                )
            ),
            sessions=draw(st.sampled_from([(), (), (), (-30,), (-1, 3), (0,), (12,), (40, 9)])),
        )
        for training_id in ids
    ]
