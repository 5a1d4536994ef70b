"""`python -m engine.register`: give a Temporal server the namespace and the search attributes that Waymark needs.

For a server that is not the dev server, once before the first worker. Doing it again changes nothing.
"""

import asyncio
import sys

from engine.client import connect
from engine.errors import EngineUnreachable, RegistrationError
from engine.exit import run_to_exit
from engine.logs import configure_logging
from engine.registration import ensure_namespace, register
from engine.settings import Settings, SettingsError, load_settings


async def prepare(settings: Settings) -> None:
    """Register what is missing on the server that the settings lead to.

    Raises `EngineUnreachable`, and `RegistrationError` where the server refuses.
    """
    client = await connect(settings)
    await ensure_namespace(client, client.namespace)
    await register(client)
    sys.stdout.write(f"Namespace {client.namespace} is ready for Waymark.\n")


def main() -> int:
    """Register; 1 with one message when it can't be done."""
    try:
        settings = load_settings()
        configure_logging(settings)
        asyncio.run(prepare(settings))
    except (EngineUnreachable, RegistrationError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    run_to_exit(main)
