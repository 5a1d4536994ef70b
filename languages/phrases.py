"""Sentences that cases write, taken apart into phrase and values, so that they can be said in another language.

Cases know no languages: what a task is about, why something is at risk or called off is an English sentence in their
state, in the records and in letters. Each such sentence of ours is made of a phrase of ``sentences.txt``. When a letter
is written, its sentences are recognised by these phrases, and said in the language of its reader. What no phrase
recognises, because a person has typed it, stays as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.core.model import PERSON_ID, Party
from domain.core.questions import TaskKind
from domain.core.skills import TrainingKind
from domain.core.wording import spoken
from domain.registry.stages import STAGES
from records.local_time import INSTANT

SENTENCES = Path(__file__).parent / "sentences.txt"

PLURAL = " || "
"""Stands between a phrase for one of something and that for several."""

NUMBER = r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?"


def _one_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=len, reverse=True)))


_PARTY = _one_of(party.spoken for party in Party)
_STAGE = _one_of(spoken(stage.value) for stages in STAGES.values() for stage in stages)

KINDS: Mapping[str, str] = {
    "n": NUMBER,
    "day": r"\d{4}-\d\d-\d\d",
    "at": INSTANT.pattern,
    "money": r"-?[\d,]+\.\d\d [A-Z]{3}",
    "id": r"[A-Za-z0-9-]+",
    "who": PERSON_ID,
    "people": rf"{PERSON_ID}(?:, {PERSON_ID})*",
    "code": r"[A-Z0-9][A-Z0-9.-]*",
    "key": r"[\w.]+(?: number \d+[\w., ]*)?",
    "words": r"[\w-]+(?:(?:, | or )[\w-]+)*",
    "given": r"“[^”]*”|[\w.,:%+-]+(?: \d\d:\d\d:\d\d)?",
    "parts": ".+?",
    "several": ".+?",
    "either": ".+?",
    "rule": ".+?",
    "kind": _one_of(kind.spoken for kind in TrainingKind),
    "taskkind": _one_of(map(spoken, TaskKind)),
    "party": _PARTY,
    "parties": rf"(?:{_PARTY})(?:(?:, | or | and the )(?:{_PARTY}))*",
    "region": r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?",
    "tongues": r"[A-Za-z-]{2,12}(?:, [A-Za-z-]{2,12})*",
    "stage": _STAGE,
    "stages": rf"(?:{_STAGE})(?:(?:, | or )(?:{_STAGE}))*",
}
"""What may stand in a place of a phrase, by the last part of the place's name: ``{n}``, ``{most_n}``, ``{until_day}``.
Others, such as ``{title}``, take any text, which may be a phrase itself. A ``rule`` has to be one. ``parts`` are
several of these, with ``, `` between; ``several`` and ``either`` have an ``and`` or an ``or`` before the last. An id
in capitals is a ``code``, that of somebody ``who``, and those of several are ``people``; a name in a file is a ``key``,
and ``words`` are such names with commas; ``tongues`` are codes of languages, a ``region`` is one of a country or a part
of it. What somebody has typed there, as we repeat it, is ``given``: it stays as it is."""

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Phrase:
    """A sentence with places: ``note on mentoring session {n}``. ``plural`` says it of several."""

    one: str
    plural: str | None = None

    @property
    def places(self) -> list[str]:
        """The names of its places, in their order."""
        return _PLACE.findall(self.one)

    @property
    def counted(self) -> str:
        """The place that says whether it is about one of something or several: ``count_n``, or the first number."""
        numbers = [place for place in self.places if kind_of(place) == "n"]
        return "count_n" if "count_n" in numbers else numbers[0]


@dataclass(frozen=True)
class Recognised:
    """A sentence that is one of the phrases."""

    phrase: Phrase
    values: Mapping[str, str]


def kind_of(place: str) -> str:
    """What stands in a place: one of :data:`KINDS`, or ``text``."""
    kind = place.rpartition("_")[2]
    return kind if kind in KINDS else "text"


@cache
def phrases() -> tuple[Phrase, ...]:
    """All of them, in the order in which they are tried."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return tuple(_parse(line) for line in lines if line and not line.startswith("#"))


def recognise(text: str) -> Recognised | None:
    """The phrase that a sentence is made of, and about what it is; none for what people have typed."""
    for phrase, begins, pattern, ends in _forms():
        if text.startswith(begins) and text.endswith(ends) and (found := pattern.fullmatch(text)):
            values = found.groupdict()
            if all(kind_of(place) != "rule" or recognise(value) for place, value in values.items()):
                return Recognised(phrase, values)
    return None


def _parse(line: str) -> Phrase:
    one, _, plural = line.partition(PLURAL)
    return Phrase(one, plural or None)


@cache
def _forms() -> tuple[tuple[Phrase, str, re.Pattern[str], str], ...]:
    """Each form of each phrase: what it begins with, the whole of it, and what it ends in. Most differ in the ends."""
    return tuple(
        (phrase, form.partition("{")[0], _pattern(form), form.rpartition("}")[2])
        for phrase in phrases()
        for form in filter(None, dict.fromkeys((phrase.one, phrase.plural)))
    )


def _pattern(form: str) -> re.Pattern[str]:
    parts, end = [], 0
    for place in _PLACE.finditer(form):
        parts.append(re.escape(form[end : place.start()]))
        parts.append(f"(?P<{place[1]}>{KINDS.get(kind_of(place[1]), '.+?')})")
        end = place.end()
    return re.compile("".join(parts) + re.escape(form[end:]), re.DOTALL)
