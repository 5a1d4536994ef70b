"""Consoles, for tests of what a demo adds to one."""

from tests.web.conftest import console, filled

__all__ = ["console", "filled"]
