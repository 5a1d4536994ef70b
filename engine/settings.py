"""Waymark's settings, read from environment variables that start with `WAYMARK_`.

Where Temporal is does not stand here: `TEMPORAL_ADDRESS` and its siblings, or a profile of Temporal's own configuration
file, say so for every Temporal program alike (see `engine.connection`).
"""

import re
from datetime import time
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.core.addresses import for_mail
from domain.core.sentences import Violation, violations
from engine.version import version

ROOT = Path(__file__).resolve().parent.parent
"""The checkout. Relative paths in settings start here, so that they mean the same from any working directory."""

PREFIX = "WAYMARK_"

# What pydantic says of a default that it could not work out because another field is wrong.
_ONLY_FOLLOWS = "default_factory_not_called"


DEFAULT_TASK_QUEUE = "waymark"

LOCAL = ("localhost", "127.0.0.1")
"""Hosts that never leave the machine: browsers keep secure cookies for them without TLS, too."""


class SettingsError(Exception):
    """A setting can't be used. The text is one line that names the environment variable."""


def _in_data_dir(values: dict[str, Any]) -> Path:
    """The data directory as settled so far; its default when it was refused (that error is reported by itself)."""
    data_dir: Path = values.get("data_dir", ROOT / "data")
    return data_dir


def _local_time(value: object) -> object:
    """A time as people write it. Raises `ValueError` with what is allowed."""
    if isinstance(value, time):
        return value
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(value)):
        raise ValueError("must be a time, such as 08:00")
    return time.fromisoformat(str(value))


