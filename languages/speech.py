"""What is said to one reader, sentences and values that cases write above all, in the reader's language.

A sentence is recognised by its phrase (:mod:`languages.phrases`), and said as the catalogue has that phrase.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from babel import Locale
from babel.dates import get_day_names
from babel.lists import format_list
from babel.numbers import format_currency, format_percent

from domain.core.languages import ENGLISH
from domain.core.model import Money
from domain.core.wording import spoken, value_in_words
from languages import phrases
from languages.marking import translatable
from languages.terms import DECIDED, SENTENCE, VALUE, Terms
from records.local_time import INSTANT, with_instants

LINE_FORMAT = "%(name)s: %(value)s"

DAY = "\\d{4}-\\d\\d-\\d\\d"
DECIMAL = "\\d+\\.\\d+"
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
class Speech(Terms):
    """All that is said to one reader: single terms (:mod:`languages.terms`), and what cases write."""

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
        return self.words(SENTENCE, one, plural, int(number) if number % 1 == 0 else SEVERAL)

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
            case "id" | "who" | "people" | "code" | "key" | "words" | "given":
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

    def decided(self, decided: str, what: str | None = None) -> str:
        """What was decided: a word of ours, or a sentence of a case; as people say it of ``what`` it is about."""
        decided = AGREED.get(what, decided) if decided == "agreed" and what else decided
        said = self.word(DECIDED, spoken(decided))
        return said if said != spoken(decided) else self.sentence(decided)

    def money(self, value: Any) -> str:
        """``52,000.00 EUR``, of a :class:`domain.core.model.Money`, of its JSON, or of such a text."""
        if isinstance(value, str):
            return self.sentence(value)
        amount = value if isinstance(value, Money) else Money.model_validate(value)
        if self.language == ENGLISH:
            return str(amount)
        return format_currency(amount.amount, amount.currency, format="#,##0.00 ¤¤", locale=self.language)

    def lines(self, facts: Mapping[str, Any]) -> str:
        """Facts as ``name: value``, a line each."""
        form = self.word(VALUE, LINE_FORMAT)
        told = (self.told(key, facts) for key in facts)
        return "\n".join(form % {"name": name, "value": self.value(value)} for name, value in told)

    def told(self, key: str, facts: Mapping[str, Any]) -> tuple[str, Any]:
        """What a fact is called, and its value: a part and a country by their names; how well a mentor suits a
        returner, as a share."""
        if key == "part" and isinstance(facts[key], str):
            return self.field(key), self.party(facts[key])
        if key == "country" and isinstance(facts[key], str):
            return self.field(key), self.region(facts[key])
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


def _number(text: str) -> Decimal:
    """A number as sentences have it, perhaps with commas between its thousands."""
    return Decimal(text.replace(",", ""))


def begun(text: str) -> str:
    """A text as it begins a sentence."""
    return text[:1].upper() + text[1:]
