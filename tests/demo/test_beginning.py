"""Each demo begins with nothing of an earlier one, and removes nothing that is somebody's own."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy

import demo.run
from demo.beginning import begun_anew, forget_earlier
from demo.stop import CONSOLE, WORKER, stop, stop_noted
from engine.settings import ROOT
from service.core.errors import Refused


async def _demo(data_dir: Path) -> list[str]:
    """A demo that leaves files; what it says at its beginning."""
    said: list[str] = []
    async with begun_anew(data_dir, said.append):
        assert not (data_dir / "waymark.db").exists()
        assert not (data_dir / "mail").exists()
        (data_dir / "mail" / "new").mkdir(parents=True)
        (data_dir / "mail" / "new" / "1.eml").touch()
        (data_dir / "waymark.db").touch()
    return said


async def test_a_second_demo_begins_as_the_first_did(tmp_path: Path) -> None:
    assert await _demo(tmp_path / "demo") == []
    (line,) = await _demo(tmp_path / "demo")
    assert line.endswith("is removed; this one begins anew.")


async def test_nothing_of_anybodys_own_is_removed(tmp_path: Path) -> None:
    own = tmp_path / "people.csv"
    own.write_text("id,name")
    with pytest.raises(Refused, match=r"holds what no demo has made, and a demo empties its directory: name another$"):
        await _demo(tmp_path)
    assert own.read_text() == "id,name"


async def test_a_demo_that_runs_is_left_alone(tmp_path: Path) -> None:
    async with begun_anew(tmp_path, print):
        (tmp_path / "waymark.db").touch()
        with pytest.raises(Refused, match="another demo runs"):
            await _demo(tmp_path)
        assert (tmp_path / "waymark.db").exists()


async def test_on_a_server_that_is_kept_the_ids_of_an_earlier_demo_are_free_again(client: Client) -> None:
    queue, kept = uuid.uuid4().hex, uuid.uuid4().hex
    for name in (queue, kept):
        await client.start_workflow("Nobody", id=name, task_queue=name, start_delay=timedelta(hours=1))

    await forget_earlier(client, queue)

    await client.start_workflow(
        "Nobody", id=queue, task_queue=queue, id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE
    )
    await client.get_workflow_handle(kept).terminate()  # it is still there


def test_a_demo_writes_to_no_records_mail_or_keys_of_ones_own(tmp_path: Path) -> None:
    own = {
        "WAYMARK_RECORDS_URL": f"sqlite:///{tmp_path}/own.db",
        **{f"WAYMARK_{name}": str(tmp_path / "own") for name in ("MAILDIR", "ISSUER_KEY", "LMS_KEYS")},
    }
    refused = subprocess.run(
        [sys.executable, "starter.py", "demo", "--data", str(tmp_path / "demo")],
        cwd=ROOT,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert refused.returncode == 2
    assert f"{', '.join(own)}: the demo has" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_demo_says_that_it_does_not_use_the_data_directory_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def nothing(*_: object) -> int:
        return 0

    monkeypatch.setattr(demo.run, "_demo", nothing)
    monkeypatch.setenv("WAYMARK_DATA_DIR", str(tmp_path / "hr"))
    assert demo.run.main(keep=False, seconds_per_day=1, data_dir=tmp_path / "demo") == 0
    assert f"WAYMARK_DATA_DIR is not used: the demo works in {tmp_path / 'demo'}" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "\n", "none", "0", '[-1, "1"]', '[999999999, "1"]'])
async def test_a_file_that_names_no_process_ends_nothing(tmp_path: Path, content: str) -> None:
    for name in (CONSOLE, WORKER):
        (tmp_path / name).write_text(content)
        assert not await stop_noted(tmp_path, name)
        assert not (tmp_path / name).exists()
    assert not await stop(tmp_path)
