"""How the report says numbers, in the language of its reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from domain.cohort.figures import Counts, Retention
from domain.core.rounding import percent
from languages.marking import translatable
from languages.speech import Speech
from records.reporting.gathering import ALL, NO_COHORT
from records.reporting.models import Spread

NONE = "-"

GROUPS: Mapping[str, str] = {ALL: translatable("all"), NO_COHORT: translatable("no cohort")}
"""Groups of cases that are no cohort; the others are named by the ids of theirs."""

TYPES_OF_CASES: Mapping[str, str] = {
    "returnship": translatable("returnship"),
    "upskilling": translatable("upskilling"),
}
"""The programmes, as a cell of a table says them."""


def group_name(name: str, speech: Speech) -> str:
    """A cohort by its id, or all cases, or those without a cohort."""
    return speech.text(GROUPS[name]) if name in GROUPS else name


def still_here(retention: Retention | None, speech: Speech) -> str:
    """Who is still here, of those known, and of whom it is not known."""
    if retention is None:
        return NONE
    parts = [share(retention.retained, retention.known, speech)] if retention.known else []
    parts += [speech.text("%(number)s to come") % {"number": retention.to_come}] if retention.to_come else []
    parts += [speech.text("%(number)s not asked") % {"number": retention.not_asked}] if retention.not_asked else []
    return ", ".join(parts) or NONE


def middle_half(took: Spread | None, speech: Speech, places: int = 1) -> str:
    """From the lower quartile to the upper."""
    return span(took.lower_days, took.upper_days, speech, places) if took else NONE


def span(least: float, most: float, speech: Speech, places: int) -> str:
    """From one number to another: ``1.0 to 3.5``."""
    least_said, most_said = (speech.decimals(value, places) for value in (least, most))
    return speech.text("%(least)s to %(most)s") % {"least": least_said, "most": most_said}


def share(part: int | None, of: int | None, speech: Speech) -> str:
    """So many of so many, with the percentage: ``3 of 4 (75%)``."""
    if part is None or not of:
        return NONE
    said = {"part": speech.number(part), "of": speech.number(of), "percent": speech.percent(percent(part, of) / 100)}
    return speech.text("%(part)s of %(of)s (%(percent)s)") % said


def amount(number: Decimal, speech: Speech) -> str:
    """An amount without its currency: ``1,234.50``."""
    return speech.decimals(number, 2)


def headline(counts: Counts, speech: Speech) -> str:
    """The most important numbers in three sentences."""
    came = speech.texts(
        "Of %(count)s application, %(starts)s started and %(completions)s went on to the last day.",
        "Of %(count)s applications, %(starts)s started and %(completions)s went on to the last day.",
        counts.applications,
    )
    converted = speech.texts("%(count)s was converted.", "%(count)s were converted.", counts.conversions)
    running = speech.texts("%(count)s is still running.", "%(count)s are still running.", counts.running)
    return " ".join(
        (
            came % {"count": counts.applications, "starts": counts.starts, "completions": counts.completions},
            converted % {"count": counts.conversions},
            running % {"count": counts.running},
        )
    )


def in_lines(texts: Iterable[str]) -> str:
    """Several things in one cell."""
    return "; ".join(texts) or NONE
