"""Temporal's own client configuration (`TEMPORAL_*`, a profile in a file), and what is wrong with it in our words."""

import os
import re
import sys
import tomllib
from pathlib import Path

from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig

from engine.settings import SettingsError

DEFAULT_PROFILE = "default"


def load_profile() -> ClientConfigProfile:
    """The configuration of this environment. Raises `SettingsError` naming the file or variable, and what is wrong."""
    try:
        return ClientConfigProfile.load()
    except RuntimeError as error:
        raise SettingsError(_whats_wrong(str(error))) from error


def connect_config(profile: ClientConfigProfile | None) -> ClientConnectConfig:
    """What a connection is made with. Raises `SettingsError` for a key or certificate that can't be read."""
    try:
        return profile.to_client_connect_config() if profile else ClientConnectConfig()
    except OSError as error:
        named = f"the file {error.filename}" if error.filename else "a file"
        raise SettingsError(
            f"Temporal's client configuration names {named} for TLS, which can't be read: {error.strerror}"
        ) from error


def _whats_wrong(cause: str) -> str:
    """Looked for anew: of what the library says, only the names and the line number are taken."""
    if both := re.search(r"both (\w+) and (\w+)", cause):
        return f"Temporal's client configuration gives both {both[1]} and {both[2]}; leave one of them out"
    file = _file()
    try:
        known = tomllib.loads(file.read_bytes().decode())
    except FileNotFoundError:
        return f"TEMPORAL_PROFILE names the profile {_profile()}, and there is no file {file}"
    except OSError as error:
        return f"{file} (Temporal's client configuration) can't be read: {error.strerror}"
    except UnicodeDecodeError:
        return f"{file} (Temporal's client configuration) is not UTF-8 text"
    except tomllib.TOMLDecodeError:
        return f"{_at(file, cause)} (Temporal's client configuration) is not TOML; look there, and just before"
    profiles = known.get("profile")
    if isinstance(profiles, dict) and _profile() not in profiles:
        names = ", ".join(sorted(profiles)) or "none"
        return f"there is no profile {_profile()} in {file}, which TEMPORAL_PROFILE names; there are: {names}"
    return f"{_at(file, cause)} (Temporal's client configuration): a value of the wrong kind (text, number, table)"


def _profile() -> str:
    return os.environ.get("TEMPORAL_PROFILE") or DEFAULT_PROFILE


def _file() -> Path:
    """Where Temporal's programs look for their configuration."""
    if named := os.environ.get("TEMPORAL_CONFIG_FILE"):
        return Path(named)
    if sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return folder / "temporalio" / "temporal.toml"


def _at(file: Path, cause: str) -> str:
    line = re.search(r"at line (\d+)", cause)
    return f"{file}, line {line[1]}" if line else str(file)
