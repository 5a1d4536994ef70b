"""Completion in the shell."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys

import pytest

from engine.settings import ROOT

WORDS = {
    "pl": "plan placement",
    "placement st": "start",
    "tasks --fi": "--first",
}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_commands_groups_and_options() -> None:
    # Given a bash that has read the script
    script = f'eval "$({shlex.quote(sys.executable)} starter.py completion bash)"\n'
    # when somebody types a few letters of what there is, and of what there is not, and presses tab
    for typed in (*WORDS, "nosuch"):
        at = len(typed.split())
        script += f'COMP_WORDS=(waymark {typed}); COMP_CWORD={at}; _waymark; echo "${{COMPREPLY[*]}}"\n'
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    # then it offers what there is.
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [*WORDS.values(), ""]
