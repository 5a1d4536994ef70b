"""The client that every part of Waymark uses."""

from pathlib import Path

from temporalio.client import Client

from engine.connection import configured_namespace, configured_profile, dial
from engine.devserver.state import running_address
from engine.errors import EngineUnreachable
from engine.settings import ROOT, Settings


async def connect(settings: Settings, *, address: str | None = None) -> Client:
    """Connect to Temporal: at `address`, else where Temporal's configuration says, else to this checkout's dev server.

    Temporal's configuration is `TEMPORAL_ADDRESS` or a profile (`TEMPORAL_PROFILE`), with its TLS and API key, which
    are used only for the profile's own address. What belongs to a data directory never goes to a server that only
    happens to listen where servers usually do.

    Raises `EngineUnreachable` within about three seconds, `SettingsError` when the configuration can't be read.
    """
    profile = configured_profile()
    target = address or (profile.address if profile else None) or running_address(settings.data_dir)
    if target is None:
        raise EngineUnreachable(_none_for(settings.data_dir))
    namespace = configured_namespace() or settings.namespace
    return await dial(target, namespace=namespace, profile=profile if profile and profile.address == target else None)


def _none_for(data_dir: Path) -> str:
    same_setting = "" if data_dir == ROOT / "data" else " (WAYMARK_DATA_DIR as now)"
    return (
        f"No Temporal server runs for the data directory {data_dir}. Start it with `make server`{same_setting}, or "
        "name yours in TEMPORAL_ADDRESS."
    )
