"""The identity provider by which people sign in: OpenID Connect, the code flow with PKCE, by Authlib.

Nothing is asked of any host but the provider's own, and those that the settings name beside it; no redirect is
followed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.starlette_client import StarletteOAuth2App  # type: ignore[import-untyped]
from joserfc.errors import JoseError

from engine.settings import LOCAL, Settings
from service.core.accounts import LONGEST_SUBJECT, Account
from service.core.errors import Refused

log = logging.getLogger("waymark.console")

ASKING_SECONDS = 10
"""How long the provider may take for one answer."""
KNOWN_SECONDS = 3600
"""How long what the provider says of itself, and its keys, are taken as they were."""
LEEWAY_SECONDS = 60
"""How far the provider's clock may be from ours."""
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Algorithms of a provider's signature that count: those for which it alone has the key."""
ASKED_OF = ("token_endpoint", "jwks_uri", "userinfo_endpoint")
"""What of a provider is asked by the console itself."""


class ProviderUnreachable(Exception):
    """The provider can't be reached, or says what no provider says. The text, for the log, says which."""


class NotVouchedFor(Refused):
    """The provider does not vouch for whoever comes from it: the code is used or old, or an answer is not for us."""

    def __init__(self, reason: str) -> None:
        super().__init__("the identity provider does not say who this is", "forbidden")
        self.reason = reason


@dataclass(frozen=True)
class Begun:
    """What the browser keeps while somebody is at the provider, to know its answer by."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """The provider that the settings name; people come back from it to the address ``back``."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, back: str, hosts: frozenset[str]) -> None:
        self._issuer, self._client_id, self._client_secret = issuer, client_id, client_secret
        self._back = back
        self._hosts = hosts | {urlsplit(issuer).netloc}
        self._client: StarletteOAuth2App | None = None

    async def begin(self) -> tuple[str, Begun]:
        """Where somebody signs in at the provider, and what to keep. Raises :class:`ProviderUnreachable`."""
        client = await self._known()
        made = await client.create_authorization_url(self._back)
        return made["url"], Begun(made["state"], made["nonce"], made["code_verifier"])

    async def account(self, begun: Begun, code: str, issuer: str | None) -> Account:
        """Whose account it is by whose code somebody has come back; ``issuer`` is who gave it, if that was said.

        Raises :class:`NotVouchedFor` and :class:`ProviderUnreachable`.
        """
        client = await self._known()
        if issuer is not None and issuer.rstrip("/") != self._issuer:
            raise NotVouchedFor("the answer is of another provider")
        try:
            token = await client.fetch_access_token(self._back, code=code, code_verifier=begun.verifier)
            claims = await client.parse_id_token(
                token, nonce=begun.nonce, claims_options=self._claims(client), leeway=LEEWAY_SECONDS
            )
            if claims is None:
                raise NotVouchedFor("no ID token")
            return await self._account(client, token, claims)
        except (OAuthError, JoseError) as error:
            raise NotVouchedFor(_kind(error)) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, TypeError, KeyError, RuntimeError) as error:
            raise ProviderUnreachable(type(error).__name__) from error

    def _claims(self, client: StarletteOAuth2App) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "values": [client.server_metadata["issuer"]]},
            "aud": {"essential": True, "value": self._client_id},
            "nonce": {"essential": True},
        }

    async def _account(
        self, client: StarletteOAuth2App, token: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Account:
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
            raise NotVouchedFor("no subject that could be one")
        told = claims
        if "email" not in claims and client.server_metadata.get("userinfo_endpoint"):
            told = await client.userinfo(token=token)
            if told.get("sub") != subject:
                raise NotVouchedFor("what is told of the account is told of another")
        address = told.get("email")
        verified = isinstance(address, str) and told.get("email_verified") is True
        return Account(self._issuer, subject, address if verified else None)

    async def _known(self) -> StarletteOAuth2App:
        """The client, with what the provider says of itself, read anew from time to time."""
        client = self._client
        if client is None or time.time() > client.server_metadata["_loaded_at"] + KNOWN_SECONDS:
            client = self._new()
            try:
                metadata = await client.load_server_metadata()
                self._check(metadata)
            except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, TypeError, AttributeError) as error:
                raise ProviderUnreachable(type(error).__name__) from error
            self._client = client
        return client

    def _new(self) -> StarletteOAuth2App:
        return StarletteOAuth2App(
            None,
            name="provider",
            client_id=self._client_id,
            client_secret=self._client_secret,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "timeout": ASKING_SECONDS,
                "follow_redirects": False,
            },
        )

    def _check(self, metadata: dict[str, Any]) -> None:
        """That the provider is the one we mean, and has us ask nobody else; only signatures that count are left."""
        if str(metadata.get("issuer")).rstrip("/") != self._issuer:
            raise ProviderUnreachable("the provider calls itself otherwise than WAYMARK_OIDC_ISSUER")
        if not _is_safe(str(metadata.get("authorization_endpoint"))):
            raise ProviderUnreachable("the provider has no address to sign in at")
        for name in ASKED_OF:
            if name != "userinfo_endpoint" and name not in metadata:
                raise ProviderUnreachable(f"the provider has no {name}")
            if name in metadata and not (
                _is_safe(str(metadata[name])) and urlsplit(str(metadata[name])).netloc.lower() in self._hosts
            ):
                raise ProviderUnreachable(f"{name} is at a host that WAYMARK_OIDC_HOSTS doesn't name")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [name for name in SIGNATURES if name in offered]


def provider_of(settings: Settings) -> Provider | None:
    """The provider that the settings name, if they name one."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None or settings.oidc_client_secret is None:
        return None
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        back=f"{settings.console_origin}{BACK}",
        hosts=frozenset(filter(None, settings.oidc_hosts.split(","))),
    )


BEGIN, BACK = "/sign-in/account", "/sign-in/account/back"
"""Where signing in by an account begins, and where the provider sends people back to."""


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)


def _kind(error: Exception) -> str:
    """What is wrong, as a word of ours or of the standard: never what somebody sent."""
    said = getattr(error, "error", "")
    return (
        said if isinstance(said, str) and said.replace("_", "").isalnum() and len(said) < 60 else type(error).__name__
    )
