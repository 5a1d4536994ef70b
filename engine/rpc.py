"""What an error of a call to Temporal means, by its status and details; its message is for people alone."""

from __future__ import annotations

from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.service import RPCError, RPCStatusCode


def no_such_workflow(error: RPCError) -> bool:
    """Whether no workflow of that id is there, or it has ended; a namespace that is missing is another matter."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return False
    return not any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details)
