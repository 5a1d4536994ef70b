"""A row of a cohort file: the break, and the placement that is to be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.model import Money
from domain.core.months import months_later
from domain.core.working_pattern import read_patterns
from records.imports.cohort.cohort_break import whole_months
from records.imports.cohort.cohort_csv import read_cohort
from records.imports.cohort.people import KnownRecords
from tests.records.imports.cohort.cohort_files import ANN, BEN, HR, MANAGER, MENTOR, POLICY, TODAY, check, office, sheet
from tests.records.imports.problems import said

# The break


def test_the_last_day_worked_tells_how_long_the_break_is() -> None:
    for began, months in [("2025-09-01", 12), ("2024-02-29", 30), ("2025-01-31", 19)]:
        report = check(sheet(ANN | {"break_months": "", "break_began": began}))
        assert [participant.application.break_months for participant in report.participants] == [months], began
    # where both are given they agree, give or take a month, and the number is what counts
    for given_months in ("29", "30", "31"):
        report = check(sheet(ANN | {"break_months": given_months, "break_began": "2024-02-29"}))
        assert [participant.application.break_months for participant in report.participants] == [int(given_months)]


@given(
    st.dates(date(1960, 1, 1), date(2060, 1, 1)),
    st.integers(-720, 720),
    st.integers(0, 27),
)
def test_whole_months_are_those_after_which_the_day_has_come(first: date, months: int, days: int) -> None:
    last = months_later(first, months)
    assert whole_months(first, last) == months
    later = date.fromordinal(last.toordinal() + days)
    found = whole_months(first, later)
    assert months_later(first, found) <= later < months_later(first, found + 1)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"break_months": "11"}, "break_months: a career break of 11 months; the policy asks for 12"),
        (
            {"break_months": "", "break_began": "2025-09-02"},
            "break_began: a career break of 11 months; the policy asks for 12",
        ),
        ({"break_months": "32", "break_began": "2024-02-29"}, "break_began: differs from break_months by more than"),
        ({"break_months": "", "break_began": "2026-09-02"}, "break_began: “2026-09-02” is still to come"),
        ({"break_months": "", "break_began": "1926-09-02"}, "break_began: must not be more than 60 years ago"),
        ({"break_months": "", "break_began": ""}, "break_months: must be given: how many months, or in break_began"),
        ({"break_months": "many"}, "break_months: must be a whole number"),
        ({"break_months": "", "break_began": "last year"}, "break_began: must be a date"),
    ],
)
def test_a_break_that_is_too_short_or_unclear_is_told(cells: dict[str, str], problem: str) -> None:
    (found,) = said(check(sheet(ANN | cells)))
    assert found.startswith(f"row 2, {problem}")


def test_who_works_below_their_qualification_needs_no_long_break() -> None:
    assert check(sheet(ANN | {"break_months": "3", "underemployed": "yes"})).clean


def test_a_policy_may_ask_for_experience_and_a_placement_is_paid() -> None:
    # Given a policy that asks for ten years, and a role that pays nothing
    rules = POLICY.eligibility.model_copy(update={"min_experience_years": 10})
    unpaid = office().roles["OPS1"].model_copy(update={"stipend": Money(amount=Decimal(0), currency="USD")})
    known = KnownRecords(office().people, {**office().roles, "OPS1": unpaid})
    # when somebody with eight is to be placed in it, for longer than allowed
    report = read_cohort(
        sheet(ANN | {"role": "OPS1", "weeks": "30"}),
        known,
        POLICY.model_copy(update={"eligibility": rules}),
        today=TODAY,
    )
    # then each is told where it stands
    assert [problem.column for problem in report.problems] == ["experience_years", "weeks", "role"]
    assert "30 weeks; the policy allows 8 to 26" in str(report)


# The placement


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"role": "NONE1"}, "role: “NONE1” is not in the records; import roles first"),
        ({"role": ""}, "role: must be given, such as DATA1"),
        ({"mentor": "P-NOBODY"}, "mentor: “P-NOBODY” is nobody in the records"),
        ({"mentor": "P-ANN"}, "mentor: is the returner themselves"),
        ({"mentor": MANAGER}, "mentor: is the manager of the role"),
        ({"weeks": "7"}, "weeks: 7 weeks; the policy allows 8 to 26"),
        ({"weeks": "0"}, "weeks: 0 weeks; the policy allows 8 to 26"),
    ],
)
def test_a_placement_that_can_not_be_is_told(cells: dict[str, str], problem: str) -> None:
    (found,) = said(check(sheet(ANN | cells)))
    assert found.startswith(f"row 2, {problem}")


def test_nobody_is_placed_around_whom_they_have_a_part_or_mentored_by_who_is_above_them() -> None:
    in_line = said(check(sheet(ANN | {"id": "P-3MT8KW", "mentor": MANAGER})))
    assert "row 2, mentor: is in the reporting line of the returner" in in_line
    assert "row 2, role: the returner is its manager" in said(check(sheet(ANN | {"id": MANAGER, "mentor": ""})))


def test_only_hr_of_the_role_starts_its_placements() -> None:
    of_another = check(sheet(ANN, BEN), started_by=MENTOR)
    assert said(of_another) == [
        f"the file: {MENTOR} can't start placements in DATA1 (for HR P-7LM2ZA or head of HR P-1ZE6PK)"
    ]
    assert of_another.participants == []
    assert all(check(sheet(ANN), started_by=who).clean for who in (HR, "P-1ZE6PK", None))


# Working patterns


def test_who_takes_part_works_as_the_row_says_or_else_as_the_records_say() -> None:
    (person,), (participant,) = (lambda report: (report.people, report.participants))(
        check(sheet(ANN | {"working_pattern": "mon-wed 8; from 2027-02-01 100%"}))
    )
    assert participant.patterns == person.working_pattern == read_patterns("mon-wed 8; from 2027-02-01 100%")

    on_record = KnownRecords(people={**office().people, "P-ANN": person}, roles=office().roles)
    columns = [column for column in ANN if column != "working_pattern"]
    (known,) = check(sheet(ANN, columns=columns), on_record).participants
    assert known.patterns == participant.patterns
    changed = check(sheet(ANN | {"working_pattern": "60%"}), on_record)
    assert [problem.column for problem in changed.problems] == ["working_pattern"]
    assert "is mon-wed 8; from 2027-02-01 100% on record and 60% here" in changed.problems[0].rule


def test_a_pattern_of_more_than_full_time_is_refused() -> None:
    (problem,) = check(sheet(ANN | {"working_pattern": "mon-sat 8"})).problems

    assert problem.column == "working_pattern"
    assert "mon-sat 8 is more than the 40 hours a week that are full time" in problem.rule
