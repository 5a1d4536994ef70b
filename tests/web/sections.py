"""What stands on the page of a case, and for whom: what the walk within cases goes by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.core.access import Action
from domain.core.model import CaseId
from tests.web.readers import (
    CERTIFICATION,
    CHECK,
    COHORT,
    EVIDENCE,
    INSIDE,
    LETTER,
    PATH,
    PLACEMENT,
    REASON,
    REQUEST,
    REVIEWED,
    RISK,
    SCORE,
    STAGE_INSIDE,
    STIPEND,
    TRAINING,
    VIEWS,
    Reader,
)


@dataclass(frozen=True)
class Section:
    """A part of a page: what stands there, and nowhere else on it; and who may see it."""

    shows: str
    allowed: Callable[[Reader], bool]


def of(case: CaseId, shows: str, *actions: Action) -> Section:
    """What whoever may do all of this in the case may see."""
    return Section(shows, lambda reader: all(reader.may(action, case=case) for action in actions))


def offered(case: CaseId, *actions: Action) -> list[Section]:
    """What can be asked of the case as it is."""
    return [of(case, f'href="/cases/{case}/actions/{action}"', action) for action in actions]


def of_every(case: CaseId) -> list[Section]:
    """What cases of all programmes show."""
    return [
        of(case, LETTER, Action.LETTERS),
        of(case, "See its workflow in Temporal", Action.OPERATORS_LINK),
    ]


def _sees_cases(case: CaseId) -> Callable[[Reader], bool]:
    return lambda reader: reader.may(Action.COHORT if case == COHORT else Action.CASE, case=case)


def link_to(case: CaseId) -> Section:
    """Where another case is opened."""
    return Section(f'href="/cases/{case}"', _sees_cases(case))


def _knows_of_the_laptop(reader: Reader) -> bool:
    """Those who decide, HR and operators know of all that is open; others of what they may open."""
    decides = reader.may(Action.EVIDENCE, case=PLACEMENT) or reader.may(Action.OPERATORS_LINK)
    return decides or reader.may(Action.TASK, task=CHECK)


def _knows_of_the_request(reader: Reader) -> bool:
    """Who is just asked to be the mentor: for HR, and for operators as all that is open."""
    asked = reader.may(Action.MENTORS_ASKED, case=PLACEMENT) or reader.may(Action.TASK, task=REQUEST)
    return asked or reader.may(Action.OPERATORS_LINK)


SECTIONS: Mapping[CaseId, Sequence[Section]] = {
    PLACEMENT: [
        *of_every(PLACEMENT),
        of(PLACEMENT, VIEWS[PLACEMENT]["goals"][0], Action.GOALS),
        of(PLACEMENT, STAGE_INSIDE.capitalize(), Action.LEARNING),
        of(PLACEMENT, REASON, Action.DECISIONS),
        of(PLACEMENT, "Decision and after", Action.DECISIONS),
        of(PLACEMENT, EVIDENCE, Action.DECISIONS, Action.EVIDENCE),
        of(PLACEMENT, SCORE, Action.EVIDENCE),
        of(PLACEMENT, RISK.capitalize(), Action.EVIDENCE),
        of(PLACEMENT, ">At risk</strong>", Action.EVIDENCE),
        of(PLACEMENT, "The seals of this record do not hold", Action.ATTEMPTS),
        of(PLACEMENT, STIPEND, Action.PAY),
        of(PLACEMENT, f"/reopen/{REVIEWED}", Action.REOPEN),
        Section("Laptop", _knows_of_the_laptop),
        Section("Mentor a returner", _knows_of_the_request),
        of(PLACEMENT, "is asked to be the mentor", Action.MENTORS_ASKED),
        of(PLACEMENT, "was asked, and is not the mentor", Action.MENTORS_ASKED),
        of(PLACEMENT, "Denise Carrington named", Action.DECISIONS, Action.MENTORS_ASKED),
        of(PLACEMENT, "Mentor: Gareth Llewellyn", Action.DECISIONS),
        Section(f'href="/cases/{INSIDE}"', lambda reader: all(
            (reader.may(Action.LEARNING, case=PLACEMENT), reader.may(Action.CASE, case=INSIDE)))),
        link_to(COHORT),
        *offered(
            PLACEMENT, Action.PAUSE, Action.EXTEND, Action.CHANGE_PATTERN, Action.DECIDE_EARLY, Action.ASK_FOR_MENTOR,
            Action.REASSIGN_MENTOR, Action.REASSIGN, Action.WITHDRAW,
        ),
    ],
    PATH: [
        *of_every(PATH),
        of(PATH, TRAINING, Action.LEARNING),
        of(PATH, REASON, Action.DECISIONS),
        of(PATH, EVIDENCE, Action.DECISIONS, Action.EVIDENCE),
        of(PATH, RISK.capitalize(), Action.EVIDENCE),
        *offered(PATH, Action.STATE_HOURS, Action.PAUSE, Action.REASSIGN, Action.WITHDRAW),
    ],
    INSIDE: [*of_every(INSIDE), link_to(PLACEMENT)],
    CERTIFICATION: [
        *of_every(CERTIFICATION),
        of(CERTIFICATION, REASON, Action.DECISIONS),
        of(CERTIFICATION, "Exam 1", Action.DECISIONS),
        of(CERTIFICATION, EVIDENCE, Action.DECISIONS, Action.EVIDENCE),
        *offered(CERTIFICATION, Action.SUSPEND, Action.REASSIGN, Action.REVOKE, Action.WITHDRAW),
    ],
    COHORT: [
        *of_every(COHORT),
        of(COHORT, REASON, Action.DECISIONS),
        of(COHORT, 'href="/cohorts/SPRING/matching"', Action.COHORT),
        of(COHORT, 'href="/board?cohort=SPRING', Action.BOARD),
        of(COHORT, 'href="/reports?cohort=SPRING"', Action.REPORTS),
        link_to(PLACEMENT),
        *offered(COHORT, Action.PAUSE, Action.REASSIGN, Action.WITHDRAW),
    ],
}  # fmt: skip
"""Whoever adds a part to a page of a case says here for whom it is."""
