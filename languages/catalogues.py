"""The catalogues of translations, read from their ``.po`` files once in a process."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from domain.core.languages import ENGLISH

FOLDER = Path(__file__).parent


def path_of(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return FOLDER / language / "LC_MESSAGES" / "waymark.po"


def read(language: str) -> Catalog:
    """The catalogue of a language, as translators keep it."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def translations(language: str) -> NullTranslations:
    """What the messages are in a language. One that has no translation stays as it is: English."""
    if language == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read(language))
    compiled.seek(0)
    return GNUTranslations(compiled)
