"""The browser that tests look at pages with: a Chromium of this machine.

``python -m tests.browser`` finds one, or installs Debian's where that can be done; else it says what is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NAMED_BY = "WAYMARK_TESTS_CHROMIUM"

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
"""It asks the network for nothing but the pages under test. A container has no sandbox, and little shared memory."""

MISSING = (
    "There is no Chromium, which the tests of the console's pages need. Install one (Debian: apt-get install "
    f"chromium), or name yours in {NAMED_BY}."
)


def chromium() -> str | None:
    """The program; none where there is none."""
    named = os.environ.get(NAMED_BY)
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A running browser, for as long as the block lasts."""
    program = chromium()
    if program is None:
        raise RuntimeError(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


def main() -> int:
    """See to it that there is one; 1 where that can't be done."""
    if chromium() is None and shutil.which("apt-get") and os.geteuid() == 0:
        sys.stderr.write("Installing Chromium, for the tests of the console's pages ...\n")
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", "-qq", *command], check=False, env=environment, stdout=subprocess.DEVNULL)
    if chromium() is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
