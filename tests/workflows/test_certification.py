"""Certifications on the real server: exams, the retake rule, years of renewals, suspension, revocation."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.worker import Worker

from cli.errors import CommandError
from cli.starting_certification import Wanted, start_certification
from domain.case import Withdraw
from domain.certification import CertificateEarned, CertificationOutcome, Reinstate, Renew, Revoke, Suspend, TakeExam
from domain.credentials import CredentialStatus
from domain.model import Party
from domain.questions import TaskKind
from domain.validity import months_after
from engine.issuer import make_issuer_key
from engine.search_attributes import POLICY, STAGE
from records import credentials, queries
from records.learning_tables import CertificateRecord, LevelRecord, ProfileRecord, ProfileSkillRecord
from tests.certifying import (
    CERTIFICATE,
    EXAMINER,
    LEARNER,
    CertificationCase,
    Certifying,
    certifying_in,
    shipped_learning_policy,
)
from tests.office import HR, HR_LEAD, MANAGER, ROLE, Office, open_office
from tests.workflows.listener import ListenerProbe

DAY = timedelta(days=1)
EARLY_RENEWAL = Renew(actor=LEARNER)


@pytest.fixture
async def certifying(office: Office) -> AsyncIterator[Certifying]:
    """Certifications; every run of theirs replays."""
    async with certifying_in(office) as certifying:
        yield certifying


def statuses(case: CertificationCase) -> list[CredentialStatus | None]:
    """What the records, and with them the status lists, say of each credential."""
    with case.office.database.reading() as session:
        issued = [credentials.issued(session, case.id, n) for n in range(1, 9)]
        return [credentials.status(session, one.id) for one in issued if one]


def decided(case: CertificationCase) -> list[tuple[str, str, str | None]]:
    """What was decided by whom, as it stands on record."""
    with case.office.database.reading() as session:
        return [(one.what, one.decided, one.by_person) for one in queries.decisions(session, case.id)]


async def expiry(case: CertificationCase) -> datetime:
    """When the credential issued last expires."""
    return datetime.fromisoformat((await case.view())["credentials"][-1]["credential"]["valid_until"])


async def until(case: CertificationCase, moment: datetime) -> None:
    """Let time pass until then, and a little more."""
    await case.pass_time(moment - await case.now())
    await case.settled()


# Exams


async def test_a_retake_three_days_after_a_second_failure_is_refused_with_the_earliest_date(
    certifying: Certifying,
) -> None:
    # Given somebody who has failed, waited for 24 hours, and failed again
    case = await certifying.start()
    first = await case.fail_exam()
    assert f"again from {first + DAY:%Y-%m-%d}" in await case.refusal_of("take_exam", TakeExam(actor=LEARNER))
    await case.pass_time(DAY)
    second = await case.fail_exam()

    # When they try again after three days
    await case.pass_time(3 * DAY)
    told = await case.refusal_of("take_exam", TakeExam(actor=LEARNER))

    # Then they hear the earliest date, as their letter told them, and may try on it
    assert (
        told == f"{case.id}: the exam was failed; it may be taken again from {second + 14 * DAY:%Y-%m-%d %H:%M} UTC on"
    )
    assert len(case.mails("was not passed")) == 2
    await until(case, second + 14 * DAY)
    await case.pass_exam()
    assert decided(case) == [
        ("exam", "failed", EXAMINER),
        ("exam", "failed", EXAMINER),
        ("exam", "passed", EXAMINER),
        ("certificate", "issued", EXAMINER),
    ]


async def test_the_fifth_failure_within_twelve_months_calls_for_remediation(certifying: Certifying) -> None:
    case = await certifying.start()
    first = await case.fail_exam()
    for _ in range(4):
        await case.pass_time(15 * DAY)
        await case.fail_exam()

    # HR and the manager are told, and an operator sees it
    frees_up = months_after(first, 12)
    assert len(case.mails("Remediation", to=HR)) == len(case.mails("Remediation", to=MANAGER)) == 1
    assert (await case.view())["at_risk"] == {"remediation": "exam taken 5 times within 12 months"}

    # Three weeks later it is still refused, until the first failure is a year old
    await case.pass_time(21 * DAY)
    told = await case.refusal_of("take_exam", TakeExam(actor=LEARNER))
    assert "remediation comes first" in told
    assert f"from {frees_up:%Y-%m-%d %H:%M} UTC on" in told
    await until(case, frees_up)
    await case.pass_exam()
    assert (await case.view())["at_risk"] == {}
    assert (await case.view())["stage"] == "valid"


async def test_an_exam_is_taken_once_at_a_time_and_only_by_those_it_is_for(certifying: Certifying) -> None:
    case = await certifying.start()
    assert "it is for HR, head of HR, learner" in await case.refusal_of("take_exam", TakeExam(actor=EXAMINER))
    assert "nothing valid to renew" in await case.refusal_of("renew", EARLY_RENEWAL)

    await case.take_exam(by=HR)

    assert (await case.view())["stage"] == "exam"
    assert "exam 1 was taken on" in await case.refusal_of("take_exam", TakeExam(actor=LEARNER))


async def test_nobody_examines_themselves(certifying: Certifying) -> None:
    # Given a learner who is the examiner of this certificate
    case = await certifying.start(parties={Party.EXAMINER: LEARNER})
    await case.take_exam()
    (task,) = await case.open_tasks(TaskKind.EXAM_RESULT)

    # Then HR hears at once, and the learner's own answer is refused and put on record
    assert task["escalation"] == HR
    message = {"actor": LEARNER, "task": task["id"], "answer": {"passed": True}}
    assert "nobody decides on their own" in await case.refusal_of("answer_task", message)  # type: ignore[arg-type]
    await case.answer(task, by=HR, passed=True)
    await case.settled()
    assert decided(case)[0] == ("exam", "passed", HR)
    with case.office.database.reading() as session:
        assert [one.by_person for one in queries.attempts(session, case.id)] == [LEARNER]


async def test_time_never_decides_an_exam(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.take_exam()

    await case.pass_time(60 * DAY)

    assert "holder: Person Return" in case.mails("please answer by", to=EXAMINER)[0]
    (task,) = await case.open_tasks()
    assert task["escalated"]
    await case.answer(task, by=HR, passed=False, comment="did not come")
    await case.settled()
    assert (await case.view())["stage"] == "preparing"


# Years


async def test_a_certificate_is_renewed_twice_and_then_expires(certifying: Certifying) -> None:
    # Given a certificate, which its holder gets by mail, signed
    case = await certifying.start()
    passed = await case.pass_exam()
    first_expiry = await expiry(case)
    assert first_expiry == months_after(passed, 12)
    assert len(case.mails("you have earned the certificate")) == 1

    # When its holder tries to renew it too early, then they hear from when on they can
    opens = months_after(first_expiry, -6)
    assert f"renewed from {opens:%Y-%m-%d %H:%M} UTC on" in await case.refusal_of("renew", EARLY_RENEWAL)

    # When it is renewed within the window, after a reminder, then from the old expiry
    await until(case, opens)
    assert (await case.view())["stage"] == "renewal"
    assert case.mails("your certificate expires") == []
    await until(case, first_expiry - 180 * DAY)
    assert len(case.mails("your certificate expires")) == 1
    await case.ask("renew", EARLY_RENEWAL)
    await case.result(passed=True)
    second_expiry = await expiry(case)
    assert second_expiry == months_after(first_expiry, 12)
    assert (await case.view())["stage"] == "valid"

    # When it is renewed on its last day, then still from the old expiry
    await until(case, second_expiry - DAY)
    assert len(case.mails("your certificate expires")) == 4
    await case.pass_exam()
    third_expiry = await expiry(case)
    assert third_expiry == months_after(second_expiry, 12)
    assert len(case.mails("your certificate is renewed")) == 2

    # When nobody renews it, then it expires on its day, holder and HR hear so, and nothing was decided
    await until(case, third_expiry)
    assert (await case.view())["stage"] == "expired"
    assert len(case.mails("your certificate expires")) == 7
    assert len(case.mails("Expired")) == len(case.mails("Expired", to=HR)) == 1
    assert "nothing valid to renew" in await case.refusal_of("renew", EARLY_RENEWAL)

    # When it is earned anew, then from the day of the exam
    await case.pass_time(40 * DAY)
    passed = await case.pass_exam()
    assert await expiry(case) == months_after(passed, 12)
    assert [(what, how) for what, how, _ in decided(case) if what == "certificate"] == [
        ("certificate", "issued"),
        ("certificate", "renewed"),
        ("certificate", "renewed"),
        ("certificate", "issued"),
    ]
    assert statuses(case) == [CredentialStatus.VALID] * 4

    # Every certificate began a new run, and the records were told one story
    assert len(await case.histories()) == (await case.view())["runs"] + 1 == 5
    with case.office.database.reading() as session:
        row = queries.case(session, case.id)
        stages = [one.stage for one in queries.stages(session, case.id)]
    assert (row.programme, row.role, row.stage, row.ends_on) == (
        "certification",
        "DATA-PRO",
        "valid",
        (await expiry(case)).date(),
    )
    assert stages == [
        "preparing",
        "exam",
        "valid",
        "renewal",
        "valid",
        "renewal",
        "valid",
        "renewal",
        "expired",
        "valid",
    ]


async def test_an_answer_given_again_in_the_next_run_gets_the_same_receipt(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.take_exam()
    (task,) = await case.open_tasks()
    receipt = await case.answer(task, passed=True)
    await case.settled()
    assert (await case.view())["runs"] == 1

    assert await case.answer(task, passed=True) == receipt
    assert len((await case.view())["exams"]) == 1


# Suspended and revoked


async def test_a_suspended_certificate_counts_again_once_it_is_reinstated(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.pass_exam()
    day = await expiry(case)
    assert "it is for HR, head of HR" in await case.refusal_of("suspend", Suspend(actor=LEARNER, reason="x"))
    assert "is not suspended" in await case.refusal_of("reinstate", Reinstate(actor=HR, reason="x"))

    await case.ask("suspend", Suspend(actor=HR, reason="the exam is looked into"))

    assert statuses(case) == [CredentialStatus.SUSPENDED]
    assert (await case.view())["stage"] == "suspended"
    assert "is suspended already" in await case.refusal_of("suspend", Suspend(actor=HR, reason="x"))
    await until(case, day - 170 * DAY)
    assert case.mails("your certificate expires") == []
    assert "no exam can be taken before it is reinstated" in await case.refusal_of("renew", EARLY_RENEWAL)

    await case.ask("reinstate", Reinstate(actor=HR_LEAD, reason="all was in order"))

    assert statuses(case) == [CredentialStatus.VALID]
    assert (await case.view())["stage"] == "renewal"
    await until(case, day - 60 * DAY)
    assert len(case.mails("your certificate expires")) == 1
    assert len(case.mails("Suspended")) == len(case.mails("Reinstated", to=HR)) == 1
    assert decided(case)[-2:] == [("certificate", "suspended", HR), ("certificate", "reinstated", HR_LEAD)]


async def test_a_pass_while_suspended_is_certified_once_reinstated(certifying: Certifying) -> None:
    # Given somebody who sits the exam that renews their certificate when HR suspends it
    case = await certifying.start()
    await case.pass_exam()
    await until(case, months_after(await expiry(case), -6))
    await case.ask("renew", EARLY_RENEWAL)
    await case.ask("suspend", Suspend(actor=HR, reason="the first exam is looked into"))

    await case.result(passed=True)
    assert statuses(case) == [CredentialStatus.SUSPENDED]

    await case.ask("reinstate", Reinstate(actor=HR, reason="all was in order"))
    await case.settled()
    assert statuses(case) == [CredentialStatus.VALID, CredentialStatus.VALID]
    assert (await case.view())["stage"] == "valid"


async def test_a_certificate_that_expires_while_suspended_has_expired(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.pass_exam()
    await case.ask("suspend", Suspend(actor=HR, reason="the exam is looked into"))
    await until(case, await expiry(case))
    assert len(case.mails("Expired")) == 1

    await case.ask("reinstate", Reinstate(actor=HR, reason="all was in order"))

    assert (await case.view())["stage"] == "expired"
    assert "has expired in the meantime" in case.mails("Reinstated")[0]
    await case.pass_exam()
    assert (await case.view())["stage"] == "valid"


async def test_revoking_is_final_and_ends_the_case_in_good_order(certifying: Certifying) -> None:
    # Given a certificate with its renewal, and another exam under way
    case = await certifying.start()
    assert "no certificate that could be revoked" in await case.refusal_of("revoke", Revoke(actor=HR, reason="x"))
    await case.pass_exam()
    await until(case, months_after(await expiry(case), -6))
    await case.pass_exam()
    await until(case, months_after(await expiry(case), -6))
    await case.take_exam()

    await case.ask("revoke", Revoke(actor=HR_LEAD, reason="somebody else sat the exam"))
    ending = await case.over()

    assert ending.outcome is CertificationOutcome.REVOKED
    assert statuses(case) == [CredentialStatus.REVOKED, CredentialStatus.REVOKED]
    assert decided(case)[-1] == ("certificate", "revoked", HR_LEAD)
    assert "somebody else sat the exam" in case.mails("Revoked")[0]
    view = await case.view()
    assert (view["stage"], view["waiting"]) == ("ended", {"journal": 0, "post": 0})
    assert [task["state"] for task in view["tasks"]][-1] == "closed"


# Leaving


async def test_who_withdraws_keeps_what_was_earned(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.pass_exam()
    assert "can't do that" in await case.refusal_of("withdraw", Withdraw(actor=EXAMINER, reason="x"))

    await case.ask("withdraw", Withdraw(actor=LEARNER, reason="another field"))

    assert (await case.over()).outcome is CertificationOutcome.WITHDRAWN
    assert statuses(case) == [CredentialStatus.VALID]
    assert "stays valid until" in case.mails("Closed")[0]


async def test_cancelling_in_the_temporal_ui_is_an_orderly_withdrawal(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.take_exam()

    await case.handle.cancel()

    assert (await case.over()).outcome is CertificationOutcome.WITHDRAWN
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    view = await case.view()
    assert (view["leaving"]["reason"], view["tasks"][0]["state"]) == ("cancelled by an operator", "closed")
    assert decided(case) == [("certification", "withdrawn", None)]


async def test_what_is_being_issued_when_somebody_withdraws_is_waited_for(office: Office) -> None:
    # Given a certificate that can't be signed for now, because the issuer's key is not there
    async with certifying_in(office, with_key=False) as certifying:
        case = await certifying.start(seconds_per_day=80_000)
        await case.take_exam()
        await case.result(passed=True)

        # When its holder withdraws
        await case.ask("withdraw", Withdraw(actor=LEARNER, reason="another field"))
        assert (await case.view())["issuing"]["n"] == 1
        make_issuer_key(office.settings)

        # Then it is issued all the same, once, and the case knows it
        assert (await case.over()).outcome is CertificationOutcome.WITHDRAWN
        assert statuses(case) == [CredentialStatus.VALID]
        assert len(case.mails("you have earned the certificate")) == 1
        (history,) = await case.histories()
        asked = [one.activity_task_scheduled_event_attributes.activity_type.name for one in history.events]
        assert asked.count("issue_credential") == 1


# Those who wait for it


@asynccontextmanager
async def listeners(
    client: Client, count: int
) -> AsyncIterator[list[WorkflowHandle[ListenerProbe, CertificateEarned]]]:
    """Workflows that wait for a certificate."""
    queue = f"listeners-{uuid.uuid4()}"
    async with Worker(client, task_queue=queue, workflows=[ListenerProbe]):
        yield [
            await client.start_workflow(ListenerProbe.run, id=f"upskilling-U-{uuid.uuid4().hex[:8]}", task_queue=queue)
            for _ in range(count)
        ]


async def test_whoever_waits_for_the_certificate_hears_of_it_once(certifying: Certifying, client: Client) -> None:
    async with listeners(client, 3) as (first, second, late):
        case = await certifying.start(tell=first.id)
        gone = "upskilling-U-GONE"
        for listener in (second.id, gone):
            await case.handle.signal("tell_also", listener)
        for _ in range(5):
            await case.fail_exam()
            await case.pass_time(15 * DAY)
        told = await first.query(ListenerProbe.told)
        assert len(told) == 1
        assert told[0].startswith("remediation until")

        await until(case, months_after(datetime.fromisoformat((await case.view())["exams"][0]["at"]), 12))
        await case.pass_exam()
        assert (await first.result()).valid_until == (await second.result()).valid_until == await expiry(case)

        # Somebody who asks later hears at once; a renewal is no news to anybody
        await case.handle.signal("tell_also", late.id)
        assert (await late.result()).case == case.id
        await case.settled()
        assert (await case.view())["listeners"] == (await case.view())["news"] == []


async def test_whoever_waits_in_vain_hears_that_too(certifying: Certifying, client: Client) -> None:
    async with listeners(client, 1) as (listener,):
        case = await certifying.start(tell=listener.id)
        await case.ask("withdraw", Withdraw(actor=LEARNER, reason="another field"))
        await case.over()
        assert await listener.query(ListenerProbe.told) == ["withdrawn"]


# Starting


async def test_a_second_start_finds_the_certification_that_runs(certifying: Certifying, client: Client) -> None:
    # Given somebody without gaps to the certificate's profile
    office = certifying.office
    with office.database.session() as session:
        session.add(CertificateRecord(**CERTIFICATE.model_dump()))
        session.add(ProfileRecord(id="DATA1", title="Data analyst", source="own"))
        session.flush()
        session.add(
            ProfileSkillRecord(profile="DATA1", skill="sql", level=Decimal(5), importance=Decimal(4), mandatory=True)
        )
        session.add(
            LevelRecord(
                person=LEARNER,
                skill="sql",
                source="test",
                found_on=datetime.now(UTC).date(),
                level=Decimal(6),
                by_person=HR,
                case_id=None,
            )
        )
    wanted = Wanted(LEARNER, CERTIFICATE.id, ROLE.id)
    policy = shipped_learning_policy()

    first = await start_certification(client, office.database, wanted, policy, HR, office.queue)
    assert (first.case, first.already_running) == ("C-RETURN-DATA-PRO", False)
    handle = client.get_workflow_handle(f"certification-{first.case}")
    case = CertificationCase(office, first.case, cast(Any, handle), skips=False)
    assert [one["skill"] for one in (await case.view())["shown"]] == ["sql"]

    # When it has gone on in a new run
    await case.take_exam()
    await case.result(passed=True)
    while (await handle.describe()).run_id == first.run:
        await asyncio.sleep(0.05)
    await case.settled()

    # Then it is found, and so is what operators look for
    again = await start_certification(client, office.database, wanted, policy, HR, office.queue)
    assert again.already_running
    shown = (await handle.describe()).typed_search_attributes
    assert (shown.get(POLICY), shown.get(STAGE)) == (policy.label, "valid")
    await case.ask("withdraw", Withdraw(actor=HR, reason="a rehearsal"))
    await case.over()
    with pytest.raises(CommandError, match="has ended and can't be started again"):
        await start_certification(client, office.database, wanted, policy, HR, office.queue)


# A worker that remembers nothing


async def test_a_worker_that_forgets_everything_loses_nothing(client: Client, tmp_path: Path) -> None:
    async with open_office(client, tmp_path, max_cached_workflows=0) as office, certifying_in(office) as certifying:
        case = await certifying.start()
        await case.pass_exam()
        await until(case, await expiry(case))
        assert (await case.view())["stage"] == "expired"
        assert len(case.mails("your certificate expires")) == 3
