"""Who may see and do what: the part somebody plays in a case, and two duties beyond cases; one table for every way in.

What is not in the table is denied. The table says who may ask at all; whether it can be done now (the stage of a case,
the separation of duties) the case says itself, by the tables ``MAY_ASK`` of its subject, with which this one agrees.
People read it in ``docs/access.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.core.model import Fixed, Party, PersonId, RoleId
from domain.core.permissions import OF_HR
from domain.core.reassigning import ABOUT


class Duty(StrEnum):
    """What somebody may be granted beyond the parts they play in cases."""

    HR = "hr"
    """HR of named roles, or of all: sees their cases, starts new ones, and what else is HR's beyond one case."""
    OPERATOR = "operator"
    """Runs the machine: sees where cases stand and what was sent, and the operators' pages; nothing said in them."""


class Tie(StrEnum):
    """What ties somebody to a task, whatever part they play in its case."""

    ASKED = "asked"
    """They may act on it now: the assignee, delegates, and whoever it was escalated to."""
    WAS_ASKED = "was_asked"
    """It was theirs: they answered it, or could act on it when it was closed."""


class OfRoles(StrEnum):
    """Whose HR somebody has to be."""

    THIS = "of the role"
    """Of the role that the case or page is about; where there is none, of all roles."""
    ANY = "of any role"
    ALL = "of all roles"


class Viewer(Fixed):
    """Somebody who is signed in, by the records of this moment. ``language`` and ``time_zone`` are theirs, for pages.

    ``hr_of`` are the roles whose HR they are: by the records of the roles (HR and head of HR of each), or by a grant.
    """

    person: PersonId
    name: str
    language: str
    time_zone: str
    hr_of: frozenset[RoleId] = frozenset()
    hr_of_all: bool = False
    operator: bool = False
    owns_budgets: bool = False
    """Whether they are the budget owner of a role."""

    @property
    def is_hr(self) -> bool:
        """Whether they are HR of any role."""
        return self.hr_of_all or bool(self.hr_of)

    @property
    def has_duties(self) -> bool:
        """Whether they have a duty beyond cases: HR of any role, or operator."""
        return self.is_hr or self.operator

    def is_hr_of(self, role: RoleId | None) -> bool:
        """Whether they are HR of this role; without a role, of all."""
        return self.hr_of_all or (role is not None and role in self.hr_of)


class Action(StrEnum):
    """Every page, and everything that can be done on one. What is public (a certificate's page) is not among them."""

    # One's own
    MY_TASKS = "my_tasks"
    MY_CASES = "my_cases"
    MY_PAGE = "my_page"
    ABOUT_ME = "about_me"

    # A task
    TASK = "task"
    CONFIDENTIAL_TASK = "confidential_task"
    ANSWER = "answer"
    WAIVE = "waive"
    HAND_ON = "hand_on"
    NOT_MINE = "not_mine"
    DRAFT = "draft"
    REOPEN = "reopen"

    # What is to be seen of a case
    CASE = "case"
    GOALS = "goals"
    LEARNING = "learning"
    DECISIONS = "decisions"
    EVIDENCE = "evidence"
    ATTEMPTS = "attempts"
    MENTORS_ASKED = "mentors_asked"
    LETTERS = "letters"
    PAY = "pay"
    IN_CONFIDENCE = "in_confidence"
    OPERATORS_LINK = "operators_link"

    # What can be asked of a case
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    CHANGE_PATTERN = "change_pattern"
    REASSIGN_MENTOR = "reassign_mentor"
    ASK_FOR_MENTOR = "ask_for_mentor"
    REASSIGN = "reassign"
    DECIDE_EARLY = "decide_early"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    CHANGE_ROLE = "change_role"
    STATE_HOURS = "state_hours"
    TAKE_EXAM = "take_exam"
    RENEW = "renew"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"

    # Cohorts
    COHORTS = "cohorts"
    COHORT = "cohort"
    LAUNCH_COHORT = "launch_cohort"
    ENLIST = "enlist"
    REMATCH = "rematch"

    # HR beyond one case
    BOARD = "board"
    START_PLACEMENT = "start_placement"
    START_PATH = "start_path"
    START_CERTIFICATION = "start_certification"
    RECOMMENDATIONS = "recommendations"
    DECIDE_PROGRAMME = "decide_programme"
    CAPACITIES = "capacities"
    RESIZE_CAPACITY = "resize_capacity"
    REPORTS = "reports"
    REHEARSALS = "rehearsals"
    IMPORT_PEOPLE = "import_people"
    IMPORT_ROLES = "import_roles"
    IMPORT_LEARNING = "import_learning"
    PAY_EXPORT = "pay_export"
    PEOPLE = "people"
    DEPARTURES = "departures"
    MAIL_WAYS = "mail_ways"
    END_SESSIONS = "end_sessions"
    ABOUT_SOMEBODY = "about_somebody"
    ACCESS = "access"
    GRANT = "grant"


