"""Checking what is on record against its seals, and against what the cases themselves know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.service import RPCError, RPCStatusCode

from domain.core.delivery import LastSeal
from domain.core.model import CaseId
from domain.core.naming import workflow_id
from engine.rpc import no_such_workflow
from records import tampering
from records.database import Database
from records.queries.registry import all_cases
from records.seal_files import SealFiles, SealFilesError, read_key, read_list
from records.seals import name_of
from service.core.at_once import for_each
from service.core.errors import Refused, Unreachable

AT_ONCE = 20
SECONDS = 15.0
NAMED_AT_MOST = 10
"""So many cases that answer nothing are named; of thousands nobody would read more."""

NEWEST_SEALS: TypeAdapter[dict[str, LastSeal]] = TypeAdapter(dict[str, LastSeal])


@dataclass(frozen=True)
class Answers:
    """How many cases answered, and which are silent."""

    answered: int
    silent: tuple[CaseId, ...]


def check(database: Database, further_keys: Sequence[Path], further_copies: Sequence[Path]) -> tampering.Checked:
    """Rows and seals, by the key and the copy of the list that are here, and by those given."""
    here = database.seals.listed
    copies = [*([here] if here.exists() else []), *further_copies]
    try:
        keys = tampering.keys_here(database.seals) | {name_of(key): key for key in map(read_key, further_keys)}
        lines = [line for copy in copies for line in read_list(copy)]
    except SealFilesError as error:
        raise Refused(str(error), "refused") from None
    with database.reading() as session:
        return tampering.check_all(session, keys, lines)


async def ask_cases(client: Client, database: Database, checked: tampering.Checked) -> Answers:
    """Ask each case what it knows of its newest seals, and add to ``checked`` where the records differ."""
    cases = sorted(checked.cases | set(_cases(database)))
    known = await for_each(_Asking(client).newest_seals, cases, at_once=AT_ONCE)
    answers = {case: seals for case, seals in zip(cases, known, strict=True) if _answers(case, seals, checked)}
    silent = tuple(case for case in cases if case not in answers)
    with database.reading() as session:
        for case, seals in answers.items():
            tampering.check_case_seals(session, case, seals or {}, checked)
    return Answers(len(answers), silent)


def _answers(case: CaseId, seals: Mapping[str, LastSeal] | None, checked: tampering.Checked) -> bool:
    """Whether a case's answer says anything: that it has no seals, only where the records have none of it either."""
    return bool(seals) or (seals is not None and case not in checked.cases)


def not_checked(files: SealFiles, answers: Answers | None) -> list[str]:
    """What has not been looked at, and so may have happened."""
    missing = []
    if not files.listed.exists():
        missing.append(
            f"what was taken off the end of the records: there is no copy of the list of seals ({files.listed})"
        )
    if answers is None:
        missing.append(
            "what was taken from the records and from the copy of the list as well: the cases were not asked"
        )
    elif answers.silent:
        missing.append(
            f"what {len(answers.silent)} of {answers.answered + len(answers.silent)} cases know (Temporal has them no "
            f"more, or never had, they began before seals were told, or nobody answers for them): "
            f"{_named(answers.silent)}"
        )
    missing.append("what was done by somebody who has the key of the seals, or before it was made")
    return missing


def _named(cases: Sequence[CaseId]) -> str:
    more = len(cases) - NAMED_AT_MOST
    return ", ".join(cases[:NAMED_AT_MOST]) + (f" and {more:,} more" if more > 0 else "")


def _cases(database: Database) -> list[CaseId]:
    with database.reading() as session:
        return all_cases(session)


class _Asking:
    """Asks cases what they know. Where none answers of as many as are asked at once, the others are not waited for."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._answered = False
        self._waited_for = 0

    async def newest_seals(self, case: CaseId) -> Mapping[str, LastSeal] | None:
        """What a case knows; None where it doesn't answer."""
        if self._waited_for >= AT_ONCE and not self._answered:
            return None
        handle = self._client.get_workflow_handle(workflow_id(case))
        try:
            view = await handle.query("view", rpc_timeout=timedelta(seconds=SECONDS))
            self._answered = True
            return NEWEST_SEALS.validate_python(view.get("seals"))
        except (WorkflowQueryFailedError, WorkflowQueryRejectedError, ValidationError, AttributeError):
            self._answered = True
            return None
        except RPCError as error:
            if error.status in (RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.PERMISSION_DENIED):
                raise Unreachable("Temporal lets nobody ask its cases here") from None
            self._waited_for += not no_such_workflow(error)
            return None
