"""Single things as they are said to one reader: words and names of ours, dates, times and numbers.

English is said as cases write it, with days and instants in words. For the other languages, dates and numbers are
written as Babel has them, and names as the catalogue does (:mod:`languages.catalogues`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from pydantic import ValidationError

from domain.core.languages import ENGLISH
from domain.core.model import Party
from domain.core.wording import spoken
from domain.registry.endings import how_it_ended
from languages.catalogues import translations
from records.local_time import local, local_day

PARTY, FIELD, VALUE, ENDING, SENTENCE, ZONE, TIME = "party", "field", "value", "ending", "sentence", "zone", "time"
STAGE, OUTCOME, DECISION, DECIDED, KIND = "stage", "outcome", "decision", "decided", "kind"
"""Contexts of messages in the catalogues: one English word may need several in another language."""

TIME_FORMAT = "%(day)s, %(time)s %(zone)s"

_PARTIES = frozenset(party.value for party in Party)


@dataclass(frozen=True)
class Terms:
    """The ``language`` of a reader, the time ``zone`` that dates and times are told in, and, by their texts, what
    texts of the policy are in that language (``titles``)."""

    language: str = ENGLISH
    zone: tzinfo = UTC
    titles: Mapping[str, str] = field(default_factory=dict)

    # Words of ours

    def text(self, message: str) -> str:
        """A text of a letter. Its lines are broken as in English, or, in another language, not at all."""
        return _text(translations(self.language), message)

    def texts(self, one: str, several: str, number: int) -> str:
        """The same, for so many of something."""
        known = on_one_line(one), on_one_line(several)
        said = translations(self.language).ngettext(*known, number)
        english = one if number == 1 else several
        return english if said in known else f"{said}{english[len(english.rstrip()) :]}"

    def word(self, context: str, message: str) -> str:
        """A word or sentence of ours, in its context."""
        return translations(self.language).pgettext(context, message)

    def words(self, context: str, one: str, several: str, number: int) -> str:
        """The same, for so many of something."""
        return translations(self.language).npgettext(context, one, several, number)

    def party(self, party: str) -> str:
        """``second-level manager`` for ``second_manager``; other text (somebody's name) as it is."""
        said = Party(party).spoken if party in _PARTIES else party
        return self.word(PARTY, said)

    def field(self, name: str) -> str:
        """A field of a form, or a fact: ``starts on`` for ``starts_on``."""
        return self.word(FIELD, spoken(name))

    def fields(self, names: Iterable[str]) -> str:
        """Several: ``score, comment``."""
        return ", ".join(map(self.field, names))

    def ending(self, outcome: str, subject: str) -> str:
        """How a case ended. Raises ``ValueError`` for an outcome that there is no sentence for."""
        return self.word(ENDING, how_it_ended(outcome, subject))

    def stage(self, stage: str) -> str:
        """A stage of a case: ``pre-boarding`` for ``preboarding``."""
        return self.word(STAGE, spoken(stage))

    def outcome(self, outcome: str) -> str:
        """How a case ended, in a word or two: ``not eligible``."""
        return self.word(OUTCOME, spoken(outcome))

    def kind(self, kind: str) -> str:
        """A kind of task: ``mentor request`` for ``mentor_request``."""
        return self.word(KIND, spoken(kind))

    def decision(self, what: str, part: str | None = None) -> str:
        """What a decision on record is about: ``working pattern``; with whose it is, ``approval (budget owner)``."""
        said = self.word(DECISION, spoken(what))
        return self.text("%(decision)s (%(part)s)") % {"decision": said, "part": self.party(part)} if part else said

    # Dates, times, numbers

    def day(self, value: str | date) -> str:
        """``Monday 7 December 2026``, of an ISO date, or of an instant's date in the zone."""
        read = _read(value)
        return _day(self.language, local_day(read, self.zone) if isinstance(read, datetime) else read)

    def moment(self, value: str | datetime) -> str:
        """``Monday 7 December 2026, 09:00 GMT``, of an ISO instant."""
        read = _read(value)
        if not isinstance(read, datetime):
            raise ValueError("a date stands where an instant is needed")
        there = local(read, self.zone)
        said = {"day": _day(self.language, there.date()), "time": f"{there:%H:%M}", "zone": self._zone(there)}
        return self.word(TIME, TIME_FORMAT) % said

    def _zone(self, at: datetime) -> str:
        return self.word(ZONE, f"{at:%Z}")

    def number(self, value: float | Decimal) -> str:
        """``2.70``, with as many decimals as it has."""
        if self.language == ENGLISH:
            return str(value)
        decimals = len(str(value).partition(".")[2])
        return format_decimal(value, f"#,##0.{'0' * decimals}" if decimals else "#,##0", locale=self.language)

    def decimals(self, value: float | Decimal, places: int) -> str:
        """``1,234.50``, with so many decimals."""
        if self.language == ENGLISH:
            return f"{value:,.{places}f}"
        return format_decimal(value, f"#,##0.{'0' * places}" if places else "#,##0", locale=self.language)

    def percent(self, share: float | Decimal) -> str:
        """``78%`` for 0.78."""
        return format_percent(share, locale=self.language)

    def region(self, code: str) -> str:
        """``Germany (BY)`` for ``DE-BY``: a country by its name, the part of one by its code."""
        country, _, part = code.partition("-")
        name = Locale.parse(self.language).territories.get(country, country)
        return f"{name} ({part})" if part else name

    def title(self, title: str) -> str:
        """A title of the policy, as it is translated there."""
        return self.titles.get(title, title)


@lru_cache(maxsize=10_000)
def _text(catalogue: NullTranslations, message: str) -> str:
    """Pages say the same ones all the time."""
    known = on_one_line(message)
    said = catalogue.gettext(known)
    return message if said == known else f"{said}{message[len(message.rstrip()) :]}"


@lru_cache(maxsize=4096)
def _day(language: str, on: date) -> str:
    said = format_date(on, "EEEE d MMMM y" if language == ENGLISH else "full", locale=language)
    return said.replace(" 1 ", " 1er ", 1) if language == "fr" and on.day == 1 else said


def on_one_line(message: str) -> str:
    """A text of a template as the catalogues know it: without the line breaks."""
    return " ".join(message.split("\n")).strip()


def _read(value: str | date) -> date:
    """The date or aware instant of an ISO string. Raises ``ValueError``, which doesn't repeat the string."""
    try:
        read = value if isinstance(value, date) else _parse(value)
    except (ValueError, TypeError, ValidationError):
        raise ValueError("not an ISO date or instant") from None
    if isinstance(read, datetime) and read.tzinfo is None:
        raise ValueError("an instant without its time zone")
    return read


def _parse(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
