"""The words of the forms of all subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.core.questions import TaskKind
from domain.registry.forms import FORMS
from languages.forms import about, cohort, core, learning, placement, rules
from languages.forms.words import FieldWords, PlainRules, WordsOfForms, WordsOfKinds

_FORMS: WordsOfForms = {**core.FORMS, **placement.FORMS, **learning.FORMS, **cohort.FORMS}
_KINDS: WordsOfKinds = {**placement.KINDS, **learning.KINDS}

RULES: PlainRules = {**core.RULES, **placement.RULES, **learning.RULES, **cohort.RULES}
"""What forms refuse as a whole, in plain words."""

OR_WAIVED = frozenset(rule for rule in RULES if "waived_because" in rule or "only HR can say" in rule)
"""Those of them by which there must be an answer, or why there is none: which not everybody may say."""

_NONE: Mapping[str, FieldWords] = {}


def words_of(kind: TaskKind, key: str) -> FieldWords:
    """The words of a field, as this kind of task has them. Raises ``KeyError`` for a field without any."""
    return _KINDS.get(kind, _NONE).get(key) or _FORMS[FORMS[kind]][key]


def texts() -> Iterator[str]:
    """All of these words, each once."""
    yield from dict.fromkeys(_texts())


def _texts() -> Iterator[str]:
    for words in (*_FORMS.values(), *_KINDS.values()):
        for field in words.values():
            yield from (field.label, field.hint, *field.choices.values())
    yield from (said for _, said in RULES.values())
    yield from rules.TEXTS
    yield from about.SEEN_BY.values()
    yield from about.NEXT.values()
