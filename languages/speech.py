"""How things are said to one reader: dates, amounts, names of things and sentences, in the reader's language.

English is said as cases write it, with days and instants in words. For the other languages, dates and numbers are
written as Babel has them, and sentences and names as the catalogue does (:mod:`languages.catalogues`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from pydantic import ValidationError

from domain.core.languages import ENGLISH
from domain.core.model import Money, Party
from domain.core.wording import spoken, value_in_words
from domain.registry.endings import how_it_ended
from languages import phrases
from languages.catalogues import translations
from languages.marking import translatable
from records.local_time import INSTANT, local, local_day, with_instants

PARTY, FIELD, VALUE, ENDING, SENTENCE, ZONE, TIME = "party", "field", "value", "ending", "sentence", "zone", "time"
STAGE, OUTCOME, DECISION, DECIDED, KIND = "stage", "outcome", "decision", "decided", "kind"
"""Contexts of messages in the catalogues: one English word may need several in another language."""

LINE_FORMAT = "%(name)s: %(value)s"
TIME_FORMAT = "%(day)s, %(time)s %(zone)s"

DECIMAL = "\\d+\\.\\d+"
DAY = "\\d{4}-\\d\\d-\\d\\d"
SEVERAL = 2
"""Said of what is no whole number: of 1.5 as of two."""

LONGEST = 1000
"""No sentence of ours has more characters: what is longer was typed."""

SHORT_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_WORKED = rf"(?P<days>(?:{'|'.join(SHORT_DAYS)})(?:-(?:{'|'.join(SHORT_DAYS)}))?) (?P<hours>\d+(?:\.\d+)?)"
_ALL_DAYS_WORKED = re.sub(r"\?P<\w+>", "?:", DAYS_WORKED)
WORKED = re.compile(rf"(?:from (?P<since>{DAY}) )?(?P<what>{_ALL_DAYS_WORKED}(?:, {_ALL_DAYS_WORKED})*|\d+(?:\.\d+)?%)")
"""A working pattern, as :mod:`domain.core.working_pattern` writes it."""

TONGUES = "languages in common: "
"""Codes of languages follow, in a sentence about whoever may be a mentor: they are named in English, too."""

ABOUT_ITSELF = frozenset({"day", "at", "tongues", "region"})
"""Kinds of places that English says in other words than cases write: all others stay, or are sentences themselves."""

SENTENCES = frozenset({"parts", "several", "either", "rule"})
BETWEEN = (", ", " and ", " or ")
BETWEEN_PARTS = f"({'|'.join(BETWEEN)})"
"""What stands between several sentences in one place of another."""

SUITING = frozenset({"score", "reasons"})
"""Facts that say together how well a mentor suits a returner: a share of one, and what counts in it."""

SUITS = translatable("How well they suit each other")
COUNTS = translatable("What counts in that")

AGREED = {"approval": "approved", "confirmation": "confirmed"}
"""Who is asked for one of these gives it; elsewhere people agree."""

PARTS = ", "
AND_MORE = "; "
"""Stands between sentences that a case has made one text of; ``: `` stands after whom or what one is about."""


@dataclass(frozen=True)
class Speech:
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

    def decided(self, decided: str, what: str | None = None) -> str:
        """What was decided: a word of ours, or a sentence of a case; as people say it of ``what`` it is about."""
        decided = AGREED.get(what, decided) if decided == "agreed" and what else decided
        said = self.word(DECIDED, spoken(decided))
        return said if said != spoken(decided) else self.sentence(decided)

    # Dates, times, amounts

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

    def money(self, value: Any) -> str:
        """``52,000.00 EUR``, of a :class:`domain.core.model.Money`, of its JSON, or of such a text."""
        if isinstance(value, str):
            return self.sentence(value)
        amount = value if isinstance(value, Money) else Money.model_validate(value)
        if self.language == ENGLISH:
            return str(amount)
        return format_currency(amount.amount, amount.currency, format="#,##0.00 ¤¤", locale=self.language)

    # Sentences and values that cases write

    def sentence(self, text: str) -> str:
        """A text that a case has written, with the instants in it as local times.

        What is none of the phrases (:mod:`languages.phrases`), because somebody has typed it, stays as it is.
        """
        if text in self.titles:
            return self.title(text)
        if self._differs(text) and len(text) <= LONGEST:
            try:
                if (said := self._phrase(text)) is not None:
                    return said
            except (ValueError, ArithmeticError, OverflowError):  # typed: it only looks like an amount or a date
                pass
        return with_instants(text, self.moment)

    def _differs(self, text: str) -> bool:
        """Whether it may be said in other words than the case has written."""
        return self.language != ENGLISH or text.startswith(TONGUES) or re.search(DAY, text) is not None

    def _phrase(self, text: str) -> str | None:
        if re.fullmatch(phrases.KINDS["money"], text):
            return self._place("money", text)
        if re.fullmatch(DECIMAL, text):
            return self._place("n", text)
        if worked := WORKED.fullmatch(text):
            return self._working_hours(worked["since"], worked["what"])
        if found := phrases.recognise(text):
            said = self._in_catalogue(found)
            values = {place: self._place(phrases.kind_of(place), value) for place, value in found.values.items()}
            return re.sub(r"\{([a-z_]+)\}", lambda place: values.get(place[1], place[0]), said)
        if "\n" in text:
            lines = [self._phrase(line) for line in text.split("\n")]
            return "\n".join(filter(None, lines)) if all(lines) else None
        if AND_MORE in text:
            return self._and_more.join(map(self.sentence, text.split(AND_MORE)))
        about, _, rest = text.partition(": ")
        within = rest.partition(": ")[2]  # a file, and a place within it
        if not phrases.recognise(rest) and not phrases.recognise(within):
            return None
        return self.word(VALUE, LINE_FORMAT) % {"name": self.sentence(about), "value": self.sentence(rest)}

    @property
    def _and_more(self) -> str:
        return self.word(VALUE, AND_MORE) if self.language != ENGLISH else AND_MORE

    def _working_hours(self, since: str | None, what: str) -> str:
        """``Mo.–Mi. 8 Std., Do. 4 Std.`` for ``mon-wed 8, thu 4``; ``60 %`` for a share."""
        names = get_day_names("abbreviated", locale=self.language)

        def said(found: re.Match[str]) -> str:
            days = "–".join(names[SHORT_DAYS.index(day)] for day in found["days"].split("-"))
            return f"{days} {self.number(Decimal(found['hours']))} {self.word(VALUE, 'h')}"

        share = what.removesuffix("%")
        hours = re.sub(DAYS_WORKED, said, what) if share == what else self._exactly(Decimal(share) / 100)
        return self.text("from %(day)s on: %(hours)s") % {"day": self.day(since), "hours": hours} if since else hours

    def _exactly(self, share: Decimal) -> str:
        return format_percent(share, locale=self.language, decimal_quantization=False)

    def _in_catalogue(self, found: phrases.Recognised) -> str:
        one, plural = found.phrase.one, found.phrase.plural
        if plural is None:
            return self.word(SENTENCE, one)
        number = _number(found.values[found.phrase.counted])
        return translations(self.language).npgettext(SENTENCE, one, plural, int(number) if number % 1 == 0 else SEVERAL)

    def _place(self, kind: str, value: str) -> str:
        if self.language == ENGLISH and kind in phrases.KINDS and kind not in ABOUT_ITSELF:
            return self._in_english(kind, value)
        match kind:
            case "n":
                return self.number(_number(value))
            case "money":
                amount, _, currency = value.rpartition(" ")
                return self.money(Money(amount=Decimal(amount.replace(",", "")), currency=currency))
            case "day" | "at":
                return self._date_or_text(value)
            case "id" | "who" | "code" | "key" | "words" | "given":
                return value
            case "tongues":
                names = Locale.parse(self.language).languages
                return PARTS.join(names.get(code.replace("-", "_"), code) for code in value.split(PARTS))
            case "region":
                return self.region(value)
            case "party":
                return self.party(value)
            case "stage":
                return self.stage(value)
            case "taskkind":
                return self.kind(value)
            case "parties":
                return PARTS.join(map(self.party, re.split(", | or | and the ", value)))
            case "stages":
                return self._listed(re.split(", | or ", value), self.stage, "or")
            case "parts":
                return PARTS.join(map(self.sentence, value.split(PARTS)))
            case "several":
                return self._listed(re.split(", | and ", value), self.sentence, "standard")
            case "either":
                return self._listed(re.split(", | or ", value), self.sentence, "or")
        return self.sentence(value)

    def _in_english(self, kind: str, value: str) -> str:
        """As it stands; of several sentences, each is said by itself."""
        if kind not in SENTENCES:
            return value
        if kind == "rule":
            return self.sentence(value)
        return "".join(self.sentence(part) if part not in BETWEEN else part for part in re.split(BETWEEN_PARTS, value))

    def _listed(self, words: Iterable[str], say: Callable[[str], str], style: Literal["or", "standard"]) -> str:
        """Several things as people name them in a sentence, with an ``and`` or an ``or`` before the last."""
        return format_list([say(word) for word in words], style, locale=self.language)

    def lines(self, facts: Mapping[str, Any]) -> str:
        """Facts as ``name: value``, a line each."""
        form = self.word(VALUE, LINE_FORMAT)
        told = (self.told(key, facts) for key in facts)
        return "\n".join(form % {"name": name, "value": self.value(value)} for name, value in told)

    def told(self, key: str, facts: Mapping[str, Any]) -> tuple[str, Any]:
        """What a fact is called, and its value: a part by its name; how well a mentor suits a returner, as a share."""
        if key == "part" and isinstance(facts[key], str):
            return self.field(key), self.party(facts[key])
        if key not in SUITING or not facts.keys() >= SUITING:
            return self.field(key), facts[key]
        if key == "score":
            return self.text(SUITS), self.percent(facts[key])
        return self.text(COUNTS), facts[key]

    def value(self, value: Any) -> str:
        """A JSON value as people say it: dates and amounts in words, lists and forms on one line."""
        return value_in_words(
            value,
            self._date_or_text,
            self.field,
            self.money,
            lambda word: self.word(VALUE, word),
            self.number,
            self._and_more,
        )

    def _date_or_text(self, value: str) -> str:
        try:
            if re.fullmatch(DAY, value):
                return self.day(value)
            if INSTANT.fullmatch(value):
                return self.moment(value)
        except (ValueError, OverflowError):
            return value
        return value


@lru_cache(maxsize=10_000)
def _text(catalogue: NullTranslations, message: str) -> str:
    """Pages say the same ones all the time."""
    known = on_one_line(message)
    said = catalogue.gettext(known)
    return message if said == known else f"{said}{message[len(message.rstrip()) :]}"


_PARTIES = frozenset(party.value for party in Party)


@lru_cache(maxsize=4096)
def _day(language: str, on: date) -> str:
    said = format_date(on, "EEEE d MMMM y" if language == ENGLISH else "full", locale=language)
    return said.replace(" 1 ", " 1er ", 1) if language == "fr" and on.day == 1 else said


def _number(text: str) -> Decimal:
    """A number as sentences have it, perhaps with commas between its thousands."""
    return Decimal(text.replace(",", ""))


def on_one_line(message: str) -> str:
    """A text of a template as the catalogues know it: without the line breaks."""
    return " ".join(message.split("\n")).strip()


def begun(text: str) -> str:
    """A text as it begins a sentence."""
    return text[:1].upper() + text[1:]


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
