"""What Waymark writes is for the user it runs as: the data directory is closed, whoever made it and whenever."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.privacy import close_to_others
from engine.settings import ROOT


def readable_for_others(directory: Path) -> list[str]:
    """What others may enter or read of a directory."""
    return [str(path) for path in [directory, *directory.rglob("*")] if stat.S_IMODE(path.lstat().st_mode) & 0o077]


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def _program(data_dir: Path, *words: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "TEMPORAL_"))}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=kept | {"WAYMARK_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.usefixtures("usual_umask")
def test_records_keys_logs_and_the_servers_database_are_for_nobody_else(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    _program(data_dir, "-m", "engine.devserver", "up")
    try:
        _program(data_dir, "starter.py", "import", "people", "examples/people.csv")
        _program(data_dir, "starter.py", "certificate", "key", "--new")
        written = {path.name for path in data_dir.rglob("*") if path.is_file()}
        assert {"waymark.db", "issuer.pem", "cli.db", "devserver.json", "temporal-server.log"} <= written
        assert readable_for_others(data_dir) == []
    finally:
        _program(data_dir, "-m", "engine.devserver", "down")


@pytest.mark.usefixtures("usual_umask")
def test_a_directory_of_before_is_closed_when_it_is_opened(tmp_path: Path) -> None:
    data_dir, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    (data_dir / "mail" / "new").mkdir(parents=True)
    for file in (data_dir / "waymark.db", data_dir / "mail" / "new" / "1.eml", elsewhere):
        file.touch()
    (data_dir / "link").symlink_to(elsewhere)

    _program(data_dir, "starter.py", "records", "migrate")

    assert [path for path in readable_for_others(data_dir) if not path.endswith("link")] == []
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


@pytest.mark.usefixtures("usual_umask")
def test_a_directory_that_a_link_leads_to_is_closed(tmp_path: Path) -> None:
    data_dir, link = tmp_path / "data", tmp_path / "link"
    (data_dir / "mail").mkdir(parents=True)
    (data_dir / "waymark.db").touch()
    link.symlink_to(data_dir)

    close_to_others(link)

    assert readable_for_others(data_dir) == []


@pytest.mark.usefixtures("usual_umask")
def test_a_directory_for_everybody_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for_everybody, home = tmp_path / "tmp", tmp_path / "home"
    for_everybody.mkdir()
    for_everybody.chmod(0o1777)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for directory in (for_everybody, home, tmp_path, ROOT):
        before = directory.stat().st_mode
        close_to_others(directory)
        assert directory.stat().st_mode == before
