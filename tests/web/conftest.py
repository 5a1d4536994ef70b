"""Consoles with people, and a browser."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, expect
from temporalio.client import Client

from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from tests.browser import launched
from tests.domain.factories import ROOT
from tests.migrated import new_records
from tests.web.console import Console, open_console
from tests.web.running import Running, opened

expect.set_options(timeout=20_000)
"""Milliseconds that pages are waited for: more than a slow machine needs. It costs nothing where they come."""


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records that know the people of the examples."""
    file = tmp_path_factory.mktemp("filled") / "waymark.db"
    database = new_records(file)
    with database.session() as session:
        store_people(session, read_people((ROOT / "examples" / "people.csv").read_bytes()))
    database.close()
    return file


@pytest.fixture
async def console(filled: Path, tmp_path: Path) -> AsyncIterator[Console]:
    """A console whose records know the people of the examples; Temporal can't be reached, mails go to a Maildir."""
    shutil.copy(filled, tmp_path / "waymark.db")
    async with open_console(tmp_path) as console:
        yield console


@pytest.fixture
async def running(client: Client, tmp_path: Path) -> AsyncIterator[Running]:
    """The console and an office of a test's own."""
    async with opened(client, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests of a process."""
    async with launched() as browser:
        yield browser


@pytest.fixture
async def window(chromium: Browser) -> AsyncIterator[Callable[..., Any]]:
    """Opens windows that know nothing of each other, each with the size, colours and language that are asked for."""
    windows: list[BrowserContext] = []

    async def open_one(**options: Any) -> BrowserContext:
        windows.append(await chromium.new_context(**options))
        return windows[-1]

    yield open_one
    for context in windows:
        await context.close()
