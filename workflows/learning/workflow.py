"""An upskilling path, from the gap assessment to the certificate."""

from __future__ import annotations

from collections.abc import Collection

from temporalio import workflow

from domain.core.decisions import DecisionKind
from domain.core.model import Party
from domain.core.people import Skill
from domain.core.questions import TaskKind
from domain.learning.enrolment import EnrolmentState
from domain.learning.letters import GapsAssessed, PathEnded, PathWithdrawn, RoleChanged
from domain.learning.requests import ChangeRole
from domain.learning.result import PathOutcome, PathResult, PathStage
from domain.learning.start import PathStart
from domain.learning.state import PathState
from workflows.case.life_cycle import LifeCycle
from workflows.learning.assessment import Assessment
from workflows.learning.certification_link import CertificationLink
from workflows.learning.context import PathContext
from workflows.learning.corrections import PathCorrections
from workflows.learning.e_learning import ELearning
from workflows.learning.hours import SpentHours
from workflows.learning.parts import PathParts
from workflows.learning.pauses import EVERYBODY, Pauses
from workflows.learning.placement_link import PlacementLink
from workflows.learning.planning import Planning
from workflows.learning.requests import PathRequests
from workflows.learning.reservations import PathReservations
from workflows.learning.training import Trainings
from workflows.learning.workshop_invitations import WorkshopInvitations
from workflows.learning.workshops import Workshops

ENDED_EARLY = "the path has ended early"
ANOTHER_ROLE = "the path leads to another role now"
TURNING = frozenset(TaskKind) - {TaskKind.PATH_AFTER_PLACEMENT}
"""What has no more purpose where the role changes; whether the path goes on at all is still for HR to say."""


