"""Who may be proposed as a mentor, and how well they suit."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.placement.matching import (
    MOST_PASSED_OVER,
    Candidate,
    MatchRequest,
    MatchResult,
    PlacesTaken,
    apart,
    best_first,
    choose,
    rank,
    score,
)
from domain.placement.policy import MatchWeights, MentoringRules
from tests.domain.factories import shipped_policy

SKILLS = ["sql", "python", "java", "excel"]
IDS = [f"P-{letter}00" for letter in "ABCDEFGH"]
RULES = shipped_policy().mentoring

weights = st.builds(MatchWeights, **dict.fromkeys(["skills", "time_zone", "language", "preferences"], st.floats(0, 10)))


def candidates(ids: st.SearchStrategy[str]) -> st.SearchStrategy[Candidate]:
    some = st.lists(st.sampled_from(SKILLS), unique=True)
    return st.builds(
        Candidate,
        id=ids,
        skills=some,
        languages=st.lists(st.sampled_from(["en", "de"]), unique=True),
        preferences=some,
        utc_offset_minutes=st.integers(-14 * 60, 14 * 60),
    )


@st.composite
def searches(draw: st.DrawFn) -> tuple[MatchRequest, Candidate, list[str], list[Candidate]]:
    """A request, the returner, the skills wanted, and the mentors there are."""
    people = st.lists(st.sampled_from(IDS), max_size=3, unique=True)
    rules = MentoringRules(
        max_mentees=draw(st.integers(1, 4)),
        weights=draw(weights),
        weekly_for_weeks=4,
        then_every_weeks=2,
        session_minutes=60,
    )
    request = MatchRequest(
        case="R-1",
        n=1,
        at=datetime(2026, 3, 2, tzinfo=UTC),
        returner="P-RETURN",
        role="DATA1",
        reporting_line=draw(people),
        already_asked=draw(people),
        rules=rules,
    )
    mentors = draw(st.lists(candidates(st.sampled_from([*IDS, "P-RETURN"])), unique_by=lambda mentor: mentor.id))
    return request, draw(candidates(st.just("P-RETURN"))), draw(st.lists(st.sampled_from(SKILLS))), mentors


def rules_with(weights: MatchWeights) -> MentoringRules:
    return RULES.model_copy(update={"weights": weights})


@given(candidates(st.just("P-RETURN")), st.lists(st.sampled_from(SKILLS)), candidates(st.sampled_from(IDS)), weights)
def test_a_score_is_between_0_and_1_and_has_its_reasons(
    returner: Candidate, wanted: list[str], mentor: Candidate, weights: MatchWeights
) -> None:
    match = score(returner, wanted, mentor, rules_with(weights))
    assert 0 <= match.score <= 1
    assert len(match.reasons) == 4


@given(candidates(st.just("P-RETURN")), weights)
def test_nobody_suits_better_than_somebody_alike(returner: Candidate, weights: MatchWeights) -> None:
    assume(returner.skills and returner.languages and returner.preferences)
    assume(weights.skills + weights.time_zone + weights.language + weights.preferences > 0.01)
    assert score(returner, [], returner.model_copy(update={"id": "P-A00"}), rules_with(weights)).score == 1


@given(searches())
def test_only_those_who_may_be_asked_are_proposed_and_everybody_else_is_told_why_not(
    search: tuple[MatchRequest, Candidate, list[str], list[Candidate]],
) -> None:
    request, returner, wanted, mentors = search
    matches, passed_over = rank(request, returner, wanted, mentors)

    proposed = {match.mentor for match in matches}
    forbidden = {*request.reporting_line, *request.already_asked, request.returner}
    assert not proposed & forbidden
    assert proposed | {excluded.mentor for excluded in passed_over} == {mentor.id for mentor in mentors}
    assert proposed == {mentor.id for mentor in mentors} - forbidden
    assert all(excluded.why for excluded in passed_over)


@given(searches(), st.dictionaries(st.sampled_from(IDS), st.builds(PlacesTaken, st.integers(0, 4), st.integers(0, 4))))
def test_the_best_with_a_free_place_is_asked_who_is_not_only_a_last_resort(
    search: tuple[MatchRequest, Candidate, list[str], list[Candidate]], taken: dict[str, PlacesTaken]
) -> None:
    request, returner, wanted, mentors = search
    unasked = PlacesTaken(0, request.rules.max_mentees)
    full = {mentor.id for mentor in mentors if (own := taken.get(mentor.id, unasked)).taken >= own.places}
    matches, barred = rank(request, returner, wanted, mentors)
    free = [match for match in matches if match.mentor not in full]

    result = choose(request, returner, wanted, best_first(request, returner, wanted, mentors), taken)

    assert result.match == (free[0] if free and not free[0].last_resort else None)
    expected = {*full, *(excluded.mentor for excluded in barred)}
    expected |= {match.mentor for match in free} if result.match is None else set()
    assert {excluded.mentor for excluded in result.passed_over} == expected


@given(searches(), st.randoms(use_true_random=False))
def test_the_order_is_by_score_then_by_id_whatever_order_mentors_come_in(
    search: tuple[MatchRequest, Candidate, list[str], list[Candidate]], shuffler: random.Random
) -> None:
    request, returner, wanted, mentors = search
    matches, passed_over = rank(request, returner, wanted, mentors)
    shuffled = list(mentors)
    shuffler.shuffle(shuffled)

    assert rank(request, returner, wanted, shuffled) == (matches, passed_over)
    assert [(bool(match.last_resort), -match.score, match.mentor) for match in matches] == sorted(
        (bool(match.last_resort), -match.score, match.mentor) for match in matches
    )


@given(searches())
def test_whom_hr_names_may_be_asked_again_but_not_from_the_reporting_line(
    search: tuple[MatchRequest, Candidate, list[str], list[Candidate]],
) -> None:
    request, returner, wanted, _ = search
    asked = Candidate(id="P-A00", skills=[], languages=[], preferences=[], utc_offset_minutes=0)
    named = request.model_copy(update={"nominee": "P-A00", "already_asked": ["P-A00"]})

    matches, _ = rank(named, returner, wanted, [asked])
    assert bool(matches) is ("P-A00" not in request.reporting_line)


def somewhere(person: str, hours: float, languages: list[str], skills: list[str] | None = None) -> Candidate:
    minutes = round(hours * 60)
    return Candidate(
        id=person, skills=skills or [], languages=languages, preferences=["parents"], utc_offset_minutes=minutes
    )


@given(st.integers(-12 * 60, 14 * 60), st.integers(-12 * 60, 14 * 60))
def test_distances_go_round_the_globe_the_short_way(here: int, there: int) -> None:
    candidate, other = somewhere("P-A00", here / 60, ["en"]), somewhere("P-A01", there / 60, ["en"])

    assert 0 <= apart(candidate, other) == apart(other, candidate) <= 12 * 60
    assert (here + apart(candidate, other) - there) % (24 * 60) == 0 or (here - apart(candidate, other) - there) % (
        24 * 60
    ) == 0


def test_auckland_and_honolulu_share_all_but_an_hour_of_their_working_days() -> None:
    auckland, honolulu = somewhere("P-A00", 13, ["en"]), somewhere("P-A01", -10, ["en"])

    match = score(auckland, [], honolulu, shipped_policy().mentoring)

    assert match.reasons[1] == "time zones 1 h apart"
    assert match.last_resort == []


def test_who_can_not_talk_to_each_other_or_is_never_awake_together_is_shown_as_a_last_resort_and_not_asked() -> None:
    # Given a returner, somebody far away who speaks another language, and somebody near who knows nothing of the role.
    returner = somewhere("P-RETURN", 0, ["en"], ["sql"])
    far, near = somewhere("P-A00", -9, ["ja"]), somewhere("P-A01", 1, ["en"])
    far_knows = somewhere("P-A02", -9, ["en"], ["sql"])
    search = MatchRequest(
        case="R-RETURN-DATA1",
        n=1,
        at=datetime(2027, 1, 4, tzinfo=UTC),
        returner="P-RETURN",
        role="DATA1",
        reporting_line=[],
        already_asked=[],
        rules=shipped_policy().mentoring,
    )

    def chosen(search: MatchRequest, *mentors: Candidate) -> MatchResult:
        return choose(search, returner, ["sql"], best_first(search, returner, ["sql"], mentors), {})

    assert chosen(search, far, far_knows, near).match == score(returner, ["sql"], near, search.rules)
    nobody = chosen(search, far, far_knows)
    assert nobody.match is None
    assert {excluded.mentor: excluded.why for excluded in nobody.passed_over} == {
        "P-A00": "only as a last resort: the score 0.11 is below 0.25; time zones 9 h apart, they share 0 "
        "working hours; they have no language in common",
        "P-A02": "only as a last resort: time zones 9 h apart, they share 0 working hours",
    }
    an_hour = search.rules.model_copy(update={"least_overlap_hours": 2})
    seven_away = somewhere("P-A03", -7, ["en"], ["sql"])
    (excluded,) = chosen(search.model_copy(update={"rules": an_hour}), seven_away).passed_over
    assert excluded.why.endswith("they share 1 working hour")
    named = search.model_copy(update={"nominee": "P-A00"})
    assert chosen(named, far).match is not None, "HR may name them"


def test_of_hundreds_who_have_no_place_free_hr_reads_the_first_and_how_many_more() -> None:
    # Given somebody who may not be the mentor, behind three hundred others who have no place free.
    barred = somewhere("P-ZED", 0, ["en"], ["sql"])
    busy = [somewhere(f"P-B{n:03}", 0, ["en"], ["sql"]) for n in range(300)]
    taken = {mentor.id: PlacesTaken(2, 2) for mentor in busy}
    search = MatchRequest(
        case="R-RETURN-DATA1",
        n=1,
        at=datetime(2027, 1, 4, tzinfo=UTC),
        returner="P-RETURN",
        role="DATA1",
        reporting_line=["P-ZED"],
        already_asked=[],
        rules=shipped_policy().mentoring,
    )

    result = choose(search, somewhere("P-RETURN", 0, ["en"]), ["sql"], [*busy, barred], taken)

    assert len(result.passed_over) == MOST_PASSED_OVER
    first, second, *_, last = result.why_nobody()
    assert first.startswith("P-ZED: is in the reporting line")
    assert second == "P-B000: has no place free: 2 of 2 are taken or asked for"
    assert last == "and 281 more"
