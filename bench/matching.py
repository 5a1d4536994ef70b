"""How fast a cohort is matched with its mentors, against networkx's min-cost flow on the same scores.

    .venv/bin/python -m bench.matching [--returners 500] [--mentors 200] [--places 3]

Makes people, the same ones each time, and scores them as a matching does. Both must find the same optimum, for each of
the two aims; else it fails. Then it measures a whole matching of the largest cohort there may be. Needs no server.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar, get_args

import networkx as nx  # type: ignore[import-untyped]

from activities.cohort.assignment import assign
from domain.cohort.matching import (
    CohortMatchRequest,
    CohortProposal,
    MentorWithPlaces,
    Objective,
    Seeker,
    SeekerOnRecord,
)
from domain.cohort.matching_together import EXCLUDED, Assign, match
from domain.cohort.participants import LARGEST_COHORT
from domain.placement.matching import Candidate
from domain.placement.policy import MentoringRules, Policy
from domain.registry.policy_file import read_policy
from engine.exit import run_to_exit
from service.core.policies import DEFAULT_POLICY

FIELDS, SKILLS_OF_A_FIELD, PREFERENCES = 8, 25, 12
"""Lines of work, the skills there are in each, and the wishes people may have for their mentor."""

OFFICES = {0: ["en"], 60: ["de", "fr"], 120: ["pl", "en"], 330: ["en", "hi"], -300: ["en", "es"], -480: ["en"]}
"""Minutes from UTC, and what is spoken there."""

MENTORS_OF_THE_LARGEST = 400

FEWER_PLACES = 0.75
"""How many of the places there are the second comparison has, so that somebody is left over."""

T = TypeVar("T")
Scores = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Cohort:
    """People to be matched; every mentor has the same number of places."""

    seeking: list[SeekerOnRecord]
    mentors: list[MentorWithPlaces]
    rules: MentoringRules

    def match(self, objective: Objective, solver: Assign) -> CohortProposal:
        """The whole matching, with this solver."""
        request = CohortMatchRequest(
            cohort="BENCH",
            n=1,
            at=datetime(2027, 3, 1, tzinfo=UTC),
            seekers=[seeking.seeker for seeking in self.seeking],
            pins=[],
            forbids=[],
            taken={},
            counted_cases=[],
            rules=self.rules,
            objective=objective,
        )
        return match(request, self.seeking, self.mentors, solver)

    def scores(self) -> tuple[Scores, Sequence[int]]:
        """What a matching hands to its solver."""
        handed: list[tuple[Scores, Sequence[int]]] = []

        def look(scores: Scores, places: Sequence[int], _: Objective) -> list[int | None]:
            handed.append((scores, places))
            return [None] * len(scores)

        self.match("best_total", look)
        return handed[0]


def cohort(returners: int, mentors: int, places: int) -> Cohort:
    """People of a company with several offices; one mentor in ten can't be asked for a given returner."""
    chance = random.Random(11)
    candidates = [_person(f"P-M{n:05}", chance) for n in range(mentors)]
    seeking = [_seeking(n, candidates, chance) for n in range(returners)]
    rules = read_policy(DEFAULT_POLICY.read_text(encoding="utf-8"), DEFAULT_POLICY.name, Policy).mentoring
    return Cohort(seeking, [MentorWithPlaces(candidate=candidate, size=places) for candidate in candidates], rules)


def _seeking(n: int, mentors: list[Candidate], chance: random.Random) -> SeekerOnRecord:
    person = _person(f"P-R{n:05}", chance)
    seeker = Seeker(
        case=f"R-R{n:05}-ROLE",
        returner=person.id,
        role="ROLE",
        reporting_line=[mentor.id for mentor in mentors if chance.random() < 0.08],
        already_asked=[mentor.id for mentor in mentors if chance.random() < 0.02],
    )
    return SeekerOnRecord(seeker=seeker, candidate=person, role_skills=_skills(chance.randrange(FIELDS), 6, chance))


def _person(person: str, chance: random.Random) -> Candidate:
    offset = chance.choice(list(OFFICES))
    field = chance.randrange(FIELDS)
    return Candidate(
        id=person,
        skills=sorted({*_skills(field, chance.randint(4, 12), chance), *_skills(chance.randrange(FIELDS), 2, chance)}),
        languages=sorted({"en", chance.choice(OFFICES[offset])} if chance.random() < 0.9 else {OFFICES[offset][0]}),
        preferences=[f"wish {wish}" for wish in chance.sample(range(PREFERENCES), chance.randint(0, 4))],
        utc_offset_minutes=offset,
    )


def _skills(field: int, number: int, chance: random.Random) -> list[str]:
    return [f"skill {field}.{skill}" for skill in chance.sample(range(SKILLS_OF_A_FIELD), number)]


