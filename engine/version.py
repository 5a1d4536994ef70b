"""Which Waymark this is."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def version() -> str:
    """The version of this checkout."""
    # Looked up when it is asked for: workflow code may not even load a module that touches files as it is loaded.
    project = Path(__file__).resolve().parent.parent / "pyproject.toml"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