@dataclass(frozen=True)
class Right:
    """Who may do something: whoever one of these is true of, unless they play one of the parts of ``never`` too."""

    parts: frozenset[Party] = frozenset()
    ties: frozenset[Tie] = frozenset()
    hr: OfRoles | None = None
    operator: bool = False
    budget_owner: bool = False
    everybody: bool = False
    never: frozenset[Party] = frozenset()


def _right(
    *who: Party | Tie | OfRoles,
    operator: bool = False,
    budget_owner: bool = False,
    never: Collection[Party] = (),
) -> Right:
    return Right(
        parts=frozenset(part for part in who if isinstance(part, Party)),
        ties=frozenset(tie for tie in who if isinstance(tie, Tie)),
        hr=next((roles for roles in who if isinstance(roles, OfRoles)), None),
        operator=operator,
        budget_owner=budget_owner,
        never=frozenset(never),
    )


NEVER_IN_CONFIDENCE = (Party.RETURNER, Party.MENTOR, Party.MANAGER, Party.SECOND_MANAGER, Party.BUDGET_OWNER)
"""The parts of those who live with the returner, or decide on the conversion: they read nothing said to HR alone."""

ABOUT_THEM = sorted(ABOUT)
THOSE_WHO_DECIDE = (Party.MANAGER, Party.SECOND_MANAGER, Party.BUDGET_OWNER, *sorted(OF_HR))

EVERYBODY = Right(everybody=True)
ASKED = _right(Tie.ASKED)
HR_OF_THE_CASE = _right(*OF_HR)

