"""How templates speak to their reader: texts in ``{% trans %}`` blocks, and filters for dates, amounts and names.

A template is given its reader's :class:`languages.speech.Speech` as ``speech``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Concatenate, ParamSpec

from jinja2 import Environment, Undefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from domain.core.questions import TaskKind
from domain.registry.forms import FORMS
from languages.speech import Speech, begun

P = ParamSpec("P")


def let_speak(environment: Environment) -> None:
    """Give these templates ``trans`` blocks, ``_()``, ``ngettext()`` and the filters."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        _said(Speech.text), _said(Speech.texts), newstyle=True
    )
    environment.globals.update(gettext=_text, _=_text)  # as the extension does it, in a fifth of the time
    environment.filters.update(
        day=_said(Speech.day),
        moment=_said(Speech.moment),
        money=_said(Speech.money),
        number=_said(Speech.number),
        spoken=_said(Speech.party),
        field=_said(Speech.field),
        fields=_said(_fields),
        how_it_ended=_said(Speech.ending),
        sentence=_said(Speech.sentence),
        titled=_said(Speech.title),
        lines=_said(Speech.lines),
        form=_said(Speech.value),
        begun=begun,
    )


def extract(environment: Environment, source: str) -> list[str | tuple[str, ...]]:
    """What a template says that is to be translated: texts, or one for a single thing and one for several."""
    found = environment.extract_translations(source)  # type: ignore[attr-defined]  # of the extension
    said = [(text,) if isinstance(text, str) else tuple(filter(None, text or ())) for _, _, text in found]
    return [texts[0] if len(texts) == 1 else texts for texts in said if texts]  # else it was a variable


@pass_context
def _text(context: Context, message: str, /, **variables: object) -> str:
    """A text to its reader. One without variables is a pattern for them, too: of ``%%`` it has one."""
    if isinstance(message, Undefined):
        str(message)  # raises an error that says what is undefined
    speech: Speech = context["speech"]
    said = speech.text(message)
    if not variables:
        return _without_variables(said, context.eval_ctx.autoescape)
    return (Markup(said) if context.eval_ctx.autoescape else said) % variables


@lru_cache(maxsize=10_000)
def _without_variables(said: str, escapes: bool) -> str:
    return (Markup(said) if escapes else said) % {}


def _said(say: Callable[Concatenate[Speech, P], str]) -> Callable[Concatenate[Context, P], str]:
    """For a template: what is said to its reader."""

    @pass_context
    def said(context: Context, /, *args: P.args, **kwargs: P.kwargs) -> str:
        for value in args:
            if isinstance(value, Undefined):
                str(value)  # raises an error that says what is undefined
        return say(context["speech"], *args, **kwargs)

    return said


def _fields(speech: Speech, kind: str) -> str:
    """What the form of this kind of task asks for: ``score, comment``."""
    return speech.fields(FORMS[TaskKind(kind)].model_fields)
