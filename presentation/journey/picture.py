"""A journey as SVG to stand in a page, for a wide screen and for a phone, and as the rows of a table beside it.

All looks are classes of the page's stylesheet: a page's policy forbids styles within it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path

from babel.dates import format_date, format_skeleton
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from languages.speech import Speech
from presentation.journey import words
from presentation.journey.axis import Tick
from presentation.journey.drawing import A_MOMENT, NARROW, WIDE, Size, Words, draw
from presentation.journey.model import Journey, Mark, Stretch
from records.local_time import local_day

TEMPLATES = Path(__file__).parent / "templates"

SHAPES = {
    "session": '<circle r="3.5" />',
    "decision": '<path d="M0 -8L8 0L0 8L-8 0Z" />',
    "end": '<path d="M-6 -6H6V6H-6Z" />',
    "other": '<circle r="6.5" />',
}
"""The symbols of kinds of marks, around the origin."""


@dataclass(frozen=True)
class Entry:
    """A row of the table: what belongs to what, from when to when, and how it stands."""

    row: str
    what: str
    when: str
    how: str
    note: str


@dataclass(frozen=True)
class Drawn:
    """A journey as a page has it: two pictures, of which it shows the one that fits, and the table."""

    title: str
    description: str
    wide: Markup
    narrow: Markup
    table: list[Entry]
    legend: list[tuple[str, str]]
    supposes: str


def drawn(journey: Journey, speech: Speech, key: str = "journey") -> Drawn:
    """The journey in the reader's language. ``key`` differs from that of every other picture of the page."""
    return Drawn(
        title=journey.title,
        description=_description(journey, speech),
        wide=_svg(journey, WIDE, speech, f"{key}-wide"),
        narrow=_svg(journey, NARROW, speech, f"{key}-narrow"),
        table=list(_entries(journey, speech)),
        legend=list(journey.legend),
        supposes=journey.supposes,
    )


def _svg(journey: Journey, size: Size, speech: Speech, key: str) -> Markup:
    said = Words(
        today=speech.text(words.TODAY),
        tick=lambda tick: _tick(tick, speech.language),
        day=lambda day: short_day(day, journey.zone, speech.language),
    )
    template = _environment().get_template("journey.svg")
    picture = draw(journey, size, said)
    facts = {"title": journey.title, "description": _description(journey, speech), "id": key, "shapes": SHAPES}
    return Markup(template.render(picture=picture, **facts))  # the template escapes all in it


def _description(journey: Journey, speech: Speech) -> str:
    """What the picture shows, for whoever does not see it."""
    rows = ", ".join(row.title for row in journey.rows if row)
    return speech.text(words.DESCRIPTION) % {
        "first": speech.day(local_day(journey.first, journey.zone)),
        "last": speech.day(local_day(journey.last, journey.zone)),
        "today": speech.day(local_day(journey.now, journey.zone)),
        "rows": rows,
    }


def _entries(journey: Journey, speech: Speech) -> Iterator[Entry]:
    for row in journey.rows:
        for what in row.entries:
            if not what.label and not what.note:
                continue
            yield Entry(
                row=row.title,
                what=what.label or what.note,
                when=_when(what, journey.zone, speech.language),
                how=speech.text(words.HOW[what.how]),
                note=what.note if what.label else "",
            )


def _when(what: Stretch | Mark, zone: str | None, language: str) -> str:
    days = [what.since, max(what.since, what.until - A_MOMENT)] if isinstance(what, Stretch) else [what.at]
    return " – ".join(dict.fromkeys(short_day(day, zone, language, year=True) for day in days))


def short_day(day: date | datetime, zone: str | tzinfo | None, language: str, *, year: bool = False) -> str:
    """``4 Jan``, or with the year, as the language writes it."""
    return _short(local_day(day, zone) if isinstance(day, datetime) else day, language, year)


@lru_cache(maxsize=10_000)
def _short(on: date, language: str, year: bool) -> str:
    """Pages say the same few days all the time."""
    if language == "en":
        return format_date(on, "d MMM y" if year else "d MMM", locale=language)
    return format_skeleton("yMMMd" if year else "MMMd", datetime(on.year, on.month, on.day), locale=language)  # noqa: DTZ001


def _tick(tick: Tick, language: str) -> str:
    match tick.named:
        case "day":
            return short_day(tick.on, None, language)
        case "year":
            return _month(tick.on, "MMM y", language)
    return _month(tick.on, "LLL", language)


@lru_cache(maxsize=1_000)
def _month(on: date, form: str, language: str) -> str:
    return format_date(on, form, locale=language)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["n"] = lambda number: f"{number:.1f}".removesuffix(".0")
    return environment
