"""The activities of a certification."""

from __future__ import annotations

from domain.certification.credentials import Credential, IssueRequest, StatusRequest
from workflows.case.activity_calls import Activity, call

ISSUE_CREDENTIAL = Activity("issue_credential", IssueRequest, Credential)
SET_CREDENTIAL_STATUS = Activity("set_credential_status", StatusRequest, type(None))


async def issue_credential(request: IssueRequest) -> Credential:
    """Sign a credential; its document is in the records."""
    return await call(ISSUE_CREDENTIAL, request, f"credential {request.n}, {request.certificate.id}")


async def set_credential_status(request: StatusRequest) -> None:
    """Publish a credential's new status. Raises ``ActivityError`` where it was revoked before."""
    await call(SET_CREDENTIAL_STATUS, request, f"credential is {request.status} now")
