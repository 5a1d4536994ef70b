"""The state of a returnship placement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from pydantic import Field

from domain.core.case import CaseState
from domain.core.clock import ClockState
from domain.core.local_days import Midnights
from domain.core.model import CohortId, Fixed, Instant, Party, PersonId
from domain.core.naming import Programme
from domain.core.people import DECIDING, Application, Role
from domain.core.questions import TaskKind
from domain.core.risks import Risk
from domain.core.tasks import WAIVED_BY_HR, Task
from domain.core.working_pattern import WorkingPattern, WorkingTime
from domain.learning.result import PathResult
from domain.learning.signals import AroundThePlacement
from domain.learning.start import PathStart
from domain.placement.agreements import Extension, PatternChange
from domain.placement.calendar import Plan
from domain.placement.checklists import ItemState, on_list
from domain.placement.cohort_messages import CohortMessage, LastInstruction, MentorRuling, PlacementMessage
from domain.placement.decision import Conversion, Evidence, ReleaseAsked, ReviewRound
from domain.placement.duties import (
    PROPOSER,
    REVIEWS,
    STEPS,
    Duty,
    act_in_words,
    acted_in,
    cannot_act,
    duty,
    may_not_review,
    reviewers_in,
    steps_with,
)
from domain.placement.eligibility import BrokenRule
from domain.placement.in_confidence import AskedPulse, MentorWish, confidants, kept_out
from domain.placement.mentorship import MENTORED, Mentorship, MentorshipState, Session, SessionState
from domain.placement.policy import Policy
from domain.placement.programme_days import Leave, programme_week
from domain.placement.stages import Outcome, Stage
from domain.placement.start import PlacementStart
from domain.placement.stipend import PayInstruction, Share, whole


class FollowUpResult(Fixed):
    """The answer to a follow-up."""

    days: int
    at: Instant
    still_here: bool


class PlacementState(CaseState):
    """All there is to know about one placement."""

    stage: Stage = Stage.INTAKE
    policy: Policy
    returner: PersonId
    application: Application
    role: Role
    starts_on: date
    weeks: int
    broken_rules: list[BrokenRule] = []
    plan: Plan | None = None
    leaves: list[Leave] = []
    extensions: list[Extension] = []
    patterns: list[WorkingPattern] = []
    """What the returner works, each from its day on; none: full time."""
    pattern_changes: list[PatternChange] = []
    mentorships: list[Mentorship] = []
    checklist: list[ItemState] = []
    offboarding: list[ItemState] = []
    """What is to be done because somebody leaves, from when that is known."""
    changeover: list[ItemState] = []
    """What is to be done because somebody is employed, from when that is known."""
    goals: list[str] = []
    goals_agreed: bool = False
    sessions: list[Session] = []
    reviews: list[ReviewRound] = []
    improvement_plans: int = 0
    improvement_after: str | None = None
    """The round of reviews from which the improvement that is under way follows, by its title."""
    improvement_actions: list[str] = []
    """What was agreed in the last improvement plan."""
    early_decision_by: PersonId | None = None
    conversion: Conversion | None = None
    employed_from: date | None = None
    last_day: date | None = None
    left_on: date | None = None
    """The last day of somebody who has left early."""
    release: ReleaseAsked | None = None
    """By which a conversion was given up that waited for a headcount."""
    learning: PathStart | None = None
    learned: PathResult | None = None
    """How far the path inside the placement has come."""
    matched_by: CohortId | None = None
    proposed: CohortMessage | None = None
    """The message by which the cohort proposes whom to ask next."""
    proposals: int = 0
    nominated: PersonId | None = None
    """The mentor whom HR has named instead (the nominee)."""
    ruling: MentorRuling | None = None
    """Whom HR has pinned at the start, or pinned and forbidden in the cohort; it outlives that."""
    pin_not_kept: int = 0
    """The ruling of which the pin could not be kept, as HR has been told: that mentor is not looked up any more."""
    last_instruction: LastInstruction = Field(default_factory=LastInstruction)
    """The last instruction of the cohort to pause or resume."""
    signals: list[PlacementMessage] = []
    """The signals that are still to be sent to the cohort."""
    changes_for_path: list[AroundThePlacement] = []
    """Those that are still to be sent to the path inside."""
    stipends: list[PayInstruction] = []
    paid_up_to: date | None = None
    worked_until: date | None = None
    """The last day worked, where somebody who has withdrawn had stopped working before."""
    follow_ups: list[FollowUpResult] = []
    wishes: list[MentorWish] = []
    """The wishes for another mentor, which HR alone may know."""
    pulses: list[AskedPulse] = []
    outcome: Outcome | None = None

    in_confidence: ClassVar[frozenset[str]] = frozenset({"wishes", "pulses"})

    @classmethod
    def begin(cls, start: PlacementStart, now: Instant) -> PlacementState:
        """The state of a case that starts now."""
        return cls(
            case=start.case,
            programme=Programme.RETURNSHIP,
            policy=start.policy,
            cohort=start.cohort,
            stage_since=now,
            clock=ClockState(began=now, began_really=now, seconds_per_day=start.seconds_per_day),
            parties={**start.role.parties(), Party.RETURNER: start.returner},
            returner=start.returner,
            application=start.application,
            role=start.role,
            starts_on=start.starts_on,
            weeks=start.weeks,
            learning=start.learning,
            matched_by=start.matched_by,
            ruling=None if start.mentor is None else MentorRuling(n=1, pinned=start.mentor),
            patterns=start.patterns,
            checklist=on_list(start.policy.onboarding.items),
        )

    @property
    def over(self) -> bool:
        """As for every case; in the off-boarding, too: nothing is left to be asked but what that asks of people."""
        return super().over or self.stage is Stage.OFFBOARDING

    @property
    def calendar(self) -> Plan:
        """The calendar, which every stage after the search for a mentor has."""
        if self.plan is None:
            raise LookupError("the calendar is planned once there is a mentor")
        return self.plan

    @property
    def working_time(self) -> WorkingTime:
        """When the returner works."""
        return WorkingTime(self.patterns, self.policy.working_week)

    @property
    def share_paid(self) -> Share:
        """Which part of the whole stipend a day earns."""
        return self.working_time.share_on if self.policy.stipend.pro_rata else whole

    @property
    def local_days(self) -> tuple[list[date], list[Midnights]]:
        """As its calendar has them, once there is one."""
        return (self.plan.days_off, self.plan.midnights) if self.plan is not None else super().local_days

    def patterns_of(self, person: PersonId) -> list[WorkingPattern]:
        """What returner and mentor work, until the placement is over."""
        if self.plan is None or self.stage in (Stage.FOLLOW_UP, Stage.ENDED):
            return []
        if person == self.plan.mentor == self.mentor:
            return self.plan.mentor_patterns or []
        return self.patterns if person == self.returner else []

    @property
    def mentor(self) -> PersonId | None:
        """The mentor of today."""
        return self.parties.get(Party.MENTOR)

    @property
    def waits_for_proposal(self) -> bool:
        """Whether nobody is being asked to be the mentor, nor named, because the cohort is to say whom to ask."""
        asked = any(mentorship.state is MentorshipState.ASKED for mentorship in self.mentorships)
        asked = asked or any(task.kind is TaskKind.MENTOR_NOMINATION for task in self.open_tasks())
        return self.matched_by is not None and not self.over and not asked and self.nominated is None

    @property
    def forbidden(self) -> list[PersonId]:
        """Whom HR has forbidden to be the mentor."""
        return self.ruling.forbidden if self.ruling is not None else []

    @property
    def pinned(self) -> PersonId | None:
        """Whom HR has pinned, whether or not they were asked."""
        return self.ruling.pinned if self.ruling is not None else None

    @property
    def pin_to_try(self) -> PersonId | None:
        """The mentor HR has pinned, as long as they were not asked, nor was it found that they can't be the mentor."""
        if self.ruling is None or self.ruling.n == self.pin_not_kept:
            return None
        pinned = self.ruling.pinned
        return None if pinned in [mentorship.mentor for mentorship in self.mentorships] else pinned

    @property
    def mentored(self) -> list[PersonId]:
        """Who is or was the mentor."""
        return [mentorship.mentor for mentorship in self.mentorships if mentorship.state in MENTORED]

    @property
    def confidants(self) -> list[Party]:
        """The parts of those in HR to whom something can be said in confidence, and who have not left."""
        return [party for party in confidants(self.parties, self.mentored) if self.parties[party] not in self.gone]

    @property
    def kept_out(self) -> list[PersonId]:
        """Who must not learn what is said in confidence."""
        return kept_out(self.parties, self.mentored)

    def week(self, now: Instant) -> int | None:
        """The programme week, from 1 to the last; none before the start. It stays what it was when somebody left."""
        if self.plan is None:
            return None
        today = self.plan.day_of(now)
        week = programme_week(min(today, self.left_on or today), self.plan.start, self.leaves)
        return min(week, self.plan.weeks) if week else None

    def evidence(self) -> Evidence:
        """What the conversion is decided on: reviews, goals, sessions, learning; not leaves, nor the career break."""
        return Evidence(
            reviews=self.reviews,
            goals=self.goals,
            sessions_held=sum(session.state is SessionState.HELD for session in self.sessions),
            sessions_planned=len(self.sessions),
            improvement_plans=self.improvement_plans,
            improvement_open=Risk.IMPROVEMENT in self.at_risk,
            learning=self.learned,
        )

    def reporting_line(self) -> list[PersonId]:
        """Who is above the returner in this placement or decides on the conversion, and so can't be the mentor."""
        acted = [person for people in acted_in(self.tasks).values() for person in people]
        return list(dict.fromkeys([*(self.parties[party] for party in DECIDING), *acted]))

    @property
    def decision_steps(self) -> list[Party]:
        """The steps of the conversion decision, each the part of one party, in order."""
        return steps_with(self.policy.decision.approvals)

    def duty(self, step: Party) -> Duty:
        """Who is asked at a step of the conversion decision that begins or is under way, and who may not answer it."""
        return duty(
            step,
            self.decision_steps,
            self.parties,
            {} if step is PROPOSER else acted_in(self.tasks),
            [*self.mentored, *reviewers_in(self.tasks)],
            self.returner,
        )

    def reason_against(self, party: Party, to: PersonId, tasks: Sequence[Task]) -> str | None:
        """As of every case; and nobody takes a part who could not act in it, or in another of theirs, any more."""
        if (why := super().reason_against(party, to, tasks)) is not None:
            return why
        if party in DECIDING and to in self.mentored:
            return f"{to} can't be the {party.spoken} in {self.case}: whoever is or was the mentor does not decide"
        if self.conversion is not None:
            return None
        parties = {**self.parties, party: to}
        evidence_by = [*self.mentored, *reviewers_in(self.tasks), parties[PROPOSER]]
        step = cannot_act(to, self.decision_steps, parties, acted_in(self.tasks), evidence_by, self.returner)
        if step is None:
            return None
        return (
            f"{to} can't be the {party.spoken} in {self.case}: they could not {act_in_words(step)}, because nobody "
            "acts in two steps of a decision, nor on evidence of their own"
        )

    def pass_on(self, party: Party, before: PersonId, to: PersonId) -> None:
        """As of every case; and around the path inside, which may begin later."""
        super().pass_on(party, before, to)
        if self.learning is not None:
            self.learning = self.learning.passed_on(party, before, to)

    def barred(self, task: Task) -> list[PersonId]:
        """Whom the separation of duties keeps from a step of the decision, or from a review, by what they have done."""
        if task.kind in STEPS:
            return self.duty(task.party).not_by
        return may_not_review(self.tasks, self.parties[PROPOSER]) if task.kind in REVIEWS else []

    def kept_out_of(self, task: Task) -> list[PersonId]:
        """Who has come to be beside the returner since a wish was told, too."""
        return self.kept_out if task.kind is TaskKind.MENTOR_WISH else []

    def waivers(self, task: Task) -> list[PersonId]:
        """HR, of what is to be done at the end of a placement."""
        return self.there_for_hr if task.kind in WAIVED_BY_HR else []
