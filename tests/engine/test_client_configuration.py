"""Temporal's client configuration: what is wrong with it is said in our words, with the file or variable."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from engine.client_configuration import connect_config, load_profile
from engine.connection import reason
from engine.settings import SettingsError

WORDS_OF_A_LIBRARY = re.compile(
    r"TOML parse error|Configuration loading|Invalid configuration|os error|invalid type|\^"
)


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Temporal's configuration file, and nothing else of it in the environment."""
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        monkeypatch.delenv(name)
    path = tmp_path / "temporal.toml"
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(path))
    return path


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[profile.default]\naddress = 'a:1'\n[profile\n", "line 3 .*not TOML"),
        (b"[profile.default]\naddress = 1\n", "line 2 .*wrong kind"),
        (b"[profile.default]\ntls = 3\n", "line 2 .*wrong kind"),
        (b"\xff\xfe\n", "not UTF-8 text"),
        (
            b"[profile.default.tls]\nclient_cert_path = 'a'\nclient_cert_data = 'b'\n",
            "client_cert_path and client_cert",
        ),
    ],
)
def test_a_file_that_can_not_be_used_is_named_with_what_is_wrong(file: Path, content: bytes, sentence: str) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=sentence) as told:
        load_profile()
    assert "both" in str(told.value) or str(file) in str(told.value)
    assert not WORDS_OF_A_LIBRARY.search(str(told.value))


def test_a_profile_that_is_not_there_is_told_with_those_that_are(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_PROFILE", "cloud")
    with pytest.raises(SettingsError, match=rf"profile cloud, and there is no file {file}"):
        load_profile()
    file.write_text("[profile.one]\naddress = 'a:1'\n[profile.two]\n")
    with pytest.raises(SettingsError, match=rf"no profile cloud in {file}.*one, two"):
        load_profile()


def test_a_certificate_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "localhost:7233")
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", "/not/there.pem")
    with pytest.raises(SettingsError, match=r"/not/there\.pem"):
        connect_config(load_profile())


@pytest.mark.parametrize(
    ("native", "sentence"),
    [
        ('Server connection error: Status { code: Unavailable, message: "Connection refused" }', "connection refused"),
        ('tonic::transport::Error(Transport, ConnectError("dns error", Custom { kind: Uncategorized }))', "no address"),
        ("tonic::transport::Error(Transport, PrivateKeyParseError)", "TLS key or certificate"),
        ("invalid target URL: invalid port number", "a host and a port"),
        ("tonic::Something(Else { of: 3 })", "it can't be connected to"),
        ("Namespace hr was not found", "Namespace hr was not found"),
    ],
)
def test_what_a_native_error_prints_of_its_insides_is_not_repeated(native: str, sentence: str) -> None:
    assert sentence in reason(native)
    assert "::" not in reason(native)
