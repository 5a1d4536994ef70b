"""Commands that are loaded when they are called: for the help of all, the name and the line of each are enough.

What runs programmes and reads records takes a second to import; nobody who asks for help is to wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from cli.core.usage import Group


class NamedCommand(TyperCommand):
    """Stands for a command, or a group of them, until it is called; ``module`` has it in its ``app``."""

    def __init__(self, name: str, module: str, line: str) -> None:
        super().__init__(name, help=line)
        self.module = module

    def load(self) -> Any:
        """The command of this name in the module's ``app``, or the whole of it where that is a group of this name."""
        app: typer.Typer = import_module(self.module).app
        loaded: Any = typer.main.get_command(app)
        if isinstance(loaded, TyperGroup):
            loaded = loaded.commands.get(self.name or "", loaded)
        if isinstance(loaded, TyperGroup):
            loaded.name, loaded.help = self.name, self.help
        return loaded


class LazyGroup(Group):
    """Commands by their names and lines; each is loaded when it is called."""

    named: Sequence[NamedCommand] = ()

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {command.name: command for command in self.named if command.name}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that was named, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, NamedCommand) else command, rest
