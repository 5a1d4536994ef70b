"""Which mentor suits a returner best: scores with their reasons. HR's to explain, the mentor's to accept."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from domain.core.model import CaseId, Fixed, Instant, PersonId, RoleId
from domain.placement.policy import MentoringRules


class Candidate(Fixed):
    """One side of a match. ``utc_offset_minutes`` is that of the person's time zone on the day of matching.

    Of ``mentees`` a mentor has so many, or may soon have, and ``places`` for them: the policy's number unless given.
    """

    id: PersonId
    skills: list[str]
    languages: list[str]
    preferences: list[str]
    utc_offset_minutes: int = Field(ge=-14 * 60, le=14 * 60)
    mentees: int = Field(default=0, ge=0)
    places: int | None = Field(default=None, ge=0)


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


IN_LINE = "is in the reporting line or decides on the conversion"

WORKING_DAY_MINUTES = 8 * 60
"""Time zones this far apart share no working hour (own default)."""

DAY_MINUTES = 24 * 60


def apart(returner: Candidate, other: Candidate) -> int:
    """So many minutes lie between two people's working days, the short way round the globe: never over twelve hours."""
    minutes = abs(returner.utc_offset_minutes - other.utc_offset_minutes) % DAY_MINUTES
    return min(minutes, DAY_MINUTES - minutes)


def score(returner: Candidate, role_skills: list[str], mentor: Candidate, rules: MentoringRules) -> Match:
    """How well one mentor suits one returner for a role that needs these skills."""
    weights = rules.weights
    wishes = set(returner.skills) | set(role_skills)
    shared = sorted(wishes & set(mentor.skills))
    liked = sorted(set(returner.preferences) & set(mentor.preferences))
    minutes = apart(returner, mentor)
    spoken = sorted(set(returner.languages) & set(mentor.languages))
    parts = [
        (weights.skills, len(shared) / len(wishes) if wishes else 0.0, f"shared skills: {', '.join(shared) or 'none'}"),
        (weights.time_zone, max(0.0, 1 - minutes / WORKING_DAY_MINUTES), f"{minutes / 60:g} h apart"),
        (weights.language, 1.0 if spoken else 0.0, f"languages in common: {', '.join(spoken) or 'none'}"),
        (
            weights.preferences,
            len(liked) / len(set(returner.preferences)) if returner.preferences else 0.0,
            f"preferences in common: {', '.join(liked) or 'none'}",
        ),
    ]
    total = sum(weight for weight, _, _ in parts)
    value = sum(weight * part for weight, part, _ in parts) / total if total else 0.0
    return Match(
        mentor=mentor.id,
        score=round(value, 4),
        reasons=[reason for _, _, reason in parts],
        last_resort=_last_resort(value, returner, mentor, rules),
    )


def _last_resort(value: float, returner: Candidate, mentor: Candidate, rules: MentoringRules) -> list[str]:
    """In what a pair falls below the policy's least. Languages that nobody has named are not held against anybody."""
    why: list[str] = []
    if value < rules.least_score:
        why.append(f"the score {value:.2f} is below {rules.least_score:g}")
    minutes = apart(returner, mentor)
    overlap = max(0, WORKING_DAY_MINUTES - minutes) / 60
    if overlap < rules.least_overlap_hours:
        why.append(f"{minutes / 60:g} h apart, they share {overlap:g} working {'hour' if overlap == 1 else 'hours'}")
    named = bool(returner.languages and mentor.languages)
    if rules.common_language and named and not set(returner.languages) & set(mentor.languages):
        why.append("they have no language in common")
    return why


def rank(
    request: MatchRequest, returner: Candidate, role_skills: list[str], mentors: Iterable[Candidate]
) -> tuple[list[Match], list[PassedOver]]:
    """All mentors who may be asked, best first (ties by id), and all who may not, with the reason.

    Who is only a last resort comes after all others, and who has no free place after those who may not at all.
    """
    matches: list[Match] = []
    barred: list[PassedOver] = []
    busy: list[PassedOver] = []
    for mentor in sorted(mentors, key=lambda candidate: candidate.id):
        if why := _barred(request, mentor):
            barred.append(PassedOver(mentor=mentor.id, why=why))
        elif why := _busy(request, mentor):
            busy.append(PassedOver(mentor=mentor.id, why=why))
        else:
            matches.append(score(returner, role_skills, mentor, request.rules))
    best_first = sorted(matches, key=lambda match: (bool(match.last_resort), -match.score, match.mentor))
    return best_first, [*barred, *busy]


def choose(
    request: MatchRequest, returner: Candidate, role_skills: list[str], mentors: Iterable[Candidate]
) -> MatchResult:
    """The best mentor who may be asked, or none, and who was passed over.

    Whoever is only a last resort is nobody to be asked by itself: HR is shown them, and may name them.
    """
    matches, passed_over = rank(request, returner, role_skills, mentors)
    best = next(iter(matches), None)
    if best is not None and not request.nominee and best.last_resort:
        best = None
        last = [
            PassedOver(mentor=match.mentor, why=f"only as a last resort: {'; '.join(match.last_resort)}")
            for match in matches
        ]
        passed_over = [*last, *passed_over]
    more = 0 if best else max(0, len(passed_over) - MOST_PASSED_OVER)
    return MatchResult(match=best, passed_over=passed_over[:MOST_PASSED_OVER], more=more)


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


def _busy(request: MatchRequest, mentor: Candidate) -> str | None:
    places = request.rules.max_mentees if mentor.places is None else mentor.places
    if mentor.mentees >= places:
        return f"has no place free: {mentor.mentees} of {places} are taken or asked for"
    return None
