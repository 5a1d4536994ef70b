"""Two locks from one source: what runs Waymark, all that its image gets; and that with the tools to develop it."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from engine.settings import ROOT

RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

COPIED = [line.split()[1:-1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("COPY")]
IN_THE_IMAGE = [ROOT / source for sources in COPIED for source in sources]


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: Path) -> dict[str, set[str]]:
    """The hashes of each pin, `name==version` with its marker."""
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    return {entry.split(" \\")[0]: set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", entry)) for entry in entries}


def names(lock: Path) -> set[str]:
    """What a lock installs."""
    return {normal(pin.split("==")[0]) for pin in pins(lock)}


def direct(requirements: list[str]) -> set[str]:
    """The packages that `pyproject.toml` names."""
    return {normal(re.split(r"[\[<>=; ]", requirement)[0]) for requirement in requirements}


@pytest.mark.parametrize("lock", [RUN, DEV])
def test_every_pin_has_its_hashes_and_no_address(lock: Path) -> None:
    assert all(pins(lock).values())
    assert "://" not in lock.read_text()
    assert "index" not in lock.read_text()


def test_both_are_of_the_same_source_and_the_same_versions() -> None:
    run, dev = pins(RUN), pins(DEV)
    assert run.items() <= dev.items()
    assert direct(PROJECT["project"]["dependencies"]) <= names(RUN)
    assert direct(PROJECT["dependency-groups"]["dev"]) <= names(DEV)


def test_the_image_gets_no_tools_to_develop() -> None:
    installs = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if "pip install" in line]
    assert [line.split(" -r ")[1] for line in installs] == [RUN.name]
    assert not names(RUN) & {"pytest", "pytest-asyncio", "hypothesis", "ruff", "mypy", "import-linter", "aiosmtpd"}


def test_all_that_the_images_code_imports_is_installed_to_run_it() -> None:
    providers = packages_distributions()
    for file, module in _imports():
        found = {normal(name) for name in providers.get(module, [module])}
        assert found & names(RUN), f"{file.relative_to(ROOT)} imports {module}"


def _imports() -> Iterator[tuple[Path, str]]:
    """Every module of others that the code in the image imports, with the file that does."""
    ours = {path.stem for path in ROOT.iterdir()}
    for source in IN_THE_IMAGE:
        for file in [source] if source.suffix == ".py" else source.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                    modules = [node.module]
                for module in {name.partition(".")[0] for name in modules} - ours - sys.stdlib_module_names:
                    yield file, module
