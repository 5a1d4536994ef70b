"""Programs end with their true exit code, thirty times out of thirty (see `engine.exit`)."""

import subprocess
import sys

import pytest

from engine.devserver.server import DevServer
from engine.settings import ROOT

_CLIENT_AND_WORKER = """
import asyncio, sys
from temporalio import activity
from temporalio.worker import Worker
from engine.exit import run_to_exit
from engine.settings import load_settings
from tests.patience import patiently_connect

@activity.defn
async def nothing() -> None: ...

async def use(address):
    client = await patiently_connect(load_settings(), address)
    async with Worker(client, task_queue="exit", activities=[nothing]):
        await client.count_workflows()

def main():
    asyncio.run(use(sys.argv[1]))
    print("done")
    return int(sys.argv[2])

run_to_exit(main)
"""


def _run(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.long
async def test_thirty_runs_of_a_client_and_worker_give_thirty_zeros(server: DevServer) -> None:
    runs = [_run(_CLIENT_AND_WORKER, server.address, "0") for _ in range(30)]
    assert [(run.returncode, run.stdout) for run in runs] == [(0, "done\n")] * 30, [run.stderr for run in runs]


async def test_another_code_is_kept(server: DevServer) -> None:
    assert _run(_CLIENT_AND_WORKER, server.address, "3").returncode == 3


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("return None", 0, ""),
        ("sys.exit(4)", 4, ""),
        ("sys.exit('what went wrong')", 1, "what went wrong\n"),
        ("raise KeyboardInterrupt", 130, ""),
        ("raise BrokenPipeError", 141, ""),
    ],
)
def test_every_way_out_has_its_code(body: str, code: int, said: str) -> None:
    ended = _run(f"import sys\nfrom engine.exit import run_to_exit\ndef main(): {body}\nrun_to_exit(main)")
    assert (ended.returncode, ended.stderr) == (code, said)


def test_an_unexpected_exception_shows_itself() -> None:
    ended = _run("from engine.exit import run_to_exit\nrun_to_exit(lambda: 1 / 0)")
    assert ended.returncode == 1
    assert "ZeroDivisionError" in ended.stderr


@pytest.mark.parametrize(
    "writes",
    [
        "print('line\\n' * 100_000)",
        "__import__('rich.console').console.Console().print('line\\n' * 100_000)",
        "__import__('starter').app(['--help'])",
    ],
    ids=["text", "a table", "help"],
)
def test_a_reader_that_goes_away_is_no_crash(writes: str) -> None:
    program = f"from engine.exit import run_to_exit\nrun_to_exit(lambda: {writes})"
    writer = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.close()
    assert writer.stderr.read() == ""
    assert writer.wait(30) == 141
    writer.stderr.close()


_STOPPED = """
import asyncio, os, signal
from engine.exit import INTERRUPTED, run_to_exit
from engine.signals import stopped_by

async def work(stop):
    with stopped_by(signal.SIGTERM, stop=stop and stop.set):
        os.kill(os.getpid(), signal.SIGTERM)
        await (stop.wait() if stop else asyncio.sleep(30))
    print("in good order")

def main():
    try:
        asyncio.run(work(asyncio.Event() if {asked} else None))
    except asyncio.CancelledError:
        return INTERRUPTED

run_to_exit(main)
"""


@pytest.mark.parametrize(
    ("asked", "code", "said"), [(True, 0, "in good order\n"), (False, 130, "")], ids=["asked", "cancelled"]
)
def test_a_signal_ends_a_program_in_good_order(asked: bool, code: int, said: str) -> None:
    run = _run(_STOPPED.replace("{asked}", str(asked)))
    assert (run.returncode, run.stdout) == (code, said), run.stderr
