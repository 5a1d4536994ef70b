"""The client that every part of Waymark uses."""

from temporalio.client import Client

from engine.connection import EngineUnreachable, configured_namespace, configured_profile, dial
from engine.devserver.launch import store_of
from engine.devserver.state import running_address
from engine.settings import Settings

DEFAULT_ADDRESS = "localhost:7233"

__all__ = ["DEFAULT_ADDRESS", "EngineUnreachable", "connect"]


async def connect(settings: Settings, *, address: str | None = None) -> Client:
    """Connect to Temporal: at `address`, else where Temporal's configuration says, else to this checkout's dev server.

    Temporal's configuration is `TEMPORAL_ADDRESS` or a profile (`TEMPORAL_PROFILE`), with its TLS and API key, which
    are used only for the profile's own address. Without any of the three it is `localhost:7233`, but not where the data
    directory has a dev server of its own that does not run: what belongs there must not go to somebody else's server.

    Raises `EngineUnreachable` within about three seconds, `SettingsError` when the configuration can't be read.
    """
    profile = configured_profile()
    target = address or (profile.address if profile else None) or running_address(settings.data_dir)
    if target is None and store_of(settings.data_dir).exists():
        raise EngineUnreachable(
            "The Temporal server of this data directory does not run. Start it with `make server` (WAYMARK_DATA_DIR as "
            "now), or name yours in TEMPORAL_ADDRESS."
        )
    target = target or DEFAULT_ADDRESS
    namespace = configured_namespace() or settings.namespace
    return await dial(target, namespace=namespace, profile=profile if profile and profile.address == target else None)
