"""A console for HR on the real server."""

from __future__ import annotations

from tests.web.registry.conftest import running

__all__ = ["running"]
