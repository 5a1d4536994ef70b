"""Keeps the catalogues of translations: ``make texts`` (or ``python -m activities.core.texts``).

It collects all that people read in letters and on pages: the texts of the templates, those that the code of pages says
or marks, the sentences of ``languages/sentences.txt``, the names of parties, fields and values, and how cases end. It
brings each catalogue up to that: what is new is added
without a translation, what is gone is dropped. It says what is not translated yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from io import BytesIO
from itertools import chain
from typing import TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from activities.core.letters import TEMPLATES, extract
from domain.core.decisions import DecisionKind
from domain.core.languages import TRANSLATIONS
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.wording import spoken
from domain.registry.endings import SENTENCES
from domain.registry.forms import FORMS
from domain.registry.stages import OUTCOMES, STAGES
from languages import terms
from languages.catalogues import path_of, read
from languages.forms.registry import texts as form_texts
from languages.forms.words import FORM
from languages.in_pages import texts_of_pages
from languages.phrases import phrases
from languages.speech import AND_MORE, LINE_FORMAT
from languages.terms import ENDING, FIELD, PARTY, SENTENCE, TIME, TIME_FORMAT, VALUE, ZONE, on_one_line
from languages.words import DECIDED, FACTS, VALUES, ZONES

Texts: TypeAlias = str | tuple[str, ...]
"""A text; or one for a single thing, and one for several."""

HEADER = """\
# What Waymark writes to people, in another language: docs/languages.md.
"""


def messages() -> Iterator[tuple[str | None, Texts, str]]:
    """All there is to translate: context, message, and where it comes from."""
    for template in sorted(TEMPLATES.glob("*.txt")):
        for message in extract(template.read_text(encoding="utf-8")):
            known = on_one_line(message) if isinstance(message, str) else tuple(map(on_one_line, message))
            yield None, known, f"activities/core/templates/{template.name}"
    yield from ((None, text, place) for text, place in texts_of_pages())
    for phrase in phrases():
        yield SENTENCE, (phrase.one, phrase.plural) if phrase.plural else phrase.one, "languages/sentences.txt"
    for sentences in SENTENCES.values():
        yield from ((ENDING, sentence, "domain/registry/endings.py") for sentence in sentences.values())
    yield from ((PARTY, party.spoken, "domain/core/model.py") for party in Party)
    for form in FORMS.values():
        yield from ((FIELD, spoken(name), f"{form.__module__.replace('.', '/')}.py") for name in form.model_fields)
    yield from ((FORM, text, "languages/forms") for text in form_texts())
    yield from ((FIELD, spoken(fact), "languages/words.py") for fact in FACTS)
    yield from ((VALUE, value, "languages/words.py") for value in VALUES)
    yield from ((ZONE, zone, "languages/words.py") for zone in ZONES)
    yield from ((terms.DECIDED, decided, "languages/words.py") for decided in DECIDED)
    yield from ((terms.DECISION, spoken(what), "domain/core/decisions.py") for what in DecisionKind)
    yield from ((terms.KIND, spoken(kind), "domain/core/questions.py") for kind in TaskKind)
    yield from ((terms.STAGE, spoken(stage), place) for stage, place in _places(chain(*STAGES.values())))
    yield from ((terms.OUTCOME, spoken(outcome), place) for outcome, place in _places(chain(*OUTCOMES)))
    yield TIME, TIME_FORMAT, "languages/terms.py"
    yield VALUE, LINE_FORMAT, "languages/speech.py"
    yield VALUE, AND_MORE, "languages/speech.py"


def _places(values: Iterable[StrEnum]) -> Iterator[tuple[str, str]]:
    """Each of these values once, with the file that it comes from."""
    yield from {value.value: f"{type(value).__module__.replace('.', '/')}.py" for value in values}.items()


def renewed(language: str) -> Catalog:
    """The catalogue of a language with all the messages there are now, each with its translation where it has one."""
    known = read(language) if path_of(language).exists() else Catalog(locale=language)
    catalog = Catalog(locale=language, header_comment=HEADER, fuzzy=False)
    for context, message, place in messages():
        one = message if isinstance(message, str) else message[0]
        found = known.get(one, context)
        same_kind = found is not None and isinstance(found.id, str) is isinstance(message, str)
        translation = found.string if found is not None and same_kind else None
        catalog.add(message, translation, locations=[(place, 0)], context=context)
    return catalog


def written(catalog: Catalog) -> bytes:
    """A catalogue as it stands in its file, without what would differ each time: dates and versions of programs."""
    file = BytesIO()
    write_po(file, catalog, width=120, include_lineno=False)
    return _CHANGING.sub(b"", file.getvalue())


_CHANGING = re.compile(
    rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Project-Id-Version'
    rb"|Report-Msgid-Bugs-To).*\n",
    re.MULTILINE,
)


def missing(catalog: Catalog) -> list[str]:
    """The messages that have no translation, or not one for each plural form."""
    return [str(message.id) for message in catalog if message.id and not all(forms_of(message, catalog))]


def forms_of(message: Message, catalog: Catalog) -> list[str]:
    """The translations of a message: one, or one for each plural form of the language, empty where there is none."""
    if isinstance(message.id, str):
        return [str(message.string or "")]
    forms = list(message.string or ())
    return [*forms, *[""] * (catalog.num_plurals - len(forms))]


def main() -> None:
    """Bring all catalogues up to date."""
    for language in TRANSLATIONS:
        catalog = renewed(language)
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_bytes(written(catalog))
        lacking = missing(catalog)
        print(f"{language}: {len(catalog)} messages, {len(lacking)} without a translation")
        for message in lacking:
            print(f"  {message}")


if __name__ == "__main__":
    main()
