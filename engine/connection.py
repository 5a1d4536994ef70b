"""The way to a Temporal server: Temporal's own client configuration, one native runtime, one way to dial."""

import asyncio
import functools
import logging
import re
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfigProfile
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RPCError

from engine.client_configuration import connect_config, load_profile
from engine.errors import EngineUnreachable
from engine.plugin import waymark_plugin

_DIAL_SECONDS = 3.0


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
    profile = load_profile()
    return profile if profile.address else None


def configured_namespace() -> str | None:
    """The namespace that `TEMPORAL_NAMESPACE` or the profile names, if any. Raises `SettingsError`."""
    return load_profile().namespace


async def dial(address: str, *, namespace: str, profile: ClientConfigProfile | None = None) -> Client:
    """A connected client with Waymark's plugin.

    `profile` adds its TLS settings, API key and headers; leave it out for any server that is not the profile's own, so
    that no key is ever sent elsewhere. Raises `EngineUnreachable` within about three seconds, `SettingsError` where its
    key or certificate can't be read.
    """
    config = connect_config(profile)
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
    """What a native error says, in the words of the operating system or of the server where it has any of these.

    By its text: the SDK gives it no code and no type of its own.
    """
    if words := re.search(r'message: "([^"]+)"', text):
        return words[1].lower()
    if "dns error" in text or "lookup address" in text:
        return "this name leads to no address"
    if "PrivateKey" in text or "Certificate" in text or "certificate" in text:
        return "its TLS key or certificate can't be used"
    if "target URL" in text:
        return "that is no address; one is a host and a port, such as temporal.example.org:7233"
    return " ".join(text.split()) if _IN_OUR_WORDS.fullmatch(text) else "it can't be connected to"


_IN_OUR_WORDS = re.compile(r"[A-Za-z0-9 ,.;'\n-]+")
"""A sentence of a server, or of the operating system; what a program prints of its own insides has other signs."""
