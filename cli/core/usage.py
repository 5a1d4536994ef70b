"""How commands are used: the one place that puts a wrong use of the command line into our words.

A sentence names the option or argument, says what is allowed, and repeats what was there. No sentence of the library
that reads the command line reaches anybody: what it found out is looked at, its text never.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from typer.core import TyperGroup
from typer.exceptions import TyperException

from cli.core.errors import CommandError
from domain.core.sentences import SHOWN_AT_MOST, violations
from presentation.tables import plain

CANT_BE_USED = "can't be used"


class Misuse(CommandError):
    """A command was used wrongly; ``command`` is the one to ask for its help."""

    def __init__(self, sentence: str, command: str | None, kind: str = "usage") -> None:
        super().__init__(sentence, kind)
        self.command = command


class Reading:
    """What commands and groups of them do alike: whatever is wrong is known to be wrong of this command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was given; the library does not always say of which command it was."""
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc,no-any-return]  # of what it is mixed into
        except TyperException as error:
            vars(error)["ctx"] = getattr(error, "ctx", None) or ctx
            raise


class Group(Reading, TyperGroup):
    """Commands below a word of their own."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that was named. Raises :class:`Misuse` where there is none of that name."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            names = self.list_commands(ctx)
            nearest = _nearest(args[0], names)
            raise misuse(ctx, f"there is no command {quoted(args[:1])}{nearest} There are {', '.join(names)}.")
        return super().resolve_command(ctx, args)


def in_our_words(error: TyperException) -> Misuse:
    """What was wrong with how a command was used."""
    ctx = getattr(error, "ctx", None)
    sentence = _SENTENCES.get(type(error).__name__, _other)
    return misuse(ctx, sentence(error, ctx))


def _missing(error: Any, ctx: Any) -> str:
    return f"{word(error.param)} is missing{allowed(error.param)}" if error.param else CANT_BE_USED


def _wrong_value(error: Any, ctx: Any) -> str:
    return f"{word(error.param)}: {_rule(error)}" if error.param else _rule(error)


def _rule(error: Any) -> str:
    """What is wrong with a value: the rule that it broke, in the words for validation errors."""
    if not isinstance(error.__cause__, ValidationError):
        return CANT_BE_USED
    broken = violations(error.__cause__)
    choices = _choices(error.param)
    if not choices:
        return "; ".join(rule.sentence for rule in broken)
    given = next((str(detail["input"]) for detail in error.__cause__.errors()), "")
    return f"must be {_either(choices)}, not {quoted([given])}"


def _no_option(error: Any, ctx: Any) -> str:
    options = [name for param in ctx.command.get_params(ctx) for name in param.opts if name.startswith("--")]
    nearest = _nearest(error.option_name, options)
    if isinstance(ctx.command, TyperGroup):
        commands = ", ".join(ctx.command.list_commands(ctx))
        return f"there is no option {_plain(error.option_name)} before a command{nearest} The commands are {commands}."
    return f"there is no option {_plain(error.option_name)}{nearest} There are {', '.join(options)}."


def _option_alone(error: Any, ctx: Any) -> str:
    """An option without its value, or a switch with one."""
    known = [
        param for param in ctx.command.get_params(ctx) if error.option_name in (*param.opts, *param.secondary_opts)
    ]
    if not known or getattr(known[0], "is_flag", False):
        return f"{_plain(error.option_name)} takes no value"
    return f"{_plain(error.option_name)} needs a value{allowed(known[0])}"


def _no_command(error: Any, ctx: Any) -> str:
    names = ctx.command.list_commands(ctx) if isinstance(getattr(ctx, "command", None), TyperGroup) else []
    return f"say which command; there are {', '.join(names)}" if names else CANT_BE_USED


def _other(error: Any, ctx: Any) -> str:
    return f"what was given {CANT_BE_USED}"


_SENTENCES = {
    "MissingParameter": _missing,
    "BadParameter": _wrong_value,
    "NoSuchOption": _no_option,
    "BadOptionUsage": _option_alone,
    "UsageError": _no_command,
    "NoArgsIsHelpError": _no_command,
}


def misuse(ctx: Any, sentence: str) -> Misuse:
    """A wrong use, of the command of this context."""
    return Misuse(sentence, ctx.command_path if ctx is not None else None)


def word(param: Any) -> str:
    """An option by its name, an argument by what stands for it in the help."""
    if param.param_type_name == "option":
        return str(next((name for name in param.opts if name.startswith("--")), param.opts[0]))
    return re.sub(r"^\[(\w+)\]$", r"\1", str(param.metavar or param.name))


def allowed(param: Any) -> str:
    """What an option or argument takes, as its help says; nothing where that says nothing."""
    text = " ".join((getattr(param, "help", None) or "").split()).rstrip(".")
    choices = _choices(param)
    first = text.partition(" ")[0]
    begun = text if len(first) > 1 and first[:2].isupper() else text[:1].lower() + text[1:]
    shown = "; ".join(filter(None, [begun, _either(choices) if choices else ""]))
    return f" ({shown})" if shown else ""


def _choices(param: Any) -> list[str]:
    described = getattr(param, "type_descriptor", None)
    if described is None or not described.is_choice:
        return []
    return [str(getattr(choice, "value", choice)) for choice in described.choices or ()]


def _either(choices: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(choices[:-1]), choices[-1]]))


def _nearest(given: str, there: Iterable[str]) -> str:
    found = get_close_matches(given, list(there), n=1)
    return f"; did you mean {found[0]}?" if found else "."


def quoted(texts: Iterable[str]) -> str:
    """Texts that somebody typed, as they may be repeated."""
    return ", ".join(f"“{_plain(text)}”" for text in texts)


def _plain(text: str) -> str:
    """What somebody typed, as it may be repeated."""
    return plain(text if len(text) <= SHOWN_AT_MOST else f"{text[:SHOWN_AT_MOST]}…")
