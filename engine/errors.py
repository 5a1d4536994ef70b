"""What Temporal, or the way to it, can't do: known without the SDK, so that programs without Temporal start sooner."""

import sys


class EngineUnreachable(Exception):
    """No Temporal server answered; the text names the address and what to do."""


class RegistrationError(Exception):
    """Namespace or search attributes could not be registered; the text says why and what an operator has to do."""


def is_rpc_error(error: BaseException) -> bool:
    """Whether it is the SDK's error of a call: only where the SDK is loaded can there be one."""
    service = sys.modules.get("temporalio.service")
    return service is not None and isinstance(error, service.RPCError)
