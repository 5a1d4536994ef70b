"""Every figure of the report, against a count by hand of the cases in ``report_cases``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.cohort.figures import CohortFigures, Counts, Retention
from domain.core.journal import JournalBatch
from domain.core.learning_rows import LearningHoursRow
from domain.core.model import Money
from records.database import Database
from records.journal import write
from records.queries.core.people import Unknown
from records.reporting import Report, cohort_figures, report
from records.reporting.cases import Entered, Level, Path, Placement, Sums
from records.reporting.learned import skill_gains
from records.reporting.models import Group, ProgrammeFigures, Spread
from records.reporting.money import per_success
from tests.records.reporting.report_cases import AUTUMN, SPRING, fill

MADE = datetime(2027, 2, 1, tzinfo=UTC)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.session() as session:
        fill(session)
    return database


@pytest.fixture
def whole(filled: Database) -> Iterator[Report]:
    """The report on everything, made in a transaction that can only read."""
    with filled.reading() as session:
        yield report(session, at=MADE)


def group(whole: Report, name: str) -> Group:
    return next(cohort_group for cohort_group in [*whole.cohorts, whole.in_all] if cohort_group.name == name)


def counted(**given: int) -> Counts:
    return Counts(**(dict.fromkeys(Counts.model_fields, 0) | given))


def kept(days: int, *, retained: int = 0, gone: int = 0, to_come: int = 0, not_asked: int = 0) -> Retention:
    return Retention(days=days, retained=retained, gone=gone, to_come=to_come, not_asked=not_asked)


def money(amount: str, currency: str) -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def test_how_far_placements_came_in_each_cohort_and_in_all(whole: Report) -> None:
    assert [cohort.name for cohort in whole.cohorts] == [AUTUMN, SPRING, "no cohort"]
    assert (whole.made_at, whole.placements, whole.paths) == (MADE, 14, 6)
    assert group(whole, SPRING).counts == counted(
        # four came to their last day: whoever left early after the offer had expired did not
        applications=8, starts=6, completions=4, conversions=2, declined=1, expired=1, released=1, not_eligible=1,
        withdrawn=2,
    )  # fmt: skip
    assert group(whole, AUTUMN).counts == counted(
        applications=5, starts=4, completions=2, conversions=2, withdrawn=1, running=2
    )
    assert group(whole, "no cohort").counts == counted(applications=1, running=1)
    assert whole.in_all.counts == counted(
        applications=14, starts=10, completions=6, conversions=4, declined=1, expired=1, released=1, not_eligible=1,
        withdrawn=3, running=3,
    )  # fmt: skip


def test_reasons_are_counted_together_and_name_nobody(whole: Report) -> None:
    assert [(withdrawal.count, withdrawal.reason) for withdrawal in whole.in_all.withdrawals] == [
        (2, "Family reasons"),
        (1, "… has moved, says … …"),
    ]
    everything = whole.model_dump_json()
    for named in ("alma", "Alma", "Sørensen", "Okonkwo", "P-A05", "P-BOSS", "boss@example.org"):
        assert named not in everything


def test_the_time_in_each_stage(whole: Report) -> None:
    times = {(stage_time.programme, stage_time.stage): stage_time for stage_time in whole.in_all.stage_times}
    # from the decision to what followed: 1, 2, 3, 4, 5, 6 and 9 days
    decision = times["returnship", "decision"]
    assert decision.took == Spread(cases=7, median_days=4.0, lower_days=2.5, upper_days=5.5)
    assert decision.there_now == 0
    # 90 days five times, 80 days twice, 15 and 40 for the two who withdrew; one is there still
    placement = times["returnship", "placement"]
    assert placement.took == Spread(cases=9, median_days=90.0, lower_days=80.0, upper_days=90.0)
    assert placement.there_now == 1
    # 50, 40, 20, and twice in one path 10 and 5; one path is in it
    training = times["upskilling", "training"]
    assert training.took == Spread(cases=4, median_days=30.0, lower_days=18.8, upper_days=42.5)
    assert training.there_now == 1
    assert ("returnship", "ended") not in times


def test_still_to_come_is_no_no(whole: Report) -> None:
    assert group(whole, SPRING).retention == [
        kept(30, retained=2),
        kept(90, retained=1, gone=1),
        kept(180, gone=1, to_come=1),  # whoever had gone after 90 days is not asked again
        kept(365, gone=1, to_come=1),
    ]
    assert whole.in_all.retention[0] == kept(30, retained=3, not_asked=1)
    assert whole.in_all.retention[0].known == 3


def test_money_is_never_mixed_across_currencies(whole: Report) -> None:
    everything = {cost.currency: cost for cost in whole.in_all.costs}
    # a workshop that was called off before it began costs nothing, one that was attended does
    assert everything["EUR"].model_dump(exclude={"currency"}) == {
        "stipends": Decimal(7300), "training": Decimal(380), "total": Decimal(7680)
    }  # fmt: skip
    assert everything["GBP"].model_dump(exclude={"currency"}) == {
        "stipends": Decimal(15000), "training": Decimal(110), "total": Decimal(15110)
    }  # fmt: skip


def test_each_conversion_bears_what_came_to_nothing_but_not_what_is_running(whole: Report) -> None:
    eur, gbp = whole.in_all.per_conversion
    # EUR: 4,100 and 2,000 for those converted, 500 for the one who withdrew; not the 1,000 of the one who is running
    assert (eur.spent, eur.cases, eur.successes, eur.each) == (Decimal(6600), 3, 2, money("3300", "EUR"))
    assert (gbp.spent, gbp.cases, gbp.successes, gbp.each) == (Decimal(15000), 6, 2, money("7500", "GBP"))
    assert group(whole, "no cohort").per_conversion == []


def test_each_conversion_counts_once_in_the_currency_of_its_stipends_and_costs_in_others_stand_beside() -> None:
    """A training in GBP inside a placement paid in EUR is no conversion in GBP, and makes those in GBP no cheaper."""

    def placement(name: str, paid: Sums, trained: Sums, outcome: str | None = "converted") -> Placement:
        path = Path(f"U-{name}", name, None, "ended", "closed", trained=trained) if trained else None
        return Placement(f"R-{name}", name, None, "ended", outcome, paid=paid, path=path)

    cases = [
        placement("in-eur", {"EUR": Decimal(9000)}, {"GBP": Decimal(300)}),
        placement("in-gbp", {"GBP": Decimal(12161)}, {}),
        placement("withdrawn", {"GBP": Decimal(500)}, {"EUR": Decimal(40)}, "withdrawn"),
        placement("unpaid", {}, {"USD": Decimal(70), "EUR": Decimal(90)}),
    ]
    eur, gbp = per_success(cases)
    assert sum(cost.successes for cost in (eur, gbp)) == 3
    assert (eur.cases, eur.each, eur.in_other_currencies) == (
        2,
        money("4545", "EUR"),
        [money("150", "GBP"), money("35", "USD")],
    )
    assert (gbp.cases, gbp.each, gbp.in_other_currencies) == (2, money("12661", "GBP"), [money("40", "EUR")])


def test_each_person_still_here_bears_those_who_have_gone(whole: Report) -> None:
    per = {(cost.currency, cost.days): cost for cost in whole.in_all.per_retained}
    assert (per["GBP", 30].each, per["GBP", 30].retained, per["GBP", 30].known) == (money("7500", "GBP"), 2, 2)
    assert (per["GBP", 90].each, per["GBP", 90].retained, per["GBP", 90].known) == (money("15000", "GBP"), 1, 2)
    assert (per["GBP", 180].each, per["GBP", 180].known) == (None, 1)
    # of one nobody will ever know: the cost of each conversion, by the share among those who are known
    assert (per["EUR", 30].each, per["EUR", 30].retained, per["EUR", 30].known) == (money("3300", "EUR"), 1, 1)


def test_hours_planned_stand_beside_those_that_were_spent_each_from_one_source(filled: Database) -> None:
    # Given hours by all three sources, one of them outweighed, and one corrected
    with filled.session() as session:
        for case, source, hours, counts in (
            ("U-1", "learning_system", "5.25", True),
            ("U-1", "learner", "6", False),
            ("U-2", "attendance", "4", True),
            ("U-3", "learner", "9", True),
            ("U-3", "learner", "2.5", True),
            ("U-5", "learner", "1", True),  # a path that never came to training
        ):
            row = LearningHoursRow(
                key=f"1-{source}", at=MADE, n=1, training="PY-E", source=source, on=MADE.date(), hours=Decimal(hours),
                counts=counts,
            )  # fmt: skip
            write(session, JournalBatch(case=case, rows=[row]))

    with filled.reading() as session:
        whole = report(session, at=MADE)

    autumn = group(whole, AUTUMN).hours
    assert (autumn.paths, autumn.planned, autumn.spent) == (3, 24, Decimal("11.75"))
    assert (autumn.learning_system, autumn.attendance, autumn.learner) == (Decimal("5.25"), Decimal(4), Decimal("2.5"))
    assert (whole.in_all.hours.paths, whole.in_all.hours.planned, whole.in_all.hours.spent) == (5, 56, Decimal("11.75"))
    assert group(whole, SPRING).hours.paths == 0


def test_levels_are_compared_before_and_after_training_by_the_same_source(whole: Report) -> None:
    assert [skill.model_dump() for skill in whole.in_all.skills] == [
        {
            # from 2 (calibrated) to 4 by a manager, and from 3 to 2.5; not what was found a year ago, or after the path
            "skill": "python", "people": 2, "before": Decimal("2.50"), "after": Decimal("3.25"),
            "gained": Decimal("0.75"), "higher": 1,
        },
        {
            # a test from before the path counts, for it was fresh
            "skill": "sql", "people": 1, "before": Decimal("1.00"), "after": Decimal("3.00"),
            "gained": Decimal("2.00"), "higher": 1,
        },
    ]  # fmt: skip


def test_certificates_and_renewals(whole: Report) -> None:
    assert [tuple(certificate.model_dump().values()) for certificate in whole.in_all.certificates] == [
        ("DATA-PRO", 1, 1, 0),
        ("SQL-PRO", 1, 0, 1),
    ]
    assert [certificate.certificate for certificate in group(whole, AUTUMN).certificates] == ["DATA-PRO"]


def test_review_scores_go_by_round_and_party(whole: Report) -> None:
    scores = {
        (review.round, review.party): (review.mean, review.scores, review.waived) for review in whole.in_all.reviews
    }
    assert list(dict.fromkeys(title for title, _ in scores)) == ["week 4", "week 12", "final"]
    assert scores["week 4", "manager"] == (Decimal("3.00"), 3, 0)  # 4, 3 and 2
    assert scores["week 4", "returner"] == (Decimal("3.00"), 2, 1)  # 3 and 3, one waived
    assert scores["week 12", "mentor"] == (None, 0, 1)
    spring = {(review.round, review.party): review.mean for review in group(whole, SPRING).reviews}
    assert spring["week 4", "manager"] == Decimal("3.50")


def test_adverse_impact_by_the_monitoring_table(whole: Report) -> None:
    ages, genders = whole.impact
    older, younger = ages.groups
    # of the fourteen ten are shown: two have not come so far, and two more wait for a step of five
    assert (older.value, older.people, younger.value, younger.people) == ("40 and over", 5, "under 40", 5)
    assert older.starts is not None
    assert older.conversions is not None
    assert younger.starts is not None
    assert younger.conversions is not None
    assert (older.starts.selected, older.starts.of, older.starts.ratio) == (3, 5, 0.6)
    assert (younger.starts.selected, younger.starts.of, younger.starts.ratio) == (5, 5, 1.0)
    assert (older.conversions.selected, older.conversions.of, older.conversions.ratio) == (1, 5, 0.33)
    assert (younger.conversions.selected, younger.conversions.of) == (3, 5)
    assert (older.starts.flagged, older.conversions.flagged, younger.conversions.flagged) == (True, True, False)
    # one of another gender, and four men: hidden together nobody can work out who is who; whose is not stated is not
    # among the ten
    shown: dict[str, Any] = {of_gender.value: of_gender.people for of_gender in genders.groups}
    assert shown == {"another": None, "female": 5, "male": None}
    assert genders.not_stated is None


def test_returnship_upskilling_and_both_side_by_side(whole: Report) -> None:
    def brief(figures: ProgrammeFigures) -> tuple[Any, ...]:
        median = figures.duration.median_days if figures.duration else None
        return (
            figures.cases,
            figures.started,
            median,
            figures.succeeded,
            figures.of,
            figures.gaps_closed,
            figures.gaps_of,
        )

    returnship, upskilling, both = whole.programmes
    assert brief(returnship) == (12, 8, 112.0, 3, 9, None, None)  # 112, 110, 120, 112 and 100 days
    assert brief(upskilling) == (4, 3, 37.0, 1, 2, 1, 2)  # 44 and 30 days; one had no gap, one is learning
    assert brief(both) == (2, 2, 110.0, 1, 2, 1, 2)
    assert [str(cost.each) for cost in both.per_success] == ["4,600.00 EUR"]  # 4,100 and the 500 of who withdrew
    assert [(cost.currency, str(cost.each)) for cost in upskilling.per_success] == [
        ("EUR", "None"),
        ("GBP", "110.00 GBP"),
    ]
    assert upskilling.retention is None
    assert both.retention is not None
    assert both.retention[0] == kept(30, retained=1)


def test_a_cohort_alone_has_the_figures_it_has_among_all(filled: Database, whole: Report) -> None:
    with filled.reading() as session:
        alone = report(session, cohort=AUTUMN)
    assert alone.cohorts == [group(whole, AUTUMN)]
    assert alone.in_all.model_dump(exclude={"name"}) == group(whole, AUTUMN).model_dump(exclude={"name"})


def test_a_cohort_ends_with_the_same_figures(filled: Database, whole: Report) -> None:
    with filled.reading() as session:
        figures = cohort_figures(session, AUTUMN)
        nothing = cohort_figures(session, "WINTER")
    assert figures == CohortFigures(
        cohort=AUTUMN,
        participants=5,
        starts=4,
        completions=2,
        conversions=2,
        declined=0,
        expired=0,
        released=0,
        withdrawn=1,
        not_eligible=0,
        retained=group(whole, AUTUMN).retention,
        stipends=[money("7300", "EUR")],
        training=[money("380", "EUR")],
        certificates=1,
    )
    assert (nothing.participants, nothing.stipends) == (0, [])


def test_an_unknown_cohort_is_told_which_there_are(filled: Database) -> None:
    with filled.reading() as session, pytest.raises(Unknown, match=f"no cohort SUMMER .* {AUTUMN}, {SPRING}"):
        report(session, cohort="SUMMER")


def test_empty_records_make_an_empty_report(database: Database) -> None:
    with database.reading() as session:
        made = report(session)
    assert made.empty
    assert made.in_all.counts == counted()
    assert (made.cohorts, made.impact, made.in_all.costs) == ([], [], [])


@pytest.mark.parametrize(("zone", "gained"), [("Pacific/Auckland", 2), ("America/Los_Angeles", None)])
def test_the_day_on_which_training_began_is_that_of_where_the_path_is(zone: str, gained: int | None) -> None:
    """It is 2 March in Auckland and 1 March in Los Angeles when training begins: what a test found on 2 March there was
    known before it here, and came of it there."""
    begun = datetime(2027, 3, 1, 20, tzinfo=UTC)
    entered = [Entered("assessment", begun, 1), Entered("training", begun, 2)]
    found = [Level("sql", "test", date(2027, 3, on), Decimal(level)) for on, level in ((2, 1), (9, 3))]
    path = Path("U-1", "P-1", None, "training", None, entered=entered, time_zone=zone, levels=found)

    assert [skill_gain.gained for skill_gain in skill_gains([path])] == ([] if gained is None else [gained])