class Settings(BaseSettings):
    """Every setting with its default. `WAYMARK_TASK_QUEUE` sets `task_queue`, and so on."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    task_queue: str = Field(default=DEFAULT_TASK_QUEUE, min_length=1)
    namespace: str = Field(default="default", min_length=1)
    """Temporal namespace, used when neither `TEMPORAL_NAMESPACE` nor the Temporal profile names one."""
    max_cached_workflows: int = Field(default=500, ge=0)
    """Cases a worker keeps in memory; 0 replays every task from the start, which only tests want."""

    build: str = Field(default_factory=version, min_length=1, max_length=200)
    """What operators read beside each step that a worker has done; a deployment may name its own."""

    temporal_cli: Path | None = None
    """The `temporal` that starts a dev server, instead of the one that came with the virtual environment."""

    data_dir: Path = ROOT / "data"
    """Everything that Waymark writes locally: records, mail, the dev server's state and logs."""
    # Out of `repr`, because both may hold a password.
    records_url: str = Field(
        default_factory=lambda values: f"sqlite:///{_in_data_dir(values) / 'waymark.db'}", repr=False
    )
    """`sqlite:///path` or `postgresql://user:password@host:port/database`."""
    smtp_url: str | None = Field(default=None, repr=False)
    """`smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. Without: mail goes to `maildir`."""
    maildir: Path = Field(default_factory=lambda values: _in_data_dir(values) / "mail")
    lms_keys: Path = Field(default_factory=lambda values: _in_data_dir(values) / "lms-keys")
    """A directory with the public key or certificate (`<name>.pem`) of each learning system whose signature counts."""
    mail_from: str = "Waymark <waymark@localhost.localdomain>"
    daily_mail_at: Annotated[time, BeforeValidator(_local_time)] = time(8)
    """When whoever has chosen one mail a day gets it, by the clock of their own time zone: `08:00`."""

    issuer_key: Path = Field(default_factory=lambda values: _in_data_dir(values) / "issuer" / "issuer.pem")
    """The Ed25519 key that signs certificates: a private key as PEM (PKCS 8) without a password."""
    seal_key: Path = Field(default_factory=lambda values: _in_data_dir(values) / "issuer" / "seal.key")
    """The key that decisions, stipends and attempts on record are sealed with; made when it is first needed."""
    seal_list: Path = Field(default_factory=lambda values: _in_data_dir(values) / "issuer" / "seals.jsonl")
    """A copy of the list of all seals, out of reach of whoever can change the database only."""
    issuer_name: str = Field(default="Waymark", min_length=1, max_length=200)
    """Who issues certificates, as people read it in them."""
    issuer_url: str = "https://badges.example.org"
    """Where the status lists of certificates are published; it stands in every certificate, so it must last."""

    console_url: str | None = None
    """Where people's browsers find the console: `https://waymark.example.org`. Letters link to it where it is set."""
    temporal_ui: str | None = None
    """Where operators find Temporal's own pages: `https://temporal.example.org`. The console links to them there."""
    console_host: str = Field(default="127.0.0.1", min_length=1, max_length=200)
    """The address that the console listens at; `0.0.0.0` for all of this machine's."""
    console_port: int = Field(default=8080, ge=1, le=65535)
    console_proxies: str = ""
    """Whose `X-Forwarded-For` counts: addresses or networks of reverse proxies, with commas between them."""

    oidc_issuer: str | None = None
    """The identity provider by which people sign in to the console (OpenID Connect), as it names itself: its address.

    Without one people sign in by mail."""
    oidc_client_id: str | None = Field(default=None, max_length=500, validate_default=True)
    """What the provider knows the console as."""
    oidc_client_secret: str | None = Field(default=None, max_length=2000, repr=False, validate_default=True)
    oidc_hosts: str = ""
    """Further hosts at which the provider has its endpoints, with commas between them; no others are asked anything."""
    sign_in_by_mail: bool = Field(default_factory=lambda values: values.get("oidc_issuer") is None)
    """Whether people sign in by a link that comes by mail: unless there is an identity provider, or beside it."""

    log_format: Literal["auto", "json", "console"] = "auto"
    """`auto` is `console` on a terminal and `json` elsewhere."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("data_dir", "maildir", "lms_keys", "issuer_key", "seal_key", "seal_list", "temporal_cli")
    @classmethod
    def _from_root(cls, value: Path | None) -> Path | None:
        return value and ROOT / value.expanduser()

    @field_validator("records_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        scheme, found, rest = value.partition("://")
        if scheme == "sqlite" and found and rest.startswith("/") and rest not in ("/", "/:memory:"):
            return f"sqlite:///{ROOT / rest[1:]}"
        parts = urlsplit(value)
        host = parts.hostname or parse_qs(parts.query).get("host")  # a directory, of a socket on this machine
        if scheme in ("postgresql", "postgres", "postgresql+psycopg") and found and host:
            return f"postgresql+psycopg://{rest}"
        raise ValueError("must be sqlite:///path or postgresql://user:password@host:port/database")

    @field_validator("smtp_url")
    @classmethod
    def _known_mail_server(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        try:
            usable = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError("must be smtp://user:password@host:port or smtps://user:password@host:port")
        return value

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, value: str) -> str:
        try:
            for_mail(parseaddr(value)[1])
        except ValueError as broken:
            raise ValueError(
                f"must be one mail address, such as Waymark <waymark@example.org>; the address {broken}"
            ) from None
        return value

    @field_validator("issuer_url")
    @classmethod
    def _published(cls, value: str) -> str:
        if not re.fullmatch(r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~-]+)*/?", value):
            raise ValueError("must be an https address without query, such as https://badges.example.org")
        return value.rstrip("/")

    @field_validator("temporal_ui")
    @classmethod
    def _a_page(cls, value: str | None) -> str | None:
        if not value:
            return None
        if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~-]+)*/?", value):
            raise ValueError("must be an address without query, such as https://temporal.example.org")
        return value.rstrip("/")

    @field_validator("console_url")
    @classmethod
    def _origin(cls, value: str | None) -> str | None:
        """Without a path: the cookies of the console are for its whole host. Without TLS only on the machine itself."""
        if not value:
            return None
        found = re.fullmatch(r"(https?)://([a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[0-9]{1,5})?/?", value.lower())
        if not found or (found[1] == "http" and found[2] not in LOCAL):
            raise ValueError(
                "must be an https address without path, such as https://waymark.example.org; http only for localhost"
            )
        standard = {"https": ":443", "http": ":80"}[found[1]]
        return f"{found[1]}://{found[2]}{'' if found[4] == standard else found[4] or ''}"

    @field_validator("oidc_issuer")
    @classmethod
    def _of_a_provider(cls, value: str | None) -> str | None:
        """Without the ``/`` at its end, which providers write one way here and another there."""
        if not value:
            return None
        found = re.fullmatch(r"(https?)://([A-Za-z0-9.-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~:@-]+)*/?", value)
        if not found or (found[1] == "http" and found[2] not in LOCAL):
            raise ValueError(
                "must be an https address without query, such as https://login.example.org; http only for localhost"
            )
        return value.rstrip("/")

    @field_validator("oidc_client_id", "oidc_client_secret")
    @classmethod
    def _with_the_issuer(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("oidc_issuer") and not value:
            raise ValueError("is needed with WAYMARK_OIDC_ISSUER; whoever runs the identity provider gives it")
        return value

    @field_validator("oidc_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        hosts = [part.strip().lower() for part in value.split(",") if part.strip()]
        if not all(re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", host) for host in hosts):
            raise ValueError("must be hosts with commas between them, such as oauth2.example.com")
        return ",".join(hosts)

    @field_validator("console_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        try:
            networks = [str(ip_network(part.strip(), strict=False)) for part in value.split(",") if part.strip()]
        except ValueError:
            raise ValueError("must be addresses or networks with commas between them, such as 10.0.0.5") from None
        return ",".join(networks)

    @property
    def console_origin(self) -> str:
        """Scheme, host and port that the console's pages have in a browser."""
        return self.console_url or f"http://localhost:{self.console_port}"


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process's environment; `overrides` win over it (field names, for tests and options).

    Raises `SettingsError`: one line, one part for each variable that can't be used, never showing its value.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        refused = [each for each in violations(error) if each.kind != _ONLY_FOLLOWS]
        raise SettingsError("; ".join(map(_explain, refused))) from None


def _explain(broken: Violation) -> str:
    """The variable and the rule; never its value, which may be a password."""
    variable = PREFIX + "_".join(str(part) for part in broken.at).upper()
    return f"{variable}: {broken.rule}"