@workflow.defn(name="UpskillingPath")
class UpskillingPath(PathRequests):
    """The way of an employee, or of a returner in a placement, to the skills that a role needs."""

    @workflow.init
    def __init__(self, start: PathStart) -> None:
        self.state = PathState.begin(start, workflow.now())
        self.context = PathContext(self.state)
        self.life_cycle = LifeCycle(self.context)
        self.assessment = Assessment(self.context)
        self.reservations = PathReservations(self.context)
        self.planning = Planning(self.context, self.reservations)
        self.pauses = Pauses(self.context)
        self.placement = PlacementLink(self.context, self.pauses)
        self.hours = SpentHours(self.context, self.placement.signal_result)
        self.invitations = WorkshopInvitations(self.context)
        self.workshops = Workshops(self.context, self.reservations, self.hours, self.invitations)
        self.e_learning = ELearning(self.context, self.hours)
        self.trainings = Trainings(self.context, self.planning, self.workshops, self.e_learning)
        self.certification = CertificationLink(self.context)
        self.parts = PathParts(self.context, self.invitations)
        self.corrections = PathCorrections(
            self.context, self.assessment, self.workshops, self.trainings, self.gaps_anew
        )
        self.role_asked: ChangeRole | None = None

    @workflow.run
    async def run(self, start: PathStart) -> PathResult:
        """Run the case to its end; Temporal's own cancellation is an orderly withdrawal by the operator."""
        if start.beside is not None:
            self.context.report.decision(
                DecisionKind.START, "beside another path", by=start.started_by, reason=start.beside
            )
        return await self.life_cycle.run_to_completion(self.whole_case, start.named())

    async def whole_case(self) -> PathResult:
        """The path to its end; one that is ended early ends in good order."""
        self.life_cycle.open(self.placement.signals.deliver_forever(), self.placement.go_on_alone())
        if not await self.life_cycle.run_until_ended_early(self.path()):
            await self.wind_down()
        await self.end()
        await self.life_cycle.close(and_until=lambda: self.placement.signals.empty)
        return self.state.result(self.context.now())

    # The programme

    async def path(self) -> None:
        """The way to a role; and where the role changes, the way to the other one from there."""
        while not await self.context.run_unless(self.to_the_role(), lambda: self.role_asked is not None):
            await self.turn_to_the_other_role()

    async def to_the_role(self) -> None:
        """From the gap assessment to the certificate."""
        await self.assess()
        if not self.state.gaps and self.state.goal.certificate is None:
            self.state.outcome = PathOutcome.NO_GAP
            return
        last_round = self.state.round + self.state.policy.reassessment.rounds
        while self.state.gaps and self.state.round < last_round:
            self.state.round += 1
            if not await self.plan():
                break
            await self.train()
            await self.reassess()
        if self.state.gaps:
            self.state.outcome, self.state.why = PathOutcome.NOT_CLOSED, self.state.why_not_closed()
            return
        await self.certify()

    async def assess(self) -> None:
        """What is missing, by the levels that the learner, the manager and tests have found."""
        self.context.enter(PathStage.ASSESSMENT)
        role = self.state.goal.role
        await self.context.look_up_local_days(role.time_zone, role.country)
        self.state.assessed_on = self.context.today()
        await self.assessment.assess([required.skill for required in self.state.goal.profile.skills])
        self.state.first_gaps = list(self.state.gaps)
        self.gaps_are_known()

    def gaps_are_known(self) -> None:
        """Put the gaps of the first assessment on record, and tell who is around."""
        gaps = [gap.sentence for gap in self.state.gaps]
        self.context.report.decision(DecisionKind.GAPS, self.gaps_in_words(), by=None, evidence={"gaps": gaps})
        self.context.report.letters(GapsAssessed(gaps=gaps), to=[Party.LEARNER, Party.MANAGER])
        self.placement.signal_result()

    async def plan(self) -> bool:
        """What to learn, within hours and budget; false where the catalogue has nothing that helps."""
        self.state.plan_open = True
        self.context.enter(PathStage.PLANNING)
        return await self.planning.plan()

    async def train(self) -> None:
        """Learn, each training in its own way."""
        self.context.enter(PathStage.TRAINING)
        await self.trainings.run()

    async def reassess(self) -> None:
        """Whether the gaps are closed, for the skills that something was learned for."""
        learned = self.learned()
        if learned:
            self.context.enter(PathStage.REASSESSMENT)
            await self.assessment.assess(learned)
            self.gaps_are_known_again()

    def gaps_are_known_again(self) -> None:
        """Put the gaps of a reassessment on record."""
        self.context.report.decision(
            DecisionKind.REASSESSMENT,
            self.gaps_in_words(),
            by=None,
            evidence={"round": self.state.round, "gaps": [gap.sentence for gap in self.state.gaps]},
        )
        self.placement.signal_result()

    def gaps_anew(self) -> None:
        """Levels were put right while a plan is being agreed: it is proposed anew, for the gaps as they are now."""
        self.state.gaps = self.state.rank()
        if self.state.plan is None:  # since the first assessment for this role
            self.state.first_gaps = list(self.state.gaps)
            self.gaps_are_known()
        else:
            self.gaps_are_known_again()
        self.planning.anew()

    def gaps_in_words(self) -> str:
        """How many gaps there are now: ``no gap``, ``1 gap``, ``4 gaps``."""
        number = len(self.state.gaps)
        return f"{number or 'no'} gap{'' if number < 2 else 's'}"

    def learned(self) -> list[Skill]:
        """The skills with a gap for which a training of this round was passed."""
        of_this_round = [enrolment for enrolment in self.state.enrolments if enrolment.round == self.state.round]
        passed = [enrolment.training for enrolment in of_this_round if enrolment.state is EnrolmentState.PASSED]
        return [gap.skill for gap in self.state.gaps if any(gap.skill in training.leads_to for training in passed)]

    async def certify(self) -> None:
        """The certificate, where there is to be one: it lives on by itself; the path waits until it is earned."""
        certificate = self.state.goal.certificate
        if certificate is None:
            self.state.outcome = PathOutcome.CLOSED if self.state.first_gaps else PathOutcome.NO_GAP
            return
        self.context.enter(PathStage.CERTIFICATION)
        await self.certification.begin()
        await workflow.wait_condition(
            lambda: (
                self.state.certified_until is not None
                or self.state.no_certificate is not None
                or self.certification.has_broken_off
            )
        )
        if self.state.certified_until:
            self.state.outcome = PathOutcome.CERTIFIED
            return
        if self.state.no_certificate is None:  # broken off: it can't say so itself
            self.certification.will_not_come("it has broken off")
        self.state.outcome, self.state.why = PathOutcome.NOT_CERTIFIED, [self.state.no_certificate or ""]

    async def turn_to_the_other_role(self) -> None:
        """What is not finished is called off, what it took is given back, what was passed stays."""
        change = self.role_asked
        assert change is not None
        await self.call_off(ANOTHER_ROLE, TURNING)
        self.state.goal = change.goal
        self.state.gaps, self.state.first_gaps, self.state.plan = [], [], None
        self.context.report.role_title = change.goal.role.title
        self.context.report.time_zone = change.goal.role.time_zone
        for party in (Party.HR, Party.HR_LEAD, Party.BUDGET_OWNER):
            self.state.parties[party] = change.goal.role.parties()[party]
        self.context.report.letters(RoleChanged(title=change.goal.role.title), to=EVERYBODY)
        self.role_asked = None

    # Endings

    async def call_off(self, why: str, kinds: Collection[TaskKind] | None = None) -> None:
        """Call off what is open (of these kinds), and give back seats and what is not spent of the money."""
        self.context.asking.call_off(why, kinds=kinds)
        self.invitations.call_off(why)
        for enrolment in self.state.enrolments:
            if not enrolment.settled:
                self.context.settle(enrolment, EnrolmentState.CALLED_OFF, why)
        await self.reservations.give_all_back()
        self.state.forget_risks()

    async def wind_down(self) -> None:
        """End the path early: everything open is called off and given back."""
        early_end = self.state.early_end
        assert early_end is not None
        await self.call_off(ENDED_EARLY)
        if self.context.clock.paused:
            self.context.clock.resume()
        self.state.outcome = PathOutcome.WITHDRAWN
        # The reason may be private: it is on record, and HR and the learner are told.
        self.context.report.letters(PathWithdrawn(why=early_end.reason), to=[Party.LEARNER, Party.HR])
        self.context.report.letters(PathWithdrawn(why="HR knows it"), to=[Party.MANAGER])

    async def end(self) -> None:
        """The path is over, and the records know it."""
        outcome, early_end = self.state.outcome, self.state.early_end
        assert outcome is not None
        by, reason = (early_end.by, early_end.reason) if early_end else (None, "; ".join(self.state.why) or None)
        if not early_end:
            self.context.asking.call_off("the path has ended")
            await self.reservations.give_all_back()
        evidence = self.state.result(self.context.now()).model_dump(mode="json")
        self.context.report.decision(DecisionKind.OUTCOME, outcome.value, by=by, reason=reason, evidence=evidence)
        self.context.enter(PathStage.ENDED)
        gaps = [gap.sentence for gap in self.state.gaps]
        letter = PathEnded(outcome=outcome, why=self.state.why, gaps=gaps)
        self.context.report.letters(letter, to=[Party.LEARNER, Party.MANAGER, Party.HR])
        await self.certification.stop_waiting()
        self.placement.signal_result()
