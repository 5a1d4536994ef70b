"""Whether anybody listens where a Temporal server is to be: the SDK itself tries again for many seconds first."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from temporalio.client import Client

from engine.errors import EngineUnreachable

_LOOKS_SECONDS = 1.0


async def check_listens(client: Client) -> bool:
    """Whether somebody was found listening; false where it could not be told, as by way of a proxy.

    Raises ``EngineUnreachable`` where the machine says at once that nobody listens there; nothing is sent then.
    Whatever else may be the matter, the call that follows finds out.
    """
    config = client.service_client.config
    if config.http_connect_proxy_config is not None:
        return False
    host, _, port = config.target_host.rpartition(":")
    try:
        async with asyncio.timeout(_LOOKS_SECONDS):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    except ConnectionRefusedError:
        raise EngineUnreachable(f"No Temporal server answers at {config.target_host} (connection refused).") from None
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True
