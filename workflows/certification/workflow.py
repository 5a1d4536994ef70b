"""A certification: a person and a certificate, from the first exam through every renewal."""

from __future__ import annotations

from temporalio import workflow

from domain.certification.letters import CertificationBegins, CertificationEnded
from domain.certification.signals import CertificationOutcome
from domain.certification.state import CertificationEnding, CertificationStage, CertificationStart, CertificationState
from domain.core.decisions import DecisionKind
from domain.core.model import Party
from workflows.case.life_cycle import LifeCycle
from workflows.certification.context import CertificationContext
from workflows.certification.credentials import Credentials
from workflows.certification.exams import Exams
from workflows.certification.listeners import Listeners
from workflows.certification.parts import CertificationParts
from workflows.certification.requests import CertificationRequests
from workflows.certification.validity import Validity

ENDED_EARLY = "the certification has ended"


@workflow.defn(name="Certification")
class Certification(CertificationRequests):
    """A certificate that is earned by an exam, expires, and is renewed; for years, over many runs."""

    @workflow.init
    def __init__(self, start: CertificationStart) -> None:
        self.state = CertificationState.begin(start, workflow.now())
        self.context = CertificationContext(self.state)
        self.life_cycle = LifeCycle(self.context)
        self.listeners = Listeners(self.context)
        self.credentials = Credentials(self.context, self.listeners)
        self.exams = Exams(self.context, self.credentials, self.listeners)
        self.validity = Validity(self.context)
        self.parts = CertificationParts(self.context)
        if start.state is None:
            self.prepare()  # here, because what somebody asks may come before the first line of the programme

    @workflow.run
    async def run(self, start: CertificationStart) -> CertificationEnding:
        """Run the certification; Temporal's own cancellation is an orderly withdrawal by the operator."""
        state = self.state
        ending = await self.life_cycle.run_to_completion(
            self.whole_case, start.named(), lambda: self.context.look_up_local_days(state.time_zone, state.country)
        )
        if ending is None:
            workflow.continue_as_new(start.model_copy(update={"state": self.state}))
        return ending

    async def whole_case(self) -> CertificationEnding | None:
        """The programme, until somebody ends it; none where it goes on in a new run."""
        self.life_cycle.open(self.listeners.signals.deliver_forever())
        if await self.life_cycle.run_until_ended_early(self.programme()):
            return None
        await self.wind_down()
        await self.end()
        await self.life_cycle.close(and_until=lambda: self.listeners.signals.empty)
        return self.ending()

    # The programme

    async def programme(self) -> None:
        """Exams until one is passed; then the certificate lives, is renewed, or expires and is earned anew."""
        self.context.spawn(self.exams.run())
        self.context.spawn(self.validity.run())
        await workflow.wait_condition(lambda: self.is_long_enough() and self.is_quiet())

    def prepare(self) -> None:
        """The learner hears that the exam can be taken, and prepares for it."""
        self.context.enter(CertificationStage.PREPARING)
        self.context.report.letter(CertificationBegins(role=self.state.role_title), to=self.state.holder)

    def is_long_enough(self) -> bool:
        """Whether it is time for a new run: a certificate was issued in this one, or its history has grown long."""
        return self.credentials.new_one or workflow.info().is_continue_as_new_suggested()

    def is_quiet(self) -> bool:
        """Whether nobody is asked anything and all is told, so that the state is all there is to go on with."""
        state = self.state
        waiting = state.exam or state.issuing or state.open_tasks()
        return (
            not waiting
            and self.listeners.signals.empty
            and self.context.report.delivery.empty
            and workflow.all_handlers_finished()
        )

    # Endings

    async def wind_down(self) -> None:
        """End the certification early: what is being issued is waited for, open tasks are called off."""
        early_end = self.state.early_end
        assert early_end is not None
        self.context.asking.call_off(ENDED_EARLY)
        if self.state.suspended or self.state.outcome is CertificationOutcome.REVOKED:
            self.state.issuing = None
        await self.credentials.finish_issuing()
        self.state.exam, self.state.coming = None, []
        self.state.forget_risks()
        if self.state.outcome is None:
            self.state.outcome = CertificationOutcome.WITHDRAWN
            self.context.report.decision(
                DecisionKind.CERTIFICATION, "withdrawn", by=early_end.by, reason=early_end.reason
            )

    async def end(self) -> None:
        """The case is over, and the records know it."""
        assert self.state.outcome is not None
        self.context.enter(CertificationStage.ENDED)
        self.listeners.end(self.state.outcome)
        letter = CertificationEnded(
            holder=self.state.holder,
            outcome=self.state.outcome,
            valid_until=self.state.valid_until(self.context.now()),
        )
        self.context.report.letters(letter, to=[Party.LEARNER, Party.HR])

    def ending(self) -> CertificationEnding:
        """What the workflow returns."""
        assert self.state.outcome is not None
        return CertificationEnding(case=self.state.case, outcome=self.state.outcome, ended_at=self.context.now())
