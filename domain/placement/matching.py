"""Which mentor suits a returner best: scores with their reasons. HR's to explain, the mentor's to accept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydantic import Field

from domain.core.model import CaseId, Fixed, Instant, PersonId, RoleId
from domain.placement.policy import MentoringRules


class Candidate(Fixed):
    """One side of a match. ``utc_offset_minutes`` is that of the person's time zone on the day of matching."""

    id: PersonId
    skills: list[str]
    languages: list[str]
    preferences: list[str]
    utc_offset_minutes: int = Field(ge=-14 * 60, le=14 * 60)


class PlacesTaken(NamedTuple):
    """So many mentees a mentor has, or may soon have, of so many places."""

    taken: int
    places: int


class Match(Fixed):
    """A mentor for a returner: a score from 0 to 1, and what it is made of.

    ``last_resort`` says why such a pair is only for where there is nobody else, by the policy.
    """

    mentor: PersonId
    score: float
    reasons: list[str]
    last_resort: list[str] = []


class PassedOver(Fixed):
    """A mentor who could not be proposed, and why."""

    mentor: PersonId
    why: str


class MatchRequest(Fixed):
    """The ``n``-th search of a case for a mentor. Asked again with the same ``n``, the answer is the same.

    ``nominee`` is the one person to be considered, whom HR has named; ``forbidden`` are those it has forbidden.
    """

    case: CaseId
    n: int
    at: Instant
    returner: PersonId
    role: RoleId
    reporting_line: list[PersonId]
    already_asked: list[PersonId]
    nominee: PersonId | None = None
    forbidden: list[PersonId] = []
    rules: MentoringRules


FORBIDDEN = "was forbidden by HR"
ALL_THE_SAME = "HR can name them all the same"
ASKED_BEFORE = "was asked before in this case"


MOST_PASSED_OVER = 20
"""So many are named: with hundreds of mentors nobody reads all, and each search would keep them all (own default)."""


class MatchResult(Fixed):
    """The best free mentor, who is to be asked now, or none; and who was passed over.

    Of these the first :data:`MOST_PASSED_OVER` are named, those without a free place last; where nobody is found,
    ``more`` says how many others there are.
    """

    match: Match | None
    passed_over: list[PassedOver]
    more: int = 0

    def why_nobody(self) -> list[str]:
        """Each of those who were passed over with the reason, as HR reads it."""
        named = [f"{mentor.mentor}: {mentor.why}" for mentor in self.passed_over]
        return [*named, f"and {self.more} more"] if self.more else named


class MentorCheck(Fixed):
    """Whether somebody who has agreed to be a mentor can be one now. Whom HR ``named`` need not have offered."""

    mentor: PersonId
    returner: PersonId
    reporting_line: list[PersonId]
    named: bool


class MentorVerdict(Fixed):
    """Why somebody can't be the mentor, or none."""

    why_not: str | None


DECIDES = "takes part in the decision on the conversion"
ABOVE, BELOW = "is above the returner in the reporting line", "is below the returner in the reporting line"
IN_LINE = "is in the reporting line or decides on the conversion"

WORKING_DAY_MINUTES = 8 * 60
"""Time zones this far apart share no working hour (own default)."""

DAY_MINUTES = 24 * 60


def apart(returner: Candidate, other: Candidate) -> int:
    """So many minutes lie between two people's working days, the short way round the globe: never over twelve hours."""
    minutes = abs(returner.utc_offset_minutes - other.utc_offset_minutes) % DAY_MINUTES
    return min(minutes, DAY_MINUTES - minutes)


class _Pair:
    """A returner and one mentor for a role that needs these skills: what they have in common."""

    def __init__(self, returner: Candidate, role_skills: list[str], mentor: Candidate) -> None:
        wishes = set(returner.skills) | set(role_skills)
        likes = set(returner.preferences)
        self.skills = wishes & set(mentor.skills)
        self.minutes = apart(returner, mentor)
        self.languages = set(returner.languages) & set(mentor.languages)
        self.preferences = likes & set(mentor.preferences)
        self.shares = (
            len(self.skills) / len(wishes) if wishes else 0.0,
            max(0.0, 1 - self.minutes / WORKING_DAY_MINUTES),
            1.0 if self.languages else 0.0,
            len(self.preferences) / len(likes) if likes else 0.0,
        )
        """Of skills, time zone, language and preferences, each from 0 to 1."""
        self.languages_named = bool(returner.languages and mentor.languages)

    def value(self, rules: MentoringRules) -> float:
        """From 0 to 1, by the policy's weights."""
        weights = rules.weights
        of_each = (weights.skills, weights.time_zone, weights.language, weights.preferences)
        total = sum(of_each)
        return sum(weight * share for weight, share in zip(of_each, self.shares, strict=True)) / total if total else 0.0

    def reasons(self) -> list[str]:
        """What the score is made of."""
        return [
            f"shared skills: {', '.join(sorted(self.skills)) or 'none'}",
            f"time zones {self.minutes / 60:g} h apart" if self.minutes else "in the same time zone",
            f"languages in common: {', '.join(sorted(self.languages)) or 'none'}",
            f"preferences in common: {', '.join(sorted(self.preferences)) or 'none'}",
        ]

    def last_resort(self, rules: MentoringRules) -> list[str]:
        """In what it falls below the policy's least. Languages that nobody has named are not held against anybody."""
        why: list[str] = []
        if (value := self.value(rules)) < rules.least_score:
            why.append(f"the score {value:.2f} is below {rules.least_score:g}")
        overlap = max(0, WORKING_DAY_MINUTES - self.minutes) / 60
        if overlap < rules.least_overlap_hours:
            hours = "hour" if overlap == 1 else "hours"
            why.append(f"time zones {self.minutes / 60:g} h apart, they share {overlap:g} working {hours}")
        if rules.common_language and self.languages_named and not self.languages:
            why.append("they have no language in common")
        return why


