"""Certifications to test in an office: somebody earns a certificate, an examiner answers, years pass."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from mailbox import MaildirMessage
from typing import Any, cast

import pytest
from temporalio.client import WorkflowHistory, WorkflowUpdateFailedError

from domain.certification.credentials import CredentialStatus
from domain.certification.requests import TakeExam
from domain.certification.state import CertificationEnding, CertificationStart
from domain.core.case import CaseRequest, Done
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.skills import RequiredSkill, RoleProfile
from domain.learning.catalogue import Certificate
from domain.learning.policy import LearningPolicy
from records.imports.learning.report import CatalogueReport, ProfilesReport
from records.imports.learning.storing import store_catalogue, store_profiles
from records.queries.certification import credentials
from records.queries.core import cases as queries
from service.certification.issuer import make_issuer_key
from tests.domain.factories import shipped_learning_policy
from tests.office import HR, HR_LEAD, MANAGER, PATIENCE_SECONDS, RETURNER, ROLE, STAND_IN, Case, Office, refusal
from tests.replaying import replayer
from workflows.certification.workflow import Certification

LEARNER, EXAMINER = RETURNER, STAND_IN
DAY = timedelta(days=1)

CERTIFICATE = Certificate(
    id="DATA-PRO",
    title="Data professional",
    description="Answers questions of a business with its data.",
    criteria="Has shown SQL at level 5, and passed an exam.",
    profile="DATA1",
    examiner=EXAMINER,
)
SHOWN = [RequiredSkill.model_validate({"skill": "sql", "level": 5, "importance": 4, "mandatory": True})]


@dataclass
class Certifying:
    """An office with certifications."""

    office: Office
    certifications: list[CertificationCase] = field(default_factory=list)

    async def start(
        self,
        *,
        seconds_per_day: float = 86_400,
        parties: dict[Party, PersonId] | None = None,
        policy: LearningPolicy | None = None,
        listener: str | None = None,
    ) -> CertificationCase:
        """Start a certification; at the pace of real life its time is skipped, at any other the clock is real."""
        real_life = seconds_per_day == 86_400
        case = f"C-{uuid.uuid4().hex[:8].upper()}"
        around = {
            Party.LEARNER: LEARNER,
            Party.HR: HR,
            Party.HR_LEAD: HR_LEAD,
            Party.MANAGER: MANAGER,
            Party.EXAMINER: EXAMINER,
        }
        start = CertificationStart(
            case=case,
            holder=LEARNER,
            certificate=CERTIFICATE,
            shown=SHOWN,
            policy=policy or shipped_learning_policy(),
            parties={**around, **(parties or {})},
            time_zone=ROLE.time_zone,
            country=ROLE.country,
            started_by=HR,
            listener=listener,
            seconds_per_day=seconds_per_day,
        )
        client = self.office.skipper.client if real_life else self.office.client
        handle = await client.start_workflow(
            Certification.run, start, id=f"certification-{case}", task_queue=self.office.queue
        )
        self.certifications.append(CertificationCase(self.office, case, cast(Any, handle), skips=real_life))
        return self.certifications[-1]

    async def every_run_replays(self) -> None:
        """Replay every run of every certification."""
        a_replayer = replayer()
        for certification in self.certifications:
            await certification.settled()
            for history in await certification.histories():
                await a_replayer.replay_workflow(history)


@asynccontextmanager
async def certifying_in(office: Office, *, with_key: bool = True) -> AsyncIterator[Certifying]:
    """Certifications in an office, with an issuer's key (or without one yet); every run of theirs replays."""
    if with_key:
        make_issuer_key(office.settings)
    certifying = Certifying(office)
    yield certifying
    await certifying.every_run_replays()


def put_into_catalogue(office: Office, entry: Certificate, skills: list[RequiredSkill]) -> None:
    """The catalogue has this entry from now on, for a profile with these skills."""
    profile = RoleProfile(id=entry.profile, title="Data analyst", skills=skills)
    with office.database.session() as session:
        store_profiles(session, ProfilesReport(entries=1, profiles=[profile]))
        store_catalogue(session, CatalogueReport(entries=1, certificates=[entry]))


