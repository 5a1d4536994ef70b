"""Whatever is wrong in a YAML file of any kind, people read our sentences and know which entry is meant."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml

from domain.core.yaml_text import MOST_BYTES
from domain.registry.policy_file import PolicyError, read_any_policy
from records.imports.core.report import ImportReport
from records.imports.core.roles_yaml import read_roles
from records.imports.learning.catalogue_yaml import read_catalogue
from records.imports.learning.profiles_own import read_profiles_yaml
from rehearsal.habits import DEFAULT_HABITS, HabitsError, read_habits
from tests.domain.core.test_sentences import LIBRARY
from tests.domain.factories import ROOT

WRONG: tuple[Any, ...] = (
    None,
    "",
    "x",
    "x" * 5_000,
    -1,
    0,
    2.5,
    10**20,
    float("nan"),
    True,
    [],
    ["x"],
    [[]],
    {},
    {"x": 1},
)

QUICK_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
EXAMPLES, POLICIES = ROOT / "examples", ROOT / "policies"


def catalogue(text: str | bytes) -> ImportReport:
    return read_catalogue(text, "catalogue.yaml", people=(), profiles=())


def policy(text: str) -> str:
    try:
        read_any_policy(text, "mine.yaml")
    except PolicyError as error:
        return str(error)
    return ""


def habits(text: str) -> str:
    try:
        read_habits(text, "people.yaml")
    except HabitsError as error:
        return str(error)
    return ""


FILES: list[tuple[Callable[[str], object], str]] = [
    (read_roles, (EXAMPLES / "roles.yaml").read_text(encoding="utf-8")),
    (read_profiles_yaml, (EXAMPLES / "profiles.yaml").read_text(encoding="utf-8")),
    (catalogue, (EXAMPLES / "catalogue.yaml").read_text(encoding="utf-8")),
    (policy, (POLICIES / "returnship-16-weeks.yaml").read_text(encoding="utf-8")),
    (policy, (POLICIES / "upskilling-path.yaml").read_text(encoding="utf-8")),
    (habits, DEFAULT_HABITS.read_text(encoding="utf-8")),
]
EVERY_KIND = pytest.mark.parametrize(
    ("read", "text"), FILES, ids=["roles", "profiles", "catalogue", "returnship", "upskilling", "habits"]
)


def everywhere(content: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places in a file: of each list only its first entry, as the others are alike."""
    inner = (
        content.items() if isinstance(content, dict) else enumerate(content[:1]) if isinstance(content, list) else []
    )
    return [place, *(deeper for key, inner_value in inner for deeper in everywhere(inner_value, (*place, key)))]


def with_value(content: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    changed = deepcopy(content)
    there = changed
    for key in place[:-1]:
        there = there[key]
    there[place[-1]] = value
    return changed


@EVERY_KIND
@pytest.mark.long
def test_whatever_stands_at_a_key_no_library_speaks(read: Callable[[str], object], text: str) -> None:
    content = yaml.safe_load(text)
    for n, place in enumerate(everywhere(content)):
        value = WRONG[n % len(WRONG)]  # each value at many places, and by turns at a key nobody knows
        given = value if n % 2 else {"there-is-none": value}
        said = str(read(yaml.dump(with_value(content, place, given), Dumper=QUICK_DUMPER)))
        assert not LIBRARY.search(said), (place, given, said)


@EVERY_KIND
@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ("a: [1, 2", "line 1: is not YAML; look at the colons"),
        ("a: 'x", "line 1: a quotation mark is not closed"),
        ("\ta: 1", "line 1: begins with a tab"),
        ("a: *b", "line 1: a * stands before a text that is not in quotes"),
        ("a: &b {c: 1}\nd: {<<: *b}", "line 2: takes over other entries by <<"),
        ("a: =", "line 1: a = must be in quotes"),
        ("a: !x b", "line 1: a ! stands before a text that is not in quotes"),
        ("a: 1\nb: 2\na: 3", "line 3: the key a stands twice"),
        ("a: {b: 1, b: 2}", "line 1: the key b stands twice"),
        ("a: \0", "holds the character U+0000"),
        ("a: 1\n---\nb: 2", "holds more than one document"),
        ("? [1]\n: 2", "a key must be a text"),
        ("[" * 3_000, "is nested too deeply"),
        ("a: " + "9" * 5_000, "is not YAML"),
        ("a: " + "x" * MOST_BYTES, "is larger than 4 MiB"),
    ],
)
def test_what_is_no_yaml_is_told_by_its_line_in_words_of_ours(
    read: Callable[[str], object], text: str, broken: str, sentence: str
) -> None:
    assert sentence in str(read(broken))


@pytest.mark.parametrize(
    ("read", "key", "field"),
    [(read_roles, "roles", "skills"), (read_profiles_yaml, "profiles", "skills"), (catalogue, "trainings", "requires")],
    ids=["roles", "profiles", "catalogue"],
)
def test_what_aliases_repeat_without_end_is_refused_at_once(
    read: Callable[[str], ImportReport], key: str, field: str
) -> None:
    nines = [f"  - &n{n} [{', '.join([f'*n{n - 1}' if n else 'x'] * 9)}]" for n in range(12)]
    grows = "\n".join([f"{key}:", "- id: ONE", f"  {field}:", *nines])
    turns = f"{key}:\n- &one\n  id: ONE\n  {field}: [*one]\n"
    for text in (grows, turns):
        assert f" ONE, {field}" in str(read(text))


@pytest.mark.parametrize("read", [read_roles, read_profiles_yaml, catalogue], ids=["roles", "profiles", "catalogue"])
def test_a_workbook_is_told_as_one(read: Callable[[bytes], ImportReport]) -> None:
    assert "is an Excel workbook (or another zip file), no text; this must be a YAML file" in str(
        read(b"PK\x03\x04...")
    )


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Data\u200banalyst", "must not hold the invisible character U+200B (zero width space)"),
        ("Analyst \u202eatad", "must not hold the invisible character U+202E (right-to-left override)"),
        ("Data\nanalyst", "must be one line, without a line break"),
    ],
)
def test_no_title_holds_what_nobody_sees_nor_a_second_line(title: str, rule: str) -> None:
    report = read_profiles_yaml(yaml.safe_dump({"profiles": [{"id": "DATA1", "title": title, "skills": []}]}))
    assert f"profile DATA1, title: {rule}" in str(report)