def score(returner: Candidate, role_skills: list[str], mentor: Candidate, rules: MentoringRules) -> Match:
    """How well one mentor suits one returner for a role that needs these skills."""
    pair = _Pair(returner, role_skills, mentor)
    return Match(
        mentor=mentor.id,
        score=_rounded(pair.value(rules)),
        reasons=pair.reasons(),
        last_resort=pair.last_resort(rules),
    )


def _rounded(value: float) -> float:
    return round(value, 4)


def rank(
    request: MatchRequest, returner: Candidate, role_skills: list[str], mentors: Iterable[Candidate]
) -> tuple[list[Match], list[PassedOver]]:
    """All mentors who may be asked, best first (ties by id), and all who may not, with the reason.

    Who is only a last resort comes after all others. Nothing is said here of places.
    """
    matches: list[Match] = []
    passed_over: list[PassedOver] = []
    for mentor in sorted(mentors, key=lambda candidate: candidate.id):
        if why := _barred(request, mentor):
            passed_over.append(PassedOver(mentor=mentor.id, why=why))
        else:
            matches.append(score(returner, role_skills, mentor, request.rules))
    return sorted(matches, key=lambda match: (bool(match.last_resort), -match.score, match.mentor)), passed_over


def best_first(
    request: MatchRequest, returner: Candidate, role_skills: list[str], mentors: Iterable[Candidate]
) -> list[Candidate]:
    """The mentors in the order of :func:`rank`, whether or not they may be asked."""

    def order(mentor: Candidate) -> tuple[bool, float, PersonId]:
        pair = _Pair(returner, role_skills, mentor)
        return bool(pair.last_resort(request.rules)), -_rounded(pair.value(request.rules)), mentor.id

    return sorted(mentors, key=order)


def choose(
    request: MatchRequest,
    returner: Candidate,
    role_skills: list[str],
    ordered: Iterable[Candidate],
    taken: Mapping[PersonId, PlacesTaken],
) -> MatchResult:
    """The best of these mentors who may be asked, or none, and who was passed over.

    They come ``ordered``, from :func:`best_first`; of whom ``taken`` says nothing, has no mentees. Whoever is only a
    last resort is nobody to be asked by itself: HR is shown them, and may name them.
    """
    unasked = PlacesTaken(0, request.rules.max_mentees)
    free: list[Candidate] = []
    barred: list[PassedOver] = []
    busy: list[PassedOver] = []
    for mentor in ordered:
        if why := _barred(request, mentor):
            barred.append(PassedOver(mentor=mentor.id, why=why))
        elif why := _busy(taken.get(mentor.id, unasked)):
            busy.append(PassedOver(mentor=mentor.id, why=why))
        else:
            free.append(mentor)
    # Only those are put into words whom somebody reads of: there may be hundreds.
    named = [score(returner, role_skills, mentor, request.rules) for mentor in free[:MOST_PASSED_OVER]]
    best = next(iter(named), None)
    if best is not None and (request.nominee or not best.last_resort):
        return MatchResult(match=best, passed_over=[*barred, *busy][:MOST_PASSED_OVER])
    last = [
        PassedOver(mentor=match.mentor, why=f"only as a last resort: {'; '.join(match.last_resort)}") for match in named
    ]
    more = max(0, len(free) + len(barred) + len(busy) - MOST_PASSED_OVER)
    return MatchResult(match=None, passed_over=[*last, *barred, *busy][:MOST_PASSED_OVER], more=more)


def _barred(request: MatchRequest, mentor: Candidate) -> str | None:
    if mentor.id == request.returner:
        return "is the returner"
    if mentor.id in request.reporting_line:
        return IN_LINE
    if mentor.id in request.forbidden:
        return FORBIDDEN
    if mentor.id in request.already_asked and mentor.id != request.nominee:
        return ASKED_BEFORE
    return None


def _busy(places: PlacesTaken) -> str | None:
    if places.taken >= places.places:
        return f"has no place free: {places.taken} of {places.places} are taken or asked for"
    return None
