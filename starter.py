"""HR's command line: `python starter.py --help`."""

from __future__ import annotations

from cli.core.app import app
from engine.exit import run_to_exit

if __name__ == "__main__":
    run_to_exit(app)
