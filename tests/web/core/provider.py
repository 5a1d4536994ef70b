"""An identity provider for tests of signing in by it: Canaille, a real one, as pytest-iam runs it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import canaille.oidc.provider  # type: ignore[import-untyped]
import pytest
from joserfc import jwt
from pytest_iam import Server

from tests.web.console import Console

CLIENT, SECRET = "waymark", "between the two of us"
_numbers = itertools.count(1)


@dataclass
class Company:
    """The provider, and what it claims of people on top of what it knows of them."""

    server: Server
    client: Any
    claims: dict[str, Any] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """How it calls itself."""
        return self.server.url.rstrip("/")

    def settings(self, **more: object) -> dict[str, Any]:
        """The settings of a console that signs people in by it."""
        return {
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            **more,
        }

    def know(self, console: Console) -> None:
        """Let people of this console come."""
        with self.server.app.app_context():
            self.server.backend.update(self.client, redirect_uris=[f"{console.origin}/sign-in/account/back"])
            self.server.backend.save(self.client)

    def alter_tokens(self, monkeypatch: pytest.MonkeyPatch, claims: dict[str, Any]) -> None:
        """From now on its ID tokens say something else, under its own signature."""
        encode = jwt.encode
        monkeypatch.setattr(
            jwt, "encode", lambda header, content, *rest, **more: encode(header, content | claims, *rest, **more)
        )

    def account(self, address: str, **claims: Any) -> str:
        """An account with this address, new in each test, in which its owner is logged in; how it is called."""
        name = f"account-{next(_numbers)}"
        user = self.server.random_user(user_name=name, emails=[address], password="correct horse")
        self.server.login(user)
        self.server.consent(user, self.client)
        self.claims.clear()
        self.claims.update({"email_verified": True, **claims})
        return name


@pytest.fixture
def company(iam_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    """A provider that knows a client; what it claims of people can be said."""
    with iam_server.app.app_context():
        client = iam_server.models.Client(
            client_id=CLIENT,
            client_secret=SECRET,
            client_name="Waymark",
            client_uri="http://localhost",
            redirect_uris=["http://localhost/back"],
            contacts=["it@example.org"],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "email", "profile"],
            token_endpoint_auth_method="client_secret_basic",
        )
        iam_server.backend.save(client)
        iam_server.backend.update(client, audience=[client])
        iam_server.backend.save(client)
    made = Company(iam_server, client)
    told = canaille.oidc.provider.generate_user_claims
    monkeypatch.setattr(canaille.oidc.provider, "generate_user_claims", lambda user: told(user) | made.claims)
    yield made
    iam_server.logout()
    with iam_server.app.app_context():
        iam_server.backend.delete(client)
