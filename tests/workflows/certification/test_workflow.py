"""Certifications on the real server: exams, the retake rule, years of renewals, and an early end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowUpdateFailedError

from domain.certification.credentials import CredentialStatus
from domain.certification.requests import Renew, TakeExam
from domain.certification.signals import CertificationOutcome
from domain.core.case import Withdraw
from domain.core.model import Party, instant_text
from domain.core.months import months_after
from domain.core.skills import RequiredSkill
from records.local_time import local_day
from records.queries.core import cases as queries
from records.tables.core import StageRecord
from service.certification.issuer import make_issuer_key
from tests.certifying import CERTIFICATE, EXAMINER, LEARNER, SHOWN, Certifying, certifying_in, put_into_catalogue
from tests.office import HR, MANAGER, Office, open_office, refusal

DAY = timedelta(days=1)
EARLY_RENEWAL = Renew(actor=LEARNER)


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
    assert told == f"{case.id}: the exam was failed; it may be taken again from {second + 14 * DAY:%Y-%m-%dT%H:%MZ} on"
    assert len(case.mails("was not passed")) == 2
    await case.until(second + 14 * DAY)
    await case.pass_exam()
    assert case.decided() == [
        ("exam", "failed", EXAMINER),
        ("exam", "failed", EXAMINER),
        ("exam", "passed", EXAMINER),
        ("certificate", "issued", EXAMINER),
    ]


async def test_the_wait_counts_from_when_the_exam_was_sat_not_from_when_its_result_was_entered(
    certifying: Certifying,
) -> None:
    # Given an exam that was sat at three in the afternoon, whose result was entered twenty days later
    case = await certifying.start()
    await case.take_exam()
    asked = await case.now()
    await case.pass_time(20 * DAY)
    task = await case.exam_task()
    for wrong, why in ((asked + 30 * DAY, "is still to come"), (asked.replace(tzinfo=None), "far it is from UTC")):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await case.answer(task, passed=False, sat_at=wrong.isoformat())
        assert why in refusal(refused.value)
    sat = (asked + 2 * DAY).replace(hour=15, minute=0, second=0, microsecond=0)
    await case.answer(task, passed=False, sat_at=sat.isoformat())
    await case.settled()

    # Then it can be taken again at once, and that one can't have been sat before the first
    await case.take_exam()
    task = await case.exam_task()
    with pytest.raises(WorkflowUpdateFailedError) as before:
        await case.answer(task, passed=True, sat_at=sat.isoformat())
    assert f"exam 1 was sat on {instant_text(sat)}, after that" in refusal(before.value)
    with pytest.raises(WorkflowUpdateFailedError) as too_early:
        await case.answer(task, passed=True, sat_at=(sat + timedelta(hours=23)).isoformat())
    assert f"may be taken again from {instant_text(sat + DAY)} on" in refusal(too_early.value)
    await case.answer(task, passed=False, sat_at=(sat + DAY).isoformat())
    await case.settled()
    await case.take_exam()  # it was sat more than fourteen days ago


async def test_each_exam_takes_the_entry_of_the_catalogue_that_counts_then(certifying: Certifying) -> None:
    # Given a certificate that was earned by the entry of the first start
    put_into_catalogue(certifying.office, CERTIFICATE, SHOWN)
    case = await certifying.start()
    await case.pass_exam()
    assert "catalogue entry" not in {what for what, _, _ in case.decided()}

    # When the entry has another examiner and the profile one more skill, then the renewal goes by these
    more = RequiredSkill.model_validate({"skill": "python", "level": 4, "importance": 3, "mandatory": True})
    changed = CERTIFICATE.model_copy(update={"examiner": MANAGER, "title": "Data professional II"})
    put_into_catalogue(certifying.office, changed, [*SHOWN, more])
    await case.until(months_after(await case.expiry(), -6))
    await case.ask("renew", EARLY_RENEWAL)
    task = await case.exam_task()

    assert (task["assignee"], sorted(task["facts"]["skills"])) == (MANAGER, ["python: level 4", "sql: level 5"])
    await case.result(passed=True)
    view = await case.view()
    assert [requirement["skill"] for requirement in view["credentials"][-1]["shown"]] == ["python", "sql"]
    assert [requirement["skill"] for requirement in view["credentials"][0]["shown"]] == ["sql"]
    with case.office.database.reading() as session:
        said = [decision for decision in queries.decisions(session, case.id) if decision.what == "catalogue entry"]
        (exam,) = [decision for decision in queries.decisions(session, case.id) if decision.what == "exam"][1:]
    assert (said[0].evidence["before"]["examiner"], said[0].evidence["now"]["examiner"]) == (EXAMINER, MANAGER)
    assert exam.evidence["entry"]["title"] == "Data professional II"


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
    assert f"from {frees_up:%Y-%m-%dT%H:%MZ} on" in told
    await case.until(frees_up)
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
    task = await case.exam_task()

    # Then HR hears at once, and the learner's own answer is refused and put on record
    assert task["escalation"] == HR
    message = {"actor": LEARNER, "task": task["id"], "answer": {"passed": True}}
    assert "nobody decides on their own" in await case.refusal_of("answer_task", message)  # type: ignore[arg-type]
    await case.answer(task, by=HR, passed=True)
    await case.settled()
    assert case.decided()[0] == ("exam", "passed", HR)
    with case.office.database.reading() as session:
        assert [attempt.by_person for attempt in queries.attempts(session, case.id)] == [LEARNER]


async def test_time_never_decides_an_exam(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.take_exam()

    await case.pass_time(60 * DAY)

    assert "holder: Person Return" in case.mails("please answer by", to=EXAMINER)[0]
    task = await case.exam_task()
    assert task["escalated"]
    await case.answer(task, by=HR, passed=False, comment="did not come")
    await case.settled()
    assert (await case.view())["stage"] == "preparing"


# Years


async def test_a_certificate_is_renewed_twice_and_then_expires(certifying: Certifying) -> None:
    # Given a certificate, which its holder gets by mail, signed
    case = await certifying.start()
    passed = await case.pass_exam()
    first_expiry = await case.expiry()
    assert first_expiry == months_after(passed, 12)
    assert len(case.mails("you have earned the certificate")) == 1

    # When its holder tries to renew it too early, then they hear from when on they can
    opens = months_after(first_expiry, -6)
    assert f"renewed from {opens:%Y-%m-%dT%H:%MZ} on" in await case.refusal_of("renew", EARLY_RENEWAL)

    # When it is renewed within the window, after a reminder, then from the old expiry
    await case.until(opens)
    assert (await case.view())["stage"] == "renewal"
    assert case.mails("your certificate expires") == []
    await case.until(first_expiry - 180 * DAY)
    assert len(case.mails("your certificate expires")) == 1
    await case.ask("renew", EARLY_RENEWAL)
    await case.result(passed=True)
    second_expiry = await case.expiry()
    assert second_expiry == months_after(first_expiry, 12)
    assert (await case.view())["stage"] == "valid"

    # When it is renewed on its last day, then still from the old expiry
    await case.until(second_expiry - DAY)
    assert len(case.mails("your certificate expires")) == 4
    await case.pass_exam()
    third_expiry = await case.expiry()
    assert third_expiry == months_after(second_expiry, 12)
    assert len(case.mails("your certificate is renewed")) == 2

    # When nobody renews it, then it expires on its day, holder and HR hear so, and nothing was decided
    await case.until(third_expiry)
    assert (await case.view())["stage"] == "expired"
    assert len(case.mails("your certificate expires")) == 7
    assert len(case.mails("Expired")) == len(case.mails("Expired", to=HR)) == 1
    assert "nothing valid to renew" in await case.refusal_of("renew", EARLY_RENEWAL)

    # When it is earned anew, then from the day of the exam
    await case.pass_time(40 * DAY)
    passed = await case.pass_exam()
    assert await case.expiry() == months_after(passed, 12)
    assert [(what, how) for what, how, _ in case.decided() if what == "certificate"] == [
        ("certificate", "issued"),
        ("certificate", "renewed"),
        ("certificate", "renewed"),
        ("certificate", "issued"),
    ]
    assert case.statuses() == [CredentialStatus.VALID] * 4

    # Every certificate began a new run, and the records were told one story
    assert len(await case.histories()) == (await case.view())["runs"] + 1 == 5
    with case.office.database.reading() as session:
        row = queries.case(session, case.id)
        stages = session.scalars(select(StageRecord.stage).filter_by(case_id=case.id).order_by(StageRecord.n)).all()
    assert (row.programme, row.role, row.stage, row.ends_on) == (
        "certification",
        "DATA-PRO",
        "valid",
        local_day(await case.expiry(), "Europe/London"),
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
    task = await case.exam_task()
    receipt = await case.answer(task, passed=True)
    await case.settled()
    assert (await case.view())["runs"] == 1

    assert await case.answer(task, passed=True) == receipt
    assert len((await case.view())["exams"]) == 1


# An early end


async def test_who_withdraws_keeps_what_was_earned(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.pass_exam()
    assert "can't do that" in await case.refusal_of("withdraw", Withdraw(actor=EXAMINER, reason="x"))

    by_holder = Withdraw(actor=LEARNER, reason="another field")
    assert "it can be left to expire" in await case.refusal_of("withdraw", by_holder)
    await case.ask("withdraw", Withdraw(actor=HR, reason="has left the company"))

    assert (await case.over()).outcome is CertificationOutcome.WITHDRAWN
    assert case.statuses() == [CredentialStatus.VALID]
    assert "stays valid until" in case.mails("has ended")[0]


async def test_cancelling_in_the_temporal_ui_is_an_orderly_withdrawal(certifying: Certifying) -> None:
    case = await certifying.start()
    await case.take_exam()

    await case.handle.cancel()

    assert (await case.over()).outcome is CertificationOutcome.WITHDRAWN
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    view = await case.view()
    assert (view["early_end"]["reason"], view["tasks"][0]["state"]) == ("cancelled by an operator", "closed")
    assert case.decided() == [("certification", "withdrawn", None)]


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
        assert case.statuses() == [CredentialStatus.VALID]
        assert len(case.mails("you have earned the certificate")) == 1
        (history,) = await case.histories()
        asked = [event.activity_task_scheduled_event_attributes.activity_type.name for event in history.events]
        assert asked.count("issue_credential") == 1


# A worker that remembers nothing


async def test_a_worker_that_forgets_everything_loses_nothing(client: Client, tmp_path: Path) -> None:
    async with open_office(client, tmp_path, max_cached_workflows=0) as office, certifying_in(office) as certifying:
        case = await certifying.start()
        await case.pass_exam()
        await case.until(await case.expiry())
        assert (await case.view())["stage"] == "expired"
        assert len(case.mails("your certificate expires")) == 3
