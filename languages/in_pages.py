"""What the console's pages say, as it stands in their templates and their code, for the catalogues of translations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment

from languages.in_templates import extract, let_speak
from languages.speech import on_one_line

ROOT = Path(__file__).parent.parent

TEMPLATES = "web/templates"
CODE = ("web", "presentation", "languages")
"""Where the code is that says something to somebody who reads a page."""

Texts: TypeAlias = str | tuple[str, ...]
"""A text; or one for a single thing, and one for several."""

MARK, SAID, SAID_OF_SEVERAL = "translatable", "text", "texts"
"""By what a text in code is known: ``translatable("…")``, ``speech.text("…")``, ``speech.texts("…", "…", n)``."""


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
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
        literal = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if (called == MARK and len(literal) == 1) or (
            isinstance(node.func, ast.Attribute) and called == SAID and len(literal) == len(node.args) == 1
        ):
            yield literal[0]
        elif isinstance(node.func, ast.Attribute) and called == SAID_OF_SEVERAL and len(literal) == 2:
            yield literal[0], literal[1]


def _known(text: Texts) -> Texts:
    return on_one_line(text) if isinstance(text, str) else tuple(map(on_one_line, text))
