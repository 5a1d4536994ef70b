"""Answering a task, handing it to somebody else, saying that it is not mine; and asking an answered one once more."""

from __future__ import annotations

import sys
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.core.changing import say_done
from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.fields import ask_for, described, parse
from cli.core.options import DEFAULT_TIMEOUT, Actor, AsJson, Reason, TaskArgument, Timeout, a_file_or_stdin, an_id
from cli.core.output import say, say_result, show
from cli.core.resources import read_given, run
from domain.core.json_text import NamedTwice, NotJson, read_json
from domain.core.not_mine import NotMine
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask
from domain.core.wording import spoken, value_in_words
from domain.registry.forms import FORMS
from presentation.tables import table
from records.local_time import with_local_times
from service.core.answering import TaskAsked, answer_of, check_may_answer, look_up, say_not_mine, send_answer
from service.core.answering import reopen as ask_again
from service.core.asking import message
from service.core.connecting import temporal
from service.core.environment import records
from service.core.errors import Refused

LARGEST_ANSWER = 256 * 2**10
"""Bytes; no form has nearly as much room."""


app = Commands()


@app.command()
def answer(
    task: TaskArgument,
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="The answer, field by field.")
    ] = None,
    actor: Annotated[str | None, typer.Option("--as", parser=an_id, metavar="P-…", help="Who answers.")] = None,
    json_answer: Annotated[str | None, typer.Option(metavar="JSON", help="The answer as a JSON object.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(parser=a_file_or_stdin, metavar="FILE", help="A file with that object; - is standard input."),
    ] = None,
    delegate_to: Annotated[
        str | None, typer.Option(parser=an_id, metavar="P-…", help="Hand it to somebody instead.")
    ] = None,
    not_mine: Annotated[
        bool, typer.Option("--not-mine", help="Say that it is not yours; HR is asked whose it is.")
    ] = False,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="With --not-mine: what HR should know.")] = None,
    show_form: Annotated[bool, typer.Option("--show", help="Only show what can be answered.")] = False,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Answer a task, hand it to somebody else, or say that it is not yours.

    Repeat a key for a list, and write parts of money with a dot: salary.amount=48000 salary.currency=GBP. On a
    terminal, without any of these, you are asked field by field.
    """
    with records() as database:
        asked = run(look_up(temporal, database, task, timeout, actor))
    if show_form:
        _show_form(task, asked, as_json=as_json)
        return
    if actor is None:
        raise CommandError("say who answers: --as P-…", "usage")
    _one_way_only(fields, json_answer, file, delegate_to, not_mine)
    if note is not None and not not_mine:
        raise CommandError("--note goes with --not-mine", "usage")
    if not_mine:
        with records() as database:
            said = message(NotMine, actor=actor, task=task, note=note)
            say_done(database, run(say_not_mine(temporal, database, asked.case, said, timeout)), as_json=as_json)
        return
    with records() as database:
        try:
            sent = (
                message(AnswerTask, actor=actor, task=task, delegate_to=delegate_to)
                if delegate_to
                else answer_of(asked.kind, actor, task, _content(asked, fields, _typed(file) if file else json_answer))
            )
        except (CommandError, Refused) as error:
            if error.kind == "invalid":  # that it is too late, or not theirs, is said first
                check_may_answer(database, task, actor)
            raise
        receipt = run(send_answer(temporal, database, asked.case, sent, timeout))
    if as_json:
        say_result(receipt.model_dump(mode="json"))
    else:
        say(f"{receipt.task} is handed to {delegate_to}" if delegate_to else f"{receipt.task} is {receipt.state.value}")


@app.command()
def reopen(
    task: TaskArgument, reason: Reason, actor: Actor, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """Ask an answered task once more; the new answer takes the place of the first, and both stay on record.

    Possible as long as nothing irrevocable hangs on the answer. Until there is a new one the first counts.
    """
    request = message(ReopenTask, actor=actor, task=task, reason=reason)
    with records() as database:
        say_done(database, run(ask_again(temporal, database, request, timeout)), as_json=as_json)


def _typed(file: Path) -> bytes:
    """What is in a file with an answer. Raises :class:`CommandError` for more than an answer can be."""
    content = read_given(file, LARGEST_ANSWER)
    if len(content) > LARGEST_ANSWER:
        raise CommandError(f"the answer is larger than {LARGEST_ANSWER // 2**10} KiB", "invalid")
    return content


def _one_way_only(*ways: object) -> None:
    if sum(1 for way in ways if way) > 1:
        raise CommandError(
            "give key=value fields, --json-answer, --file, --delegate-to or --not-mine; one of them", "usage"
        )


def _content(asked: TaskAsked, fields: list[str] | None, text: str | bytes | None) -> dict[str, Any]:
    form = FORMS[asked.kind]
    if fields:
        return parse(form, fields)
    if text is not None:
        return _object(text)
    if sys.stdin.isatty() and sys.stdout.isatty():
        _show_matter(asked)
        return ask_for(form, _prompt)
    raise CommandError("there is no answer: give key=value fields (--show names them)", "usage")


def _object(text: str | bytes) -> dict[str, Any]:
    """The object in a JSON text. Raises :class:`CommandError` where it is none that everybody reads alike."""
    try:
        content = read_json(text)
    except NamedTwice:  # as of two answers, nobody could know the right one
        raise CommandError("the answer has a name that stands twice", "usage") from None
    except NotJson as error:
        if error.where is not None:
            line, character = error.where
            sentence = f"the answer is not JSON; look at line {line}, character {character}, and just before"
            raise CommandError(sentence, "usage") from None
        reason = "it is no UTF-8 text, has a number that is too long, or is nested too deeply"
        raise CommandError(f"the answer is not JSON: {reason}", "usage") from None
    if not isinstance(content, dict):
        raise CommandError("the answer must be a JSON object", "usage")
    return content


def _prompt(field: str, required: bool) -> str:
    text = field if required else f"{field}, or Enter for none"
    given: str = typer.prompt(text) if required else typer.prompt(text, default="", show_default=False)
    return given


def _show_form(task: str, asked: TaskAsked, *, as_json: bool) -> None:
    form = FORMS[asked.kind]
    if as_json:
        shown = {"subject": asked.subject, "facts": asked.facts, "form": form.model_json_schema()}
        say_result({"task": task, "kind": asked.kind.value, **shown})
        return
    _show_matter(asked)
    lines = ((name, takes, "yes" if required else "") for name, takes, required in described(form))
    show(table(None, ("Field", "Takes", "Required"), lines))


def _show_matter(asked: TaskAsked) -> None:
    """What it is about, and what the form is for."""
    say(f"{spoken(asked.kind.value)}: {with_local_times(asked.subject, asked.time_zone)}")
    for name, fact in asked.facts.items():
        said = value_in_words(fact, lambda text: with_local_times(text, asked.time_zone))
        say(f"  {spoken(name)}: {said}")
    say(cleandoc(FORMS[asked.kind].__doc__ or "").replace("``", ""))