def flow(scores: Scores, places: Sequence[int], objective: Objective) -> list[int | None]:
    """The same by networkx: one unit flows from each returner through a mentor. For the best total it may go past
    them at no cost; for the most people it may not, and as much as can flow is found first."""
    graph = nx.DiGraph()
    for n, row in enumerate(scores):
        graph.add_edge("from", ("returner", n), capacity=1, weight=0)
        if objective == "best_total":
            graph.add_edge(("returner", n), "to", capacity=1, weight=0)
        for mentor, score in enumerate(row):
            if score != EXCLUDED:
                graph.add_edge(("returner", n), ("mentor", mentor), capacity=1, weight=-score)
    for mentor, number in enumerate(places):
        graph.add_edge(("mentor", mentor), "to", capacity=number, weight=0)
    flows = nx.max_flow_min_cost(graph, "from", "to")
    return [_reached(flows.get(("returner", n), {})) for n in range(len(scores))]


def _reached(flowing: dict[object, int]) -> int | None:
    """The mentor a returner's unit flows to."""
    for to, units in flowing.items():
        if units and isinstance(to, tuple):
            return int(to[1])
    return None


def value(scores: Scores, chosen: list[int | None]) -> tuple[int, int]:
    """How many are matched, and the sum of their scores in ten-thousandths."""
    pairs = [row[mentor] for row, mentor in zip(scores, chosen, strict=True) if mentor is not None]
    return len(pairs), sum(pairs)


def timed(what: Callable[[], T]) -> tuple[float, T]:
    """Seconds it took, and what came of it."""
    began = time.perf_counter()
    result = what()
    return time.perf_counter() - began, result


def compare(scores: Scores, places: Sequence[int], objective: Objective) -> bool:
    """Solve by both, and print it; whether they agree."""
    say(f"{objective}: {len(scores)} returners, {sum(places)} places; networkx takes its time")
    ours, by_us = timed(lambda: assign(scores, places, objective))
    theirs, by_flow = timed(lambda: flow(scores, places, objective))
    (people, total), expected = value(scores, by_us), value(scores, by_flow)
    same = total == expected[1] and (objective == "best_total" or people == expected[0])
    print(
        f"  {objective:12} {sum(places):5} places  {ours:8.3f} s {theirs:8.2f} s {theirs / ours:8.0f}   "
        f"{people:5} matched, total {total / 10_000:.4f}: "
        f"{'the same' if same else f'DIFFERENT, {expected[0]} and {expected[1] / 10_000:.4f}'}"
    )
    return same


def largest(places: int) -> None:
    """Measure a whole matching of the largest cohort, with its scores, reasons and sentences, and print it."""
    say("the largest cohort, then once more with memory traced, which is slower")
    people = cohort(LARGEST_COHORT, MENTORS_OF_THE_LARGEST, places)
    scarce = Cohort(people.seeking, [mentor.model_copy(update={"taken": 1}) for mentor in people.mentors], people.rules)
    print(
        f"\nA whole matching, {LARGEST_COHORT:,} returners and {MENTORS_OF_THE_LARGEST} mentors with {places} places\n"
    )
    for name, given in (("all places free", people), ("one of each taken", scarce)):
        seconds, proposal = timed(partial(given.match, "best_total", assign))
        print(
            f"  {name:18} {seconds:6.2f} s, {len(proposal.pairs)} pairs, {len(proposal.unmatched)} unmatched, "
            f"{len(proposal.model_dump_json()) / 1024:,.0f} KiB of JSON"
        )
    tracemalloc.start()
    try:
        people.match("best_total", assign)
        print(f"  memory at the most {tracemalloc.get_traced_memory()[1] / 2**20:.0f} MiB")
    finally:
        tracemalloc.stop()


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Run the bench; 1 when the two do not find the same optimum."""
    parser = argparse.ArgumentParser(prog="bench.matching", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--returners", type=int, default=500, metavar="N")
    parser.add_argument("--mentors", type=int, default=200, metavar="N")
    parser.add_argument("--places", type=int, default=3, metavar="N", help="of each mentor")
    asked = parser.parse_args()
    if not (1 <= asked.returners <= LARGEST_COHORT and 1 <= asked.mentors <= 10_000 and 1 <= asked.places <= 20):
        parser.error(f"1 to {LARGEST_COHORT:,} returners, 1 to 10,000 mentors, and 1 to 20 places")
    people = cohort(asked.returners, asked.mentors, asked.places)
    seconds, (scores, places) = timed(people.scores)
    fewer = [number if random.Random(n).random() < FEWER_PLACES else 0 for n, number in enumerate(places)]
    print(
        f"\n{asked.returners} returners and {asked.mentors} mentors, scored in {seconds:.2f} s; then solved\n\n"
        f"  {'':25}  {'Waymark':>10} {'networkx':>10} {'ratio':>8}"
    )
    agree = [compare(scores, those, aim) for those in (places, fewer) for aim in get_args(Objective)]
    largest(asked.places)
    return 0 if all(agree) else 1


if __name__ == "__main__":
    run_to_exit(main)
