"""Certificates: who has which, exams and renewals, suspending and revoking, and the issuer's key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.certification import issuing, verifying
from cli.core.changing import change, say_started, show_case
from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import (
    DEFAULT_TIMEOUT,
    Actor,
    AsJson,
    CaseArgument,
    Cohort,
    LearningPolicyFile,
    Reason,
    SecondsPerDay,
    Timeout,
    a_directory_to_write,
    an_id,
)
from cli.core.output import say, say_result
from cli.core.output import show as print_parts
from cli.core.resources import read_learning_policy, run
from domain.certification.requests import Reinstate, Renew, Revoke, Suspend, TakeExam
from domain.core.case import Withdraw
from domain.core.clock import REAL_LIFE
from domain.core.updates import Update
from engine.settings import load_settings
from presentation.tables import table
from records.local_time import day_text
from records.tables.certification import CredentialRecord
from service.certification.badges import picture
from service.certification.issued import issued_by, issued_to, status_of
from service.certification.starting import WantedCertification, start_certification
from service.core.asking import message
from service.core.connecting import temporal
from service.core.environment import records
from service.core.policies import DEFAULT_LEARNING_POLICY

app = Commands()
app.command("verify")(verifying.verify)
app.command("key")(issuing.key)
app.command("status-lists")(issuing.status_lists)


@app.command()
def show(
    whose: Annotated[
        str, typer.Argument(parser=an_id, metavar="P-…|CASE", help="A person, or a case such as C-7F3K2M-DATA-PRO.")
    ],
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Show somebody's certificates, from the records; or everything about one certification."""
    if not whose.startswith("P-"):
        show_case(whose, timeout, as_json=as_json)
        return
    with records() as database:
        found, zones = issued_to(database, whose)
    now = datetime.now(UTC)
    if as_json:
        say_result([_as_json(credential, now) for credential in found])
    elif found:
        columns = ("Certificate", "n", "Case", "Valid from", "Until", "Status", "Why")
        print_parts(table(None, columns, (_line(credential, zones[credential.case_id], now) for credential in found)))
    else:
        say(f"{whose} has no certificate.")


def _line(credential: CredentialRecord, zone: str | None, now: datetime) -> tuple[object, ...]:
    dates = day_text(credential.valid_from, zone), day_text(credential.valid_until, zone)
    return (
        credential.certificate,
        credential.n,
        credential.case_id,
        *dates,
        status_of(credential, now),
        credential.status_reason,
    )


def _as_json(credential: CredentialRecord, now: datetime) -> dict[str, Any]:
    return {
        "certificate": credential.certificate,
        "credential": credential.id,
        "case": credential.case_id,
        "n": credential.n,
        "valid_from": credential.valid_from.isoformat(),
        "valid_until": credential.valid_until.isoformat(),
        "status": status_of(credential, now),
        "status_since": credential.status_since.isoformat(),
        "reason": credential.status_reason,
    }


@app.command()
def start(
    holder: Annotated[str, typer.Argument(parser=an_id, metavar="P-…", help="Who is to earn it.")],
    certificate: Annotated[
        str, typer.Argument(parser=an_id, metavar="CERTIFICATE", help="The certificate, such as DATA-PRO.")
    ],
    role: Annotated[
        str, typer.Option(parser=an_id, metavar="ROLE", help="The role whose HR and managers are around it.")
    ],
    actor: Actor,
    policy: LearningPolicyFile = DEFAULT_LEARNING_POLICY,
    case: Annotated[
        str | None, typer.Option(parser=an_id, metavar="ID", help="The case; else C-<person>-<certificate>.")
    ] = None,
    cohort: Cohort = None,
    seconds_per_day: SecondsPerDay = REAL_LIFE,
    as_json: AsJson = False,
) -> None:
    """Start a certification without a path, for somebody without gaps; one that runs already stays as it is."""
    wanted = WantedCertification(holder, certificate, role, case=case, cohort=cohort, seconds_per_day=seconds_per_day)
    rules = read_learning_policy(policy)
    with records() as database:
        queue = load_settings().task_queue
        started = run(start_certification(temporal, database, wanted, rules, actor, queue))
    say_started(started, as_json=as_json)


@app.command()
def exam(case: CaseArgument, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False) -> None:
    """Take the exam now; the examiner is asked for its result."""
    change("certificate", case, Update.TAKE_EXAM, message(TakeExam, actor=actor), timeout, as_json)


@app.command()
def renew(case: CaseArgument, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False) -> None:
    """Take the exam now that renews a certificate which is still valid."""
    change("certificate", case, Update.RENEW, message(Renew, actor=actor), timeout, as_json)


@app.command()
def suspend(
    case: CaseArgument, reason: Reason, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """Suspend a certificate: it does not count until it is reinstated."""
    change("certificate", case, Update.SUSPEND, message(Suspend, actor=actor, reason=reason), timeout, as_json)


@app.command()
def reinstate(
    case: CaseArgument, reason: Reason, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """Let a suspended certificate count again."""
    change("certificate", case, Update.REINSTATE, message(Reinstate, actor=actor, reason=reason), timeout, as_json)


@app.command()
def revoke(
    case: CaseArgument, reason: Reason, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """Revoke a certificate for good, and end the certification."""
    change("certificate", case, Update.REVOKE, message(Revoke, actor=actor, reason=reason), timeout, as_json)


@app.command()
def withdraw(
    case: CaseArgument, reason: Reason, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """End a certification now, in good order; what was earned stays valid until it expires."""
    change("certificate", case, Update.WITHDRAW, message(Withdraw, actor=actor, reason=reason), timeout, as_json)


@app.command()
def save(
    case: CaseArgument,
    to: Annotated[
        Path, typer.Option(parser=a_directory_to_write, metavar="DIR", help="Where the files go; made if need be.")
    ],
    n: Annotated[int | None, typer.Option("--n", min=1, help="The n-th certificate; else the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a certificate to files: its JSON, and the badge it is baked into."""
    with records() as database:
        credential = issued_by(database, case, n)
    files = {
        to / f"{case}-{credential.n}.json": credential.document.encode(),
        to / f"{case}-{credential.n}.svg": picture(credential.document),
    }
    try:
        to.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            file.write_bytes(content)
    except OSError as error:
        raise CommandError(f"the certificate can't be written to {to}: {error.strerror}") from None
    if as_json:
        say_result({"files": [str(file) for file in files]})
    else:
        say("\n".join(str(file) for file in files))
