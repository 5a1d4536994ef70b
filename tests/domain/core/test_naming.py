"""What cases, groups and things are called: no id shares its space with another kind's, and no name gets into one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.capacity.reserving import CapacityStart
from domain.certification.state import CertificationStart
from domain.cohort.participants import Participant
from domain.cohort.state import CohortStart
from domain.core.characters import one_line
from domain.core.model import Label, Title
from domain.core.naming import RESERVED, PlacementCase, choice_case
from domain.core.people import Role, Skill
from domain.learning.catalogue import Certificate, Training
from domain.learning.start import PathStart
from domain.placement.forms import Proposal
from domain.placement.start import PlacementStart
from tests.office import ELIGIBLE


@pytest.mark.parametrize("prefix", RESERVED)
def test_no_placement_has_the_id_of_another_kind_of_case(prefix: str) -> None:
    """Under one of them entries are numbered on record: those of two cases would be taken for each other's."""
    with pytest.raises(ValidationError, match="must not begin with U-, C-, K- or W-"):
        TypeAdapter(PlacementCase).validate_python(f"{prefix}7F3K2M-DATA1")
    with pytest.raises(ValidationError, match="must not begin with"):
        Participant(case=f"{prefix}ANN-DATA1", returner="P-ANN", role="DATA1", application=ELIGIBLE)


def test_a_recorded_choice_has_a_reserved_id() -> None:
    assert choice_case("P-7F3K2M", "DATA1").startswith(RESERVED)


@pytest.mark.parametrize("start", [PlacementStart, PathStart, CertificationStart])
@pytest.mark.parametrize("label", ["Ana Lee", "ana@example.org", "Ana\n<ana@example.org>", "SPRING-2027\n", "", "-A"])
def test_a_group_is_called_nothing_that_a_name_or_an_address_fits_in(start: Any, label: str) -> None:
    """By whatever client it comes: the model of the message itself refuses it."""
    with pytest.raises(ValidationError) as refusal:
        start.model_validate({"cohort": label})
    assert ("cohort",) in [error["loc"] for error in refusal.value.errors()]
    TypeAdapter(Label).validate_python("Spring-2027")


@pytest.mark.parametrize("model", [CapacityStart, Certificate, CohortStart, Proposal, Role, Training])
def test_a_title_is_one_line_wherever_it_comes_from(model: Any) -> None:
    for title, fits in (("\x07\n", False), ("a" * 301, False), ("a\n" * 40, True)):
        with pytest.raises(ValidationError) as refusal:
            model.model_validate({"title": title})
        assert (("title",) not in [error["loc"] for error in refusal.value.errors()]) is fits


@given(st.text(max_size=60))
def test_one_line_has_no_breaks_nor_controls_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)

    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
    assert one_line(f"{text}\r\nBcc: x@example.org").count("\n") == 0


def test_titles_and_skills_are_folded() -> None:
    assert TypeAdapter(Title).validate_python("Senior\r\nanalyst\u2028 (data)") == "Senior analyst (data)"
    assert TypeAdapter(Skill).validate_python(" Data\nanalysis ") == "data analysis"