class CertificationCase(Case):
    """One certification under test."""

    def moments(self, view: dict[str, Any]) -> list[datetime]:
        """What is still to come in the certificate's life, and what tasks do as time passes."""
        steps = [step["at"] for task in view["tasks"] if task["state"] == "open" for step in task["ladder"]]
        return [
            datetime.fromisoformat(moment)
            for moment in [*(certificate_date["at"] for certificate_date in view["coming"]), *steps]
        ]

    async def settled(self) -> None:
        """Wait until the case waits, and has begun: the server lets no run follow another within a second."""
        await super().settled()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await self.handle.describe()).history_length == 1:
                await asyncio.sleep(0.05)
                await super().settled()

    async def ask(self, update: str, request: CaseRequest) -> Done:
        """Ask something of the case; all that follows from it at once has happened then."""
        done = await super().ask(update, request)
        await self.settled()
        return done

    async def now(self) -> datetime:
        """What the case's own clock shows."""
        return await self.office.skipper.get_current_time(self.handle)

    async def take_exam(self, by: PersonId = LEARNER) -> Done:
        """Take the exam."""
        return await self.ask("take_exam", TakeExam(actor=by))

    async def result(self, **answer: Any) -> None:
        """The examiner says what came of the exam; all that follows from it has happened then."""
        task = await self.exam_task()
        await self.answer(task, **answer)
        await self.settled()

    async def exam_task(self) -> dict[str, Any]:
        """The examiner's task, which comes once the catalogue was looked at."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (tasks := await self.open_tasks(TaskKind.EXAM_RESULT)):
                await asyncio.sleep(0.05)
        return tasks[0]

    async def pass_exam(self) -> datetime:
        """Take the exam and pass it; when that was."""
        await self.take_exam()
        await self.result(passed=True, percent=88)
        return datetime.fromisoformat((await self.view())["exams"][-1]["at"])

    async def fail_exam(self) -> datetime:
        """Take the exam and fail it; when that was."""
        await self.take_exam()
        await self.result(passed=False, percent=41)
        return datetime.fromisoformat((await self.view())["exams"][-1]["taken_at"])

    def statuses(self) -> list[CredentialStatus]:
        """What the records, and with them the status lists, say of each credential."""
        with self.office.database.reading() as session:
            return [CredentialStatus(credential.status) for credential in credentials.of_case(session, self.id)]

    def decided(self) -> list[tuple[str, str, str | None]]:
        """What was decided by whom, as it stands on record."""
        with self.office.database.reading() as session:
            return [
                (decision.what, decision.decided, decision.by_person)
                for decision in queries.decisions(session, self.id)
            ]

    async def expiry(self) -> datetime:
        """When the credential issued last expires."""
        return datetime.fromisoformat((await self.view())["credentials"][-1]["credential"]["valid_until"])

    async def until(self, moment: datetime) -> None:
        """Let time pass until then, and a little more."""
        await self.pass_time(moment - await self.now())
        await self.settled()

    async def refusal_of(self, update: str, request: CaseRequest) -> str:
        """The sentence with which the case refuses something."""
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await self.ask(update, request)
        return refusal(refused.value)

    async def over(self) -> CertificationEnding:
        """What the certification returned."""
        ending: CertificationEnding = await self.office.client.get_workflow_handle(
            self.handle.id, result_type=CertificationEnding
        ).result()
        return ending

    async def histories(self) -> list[WorkflowHistory]:
        """The histories of all runs, the first one first."""
        histories: list[WorkflowHistory] = []
        run = self.handle.first_execution_run_id
        while run:
            histories.append(await self.office.client.get_workflow_handle(self.handle.id, run_id=run).fetch_history())
            last = histories[-1].events[-1]
            run = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
        return histories

    def mails(self, subject: str, *, to: PersonId = LEARNER) -> list[str]:
        """The texts of this case's mails to somebody whose subject holds these words, the oldest first."""
        found = [mail for mail in self.office.mails(to=to) if mail["X-Waymark-Case"] == self.id]
        found.sort(key=lambda mail: int(str(mail["Message-ID"]).split(".")[1].split("-")[0]))
        return [_text(mail) for mail in found if subject in " ".join(str(mail["Subject"]).split())]


def _text(mail: MaildirMessage) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()
