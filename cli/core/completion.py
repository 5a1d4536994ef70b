"""Completion in the shell. The program has no name on PATH, so its script defines one: `waymark`."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from typing import Annotated

import typer

from cli.core.app import COMPLETE
from cli.core.commands import Commands
from cli.core.options import AsJson
from cli.core.output import say, say_result
from engine.settings import ROOT

app = Commands()


class Shell(StrEnum):
    """Shells whose completion is known here."""

    BASH = "bash"
    ZSH = "zsh"


SCRIPT = """\
unalias waymark 2> /dev/null
function waymark {{ {python} {starter} "$@"; }}
_waymark() {{
    local IFS=$'\\n'
    COMPREPLY=($(COMP_WORDS="${{COMP_WORDS[*]}}" COMP_CWORD=$COMP_CWORD {complete}=complete_bash waymark))
}}
complete -o default -F _waymark waymark"""

IN_ZSH = "autoload -U +X compinit bashcompinit && compinit && bashcompinit\n"


@app.command()
def completion(
    shell: Annotated[Shell, typer.Argument(help="Which shell.")] = Shell.BASH,
    as_json: AsJson = False,
) -> None:
    """Print what a shell needs to complete commands and options.

    In that shell `waymark` then stands for this program.
    """
    python, starter = shlex.quote(sys.executable), shlex.quote(str(ROOT / "starter.py"))
    script = (IN_ZSH if shell is Shell.ZSH else "") + SCRIPT.format(python=python, starter=starter, complete=COMPLETE)
    if as_json:
        say_result({"script": script})
    else:
        say(script)
