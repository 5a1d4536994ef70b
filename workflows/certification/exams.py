"""The exams of a certification, and what comes of them."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from domain.certification.exams import Attempt, NotBefore
from domain.certification.letters import ExamFailed, Remediation
from domain.certification.state import CertificationState, Exam
from domain.core.decisions import DecisionKind
from domain.core.model import Party
from domain.core.risks import Risk
from domain.learning.catalogue import CertificateRequest, skills_in_words
from domain.learning.forms import EXAM_RESULT, ExamResult
from workflows.certification.context import CertificationContext
from workflows.certification.credentials import Credentials
from workflows.certification.listeners import Listeners
from workflows.learning import activity_calls


class Exams:
    """Exams are taken one after another; the examiner says what came of each."""

    def __init__(self, context: CertificationContext, credentials: Credentials, listeners: Listeners) -> None:
        self._context = context
        self._state: CertificationState = context.state
        self._credentials = credentials
        self._listeners = listeners

    async def run(self) -> None:
        """Wait for the result of each exam that is taken, for as long as the case lives."""
        while True:
            await workflow.wait_condition(lambda: self._state.exam is not None)
            assert self._state.exam is not None
            attempt = await self._await_result(self._state.exam)
            if attempt.passed:
                await self._credentials.issue(attempt)
            else:
                self._failed(attempt)

    async def _await_result(self, exam: Exam) -> Attempt:
        await self._look_at_the_catalogue(exam)
        answer = await self._context.ask_until_answered(
            EXAM_RESULT,
            f"result of exam {exam.n} for {self._state.certificate.title}",
            of=Party.EXAMINER,
            facts={
                "holder": self._state.holder,
                "taken": exam.at.isoformat(),
                "skills": skills_in_words(self._state.shown),
                "criteria": self._state.certificate.criteria,
            },
            not_by=[self._state.holder],
            check=self._check_sat,
        )
        attempt = Attempt(
            n=exam.n,
            at=answer.at,
            taken_at=answer.form.sat_at or exam.at,
            passed=answer.form.passed,
            by=answer.by,
            percent=answer.form.percent,
        )
        self._state.exams.append(attempt)
        self._state.exam = None
        self._record(exam, attempt, answer.form.comment)
        return attempt

    async def _look_at_the_catalogue(self, exam: Exam) -> None:
        """This exam takes the entry that counts now: its examiner, its criteria, the levels of its profile.

        An entry that is there no more leaves what counted before.
        """
        state = self._state
        request = CertificateRequest(case=state.case, holder=state.holder, certificate=state.certificate.id)
        now, before = await activity_calls.certificate_now(request), state.entry
        entry = now.entry
        if entry is None or entry == before:
            return
        state.certificate, state.shown = entry.certificate, entry.shown
        if not now.examiner_left:
            state.parties[Party.EXAMINER] = entry.certificate.examiner
        self._context.report.role_title = entry.certificate.title
        evidence = {"exam": exam.n, "before": before.words, "now": entry.words}
        self._context.report.decision(DecisionKind.CATALOGUE_ENTRY, "another one counts", by=None, evidence=evidence)

    def _check_sat(self, given: ExamResult) -> None:
        if given.sat_at is not None:
            self._state.check_sat(given.sat_at, self._context.now())

    def _record(self, exam: Exam, attempt: Attempt, comment: str | None) -> None:
        evidence: dict[str, Any] = {
            "exam": exam.n,
            "taken_at": attempt.sat.isoformat(),
            "asked_by": exam.asked_by,
            "percent": attempt.percent,
            "entry": self._state.entry.words,
        }
        decided = "passed" if attempt.passed else "failed"
        self._context.report.decision(DecisionKind.EXAM, decided, by=attempt.by, reason=comment, evidence=evidence)

    def _failed(self, attempt: Attempt) -> None:
        """The learner hears when they may try again; after too many failures HR hears too."""
        verdict = self._state.next_attempt(self._context.now())
        not_before = verdict.at if isinstance(verdict, NotBefore) else self._context.now()
        remediation = self._state.remediation_until(self._context.now())
        letter = ExamFailed(n=attempt.n, not_before=not_before, remediation=remediation is not None)
        self._context.report.letter(letter, to=self._state.holder)
        if remediation:
            rules = self._state.policy.exam
            self._state.note_risk(
                Risk.REMEDIATION, f"exam taken {rules.attempts} times within {rules.within_months} months"
            )
            self._context.report.letters(
                Remediation(
                    holder=self._state.holder,
                    times=rules.attempts,
                    months=rules.within_months,
                    not_before=remediation,
                ),
                to=[Party.HR, Party.MANAGER],
            )
            self._listeners.signal_all()
        self._context.update_stage()
