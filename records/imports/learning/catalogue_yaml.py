"""Reading the catalogue from a YAML file: lists under ``trainings`` and ``certificates``.

Each entry has the fields of ``Training`` or ``Certificate`` in :mod:`domain.learning.catalogue`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from domain.core.model import PersonId, TrainingId
from domain.core.sentences import quotable
from domain.core.skills import ProfileId
from domain.learning.catalogue import OPENED_SAFELY, Catalogue, Certificate, Training
from records.imports.core.report import Problem
from records.imports.core.yaml_lists import duplicate_ids, named, place, read_entry, read_lists
from records.imports.learning.report import CatalogueReport

Entry = TypeVar("Entry", Training, Certificate)

TRAINING, CERTIFICATE = "training", "certificate"


def read_catalogue(
    text: str | bytes,
    name: str = "the file",
    *,
    people: Collection[PersonId] = (),
    profiles: Collection[ProfileId] = (),
    present: Catalogue | None = None,
    now: datetime | None = None,
) -> CatalogueReport:
    """Read trainings and certificates; ``name`` is what the report calls the file.

    ``people``, ``profiles`` and the catalogue ``present`` are those in the records. What a training requires must be
    in the file or in the records, without going in a circle; each e-learning has an activity of its own, which is an
    address of the web or a name. A training that counts on a refused one is refused in turn. Workshops that are all
    over ``now`` are noted.

    Never raises for what is in the file.
    """
    try:
        lists = read_lists(text, "trainings", "certificates")
    except ValueError as error:
        return CatalogueReport(usable=False, problems=[Problem(where=name, rule=str(error))])
    trainings, of_trainings = _read(Training, TRAINING, lists["trainings"])
    certificates, of_certificates = _read(Certificate, CERTIFICATE, lists["certificates"])
    unknown = [
        *_unsafe_activities(trainings),
        *_unknown_in_trainings(trainings, set(people)),
        *_unknown_in_certificates(certificates, set(people), set(profiles)),
    ]
    trainings, certificates = _without(trainings, TRAINING, unknown), _without(certificates, CERTIFICATE, unknown)
    trainings, clashes = _fit_together(trainings, present or Catalogue())
    return CatalogueReport(
        entries=len(lists["trainings"]) + len(lists["certificates"]),
        problems=[*of_trainings, *of_certificates, *unknown, *clashes],
        trainings=trainings,
        certificates=certificates,
        notes=[
            _sessions_over(training)
            for training in trainings
            if now and training.sessions and all(session.ends <= now for session in training.sessions)
        ],
    )


def _sessions_over(workshop: Training) -> str:
    """Said by the clock of whoever reads it, because a workshop is nowhere in particular."""
    last = max(session.ends for session in workshop.sessions).astimezone()
    over = f"all its sessions are over, the last since {last:%Y-%m-%d %H:%M %Z}"
    return f"{named(TRAINING, workshop.id)}: {over}; nobody can take it"


def _read(model: type[Entry], noun: str, entries: list[Any]) -> tuple[list[Entry], list[Problem]]:
    """The entries in which nothing is wrong on their own, each id once; and what is wrong with the others."""
    read: list[Entry] = []
    problems: list[Problem] = []
    for n, entry in enumerate(entries, start=1):
        parsed, wrong = read_entry(model, entry, place(entry, n, noun), noun)
        problems += wrong
        if parsed is not None:
            read.append(parsed)
    doubles = duplicate_ids(entries, noun)
    return _without(read, noun, doubles), problems + doubles


def _without(entries: list[Entry], noun: str, problems: list[Problem]) -> list[Entry]:
    refused = {problem.where for problem in problems}
    return [entry for entry in entries if named(noun, entry.id) not in refused]


def _unsafe_activities(trainings: list[Training]) -> Iterator[Problem]:
    for training in trainings:
        if training.activity is not None and not training.activity.startswith(OPENED_SAFELY):
            rule = "must begin with https://, http://, urn: or tag:, such as https://lms.example.org/courses/sql"
            there = quotable(training.activity)
            yield _problem(TRAINING, training.id, "activity", f"{rule}, not {there}" if there else rule)


def _unknown_in_trainings(trainings: list[Training], people: set[PersonId]) -> Iterator[Problem]:
    for training in trainings:
        for key in ("trainer", "supervisor", "reviewer"):
            person = getattr(training, key)
            if person is not None and person not in people:
                yield _problem(TRAINING, training.id, key, _no_person(person))


def _unknown_in_certificates(
    certificates: list[Certificate], people: set[PersonId], profiles: set[ProfileId]
) -> Iterator[Problem]:
    for certificate in certificates:
        if certificate.examiner not in people:
            yield _problem(CERTIFICATE, certificate.id, "examiner", _no_person(certificate.examiner))
        if certificate.profile not in profiles:
            rule = f"no profile {certificate.profile} in the records; import profiles first"
            yield _problem(CERTIFICATE, certificate.id, "profile", rule)


def _no_person(person: PersonId) -> str:
    return f"no person {person} in the records; import people first"


def _fit_together(trainings: list[Training], present: Catalogue) -> tuple[list[Training], list[Problem]]:
    """The trainings that make a sound catalogue with those present: refuse others until nothing is wrong any more."""
    in_file = {training.id for training in trainings}
    problems: list[Problem] = []
    while True:
        after = {training.id: training for training in (*present.trainings, *trainings)}
        new = {training.id for training in trainings}
        found = [*_missing(after, new, in_file), *_same_activity(after, new)] or list(_circle(after, new))
        if not found:
            return trainings, problems
        problems += found
        trainings = _without(trainings, TRAINING, found)


def _missing(after: dict[TrainingId, Training], new: set[TrainingId], in_file: set[TrainingId]) -> Iterator[Problem]:
    for training in (after[training_id] for training_id in sorted(new)):
        for required in training.requires:
            if required not in after:
                why = "is refused in this file" if required in in_file else "is neither in the file nor in the records"
                yield _problem(TRAINING, training.id, "requires", f"{required} {why}")


def _same_activity(after: dict[TrainingId, Training], new: set[TrainingId]) -> Iterator[Problem]:
    """Trainings with the activity of another one: what the learning system reports could be of either."""
    by_activity: dict[str, list[TrainingId]] = {}
    for training in after.values():
        if training.activity is not None:
            by_activity.setdefault(training.activity, []).append(training.id)
    for same in by_activity.values():
        for training_id in sorted(new & set(same)):
            others = ", ".join(other for other in same if other != training_id)
            if others:
                yield _problem(TRAINING, training_id, "activity", f"is also that of {others}")


def _circle(after: dict[TrainingId, Training], new: set[TrainingId]) -> Iterator[Problem]:
    """The trainings of one circle of requirements; those in the records are in none among themselves."""
    try:
        TopologicalSorter({training.id: training.requires for training in after.values()}).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))  # it names each one's requirement before it
        for training_id in sorted(new & set(circle)):
            yield _problem(TRAINING, training_id, "requires", f"goes in a circle: {' requires '.join(circle)}")


def _problem(noun: str, entry: str, key: str, rule: str) -> Problem:
    return Problem(where=named(noun, entry), column=key, rule=rule)
