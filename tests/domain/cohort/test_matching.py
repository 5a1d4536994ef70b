"""A whole cohort and its mentors: who is proposed to whom, and what those without a mentor are told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from activities.cohort.assignment import assign
from domain.cohort.matching import CohortMatchRequest, CohortProposal, MentorWithPlaces, Pair, Seeker, SeekerOnRecord
from domain.cohort.matching_together import match
from domain.placement.matching import Candidate, score
from tests.domain.factories import shipped_policy

SKILLS = ["sql", "python", "java", "excel"]
MENTORS = [f"P-M{n:02}" for n in range(4)]
RETURNERS = [f"P-R{n:02}" for n in range(5)]


def candidate(person: str, skills: Sequence[str] = ()) -> Candidate:
    return Candidate(id=person, skills=list(skills), languages=["en"], preferences=[], utc_offset_minutes=0)


def seeking(returner: str, skills: Sequence[str] = ("sql",), **details: Any) -> SeekerOnRecord:
    """A returner with these skills whose case is named after them."""
    values: dict[str, Any] = {"reporting_line": [], "already_asked": []} | details
    seeker = Seeker(case=f"R-{returner[2:]}-DATA1", returner=returner, role="DATA1", **values)
    return SeekerOnRecord(seeker=seeker, candidate=candidate(returner, skills), role_skills=[])


def mentor(person: str, size: int, skills: Sequence[str] = ("sql",), **details: Any) -> MentorWithPlaces:
    return MentorWithPlaces(candidate=candidate(person, skills), size=size, **details)


def pairs(*texts: str) -> list[Pair]:
    """Pairs as HR writes them: ``P-R00=P-M00``."""
    return [Pair(returner=returner, mentor=mentor) for returner, mentor in (text.split("=") for text in texts)]


def request(
    returners: Sequence[SeekerOnRecord],
    *,
    pins: Sequence[Pair] = (),
    forbids: Sequence[Pair] = (),
    objective: str = "best_total",
) -> CohortMatchRequest:
    return CohortMatchRequest.model_validate(
        {
            "cohort": "SPRING-2027",
            "n": 1,
            "at": datetime(2027, 3, 1, tzinfo=UTC),
            "seekers": [returner.seeker for returner in returners],
            "pins": list(pins),
            "forbids": list(forbids),
            "taken": {},
            "counted_cases": [],
            "rules": shipped_policy().mentoring,
            "objective": objective,
        }
    )


def propose(returners: Sequence[SeekerOnRecord], mentors: Sequence[MentorWithPlaces], **details: Any) -> CohortProposal:
    return match(request(returners, **details), returners, mentors, assign)


def proposed(proposal: CohortProposal) -> dict[str, str]:
    return {pair.returner: pair.mentor for pair in proposal.pairs}


def whys(proposal: CohortProposal) -> dict[str, str]:
    return {returner.returner: returner.why for returner in proposal.unmatched}


some_skills = st.lists(st.sampled_from(SKILLS), unique=True)
some_mentors = st.lists(st.sampled_from(MENTORS), max_size=2, unique=True)
some_pairs = st.lists(
    st.builds(Pair, returner=st.sampled_from(RETURNERS), mentor=st.sampled_from([*MENTORS, "P-NOBODY"])), max_size=4
)


@st.composite
def cohorts(draw: st.DrawFn) -> tuple[CohortMatchRequest, list[SeekerOnRecord], list[MentorWithPlaces]]:
    """Up to five who seek, some of whom are mentors themselves, and up to four mentors."""
    names = draw(st.lists(st.sampled_from([*RETURNERS[:4], MENTORS[0]]), unique=True))
    returners = [
        seeking(name, draw(some_skills), reporting_line=draw(some_mentors), already_asked=draw(some_mentors))
        for name in names
    ]
    mentors = [
        mentor(
            name,
            draw(st.integers(0, 3)),
            draw(some_skills),
            taken=draw(st.integers(0, 2)),
            available=draw(st.booleans()),
        )
        for name in draw(st.lists(st.sampled_from(MENTORS), unique=True))
    ]
    objective = draw(st.sampled_from(["best_total", "most_people"]))
    asked = request(returners, pins=draw(some_pairs), forbids=draw(some_pairs), objective=objective)
    return asked, returners, mentors


@given(cohorts())
def test_everybody_is_in_one_of_the_two_lists_and_those_without_a_mentor_are_told_why(
    cohort: tuple[CohortMatchRequest, list[SeekerOnRecord], list[MentorWithPlaces]],
) -> None:
    asked, returners, mentors = cohort
    proposal = match(asked, returners, mentors, assign)

    cases = [pair.case for pair in proposal.pairs] + [left.case for left in proposal.unmatched]
    assert sorted(cases) == sorted(returner.seeker.case for returner in returners)
    assert all(returner.why for returner in proposal.unmatched)
    assert proposal.total_score == pytest.approx(sum(pair.score for pair in proposal.pairs))


@given(cohorts())
def test_nobody_gets_a_mentor_who_is_excluded_or_full(
    cohort: tuple[CohortMatchRequest, list[SeekerOnRecord], list[MentorWithPlaces]],
) -> None:
    asked, returners, mentors = cohort
    proposal = match(asked, returners, mentors, assign)

    seekers = {returner.seeker.case: returner.seeker for returner in returners}
    known = {offer.candidate.id: offer for offer in mentors}
    for pair in proposal.pairs:
        seeker = seekers[pair.case]
        assert pair.mentor != pair.returner
        assert pair.mentor not in seeker.reporting_line
        assert Pair(returner=pair.returner, mentor=pair.mentor) not in asked.forbids
        assert pair.pinned or (pair.mentor not in seeker.already_asked and known[pair.mentor].available)
    for name, number in Counter(pair.mentor for pair in proposal.pairs).items():
        assert number <= known[name].size - known[name].taken


@given(cohorts())
def test_who_is_pinned_gets_that_mentor_or_none(
    cohort: tuple[CohortMatchRequest, list[SeekerOnRecord], list[MentorWithPlaces]],
) -> None:
    asked, returners, mentors = cohort
    proposal = match(asked, returners, mentors, assign)

    pinned = {pin.returner for pin in asked.pins}
    for pair in proposal.pairs:
        assert pair.pinned is (pair.returner in pinned)
        assert not pair.pinned or Pair(returner=pair.returner, mentor=pair.mentor) in asked.pins
    for left in proposal.unmatched:
        assert ("pinned" in left.why.split(":")[0]) is (left.returner in pinned)


@given(cohorts())
def test_no_place_stays_empty_that_somebody_without_a_mentor_could_have(
    cohort: tuple[CohortMatchRequest, list[SeekerOnRecord], list[MentorWithPlaces]],
) -> None:
    asked, returners, mentors = cohort
    assume(not asked.pins)
    proposal = match(asked, returners, mentors, assign)

    used = Counter(pair.mentor for pair in proposal.pairs)
    left_out = {returner.case for returner in proposal.unmatched}
    for returner in returners:
        excluded = {returner.seeker.returner, *returner.seeker.reporting_line, *returner.seeker.already_asked}
        excluded |= {pair.mentor for pair in asked.forbids if pair.returner == returner.seeker.returner}
        for offer in mentors:
            free = offer.size - offer.taken - used[offer.candidate.id]
            could = offer.available and free > 0 and offer.candidate.id not in excluded
            assert not (returner.seeker.case in left_out and could)


@given(cohorts(), st.randoms(use_true_random=False))
def test_the_order_of_nothing_matters(
    cohort: tuple[CohortMatchRequest, list[SeekerOnRecord], list[MentorWithPlaces]], shuffler: random.Random
) -> None:
    asked, returners, mentors = cohort
    mixed = {name: shuffler.sample(of, len(of)) for name, of in asked if name in ("seekers", "pins", "forbids")}
    asked_mixed = asked.model_copy(update=mixed)
    returners_mixed = shuffler.sample(returners, len(returners))
    mentors_mixed = shuffler.sample(mentors, len(mentors))

    assert match(asked_mixed, returners_mixed, mentors_mixed, assign) == match(asked, returners, mentors, assign)


def test_of_mentors_and_returners_who_are_all_alike_the_ids_decide() -> None:
    returners, mentors = [seeking(name) for name in RETURNERS], [mentor(name, 1) for name in MENTORS]

    first = propose(returners, mentors)

    assert first == propose(returners[::-1], mentors[::-1])
    assert len(first.pairs) == len(MENTORS)


def test_of_twenty_the_best_fifteen_are_matched_and_five_are_listed_with_reasons() -> None:
    # Given twenty of whom the first know the most of what a mentor knows, and five mentors with three places each
    known = [f"skill {n:02}" for n in range(20)]
    twenty = [seeking(f"P-R{n:02}", known[: 20 - n] + [f"other {n}-{m}" for m in range(n)]) for n in range(20)]
    mentors = [mentor(f"P-M{n:02}", 3, known) for n in range(5)]
    # when they are matched for the best total
    proposal = propose(twenty, mentors)
    # then the fifteen who suit best have a mentor
    assert [proposed_pair.returner for proposed_pair in proposal.pairs] == [f"P-R{n:02}" for n in range(15)]
    assert Counter(proposed_pair.mentor for proposed_pair in proposal.pairs) == dict.fromkeys(
        [f"P-M{n:02}" for n in range(5)], 3
    )
    rules = shipped_policy().mentoring
    for pair, returner in zip(proposal.pairs, twenty, strict=False):
        expected = score(returner.candidate, [], candidate(pair.mentor, known), rules)
        assert (pair.score, pair.reasons) == (expected.score, expected.reasons)
    # and each of the five is told who got the places that would have suited them best
    assert list(whys(proposal)) == [f"P-R{n}" for n in range(15, 20)]
    for left in proposal.unmatched:
        nearest = left.why.removeprefix("each of the 5 mentors who suit has no place left: would have suited ")
        assert nearest.count("; ") == 2
        assert all(f"P-M0{n} (" in nearest and "who went to P-R" in nearest for n in range(3))


def test_or_the_fullest_matching_if_the_policy_says_so() -> None:
    # Given ten who suit P-M00 and may have anybody, ten who suit nobody and may only have P-M00, and fifteen places
    far = [f"P-M{n:02}" for n in range(1, 6)]
    open_to_all = [seeking(f"P-A{n:02}") for n in range(10)]
    choosy = [seeking(f"P-B{n:02}", ["java"], already_asked=far) for n in range(10)]
    mentors = [mentor("P-M00", 10), *(MentorWithPlaces(candidate=far_away(name), size=1) for name in far)]
    everybody = [*open_to_all, *choosy]
    # when they are matched for the one and for the other
    best, fullest = (propose(everybody, mentors, objective=objective) for objective in ("best_total", "most_people"))
    # then the best total leaves five places empty, because sending people far away for others costs more than it brings
    assert set(proposed(best)) == {returner.seeker.returner for returner in open_to_all}
    # and the fullest matching uses all of them
    assert len(fullest.pairs) == 15
    assert best.total_score > fullest.total_score


def test_more_people_can_cost_some_of_the_total() -> None:
    # Given a returner who suits the one mentor perfectly and the other hardly, and one who may only have the first
    returners = [seeking("P-R00", ["sql"]), seeking("P-R01", ["java"], already_asked=["P-M01"])]
    mentors = [mentor("P-M00", 1, ["sql"]), MentorWithPlaces(candidate=far_away("P-M01"), size=1)]

    best, fullest = (propose(returners, mentors, objective=objective) for objective in ("best_total", "most_people"))

    assert proposed(best) == {"P-R00": "P-M00"}
    assert proposed(fullest) == {"P-R00": "P-M01", "P-R01": "P-M00"}
    assert best.total_score > fullest.total_score
    assert whys(best) == {
        "P-R01": "the one mentor who suits has no place left: would have suited P-M00 (0.44), who went to P-R00 (0.89)"
    }


def far_away(person: str) -> Candidate:
    return Candidate(id=person, skills=[], languages=["ja"], preferences=[], utc_offset_minutes=12 * 60)


def test_whoever_is_left_out_learns_which_mentors_were_full_before_and_who_got_the_others() -> None:
    returners = [seeking("P-R00", ["sql"]), seeking("P-R01", ["sql", "java"]), seeking("P-R02", ["sql", "java"])]
    mentors = [mentor("P-M00", 2, taken=2), mentor("P-M01", 3, ["go"], taken=1), mentor("P-M02", 0)]

    proposal = propose(returners, mentors, pins=pairs("P-R02=P-M01"))

    assert proposed(proposal) == {"P-R00": "P-M01", "P-R02": "P-M01"}
    assert whys(proposal)["P-R01"] == (
        "each of the 3 mentors who suit has no place left: would have suited "
        "P-M00 (0.67), who has 2 of 2 places taken; P-M02 (0.67), who offers no place at the moment; "
        "P-M01 (0.44), who went to P-R00 (0.44) and P-R02 (0.44, pinned)"
    )


def test_whoever_may_have_none_of_the_mentors_learns_why_of_each() -> None:
    ours = seeking("P-R00", reporting_line=["P-M00"], already_asked=["P-M01"])
    mentors = [mentor(name, 1) for name in ("P-R00", "P-M00", "P-M01", "P-M02", "P-M03")]

    proposal = propose([ours], mentors, forbids=pairs("P-R00=P-M02", "P-R00=P-M03"))

    assert whys(proposal) == {
        "P-R00": "every mentor is excluded: P-M00 is in the reporting line or decides on the conversion; "
        "P-M01 was asked before in this case; P-M02 was forbidden by HR; P-M03 was forbidden by HR; "
        "P-R00 is the returner"
    }
    assert whys(propose([ours], [])) == {"P-R00": "nobody has offered to be a mentor"}


def test_a_pin_holds_against_better_pairs_and_for_somebody_who_refused_or_never_offered() -> None:
    returners = [
        seeking("P-R00", ["java"]),
        seeking("P-R01", already_asked=["P-M01"]),
        seeking("P-R02"),
        seeking("P-R03", ["sql"]),
    ]
    mentors = [mentor("P-M00", 1), mentor("P-M01", 1), mentor("P-M02", 1, available=False)]

    proposal = propose(returners, mentors, pins=pairs("P-R00=P-M00", "P-R01=P-M01", "P-R02=P-M02"))

    assert proposed(proposal) == {"P-R00": "P-M00", "P-R01": "P-M01", "P-R02": "P-M02"}
    # Whoever was not pinned to the one who never offered can't have them, and they are none of the mentors who suit.
    assert whys(proposal)["P-R03"].startswith("each of the 2 mentors who suit has no place left")


@pytest.mark.parametrize(
    ("pins", "forbids", "why"),
    [
        (["P-R00=P-M00"], [], "P-M00, who was pinned, is in the reporting line or decides on the conversion"),
        (["P-R00=P-R00"], [], "P-R00, who was pinned, is the returner"),
        (["P-R00=P-NOBODY"], [], "P-NOBODY, who was pinned, is not in the records"),
        (["P-R00=P-M01"], ["P-R00=P-M01"], "P-M01, who was pinned, was forbidden by HR"),
        (["P-R00=P-M02"], [], "P-M02, who was pinned, has no place left: P-M02 has 3 of 3 places taken"),
        (
            ["P-R00=P-M01", "P-R01=P-M01"],
            [],
            "P-M01, who was pinned, has no place left: P-M01 went to P-R01 (0.89, pinned)",
        ),
        (
            ["P-R00=P-M01", "P-R00=P-M02"],
            [],
            "is pinned to P-M01 and P-M02, and can have only one mentor: forbid the others",
        ),
    ],
)
def test_a_pin_that_cannot_be_kept_is_said_and_nobody_else_proposed(
    pins: list[str], forbids: list[str], why: str
) -> None:
    returners = [seeking("P-R00", ["sql", "java"], reporting_line=["P-M00"]), seeking("P-R01")]
    mentors = [
        mentor("P-M00", 1),
        mentor("P-M01", 1),
        mentor("P-M02", 3, taken=3),
        mentor("P-M03", 3),
        mentor("P-R00", 1),
    ]

    proposal = propose(returners, mentors, pins=pairs(*pins), forbids=pairs(*forbids))

    assert whys(proposal) == {"P-R00": why}
    assert list(proposed(proposal)) == ["P-R01"]


def test_a_long_list_of_the_excluded_is_cut() -> None:
    names = [f"P-M{n:02}" for n in range(8)]
    proposal = propose([seeking("P-R00", already_asked=names)], [mentor(name, 1) for name in names])

    assert whys(proposal)["P-R00"].endswith("P-M04 was asked before in this case; and 3 more")


def test_a_case_is_matched_once() -> None:
    with pytest.raises(ValidationError, match="a case is named twice"):
        request([seeking("P-R00"), seeking("P-R00")])


# Last resorts and ties


def far(offer: MentorWithPlaces, *, hours: int = 12, languages: Sequence[str] = ("ja",)) -> MentorWithPlaces:
    """A mentor on the other side of the globe, who speaks another language."""
    away = offer.candidate.model_copy(update={"utc_offset_minutes": hours * 60, "languages": list(languages)})
    return offer.model_copy(update={"candidate": away})


@given(
    st.lists(st.sampled_from(RETURNERS), min_size=1, unique=True),
    st.lists(st.tuples(st.sampled_from(MENTORS), st.integers(0, 2), st.booleans()), unique_by=lambda offer: offer[0]),
    st.sampled_from(["best_total", "most_people"]),
)
def test_nobody_has_a_last_resort_whom_a_mentor_with_a_place_left_would_suit(
    returners: list[str], offers: list[tuple[str, int, bool]], objective: str
) -> None:
    mentors = [mentor(name, size) if near else far(mentor(name, size)) for name, size, near in offers]
    near = {name for name, _, is_near in offers if is_near}

    proposal = propose([seeking(name) for name in returners], mentors, objective=objective)

    places = sum(size for _, size, _ in offers)
    near_places = sum(size for name, size, _ in offers if name in near)
    assert len(proposal.pairs) == min(len(returners), places), "a last resort is better than nobody"
    last = [pair for pair in proposal.pairs if pair.last_resort]
    assert len(last) == max(0, len(proposal.pairs) - near_places)
    assert all((pair.mentor in near) is not bool(pair.last_resort) for pair in proposal.pairs)
    assert all("no language in common" in "; ".join(pair.last_resort) for pair in last)


def test_hr_is_told_what_was_settled_by_the_order_of_ids() -> None:
    alike = [seeking("P-R00"), seeking("P-R01")]

    one_place = propose(alike, [mentor("P-M00", 1)])
    assert proposed(one_place) == {"P-R00": "P-M00"}
    assert one_place.ties == ["P-R01 suits P-M00 as well as P-R00 does, and has nobody"]

    enough = propose(alike[:1], [mentor("P-M00", 1), mentor("P-M01", 1)])
    assert enough.ties == ["P-R00 suits P-M01, who has a place left, as well as P-M00"]

    both = propose(alike, [mentor("P-M00", 1), mentor("P-M01", 1)])
    assert both.ties == ["P-R00 and P-R01 could as well change mentors"]

    clear = propose([seeking("P-R00"), seeking("P-R01", ["java"])], [mentor("P-M00", 1)])
    assert clear.ties == []
    many = propose([seeking(f"P-R{n:02}") for n in range(30)], [mentor("P-M00", 5), mentor("P-M01", 5)])
    assert (len(many.ties), many.ties[-1]) == (11, "and others")
