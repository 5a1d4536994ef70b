"""What came of the programmes, as a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from records.tables.access import GrantRecord
from records.tables.cohort import CohortRecord
from tests.records.reporting.report_cases import AUTUMN, NAMES, SPRING, fill
from tests.web.console import Console
from tests.web.english import english_in, reads
from tests.web.looking import DESKTOP, check_looks, sign_in

HR, SOMEBODY = "P-7LM2ZA", "P-2QX8VD"


@pytest.fixture
def filled_console(console: Console) -> Console:
    """A console on records with cases in two cohorts, and HR of all roles."""
    with console.database.session() as session:
        fill(session)
        session.add(GrantRecord(person=HR, duty="hr", role=None, granted_by=None, granted_at=datetime.now(UTC)))
        if session.get(CohortRecord, SPRING) is None:
            session.add(_cohort())
    return console


def _cohort() -> CohortRecord:
    return CohortRecord(
        cohort=SPRING,
        title="Spring",
        policy="returnship-16-weeks v1",
        led_by=HR,
        starts_on=date(2027, 1, 4),
        stage="running",
        paused=False,
        participants=8,
        matched=8,
        ended=0,
        at_risk=[],
        at=datetime.now(UTC),
        position=1,
    )


async def test_the_report_is_shown_whole_and_of_one_cohort(filled_console: Console) -> None:
    visitor = filled_console.visitor(HR)
    whole = await visitor.get("/reports")
    assert "Of 14 applications, 10 started" in whole.main
    one = await visitor.get(f"/reports?cohort={SPRING.lower()}")
    assert f'value="{SPRING}" selected' in one.text
    assert "Of 14 applications" not in one.main
    # nobody is named, and nothing in it breaks the policy of pages
    assert not [name for name in NAMES if name in whole.text]
    assert " style=" not in whole.text
    assert "<style" not in whole.text
    assert "data:" not in whole.text
    assert whole.text.count('role="img"') > 3


async def test_a_name_that_placements_carry_without_a_cohort_filters_all_pages_alike(filled_console: Console) -> None:
    """AUTUMN was never launched: its placements were started one by one."""
    visitor = filled_console.visitor(HR)
    report, cohorts, board = [await visitor.get(path) for path in ("/reports", "/cohorts", "/board")]
    for text in (report.text, board.text):
        assert re.search(rf"<option[^>]*>{AUTUMN}</option>", text)
    assert "Names without a cohort" in cohorts.main
    assert f'href="/board?cohort={AUTUMN}&amp;which=all"' in cohorts.text
    assert f'href="/cases/K-{AUTUMN}"' not in cohorts.text
    # and its report is there, without a page of a cohort that is not
    one = await visitor.get(f"/reports?cohort={AUTUMN}")
    assert "Of 5 applications" in one.main
    assert "The page of the cohort" not in one.main


async def test_whoever_reads_german_reads_nothing_in_english(filled_console: Console) -> None:
    visitor = filled_console.visitor(HR)
    typed = ["Family reasons", "has moved, says", "sql", "python", "age band", "40 and over", "under 40"]
    typed += ["gender", "another", "female", "male", "Waymark", "Siobhán Ó Dálaigh", "Spring (SPRING-2026)"]
    for path in ["/reports", f"/reports?cohort={SPRING}"]:
        reads(filled_console.database, HR, "en")
        english = await visitor.get(path)
        reads(filled_console.database, HR, "de")
        assert not english_in((await visitor.get(path)).text, english.text, typed)


async def test_no_report_of_what_is_not_there_or_not_for_somebody(filled_console: Console) -> None:
    none = await filled_console.visitor(HR).get("/reports?cohort=NONE")
    assert "There is no cohort NONE." in none.main
    assert (await filled_console.visitor(SOMEBODY).get("/reports")).status == 403


async def test_how_the_page_looks(filled_console: Console, window: Callable[..., Any]) -> None:
    context = await window(**DESKTOP)
    await sign_in(context, filled_console, HR)
    page = await context.new_page()
    for path in ["/reports", f"/reports?cohort={SPRING}", "/reports?cohort=NONE"]:
        await check_looks(page, filled_console.origin + path)
