"""Training that is shown by its evidence: assignments on the job, and self-directed study."""

from __future__ import annotations

from domain.core.model import Party
from domain.core.questions import Question, YesNo
from domain.learning.enrolment import Enrolment, EnrolmentState
from domain.learning.forms import ASSIGNMENT_REPORT, EVIDENCE_REVIEW, SIGN_OFF, STUDY_EVIDENCE, Evidence
from workflows.learning.context import PathContext


class Evidenced:
    """The learner hands in what was done, and somebody else accepts it. Nobody signs off their own."""

    def __init__(self, context: PathContext) -> None:
        self._context = context
        self._state = context.state

    async def work_on(self, enrolment: Enrolment) -> str | None:
        """An assignment on the job, signed off by its supervisor; why it was not, or none."""
        return await self._shown(enrolment, ASSIGNMENT_REPORT, SIGN_OFF, Party.SUPERVISOR)

    async def study(self, enrolment: Enrolment) -> str | None:
        """Self-directed study, whose evidence a reviewer accepts; why not, or none."""
        return await self._shown(enrolment, STUDY_EVIDENCE, EVIDENCE_REVIEW, Party.REVIEWER)

    async def _shown(
        self,
        enrolment: Enrolment,
        hand_in: Question[Evidence],
        accept: Question[YesNo],
        by: Party,
    ) -> str | None:
        training = enrolment.training
        self._context.begin(enrolment)
        self._context.settle(enrolment, EnrolmentState.UNDER_WAY, enrolment.reason)
        handed_in = await self._context.ask_until_answered(
            hand_in,
            training.title,
            of=Party.LEARNER,
            facts={
                "leads_to": {skill: str(level) for skill, level in training.leads_to.items()},
                "hours": training.hours,
                **({"not_accepted": enrolment.reason} if enrolment.reason else {}),
            },
            due_at=self._context.due(hand_in.kind, training),
            ref=str(enrolment.n),
        )
        reply = await self._context.ask_until_answered(
            accept,
            f"accept: {training.title}",
            of=by,
            person=self._context.judge(enrolment.training.judge(by)),
            facts=handed_in.form.model_dump(mode="json", exclude_none=True),
            not_by=[self._state.learner],
            ref=str(enrolment.n),
        )
        return None if reply.form.yes else reply.form.reason
