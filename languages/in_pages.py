"""What the console's pages say, in their templates and in code, for the catalogues of translations.

A text in code is known by who says it: ``speech.text("…")``, ``speech.texts("…", "…", number)``, or, for later,
``translatable("…")``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment

from languages.in_templates import extract, let_speak
from languages.terms import on_one_line

ROOT = Path(__file__).parent.parent

TEMPLATES = "web/templates"
CODE = ("web", "rehearsal", "presentation", "languages")
"""Where the code is that says something to somebody who reads a page."""

Texts: TypeAlias = str | tuple[str, ...]
"""A text; or one for a single thing, and one for several."""


def texts_of_pages() -> Iterator[tuple[Texts, str]]:
    """Each text, and the file that it comes from."""
    environment = Environment()
    let_speak(environment)
    for template in sorted((ROOT / TEMPLATES).rglob("*.html")):
        for text in extract(environment, template.read_text(encoding="utf-8")):
            yield _known(text), template.relative_to(ROOT).as_posix()
    for folder in CODE:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for text in in_code(file.read_text(encoding="utf-8")):
                yield _known(text), file.relative_to(ROOT).as_posix()


def in_code(source: str) -> Iterator[Texts]:
    """The texts that a module says or marks, in their order."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (text := _said_by(node)) is not None:
            yield text


def _said_by(call: ast.Call) -> Texts | None:
    literal = [part.value for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    match call.func, literal:
        case ast.Name(id="translatable"), [text]:
            return text
        case ast.Attribute(attr="text"), [text] if len(call.args) == 1:
            return text
        case ast.Attribute(attr="texts"), [single, several]:
            return single, several
    return None


def _known(text: Texts) -> Texts:
    return on_one_line(text) if isinstance(text, str) else tuple(map(on_one_line, text))
