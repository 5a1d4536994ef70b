"""Whatever is wrong with a file in these tests can be said in the languages of whoever sends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from languages.phrases import recognise
from languages.speech import AND_MORE
from records.imports.core.report import Problem

FOR_THE_COMMAND_LINE = ("test_esco", "test_onet", "test_published", "test_profile_drafts")
"""Tests of files that are too large for a page, whose rules only the command line says: in English."""


@pytest.fixture(autouse=True)
def every_rule_can_be_said(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each rule is made of phrases of ``languages/sentences.txt``; but for what chance has made up."""
    made: list[Problem] = []
    noted = Problem.__init__

    def note(problem: Problem, **values: Any) -> None:
        noted(problem, **values)
        made.append(problem)

    monkeypatch.setattr(Problem, "__init__", note)
    yield
    by_chance = request.node.get_closest_marker("hypothesis") or hasattr(request.function, "hypothesis")
    if by_chance or request.module.__name__.rpartition(".")[2] in FOR_THE_COMMAND_LINE:
        return
    unknown = {problem.rule for problem in made if not _can_be_said(problem.rule)}
    assert not unknown, "these are none of languages/sentences.txt"


def _can_be_said(rule: str) -> bool:
    of_a_line = rule.partition(": ")[2]  # or of a key
    return bool(recognise(rule) or recognise(of_a_line)) or all(map(recognise, rule.split(AND_MORE)))
