"""What a departure asks the records and the cases: what is theirs, and that it be handed over.

Where Temporal or the records can't be reached, that fails the whole activity, which is tried again; a case that was
asked already answers the same. What keeps a single case from it is said in the result of that one, and stops none of
the others.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import activity
from temporalio.client import Client, RPCTimeoutOrCancelledError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.core.heartbeat import heartbeating_async
from activities.core.journal import records_errors
from domain.core.departure import CaseHandOver, DepartureRow, HandOverCall
from domain.core.model import CaseId, PersonId
from domain.core.naming import workflow_id
from domain.core.reassigning import HandedOver, HandOver
from domain.core.updates import Update
from engine.rpc import no_such_workflow
from records.database import Database
from records.queries import leaving
from records.queries.core.people import Unknown
from service.core.at_once import for_each

ASKED_AT_ONCE = 5
"""So many cases are asked at a time: somebody of HR may be in hundreds, which must not swamp the server."""

ANSWERS_WITHIN = timedelta(seconds=20)

PATIENT_FOR_TRIES = 3
"""After so many tries a case that does not answer is no reason for the others to wait: it is asked at the next look."""


class DepartureActivities:
    """Reads the HR database, and asks cases."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._database = database

    @activity.defn(name="record_departure", no_thread_cancel_exception=True)
    def record_departure(self, row: DepartureRow) -> datetime:
        """Put on record how a departure stands; when their last day is over. The same again changes nothing.

        Raises ``ApplicationError``: of type ``Unknown`` while they are not in the records; of the name of a
        :class:`RecordsError` while the database can't be reached.
        """
        try:
            with records_errors(), self._database.session() as session:
                return leaving.write_departure(session, row)
        except Unknown as unknown:
            raise ApplicationError(str(unknown), type="Unknown") from None

    @activity.defn(name="find_parts", no_thread_cancel_exception=True)
    def find_parts(self, person: PersonId) -> list[CaseId]:
        """The cases that run in which somebody has a part or an open task, as far as the records know.

        Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database can't be reached.
        """
        with records_errors(), self._database.reading() as session:
            return [theirs.case for theirs in leaving.parts_of(session, person)]

    @activity.defn(name="hand_over_parts")
    async def hand_over_parts(self, call: HandOverCall) -> list[CaseHandOver]:
        """Ask each case to hand over what somebody has in it, and return its replies. It heartbeats.

        A try that is repeated is the same update.
        """
        last_try = activity.info().attempt >= PATIENT_FOR_TRIES

        async def ask(case: CaseId) -> CaseHandOver:
            try:
                return await self._ask(call, case)
            except RPCTimeoutOrCancelledError:
                if not last_try:
                    raise
            return CaseHandOver(case=case, refused="did not answer; it is asked again")

        async with heartbeating_async():
            return await for_each(ask, call.cases, at_once=ASKED_AT_ONCE)

    async def _ask(self, call: HandOverCall, case: CaseId) -> CaseHandOver:
        declared = call.leaving
        request = HandOver(
            actor=declared.declared_by,
            person=call.person,
            left_on=declared.last_day,
            successor=declared.successor,
            successors=declared.successors,
            reason=declared.reason,
        )
        try:
            done = await self._client.get_workflow_handle(workflow_id(case)).execute_update(
                Update.HAND_OVER.value,
                request,
                id=f"departure-{activity.info().workflow_run_id}-{call.look}",
                result_type=HandedOver,
                rpc_timeout=ANSWERS_WITHIN,
            )
        except WorkflowUpdateFailedError as error:
            sentence = error.cause.message if isinstance(error.cause, ApplicationError) else str(error.cause)
            return CaseHandOver(case=case, refused=sentence)
        except RPCError as error:
            if not no_such_workflow(error):
                raise
            return CaseHandOver(case=case, ended=True)
        return CaseHandOver(case=case, parts=done.parts)
