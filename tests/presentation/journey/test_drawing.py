"""The picture of a journey: whatever is in it, time runs one way, nothing lies outside, and no label covers another."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from languages.speech import Speech
from presentation.journey.axis import AFTER_THE_KNEE, axis, ticks
from presentation.journey.drawing import NARROW, WIDE, Picture, Size, Words, draw
from presentation.journey.model import How, Journey, Mark, Row, Stretch
from presentation.journey.picture import drawn
from presentation.journey.placing import Wish, lanes, place, width_of

FIRST = datetime(2027, 1, 4, 8, tzinfo=UTC)
INSTANTS = st.integers(0, 60 * 24 * 700).map(lambda minutes: FIRST + timedelta(minutes=minutes))
LABELS = st.text("abcdefgh ABCMW.", min_size=1, max_size=28).map(str.strip).filter(bool)
WORDS = Words(today="Today", tick=lambda tick: f"{tick.on:%b}", day=lambda day: f"{day:%d}")


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    since, until = sorted((draw(INSTANTS), draw(INSTANTS)))
    return Stretch("stage-placement", draw(LABELS), since, until, draw(st.sampled_from(list(How))))


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    marks = st.builds(Mark, st.just("review"), LABELS, INSTANTS, st.sampled_from(list(How)))
    rows = [
        Row(f"row{n}", draw(LABELS), draw(st.lists(stretches(), max_size=6)), draw(st.lists(marks, max_size=8)))
        for n in range(draw(st.integers(1, 3)))
    ]
    return Journey("A journey", rows, draw(INSTANTS), "Europe/London", knee=draw(st.none() | INSTANTS))


@given(st.lists(INSTANTS, min_size=2, max_size=12), st.none() | INSTANTS)
def test_later_never_stands_before_earlier(instants: list[datetime], knee: datetime | None) -> None:
    instants.sort()
    time = axis(instants[0], instants[-1], 100, 900, knee)

    places = [time.x(instant) for instant in instants]
    assert places == sorted(places)
    assert places[0] == 100
    assert all(100 <= place <= 900.001 for place in places)


@given(INSTANTS, st.integers(2, 700), st.integers(1, 700))
def test_what_comes_after_the_knee_takes_no_more_than_its_part(knee: datetime, before: int, after: int) -> None:
    first, last = knee - timedelta(days=before), knee + timedelta(days=after)
    time = axis(first, last, 0, 1000, knee)

    assert time.x(last) - time.x(knee) <= 1000 * AFTER_THE_KNEE + 0.001
    # as much as without a knee, where it is little
    assert time.x(last) == 1000


@given(INSTANTS, st.integers(1, 900), st.sampled_from([30.0, 45.0, 60.0]))
def test_named_days_stand_apart(first: datetime, days: int, gap: float) -> None:
    time = axis(first, first + timedelta(days=days), 0, 800)

    found = ticks(time, "Europe/Berlin", gap)
    assert all(later.x - earlier.x >= gap for earlier, later in pairwise(found))
    assert all(0 <= tick.x <= 800 for tick in found)


@given(st.lists(st.builds(Wish, st.floats(0, 800), st.floats(5, 160)), max_size=14))
def test_no_label_covers_another_or_leaves_its_room(wishes: list[Wish]) -> None:
    placed = place(wishes, 0, 800)

    assert all(label.left >= -0.001 and label.right <= 800.001 for label in placed)
    for one, other in combinations(placed, 2):
        apart = one.level != other.level or one.right <= other.left or other.right <= one.left
        assert apart, (one, other)


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 300)).map(lambda span: (span[0], span[0] + span[1]))))
def test_bars_in_one_lane_do_not_cover_each_other(spans: list[tuple[float, float]]) -> None:
    found: dict[int, list[tuple[float, float]]] = {}
    for span, lane in zip(spans, lanes(spans), strict=True):
        found.setdefault(lane, []).append(span)

    assert sorted(found) == list(range(len(found)))
    for in_lane in found.values():
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(sorted(in_lane)))


@given(journeys(), st.sampled_from([WIDE, NARROW]))
def test_nothing_is_drawn_outside_the_picture(journey: Journey, size: Size) -> None:
    picture = draw(journey, size, WORDS)

    for box in [*picture.boxes, *picture.bands]:
        assert box.x >= -0.01
        assert box.x + box.width <= picture.size.width + 5
        assert box.y + box.height <= picture.height + 0.01
    for symbol in picture.symbols:
        assert 0 <= symbol.x <= picture.size.width
        assert 0 <= symbol.y <= picture.height
    assert_texts_apart(picture)
    assert_the_line_of_today_goes_through_no_text(picture)


def assert_the_line_of_today_goes_through_no_text(picture: Picture) -> None:
    """Where a text stands, the line is interrupted."""
    parts = [line for line in picture.lines if line.kind == "now"]
    for text in picture.texts:
        width = text.width or width_of(text.text, picture.size.letters)
        if text.x <= picture.today <= text.x + width and text.kind != "today":
            assert not any(part.y1 < text.y and part.y2 > text.y - 8 for part in parts), text


def assert_texts_apart(picture: Picture) -> None:
    """No label lies on another."""
    labels = [text for text in picture.texts if text.kind == "label"]
    for one, other in combinations(labels, 2):
        same_line = abs(one.y - other.y) < 1
        assert not same_line or one.x + one.width <= other.x or other.x + other.width <= one.x, (one, other)


@given(journeys())
def test_the_picture_is_well_formed_and_says_what_it_shows(journey: Journey) -> None:
    from xml.etree import ElementTree  # noqa: PLC0415

    made = drawn(journey, Speech())
    for svg in (made.wide, made.narrow):
        root = ElementTree.fromstring(svg)  # our own
        assert root.get("role") == "img"
        ids = re.findall(r' id="([^"]+)"', svg)
        assert len(ids) == len(set(ids))
        assert root.get("aria-labelledby", "").split() == [
            element for element in ids if element[-4:] in ("itle", "desc")
        ]
        assert "style=" not in svg
        assert "<style" not in svg
    assert {entry.what for entry in made.table} == {entry.label for row in journey.rows for entry in row.entries}


def test_what_somebody_is_called_is_never_markup() -> None:
    name = "</title><script>alert(1)</script>"
    row = Row("stages", name, [Stretch("stage-intake", name, FIRST, FIRST + timedelta(days=3), How.DONE)])

    made = drawn(Journey(name, [row], FIRST, None), Speech())
    assert "<script>" not in made.wide + made.narrow