RIGHTS: Mapping[Action, Right] = {
    Action.MY_TASKS: EVERYBODY,
    Action.MY_CASES: EVERYBODY,
    Action.MY_PAGE: EVERYBODY,
    Action.ABOUT_ME: EVERYBODY,
    Action.TASK: _right(Tie.ASKED, Tie.WAS_ASKED, *OF_HR, OfRoles.THIS),
    Action.CONFIDENTIAL_TASK: _right(Tie.ASKED, Tie.WAS_ASKED),
    Action.ANSWER: ASKED,
    Action.WAIVE: HR_OF_THE_CASE,
    Action.HAND_ON: ASKED,
    Action.NOT_MINE: ASKED,
    Action.DRAFT: ASKED,
    Action.REOPEN: HR_OF_THE_CASE,
    Action.CASE: _right(*ABOUT_THEM, Party.MENTOR, *THOSE_WHO_DECIDE, OfRoles.THIS, operator=True),
    Action.GOALS: _right(Party.RETURNER, Party.MENTOR, Party.MANAGER, *OF_HR, OfRoles.THIS),
    Action.LEARNING: _right(*ABOUT_THEM, *THOSE_WHO_DECIDE, OfRoles.THIS),
    Action.DECISIONS: _right(*ABOUT_THEM, *THOSE_WHO_DECIDE, OfRoles.THIS),
    Action.EVIDENCE: _right(*THOSE_WHO_DECIDE, OfRoles.THIS),
    Action.ATTEMPTS: _right(*OF_HR, OfRoles.THIS),
    Action.MENTORS_ASKED: _right(*OF_HR, OfRoles.THIS),
    Action.LETTERS: _right(*OF_HR, OfRoles.THIS, operator=True),
    Action.PAY: _right(Party.RETURNER, Party.BUDGET_OWNER, *OF_HR, OfRoles.THIS, never=[Party.MENTOR]),
    Action.IN_CONFIDENCE: _right(*OF_HR, never=NEVER_IN_CONFIDENCE),
    Action.OPERATORS_LINK: _right(operator=True),
    Action.PAUSE: _right(*OF_HR, Party.LEARNER),
    Action.RESUME: _right(*OF_HR, Party.LEARNER),
    Action.EXTEND: _right(*OF_HR, Party.MANAGER, Party.RETURNER),
    Action.CHANGE_PATTERN: _right(*OF_HR, Party.MANAGER, Party.RETURNER),
    Action.REASSIGN_MENTOR: _right(*OF_HR, Party.MENTOR),
    Action.ASK_FOR_MENTOR: _right(Party.RETURNER),
    Action.REASSIGN: HR_OF_THE_CASE,
    Action.DECIDE_EARLY: _right(*OF_HR, Party.MANAGER),
    Action.RELEASE: HR_OF_THE_CASE,
    Action.WITHDRAW: _right(*OF_HR, *ABOUT_THEM),
    Action.CHANGE_ROLE: HR_OF_THE_CASE,
    Action.STATE_HOURS: _right(Party.LEARNER),
    Action.TAKE_EXAM: _right(*OF_HR, Party.LEARNER),
    Action.RENEW: _right(*OF_HR, Party.LEARNER),
    Action.SUSPEND: HR_OF_THE_CASE,
    Action.REINSTATE: HR_OF_THE_CASE,
    Action.REVOKE: HR_OF_THE_CASE,
    Action.COHORTS: _right(OfRoles.ANY, operator=True),
    Action.COHORT: _right(*OF_HR, OfRoles.ANY, operator=True),
    Action.LAUNCH_COHORT: _right(OfRoles.THIS),
    Action.ENLIST: HR_OF_THE_CASE,
    Action.REMATCH: HR_OF_THE_CASE,
    Action.BOARD: _right(OfRoles.ANY, operator=True),
    Action.START_PLACEMENT: _right(OfRoles.THIS),
    Action.START_PATH: _right(OfRoles.THIS),
    Action.START_CERTIFICATION: _right(OfRoles.THIS),
    Action.RECOMMENDATIONS: _right(OfRoles.THIS),
    Action.DECIDE_PROGRAMME: _right(OfRoles.THIS),
    Action.CAPACITIES: _right(OfRoles.ANY, budget_owner=True),
    Action.RESIZE_CAPACITY: _right(OfRoles.ANY, budget_owner=True),
    Action.REPORTS: _right(OfRoles.ANY),
    Action.REHEARSALS: _right(OfRoles.ANY),
    Action.IMPORT_PEOPLE: _right(OfRoles.ALL),
    Action.IMPORT_ROLES: _right(OfRoles.ALL),
    Action.IMPORT_LEARNING: _right(OfRoles.ANY),
    Action.PAY_EXPORT: _right(OfRoles.ANY),
    Action.PEOPLE: _right(OfRoles.ANY),
    Action.DEPARTURES: _right(OfRoles.ANY),
    Action.MAIL_WAYS: _right(OfRoles.ANY),
    Action.END_SESSIONS: _right(OfRoles.ANY),
    Action.ABOUT_SOMEBODY: _right(OfRoles.ALL),
    Action.ACCESS: _right(OfRoles.ALL),
    Action.GRANT: _right(OfRoles.ALL),
}
"""Who may do what.

Imports of people and roles are for HR of all roles: whoever says which address is whose, or who is HR of a role, could
make themselves anybody.
"""


def may(viewer: Viewer, action: Action, parts: Collection[Party | Tie] = (), *, role: RoleId | None = None) -> bool:
    """Whether somebody may do something.

    ``parts`` are those they play in the case that it is about, and what ties them to the task; ``role`` is the case's,
    or the one that something is to be started in.
    """
    right = RIGHTS.get(action)
    if right is None or right.never.intersection(parts):
        return False
    return (
        right.everybody
        or bool(right.parts.intersection(parts))
        or bool(right.ties.intersection(parts))
        or (right.operator and viewer.operator)
        or (right.budget_owner and viewer.owns_budgets)
        or _is_hr(viewer, right.hr, parts, role)
    )


def _is_hr(viewer: Viewer, of: OfRoles | None, parts: Collection[Party | Tie], role: RoleId | None) -> bool:
    """Whether they are HR as is asked for; nobody is HR of a case that is about themselves."""
    if of is OfRoles.THIS:
        return viewer.is_hr_of(role) and not ABOUT.intersection(parts)
    return (of is OfRoles.ANY and viewer.is_hr) or (of is OfRoles.ALL and viewer.hr_of_all)
