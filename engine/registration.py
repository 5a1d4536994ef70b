"""Registering what Waymark needs on a Temporal server: the namespace, and the search attributes in it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from engine.errors import EngineUnreachable, RegistrationError
from engine.search_attributes import ALL

_RETENTION_DAYS = 30
# A server's services read the namespaces (and with them these attributes) from the database every two seconds, each for
# itself: when one of them knows an attribute, the others do at most this much later.
_SPREAD_SECONDS = 2.5
_PATIENCE_SECONDS = 60.0


async def ensure_namespace(client: Client, namespace: str) -> None:
    """Register `namespace`, which keeps ended cases for 30 days, unless it is there. Raises `RegistrationError`."""
    if await _namespace_exists(client, namespace):
        return
    retention = Duration(seconds=_RETENTION_DAYS * 24 * 3600)
    request = RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=retention)
    try:
        await client.workflow_service.register_namespace(request)
    except RPCError as error:
        if error.status != RPCStatusCode.ALREADY_EXISTS:
            raise RegistrationError(f"Temporal namespace {namespace} can't be registered: {error.message}") from error


async def _namespace_exists(client: Client, namespace: str, *, again: bool = True) -> bool:
    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    except RPCError as error:
        if error.status == RPCStatusCode.CANCELLED and again:  # nobody called it off: its connection broke
            return await _namespace_exists(client, namespace, again=False)
        if error.status != RPCStatusCode.NOT_FOUND:
            raise RegistrationError(f"Temporal namespace {namespace} can't be looked up: {error.message}") from error
        return False
    return True


async def register(client: Client) -> None:
    """Register what is missing of `ALL` in the client's namespace, and return when all of it can be used.

    Registering again changes nothing. Raises `RegistrationError` when the server refuses, or when a name is taken by an
    attribute of another type; `EngineUnreachable` when it goes away meanwhile.
    """
    missing = await _missing(client)
    if missing:
        types = {key.name: key.indexed_value_type.value for key in missing}
        request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=types)  # type: ignore[arg-type]
        try:
            await client.operator_service.add_search_attributes(request, retry=True)
        except RPCError as error:
            if error.status != RPCStatusCode.ALREADY_EXISTS:
                raise _refused(missing, error) from error
        await _until_known(client)
        await asyncio.sleep(_SPREAD_SECONDS)


async def _missing(client: Client) -> list[SearchAttributeKey[Any]]:
    """Those of `ALL` that the namespace lacks; waits for a namespace that was registered a moment ago."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            request = ListSearchAttributesRequest(namespace=client.namespace)
            registered = (await client.operator_service.list_search_attributes(request)).custom_attributes
            break
        except RPCError as error:
            passing = error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE)
            if not passing or time.monotonic() > deadline:
                raise _refused(list(ALL), error) from error
            await asyncio.sleep(0.2)
    for key in ALL:
        if registered.get(key.name, key.indexed_value_type.value) != key.indexed_value_type.value:
            raise RegistrationError(f"Search attribute {key.name} exists with another type than {_type_name(key)}.")
    return [key for key in ALL if key.name not in registered]


async def _until_known(client: Client) -> None:
    """Wait until the server accepts a query by each attribute."""
    query = " AND ".join(f"{key.name} IS NULL" for key in ALL)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            await client.count_workflows(query)
        except RPCError as error:
            if error.status != RPCStatusCode.INVALID_ARGUMENT or time.monotonic() > deadline:
                raise _refused(list(ALL), error) from error
            await asyncio.sleep(0.1)
        else:
            return


def _refused(keys: list[SearchAttributeKey[Any]], error: RPCError) -> Exception:
    if error.status in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED):
        return EngineUnreachable(f"The Temporal server went away while a program was starting on it ({error.message}).")
    wanted = ", ".join(f"{key.name} ({_type_name(key)})" for key in keys)
    return RegistrationError(f"The server's operator has to register the search attributes {wanted}: {error.message}")


def _type_name(key: SearchAttributeKey[Any]) -> str:
    return key.indexed_value_type.name.title().replace("_", "")
