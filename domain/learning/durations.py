"""Durations as xAPI has them (ISO 8601): ``PT1H30M``, ``P1DT2H``, ``P2W``, ``PT5400.25S``."""

from __future__ import annotations

import re
from datetime import timedelta

TO_THE_HUNDREDTH = timedelta(milliseconds=10)
"""xAPI (1.0.3, 4.6; 2.0) compares durations to the hundredth of a second; what is finer is cut off."""

_NUMBER = r"\d{1,9}"
_DURATION = re.compile(
    rf"P(?:(?P<weeks>{_NUMBER}(?:[.,]\d+)?)W|(?=[\dT])(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?"
    rf"(?:(?P<days>{_NUMBER}(?:[.,]\d+)?)D)?"
    rf"(?:T(?=\d)(?:(?P<hours>{_NUMBER}(?:[.,]\d+)?)H)?(?:(?P<minutes>{_NUMBER}(?:[.,]\d+)?)M)?"
    rf"(?:(?P<seconds>{_NUMBER}(?:[.,]\d+)?)S)?)?)",
    re.ASCII,
)
_SECONDS = {
    "years": 365 * 86_400,
    "months": 30 * 86_400,
    "weeks": 7 * 86_400,
    "days": 86_400,
    "hours": 3_600,
    "minutes": 60,
    "seconds": 1,
}
"""How long each part is. Years and months have no length of their own: nobody learns so long at a time anyway."""


def parse_duration(text: object) -> timedelta:
    """The duration of a text, to the hundredth of a second. Raises ``ValueError`` for what is none.

    Only the last part may have a fraction, after a point or a comma.
    """
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    parts = {name: value for name, value in match.groupdict().items() if value is not None} if match else {}
    if not parts or any(mark in value for value in list(parts.values())[:-1] for mark in ".,"):
        raise ValueError("must be a duration by ISO 8601, such as PT1H30M")
    try:
        took = sum((_part(name, value) for name, value in parts.items()), timedelta(0))
    except OverflowError:
        raise ValueError("must be a duration that anybody lives to see") from None
    return took // TO_THE_HUNDREDTH * TO_THE_HUNDREDTH


def _part(name: str, value: str) -> timedelta:
    """So many of a part, exactly: a fraction of an hour must not become a hundredth of a second less."""
    whole, _, fraction = value.replace(",", ".").partition(".")
    microseconds = int(whole) * _SECONDS[name] * 10**6
    if fraction:
        digits = fraction[:12]
        microseconds += int(digits) * _SECONDS[name] * 10**6 // 10 ** len(digits)
    return timedelta(microseconds=microseconds)
