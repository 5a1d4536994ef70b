"""Fixtures for the tests of the post."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from tests.activities.core.mailroom import (
    Book,
    Entries,
    Mailroom,
    running,
    three_people,
)


@pytest.fixture
def book() -> Book:
    return three_people()


@pytest.fixture
def entries() -> Entries:
    return Entries()


@pytest.fixture
def mailroom() -> Mailroom:
    return Mailroom()


@pytest.fixture
def mail_server(mailroom: Mailroom) -> Iterator[Controller]:
    with running(mailroom) as controller:
        yield controller
