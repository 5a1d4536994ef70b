"""The report of a rehearsal as sections of plain text, which the tables and the page both show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.placement.stages import Stage
from languages.marking import translatable
from languages.speech import Speech
from presentation.reports.section import Section
from presentation.reports.words import middle_half
from presentation.tasks.facts import named
from rehearsal.figure_sections import as_it_is, differences_section, figures_section
from rehearsal.figures import Rehearsed, Run
from rehearsal.workload_sections import late_section, people_section, roles_section

AGAINST = translatable("The other policy: %(title)s")
"""How a title says that it is about the second policy."""


def sections(rehearsed: Rehearsed, speech: Speech) -> list[Section]:
    """What would happen, the figures first, then who has to do what when; in the language of its reader."""
    figures = (
        differences_section(rehearsed.differences(), speech)
        if rehearsed.against
        else figures_section(rehearsed.figures(), len(rehearsed.runs), speech)
    )
    against = [
        replace(section, key=key_against(section.key), title=speech.text(AGAINST) % {"title": section.title})
        for section in (_under_one_policy(rehearsed.against, speech) if rehearsed.against else [])
    ]
    runs = [*rehearsed.runs, *rehearsed.against]
    return [figures, *_under_one_policy(rehearsed.runs, speech), *against, _machine(runs, speech)]


def key_against(key: str) -> str:
    """The key of a section about the second policy, by that of the same one about the first."""
    return f"{key}-against"


def _under_one_policy(runs: Sequence[Run], speech: Speech) -> list[Section]:
    first = runs[0]
    return [
        people_section(first, speech),
        roles_section(first, speech),
        late_section(first, speech),
        _unmatched(runs, speech),
        _stages(first, speech),
    ]


def headline(rehearsed: Rehearsed, speech: Speech) -> str:
    """The most important numbers in one sentence."""
    first = rehearsed.runs[0]
    overloaded = first.overloaded
    said = {
        "policy": first.policy,
        "people": first.participants,
        "converted": first.outcomes["converted"],
        "unmatched": len(first.unmatched),
        "unfinished": sum(first.unfinished.values()),
        "overloaded": len(overloaded),
    }
    if not overloaded:
        return (
            speech.text(
                "Under %(policy)s, people who take part: %(people)s; converted: %(converted)s; without a mentor: "
                "%(unmatched)s; still waiting for something at the end: %(unfinished)s; with too much to do in some "
                "week: %(overloaded)s."
            )
            % said
        )
    busiest = {"person": overloaded[0].person, "hours": speech.decimals(overloaded[0].most_hours, 1)}
    return speech.text(
        "Under %(policy)s, people who take part: %(people)s; converted: %(converted)s; without a mentor: "
        "%(unmatched)s; still waiting for something at the end: %(unfinished)s; with too much to do in some "
        "week: %(overloaded)s. The busiest is %(person)s, with %(hours)s hours in one week."
    ) % {**said, **busiest}


def _unmatched(runs: Sequence[Run], speech: Speech) -> Section:
    several = len(runs) > 1
    return Section(
        key="unmatched",
        title=speech.text("Without a mentor"),
        caption=speech.text("By their first day; HR then tells them that there is none."),
        columns=(speech.text("Returner"), *((speech.text("Seed"),) if several else ()), speech.text("Why")),
        rows=tuple(
            (
                returner.returner,
                *((str(run.seed),) if several else ()),
                named(speech.sentence(returner.why), returner.called),
            )
            for run in runs
            for returner in run.unmatched
        ),
        words=4,
        empty=speech.text("Everybody has a mentor."),
    )


def _stages(run: Run, speech: Speech) -> Section:
    return Section(
        key="stages",
        title=speech.text("Time in each stage"),
        caption=speech.text("Calendar days, leaves included."),
        columns=(
            speech.text("Stage"),
            speech.text("Median days"),
            speech.text("Middle half"),
            speech.text("Cases"),
        ),
        rows=tuple(
            (
                speech.stage(stage.stage),
                speech.decimals(stage.took.median_days, 1),
                middle_half(stage.took, speech),
                speech.number(stage.took.cases),
            )
            for stage in run.stages
            if stage.took is not None and stage.stage != Stage.FOLLOW_UP
        ),
        empty=speech.text("Nothing yet."),
    )


def _machine(runs: Sequence[Run], speech: Speech) -> Section:
    return Section(
        key="machine",
        title=speech.text("What it took"),
        caption=speech.text(
            "Off and late: by so many programme days because of the machine; up to 0.1 and 2 are fine."
        ),
        columns=(
            speech.text("Policy"),
            speech.text("Seed"),
            speech.text("Seconds"),
            speech.text("Seconds a day"),
            speech.text("Answers"),
            speech.text("Answers off"),
            speech.text("Most"),
            speech.text("Reviews late"),
        ),
        rows=tuple(
            (
                run.policy,
                str(run.seed),
                speech.decimals(run.machine.seconds, 0),
                as_it_is(run.machine.seconds_per_day, speech),
                speech.number(run.machine.answered),
                speech.decimals(run.machine.answers_off_mean, 2),
                speech.decimals(run.machine.answers_off_most, 1),
                speech.decimals(run.machine.reviews_late_mean, 2),
            )
            for run in runs
        ),
        empty=speech.text("Nothing yet."),
    )
