"""The figures of a rehearsal as sections of its report, and how figures are called and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from languages.marking import translatable
from languages.speech import Speech
from presentation.reports.section import Section
from presentation.reports.words import NONE
from rehearsal.figures import PROGRAMME_COST, Difference, Figure

FIGURES: Mapping[str, str] = {
    "take part": translatable("take part"),
    "not ended": translatable("not ended"),
    "without a mentor": translatable("without a mentor"),
    "tasks": translatable("tasks"),
    "reminders": translatable("reminders"),
    "escalations": translatable("escalations"),
    "hours of work": translatable("hours of work"),
    "hours of the fullest week of one person": translatable("hours of the fullest week of one person"),
    "people overloaded": translatable("people overloaded"),
    "decisions late": translatable("decisions late"),
    "days late, mean of late decisions": translatable("days late, mean of late decisions"),
}
"""The figures of a run by their names, as :meth:`rehearsal.figures.Run.numbers` has them; the others are outcomes, and
what the programme costs in a currency."""


def figure_name(name: str, speech: Speech) -> str:
    """What a figure is called: one of ours, how placements end, or what the programme costs."""
    if name in FIGURES:
        return speech.text(FIGURES[name])
    currency = name.removeprefix(PROGRAMME_COST)
    if currency == name:
        return speech.outcome(name)
    return speech.text("programme cost, %(currency)s") % {"currency": currency}


def figures_section(figures: Sequence[Figure], runs: int, speech: Speech) -> Section:
    """What would happen under one policy."""
    caption = (
        speech.text("Each run has other people, by its seed.")
        if runs > 1
        else speech.text("One run; several show how it varies.")
    )
    columns = (
        (speech.text("Figure"), speech.text("Mean"), speech.text("Least"), speech.text("Most"))
        if runs > 1
        else (speech.text("Figure"), speech.text("In this run"))
    )
    return Section(
        key="figures",
        title=speech.text("What would happen"),
        caption=caption,
        columns=columns,
        rows=tuple(
            (
                figure_name(figure.name, speech),
                *(number(value, speech) for value in (figure.mean, *((figure.least, figure.most) if runs > 1 else ()))),
            )
            for figure in figures
        ),
        empty=speech.text("Nothing yet."),
    )


def differences_section(differences: Sequence[Difference], speech: Speech) -> Section:
    """What would happen under one policy, and what another one changes."""
    return Section(
        key="figures",
        title=speech.text("What would happen, and what the other policy changes"),
        caption=speech.text(
            "Both with the same people: what differs is the policy's doing. Of several runs: the mean, least to most."
        ),
        columns=(
            speech.text("Figure"),
            speech.text("Policy"),
            speech.text("Against"),
            speech.text("Difference"),
            speech.text("Least to most"),
        ),
        rows=tuple(
            (
                figure_name(difference.name, speech),
                number(difference.first.mean, speech) if difference.first else NONE,
                number(difference.second.mean, speech) if difference.second else NONE,
                f"{'+' if difference.more > 0 else ''}{number(difference.more, speech)}",
                speech.text("%(least)s to %(most)s")
                % {"least": number(difference.least, speech), "most": number(difference.most, speech)}
                if difference.least != difference.most
                else "",
            )
            for difference in differences
        ),
        empty=speech.text("Nothing yet."),
    )


def number(value: float, speech: Speech) -> str:
    """A number as short as it can be said: ``12``, ``1.5``, ``1,234.50``."""
    if value == int(value):
        return speech.decimals(value, 0)
    rounded = f"{value:.2f}".rstrip("0")
    return speech.decimals(value, 2 if abs(value) >= 1000 else len(rounded.partition(".")[2]))


def as_it_is(value: float, speech: Speech) -> str:
    """A number with the decimals that it has: ``8``, ``0.125``."""
    return speech.decimals(value, len(f"{value:g}".partition(".")[2]))
