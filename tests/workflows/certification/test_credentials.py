"""Certificates that are suspended, reinstated, revoked or waited for, and certifications started twice.

(What those hear who wait for a certificate: ``test_listeners``.)
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from domain.certification.credentials import CredentialStatus
from domain.certification.requests import Reinstate, Renew, Revoke, Suspend
from domain.certification.signals import CertificateEarned, CertificationOutcome, TellAlso
from domain.core.case import Withdraw
from domain.core.months import months_after
from domain.core.skills import RequiredSkill
from engine.search_attributes import POLICY, STAGE
from records.tables.learning import CertificateRecord, LevelRecord, ProfileRecord, ProfileSkillRecord
from service.certification.starting import WantedCertification, start_certification
from service.core.connecting import connected
from service.core.errors import HasEnded, Refused
from tests.certifying import (
    CERTIFICATE,
    LEARNER,
    SHOWN,
    CertificationCase,
    Certifying,
    put_into_catalogue,
)
from tests.domain.factories import shipped_learning_policy
from tests.office import HR, HR_LEAD, ROLE
from tests.workflows.case.listener import ListenerProbe

DAY = timedelta(days=1)
EARLY_RENEWAL = Renew(actor=LEARNER)


# Suspended and revoked


async def test_a_suspended_certificate_counts_again_once_it_is_reinstated(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.pass_exam()
    day = await case.expiry()
    assert "it is for HR, head of HR" in await case.refusal_of("suspend", Suspend(actor=LEARNER, reason="x"))
    assert "is not suspended" in await case.refusal_of("reinstate", Reinstate(actor=HR, reason="x"))

    await case.ask("suspend", Suspend(actor=HR, reason="the exam is looked into"))

    assert case.statuses() == [CredentialStatus.SUSPENDED]
    assert (await case.view())["stage"] == "suspended"
    assert "is suspended already" in await case.refusal_of("suspend", Suspend(actor=HR, reason="x"))
    await case.until(day - 170 * DAY)
    assert case.mails("your certificate expires") == []
    assert "no exam can be taken before it is reinstated" in await case.refusal_of("renew", EARLY_RENEWAL)

    await case.ask("reinstate", Reinstate(actor=HR_LEAD, reason="all was in order"))

    assert case.statuses() == [CredentialStatus.VALID]
    assert (await case.view())["stage"] == "renewal"
    await case.until(day - 60 * DAY)
    assert len(case.mails("your certificate expires")) == 1
    assert len(case.mails("Suspended")) == len(case.mails("Reinstated", to=HR)) == 1
    assert case.decided()[-2:] == [("certificate", "suspended", HR), ("certificate", "reinstated", HR_LEAD)]


async def test_a_pass_while_suspended_is_certified_once_reinstated(certifying: Certifying) -> None:
    # Given somebody who sits the exam that renews their certificate when HR suspends it
    case = await certifying.start()
    await case.pass_exam()
    await case.until(months_after(await case.expiry(), -6))
    await case.ask("renew", EARLY_RENEWAL)
    await case.ask("suspend", Suspend(actor=HR, reason="the first exam is looked into"))

    await case.result(passed=True)
    assert case.statuses() == [CredentialStatus.SUSPENDED]

    await case.ask("reinstate", Reinstate(actor=HR, reason="all was in order"))
    await case.settled()
    assert case.statuses() == [CredentialStatus.VALID, CredentialStatus.VALID]
    assert (await case.view())["stage"] == "valid"


async def test_a_certificate_that_expires_while_suspended_has_expired(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.pass_exam()
    await case.ask("suspend", Suspend(actor=HR, reason="the exam is looked into"))
    await case.until(await case.expiry())
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
    await case.until(months_after(await case.expiry(), -6))
    await case.pass_exam()
    await case.until(months_after(await case.expiry(), -6))
    await case.take_exam()

    await case.ask("revoke", Revoke(actor=HR_LEAD, reason="somebody else sat the exam"))
    ending = await case.over()

    assert ending.outcome is CertificationOutcome.REVOKED
    assert case.statuses() == [CredentialStatus.REVOKED, CredentialStatus.REVOKED]
    assert case.decided()[-1] == ("certificate", "revoked", HR_LEAD)
    assert "somebody else sat the exam" in case.mails("Revoked")[0]
    view = await case.view()
    assert (view["stage"], view["waiting"]) == ("ended", {"journal": 0, "post": 0})
    assert [task["state"] for task in view["tasks"]][-1] == "closed"


# Those who wait for it


@asynccontextmanager
async def listeners(
    client: Client, count: int
) -> AsyncIterator[list[WorkflowHandle[ListenerProbe, CertificateEarned]]]:
    """Workflows that wait for a certificate."""
    queue = f"listeners-{uuid.uuid4()}"
    async with Worker(client, task_queue=queue, workflows=[ListenerProbe]):
        yield [
            await client.start_workflow(
                ListenerProbe.run, id=f"upskilling-U-{uuid.uuid4().hex[:8].upper()}", task_queue=queue
            )
            for _ in range(count)
        ]


async def test_a_certificate_that_attests_less_than_is_asked_makes_the_exam_due(
    certifying: Certifying, client: Client
) -> None:
    # Given a certificate for sql alone, and a profile that has got another mandatory skill since
    case = await certifying.start()
    await case.pass_exam()
    more = RequiredSkill.model_validate({"skill": "python", "level": 4, "importance": 3, "mandatory": True})
    put_into_catalogue(certifying.office, CERTIFICATE, [*SHOWN, more])
    assert "can be renewed from" in await case.refusal_of("renew", EARLY_RENEWAL)
    async with listeners(client, 2) as (content, asking):
        # When one waits for what it attests, and another for what is asked now
        await case.handle.signal("tell_also", TellAlso(listener=content.id, asks=SHOWN))
        await case.handle.signal("tell_also", TellAlso(listener=asking.id, asks=[*SHOWN, more]))
        assert (await content.result()).case == case.id
        await case.settled()

        # Then the exam is due at once, and the other hears only of the certificate that it leads to
        view = await case.view()
        assert (view["listeners"], view["stage"]) == ([asking.id], "renewal")
        assert "python: level 4" in case.mails("the exam is due", to=HR)[0]
        await case.ask("renew", EARLY_RENEWAL)
        await case.result(passed=True)
        assert (await asking.result()).valid_until == await case.expiry()
        assert (await case.view())["stage"] == "valid"


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
    wanted, connect = WantedCertification(LEARNER, CERTIFICATE.id, ROLE.id), connected(client)
    policy = shipped_learning_policy()

    first = await start_certification(connect, office.database, wanted, policy, HR, office.queue)
    assert (first.case, first.already_running) == ("C-RETURN-DATA-PRO", False)
    handle = client.get_workflow_handle(f"certification-{first.case}")
    case = CertificationCase(office, first.case, cast(Any, handle), skips=False)
    assert [requirement["skill"] for requirement in (await case.view())["shown"]] == ["sql"]

    # Then there is no other one under another name
    for running in (True, False):
        if not running:
            await case.settled()  # the records know it too
        another = WantedCertification(LEARNER, CERTIFICATE.id, ROLE.id, case="C-ANOTHER")
        with pytest.raises(Refused, match="already: C-RETURN-DATA-PRO; there can't be two"):
            await start_certification(connect, office.database, another, policy, HR, office.queue)

    # When it has gone on in a new run
    await case.take_exam()
    await case.result(passed=True)
    while (await handle.describe()).run_id == first.run:
        await asyncio.sleep(0.05)
    await case.settled()

    # Then it is found, and so is what operators look for
    again = await start_certification(connect, office.database, wanted, policy, HR, office.queue)
    assert again.already_running
    shown = (await handle.describe()).typed_search_attributes
    assert (shown.get(POLICY), shown.get(STAGE)) == (policy.label, "valid")
    await case.ask("withdraw", Withdraw(actor=HR, reason="a rehearsal"))
    await case.over()
    with pytest.raises(HasEnded, match="has ended and can't be started again"):
        await start_certification(connect, office.database, wanted, policy, HR, office.queue)
