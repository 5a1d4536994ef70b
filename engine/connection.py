"""The way to a Temporal server: Temporal's own client configuration, one native runtime, one way to dial."""

import asyncio
import functools
import logging
import re
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RPCError

from engine.plugin import waymark_plugin
from engine.settings import SettingsError

_DIAL_SECONDS = 3.0


class EngineUnreachable(Exception):
    """No Temporal server answered; the text names the address and what to do."""


@functools.cache
def runtime() -> Runtime:
    """The process's one native runtime. Its log lines go to Python's logging instead of standard output."""
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"), append_target_to_name=False)
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    shared = Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=levels, forwarding=forwarding)))
    Runtime.set_default(shared, error_if_already_set=False)
    return shared


def configured_profile() -> ClientConfigProfile | None:
    """What `TEMPORAL_ADDRESS` and its siblings, or a profile of Temporal's configuration file, say.

    None when they name no address. Raises `SettingsError` when they can't be read.
    """
    profile = _profile()
    return profile if profile.address else None


def configured_namespace() -> str | None:
    """The namespace that `TEMPORAL_NAMESPACE` or the profile names, if any. Raises `SettingsError`."""
    return _profile().namespace


def _profile() -> ClientConfigProfile:
    try:
        return ClientConfigProfile.load()
    except RuntimeError as error:
        raise SettingsError(f"Temporal's client configuration (TEMPORAL_* variables, profile): {error}") from error


async def dial(address: str, *, namespace: str, profile: ClientConfigProfile | None = None) -> Client:
    """A connected client with Waymark's plugin.

    `profile` adds its TLS settings, API key and headers; leave it out for any server that is not the profile's own, so
    that no key is ever sent elsewhere. Raises `EngineUnreachable` within about three seconds.
    """
    config = profile.to_client_connect_config() if profile else ClientConnectConfig()
    config["target_host"] = address
    config["namespace"] = namespace
    try:
        connecting = Client.connect(
            **config,
            plugins=[waymark_plugin()],
            runtime=runtime(),
            connect_timeout=timedelta(seconds=_DIAL_SECONDS),
        )
        return await asyncio.wait_for(connecting, _DIAL_SECONDS)
    except (RuntimeError, RPCError, OSError, ValueError, TimeoutError) as error:
        raise EngineUnreachable(_unreachable(address, error)) from error


def _unreachable(address: str, error: Exception) -> str:
    detail = "no answer in time" if isinstance(error, TimeoutError) else reason(str(error))
    return (
        f"No Temporal server answers at {address} ({detail}). Start it, or name another in TEMPORAL_ADDRESS; "
        "without TEMPORAL_ADDRESS, `make server` starts one here."
    )


def reason(text: str) -> str:
    """What a native error's long text says in the words of the operating system or of the server, if it has any."""
    words = re.search(r'message: "([^"]+)"', text)
    return words[1].lower() if words else " ".join(text.split()) or "no reason given"
