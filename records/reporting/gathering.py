"""The report as a whole, and the few figures of it that a cohort ends with."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from domain.cohort.figures import CohortFigures
from records.queries.registry import check_cohort
from records.reporting.cases import Facts
from records.reporting.comparing import compare_programmes
from records.reporting.fairness import adverse_impact
from records.reporting.learned import certificates, hours_spent, review_scores, skill_gains
from records.reporting.models import Group, PulseMean, Report
from records.reporting.money import as_money, costs, per_retained, per_success, total
from records.reporting.outcomes import counts, retention, stage_times, withdrawals
from records.reporting.pulses import PulseMeans
from records.reporting.reading import read

NO_COHORT = "no cohort"
ALL = "all"


def report(session: Session, *, cohort: str | None = None, at: datetime | None = None) -> Report:
    """What came of all cases, or of one cohort's; ``at`` is when the report is made, else now.

    Raises ``Unknown``, naming the cohorts there are, for one of which nothing is on record.
    """
    if cohort is not None:
        check_cohort(session, cohort)
    facts = read(session, cohort)
    pulses = PulseMeans(facts.pulses)
    return Report(
        made_at=at or datetime.now(UTC),
        cohort=cohort,
        placements=len(facts.placements),
        paths=len(facts.paths),
        in_all=_group(ALL, facts, pulses.of_all() if cohort is None else pulses.of(cohort)),
        cohorts=[_group(name or NO_COHORT, facts.of(name), pulses.of(name)) for name in facts.cohorts],
        programmes=compare_programmes(facts),
        impact=adverse_impact(facts.placements, facts.protected),
    )


def cohort_figures(session: Session, cohort: str) -> CohortFigures:
    """What came of a cohort, by the same functions as the report; a cohort without cases has noughts."""
    facts = read(session, cohort)
    came = counts(facts.placements)
    return CohortFigures(
        cohort=cohort,
        participants=came.applications,
        starts=came.starts,
        completions=came.completions,
        conversions=came.conversions,
        declined=came.declined,
        expired=came.expired,
        released=came.released,
        withdrawn=came.withdrawn,
        not_eligible=came.not_eligible,
        retained=retention(facts.placements),
        stipends=as_money(total(placement.paid for placement in facts.placements)),
        training=as_money(total(path.trained for path in facts.paths)),
        certificates=sum(certificate.issued for certificate in certificates(facts.issued)),
    )


def _group(name: str, facts: Facts, pulses: list[PulseMean]) -> Group:
    return Group(
        name=name,
        counts=counts(facts.placements),
        withdrawals=withdrawals(facts.placements, facts.names),
        stage_times=stage_times(facts.placements, facts.paths),
        retention=retention(facts.placements),
        costs=costs([*facts.placements, *facts.alone]),
        per_conversion=per_success(facts.placements),
        per_retained=per_retained(facts.placements),
        skills=skill_gains(facts.paths),
        hours=hours_spent(facts.paths),
        certificates=certificates(facts.issued),
        reviews=review_scores(facts.scores),
        pulses=pulses,
    )
