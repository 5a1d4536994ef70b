"""A journey as shapes of a picture: boxes, symbols, lines and texts with their places, which a template draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from presentation.journey.axis import Axis, Tick, axis, ticks
from presentation.journey.model import How, Journey, Mark, Row, Stretch
from presentation.journey.placing import GAP, Wish, lanes, place, width_of


@dataclass(frozen=True)
class Size:
    """How a picture is laid out: its ``width``, how much of it the titles of rows take at the left (none: they stand
    above their rows), how much is free at the right, and how large letters are; all in CSS pixels."""

    name: str
    width: float
    titles: float
    margin: float
    letters: float


WIDE = Size("wide", 960, 154, 12, 13)
NARROW = Size("narrow", 342, 0, 6, 12)
"""For a phone of 390 pixels, between the margins of a page."""

TODAY, TICKS, PLOT = 12.0, 34.0, 46.0
"""From above: where the name of today, and of the days on the axis, stand, and where rows begin."""
LANE, BAR, LEVEL, BETWEEN, TITLE, SMALL = 24.0, 18.0, 16.0, 14.0, 20.0, 16.0
"""How high a lane and a bar in it are, a level of labels, what is between rows, a title above its row, small marks."""
A_MOMENT = timedelta(seconds=1)
"""What lasts up to midnight does not last into the next day."""
CLEAR = 4.0
"""So much stays free around a text that the line of today would go through."""
LEAST = 4.0
"""So wide a bar is at least, however short it lasts."""


@dataclass(frozen=True)
class Box:
    """A bar, or a band across all rows."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    how: str
    says: str


@dataclass(frozen=True)
class Symbol:
    """What marks an instant."""

    x: float
    y: float
    kind: str
    how: str
    says: str


@dataclass(frozen=True)
class Said:
    """A text; ``anchor`` as in SVG, ``kind`` for its looks."""

    x: float
    y: float
    text: str
    kind: str
    anchor: str = "start"
    width: float = 0


