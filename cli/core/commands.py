"""What all commands are: wrong uses and expected errors are told by each command's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand

from cli.core.explaining import WORDS_IN_USE, Words, explained
from cli.core.usage import Group, Misuse, Reading, allowed, misuse, quoted, word

F = TypeVar("F", bound=Callable[..., Any])

TYPED = "waymark.typed"
"""Where a command keeps what was typed after its name."""


class Command(Reading, TyperCommand):
    """A command that takes no more than it names, and no empty text for anything."""

    allow_extra_args = True  # what is too much is refused below, in our words

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was given. Raises :class:`Misuse` for what is too much, an empty text, and bytes that are none."""
        ctx.meta[TYPED] = tuple(args)
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            takes = " ".join(word(param) for param in self.params if param.param_type_name == "argument")
            raise misuse(ctx, f"{quoted(rest)} is too much: {ctx.command_path} takes {takes or 'options only'}")
        for param in self.params:
            if _has_bytes(ctx.params.get(param.name or "")):
                raise Misuse(f"{word(param)}: must be text in UTF-8", ctx.command_path)
            if _has_empty(ctx.params.get(param.name or "")):
                raise Misuse(f"{word(param)}: must not be empty{allowed(param)}", ctx.command_path, "invalid")
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Carry it out. Raises :class:`CommandError` for an expected error, by the words of this command."""
        words = Words({param.name: word(param) for param in self.params if param.name}, ctx.meta[TYPED])
        WORDS_IN_USE.set(words)
        try:
            return super().invoke(ctx)
        except Exception as error:
            if (said := explained(error, words)) is None:
                raise
            raise said from error


class Commands(typer.Typer):
    """A group of commands that say in our words how they were used wrongly."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"cls": Group, "no_args_is_help": True, "add_completion": False, **settings})

    def command(self, name: str | None = None, **settings: Any) -> Callable[[F], F]:
        """A command of this group, as :class:`Command`."""
        return super().command(name, **{"cls": Command, **settings})


def _has_empty(value: object) -> bool:
    if isinstance(value, list | tuple):
        return any(_has_empty(entry) for entry in value)
    return isinstance(value, str) and not value.strip()


def _has_bytes(value: object) -> bool:
    """Whether somewhere in it is what Python makes of bytes that are no UTF-8; names of files may be such."""
    if isinstance(value, list | tuple):
        return any(_has_bytes(entry) for entry in value)
    return isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value)
