"""The separation of duties in the decision about a person: one rule for every step of it.

A decision has steps, each the part of one party: one proposes, others approve, HR confirms. Nobody acts in two of them,
nor on evidence of their own. Where whoever has the part may not act, the head of HR is asked instead; where they may
not either, they are told so and hand it on to somebody who has had no part in the decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from domain.core.model import Fixed, Party, PersonId
from domain.core.people import Role
from domain.core.questions import TaskKind
from domain.core.reassigning import WOULD_BE_ALONE_IN_HR
from domain.core.tasks import Task, TaskState

STEPS = frozenset({TaskKind.PROPOSAL, TaskKind.APPROVAL, TaskKind.CONFIRMATION})
"""The tasks that are steps of a decision."""

REVIEWS = frozenset({TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW})
"""The tasks whose answers are the evidence of a decision."""

PROPOSER, CONFIRMER = Party.MANAGER, Party.HR
"""Who proposes the conversion, and who confirms it at the end."""


def steps_with(approvals: Iterable[Party]) -> list[Party]:
    """The steps of a decision, each the part of one party, in order: between the first and the last these approve."""
    return [PROPOSER, *approvals, CONFIRMER]


USUAL = tuple(steps_with([Party.SECOND_MANAGER, Party.BUDGET_OWNER]))
"""The steps of a decision, where a policy does not name others who approve."""


class Duty(Fixed):
    """Who is asked at a step of a decision, and who may not answer it: whoever is both can only hand it on."""

    asked: PersonId
    not_by: list[PersonId]
    instead_of: PersonId | None = None
    """Whose part it is, where they may not act because they have had another one."""


def duty(
    step: Party,
    steps: Collection[Party],
    parties: Mapping[Party, PersonId],
    acted: Mapping[Party, Collection[PersonId]],
    evidence_by: Collection[PersonId],
    about: PersonId | None = None,
) -> Duty:
    """Who is asked at a ``step``, and who may not answer.

    ``acted`` are those who have answered or handed on each step so far, ``evidence_by`` those who mentored or reviewed
    (the manager proposes on their own review: that is one part).
    """
    holder, head = parties[step], parties[Party.HR_LEAD]
    reviewers = [person for person in evidence_by if step is not PROPOSER or person != holder]
    elsewhere = [person for other, people in acted.items() if other is not step for person in people]
    to_come = steps if step is not PROPOSER else ()  # whoever proposes for the manager gives up a step of their own
    holders = [parties[other] for other in to_come if parties[other] != holder]
    not_by = list(dict.fromkeys([*([about] if about else []), *reviewers, *elsewhere, *holders]))
    if holder not in not_by:
        return Duty(asked=holder, not_by=not_by)
    return Duty(asked=head, not_by=not_by, instead_of=holder)


def cannot_act(
    person: PersonId,
    steps: Sequence[Party],
    parties: Mapping[Party, PersonId],
    acted: Mapping[Party, Collection[PersonId]],
    evidence_by: Collection[PersonId],
    about: PersonId | None = None,
) -> Party | None:
    """The first of the ``steps`` still to come that is this person's part, and in which they could not act; or none.

    As far as it can be foreseen: whoever has a part is taken to act in it.
    """
    so_far: dict[Party, Collection[PersonId]] = dict(acted)
    for step in steps:
        if step in acted:
            continue
        found = duty(step, steps, parties, so_far, evidence_by, about)
        if found.instead_of == person:
            return step
        so_far[step] = [found.asked]
    return None


def acted_in(tasks: Sequence[Task]) -> dict[Party, list[PersonId]]:
    """Who has answered or handed on each step of the decision that is under way, which its last proposal began."""
    begun = max((n for n, task in enumerate(tasks) if task.kind is TaskKind.PROPOSAL), default=len(tasks))
    acted: dict[Party, list[PersonId]] = {}
    for task in tasks[begun:]:
        if task.kind in STEPS:
            answered = [task.answered_by] if task.answered_by else []
            acted.setdefault(task.party, []).extend([*task.handed_on_by, *answered])
    return acted


def reviewers_in(tasks: Sequence[Task]) -> list[PersonId]:
    """Who has given a review. Whoever said why there is none has judged nobody."""
    return [
        task.answered_by
        for task in tasks
        if task.kind in REVIEWS
        and task.state is TaskState.ANSWERED
        and task.answered_by is not None
        and (task.answer or {}).get("waived_because") is None
    ]


def may_not_review(tasks: Sequence[Task], manager: PersonId) -> list[PersonId]:
    """Who may give no review any more, having acted in the decision, or being asked to; the manager has both parts."""
    acted = [person for step, people in acted_in(tasks).items() for person in people if step is not PROPOSER]
    asked = [task.assignee for task in tasks if task.kind in STEPS and task.party is not PROPOSER and task.is_open]
    proposed = [person for person in acted_in(tasks).get(PROPOSER, []) if person != manager]
    return list(dict.fromkeys([*acted, *asked, *proposed]))


def notes_on(role: Role, steps: Sequence[Party] = USUAL) -> list[str]:
    """What HR should know of who has which parts in a role, as sentences: where one person has two of them that should
    be different people's. In a small company there may be nobody else, so that it is no problem."""
    alone = [f"{role.hr} {WOULD_BE_ALONE_IN_HR}"] if role.hr == role.hr_lead else []
    return [*impossible_in(role, steps), *alone]


def impossible_in(role: Role, steps: Sequence[Party] = USUAL) -> list[str]:
    """Which steps of a decision somebody has who can't act in them, as sentences; the case then asks the head of HR."""
    parties = role.parties()
    acted: dict[Party, list[PersonId]] = {}
    impossible = []
    for step in steps:
        found = duty(step, steps, parties, acted, evidence_by=[role.manager])
        acted[step] = [found.asked]
        if found.instead_of is not None:
            before = act_in_words(_first_part(found.instead_of, steps, parties, step))
            may = ", who has a part too and can only hand it on" if found.asked in found.not_by else ""
            impossible.append(
                f"{found.instead_of} can't {act_in_words(step)}, because they {before}: "
                f"the head of HR ({found.asked}{may}) is asked instead"
            )
    return impossible


def _first_part(person: PersonId, steps: Sequence[Party], parties: Mapping[Party, PersonId], unless: Party) -> Party:
    return next(step for step in steps if parties[step] == person and step is not unless)


def act_in_words(step: Party) -> str:
    """What whoever has this part does in a decision: ``propose as manager``."""
    match step:
        case Party.MANAGER:
            return "propose as manager"
        case Party.HR:
            return "confirm as HR"
        case _:
            return f"approve as {step.spoken}"