@dataclass(frozen=True)
class Line:
    """A line from one place to another; ``kind`` for its looks."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass
class Picture:
    """All that is drawn, in this order."""

    size: Size
    height: float = PLOT
    bands: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)
    texts: list[Said] = field(default_factory=list)
    today: float = 0
    knee: float | None = None


@dataclass(frozen=True)
class Words:
    """How the picture says its few words: ``today``, and a day of the axis."""

    today: str
    tick: Callable[[Tick], str]
    day: Callable[[date | datetime], str]


def draw(journey: Journey, size: Size, words: Words) -> Picture:
    """The picture of a journey in this size."""
    time = axis(journey.first, journey.last, size.titles + size.margin, size.width - size.margin, journey.knee)
    picture = Picture(size)
    for row in filter(None, journey.rows):
        _row(picture, row, time, journey.now, words)
    picture.height += 2
    _axis(picture, journey, time, words)
    return picture


# The axis


def _axis(picture: Picture, journey: Journey, time: Axis, words: Words) -> None:
    size, bottom = picture.size, picture.height
    named = ticks(time, journey.zone, size.letters * 3.6)
    free = time.left
    for tick in named:
        picture.lines.append(Line(tick.x, PLOT - 8, tick.x, bottom, "grid"))
        text = words.tick(tick)
        width = width_of(text, size.letters)
        start = min(tick.x + 3, size.width - width)
        if start >= free:
            picture.texts.append(Said(start, TICKS, text, "tick", width=width))
            free = start + width + GAP / 2
    if time.knee is not None:
        picture.knee = time.at
    for absence in journey.absences:
        since, until = time.x(absence.since), time.x(absence.until)
        picture.bands.append(
            Box(since, PLOT - 8, max(until - since, LEAST), bottom - PLOT + 8, "absence", absence.how, absence.label)
        )
    picture.today = time.x(journey.now)
    picture.lines += _line_of_today(picture)
    width = width_of(words.today, size.letters) + 12
    left = min(max(picture.today - width / 2, 0), size.width - width)
    picture.boxes.append(Box(left, TODAY - 12, width, 17, "today", "", ""))
    picture.texts.append(Said(left + width / 2, TODAY + 1, words.today, "today", "middle", width))


def _line_of_today(picture: Picture) -> Iterator[Line]:
    """From the name of today to the bottom, interrupted where it would go through a text."""
    size, x, y = picture.size, picture.today, TODAY + 4
    for text in sorted(picture.texts, key=lambda text: text.y):
        width = text.width or width_of(text.text, size.letters)
        if not text.x - CLEAR <= x <= text.x + width + CLEAR:
            continue
        top, under = text.y - size.letters, text.y + CLEAR
        if top > y:
            yield Line(x, y, x, top, "now")
        y = max(y, under)
    if picture.height > y:
        yield Line(x, y, x, picture.height, "now")


# Rows


def _row(picture: Picture, row: Row, time: Axis, now: datetime, words: Words) -> None:
    size = picture.size
    top = picture.height
    if size.titles:
        title = shortened(row.title, size.titles - 6, size.letters)
        picture.texts.append(Said(0, top + BAR - 4, title, "row"))
    else:
        title = shortened(row.title, size.width, size.letters)
        picture.texts.append(Said(0, top + 12, title, "row"))
        picture.height += TITLE
    wishes: list[tuple[Wish, str, float]] = []
    wishes += _stretches(picture, row, time, now, words)
    wishes += _marks(picture, row, time, words)
    _labels(picture, wishes, time)
    picture.height += BETWEEN
    picture.lines.append(Line(0, picture.height - BETWEEN / 2, size.width, picture.height - BETWEEN / 2, "between"))


def _stretches(
    picture: Picture, row: Row, time: Axis, now: datetime, words: Words
) -> Iterator[tuple[Wish, str, float]]:
    """Draws the bars; the labels that do not fit into theirs."""
    if not row.stretches:
        return
    spans = [(time.x(stretch.since), time.x(stretch.until)) for stretch in row.stretches]
    of = lanes(spans, gap=-0.5)
    letters = picture.size.letters
    for stretch, (start, end), lane in zip(row.stretches, spans, of, strict=True):
        y = picture.height + lane * LANE
        end = max(end, start + LEAST)
        for box in _bars(stretch, start, end, y, min(max(time.x(now), start), end), _says(stretch, words)):
            picture.boxes.append(box)
        if row.in_short or not stretch.label:
            continue
        width = width_of(stretch.label, letters)
        if (inside := _inside(stretch, start, end, min(max(time.x(now), start), end), width)) is not None:
            x, ground = inside
            picture.texts.append(Said(x, y + BAR - 5, stretch.label, f"in {stretch.kind} {ground}", width=width))
        else:
            yield Wish((start + end) / 2, _at_most(width, time)), stretch.label, y + BAR
    picture.height += (max(of) + 1) * LANE


def _inside(stretch: Stretch, start: float, end: float, now: float, width: float) -> tuple[float, str] | None:
    """Where a label of this width stands within its bar, and on which ground; none where it does not fit."""
    solid_up_to = {How.DONE: end, How.UNDER_WAY: now}.get(stretch.how, start)
    for left, right, ground in ((start, solid_up_to, "solid"), (solid_up_to, end, "light")):
        if width + 12 <= right - left:
            return left + 6, ground
    return None


def _bars(stretch: Stretch, start: float, end: float, y: float, now: float, says: str) -> Iterator[Box]:
    """What lasts and is under way is drawn in two: up to now, and what is still to come."""
    if stretch.how is How.UNDER_WAY and start < now < end:
        yield Box(start, y, now - start, BAR, stretch.kind, How.DONE, says)
        yield Box(now, y, end - now, BAR, stretch.kind, How.PLANNED, says)
    else:
        how = How.DONE if stretch.how is How.UNDER_WAY else stretch.how
        yield Box(start, y, end - start, BAR, stretch.kind, how, says)


def _marks(picture: Picture, row: Row, time: Axis, words: Words) -> Iterator[tuple[Wish, str, float]]:
    """Draws the symbols; their labels."""
    if not row.marks:
        return
    small = not any(mark.label for mark in row.marks)
    y = picture.height + (SMALL / 2 if small else LANE / 2 - 3)
    for mark in row.marks:
        x = time.x(mark.at)
        picture.symbols.append(Symbol(x, y, mark.kind, mark.how, _says(mark, words)))
        if mark.label and not row.in_short:
            yield Wish(x, _at_most(width_of(mark.label, picture.size.letters), time)), mark.label, y + 8
    picture.height += SMALL if small else LANE - 2


def _labels(picture: Picture, wishes: Sequence[tuple[Wish, str, float]], time: Axis) -> None:
    """The labels below a row, each with a line to what it names unless it stands right below it."""
    if not wishes:
        return
    placed = place([wish for wish, _, _ in wishes], time.left, time.right)
    for (wish, text, bottom), there in zip(wishes, placed, strict=True):
        y = picture.height + there.level * LEVEL
        said = shortened(text, time.right - time.left, picture.size.letters)
        picture.texts.append(Said(there.left, y + 11, said, "label", width=wish.width))
        picture.lines.append(Line(wish.x, bottom, wish.x, y + 1, "lead"))
    picture.height += (max(there.level for there in placed) + 1) * LEVEL


def _at_most(width: float, time: Axis) -> float:
    return min(width, time.right - time.left)


def _says(what: Stretch | Mark, words: Words) -> str:
    """What is said of it beside the picture, and where the mouse rests on it."""
    days = [what.at] if isinstance(what, Mark) else [what.since, max(what.since, what.until - A_MOMENT)]
    when = " – ".join(dict.fromkeys(map(words.day, days)))
    return ", ".join(filter(None, (what.label, when, what.note)))


def shortened(text: str, width: float, letters: float) -> str:
    """A text, without what does not fit into so many pixels."""
    if width_of(text, letters) <= width:
        return text
    while text and width_of(f"{text}…", letters) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
