"""Certifications in an office of each test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.certifying import Certifying, certifying_in
from tests.office import Office


@pytest.fixture
async def certifying(office: Office) -> AsyncIterator[Certifying]:
    """Certifications; every run of theirs replays."""
    async with certifying_in(office) as certifying:
        yield certifying
