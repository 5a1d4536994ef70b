"""Everybody there is, what they play in cases, and which page is for whom: what the walk over all pages goes by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from domain.core.access import Action, Duty, Tie, may
from domain.core.case_rows import PartsRow, TaskRow
from domain.core.journal import JournalBatch, Row
from domain.core.model import CaseId, Party, PersonId, RoleId
from domain.core.naming import programme_of
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from records.database import Database
from records.imports.core.people_and_roles import store_roles
from records.imports.core.roles_yaml import read_roles
from records.journal import write
from records.queries.core.access import viewer as viewer_on_record
from records.tables.core import PersonRecord
from records.tables.uploads import UploadRecord
from service.core.access import grant
from service.registry.acts import ACTS
from service.registry.imports import ImportKind
from tests.domain.factories import ROOT
from tests.records.rows import case_row, cohort_row, placement_row
from tests.web.tasks import NOW, task

PLACEMENT, PATH, COHORT = "R-7F3K2M-DATA1", "U-2HD9WQ-DATA1", "K-SPRING"

ROLES = ("DATA1", "SOFT1", "OPS1")
"""The first is that of the cases."""

PLAYED: Mapping[CaseId, Mapping[Party, PersonId]] = {
    PLACEMENT: {
        Party.RETURNER: "P-7F3K2M",
        Party.MENTOR: "P-6NB4YV",
        Party.MANAGER: "P-5HN3TC",
        Party.SECOND_MANAGER: "P-2QX8VD",
        Party.BUDGET_OWNER: "P-4CY9GS",
        Party.HR: "P-7LM2ZA",
        Party.HR_LEAD: "P-1ZE6PK",
    },
    PATH: {
        Party.LEARNER: "P-2HD9WQ",
        Party.MANAGER: "P-5HN3TC",
        Party.BUDGET_OWNER: "P-4CY9GS",
        Party.HR: "P-7LM2ZA",
        Party.HR_LEAD: "P-1ZE6PK",
    },
    COHORT: {Party.HR: "P-7LM2ZA", Party.HR_LEAD: "P-1ZE6PK"},
}

REVIEW, CHECK, PULSE, WISH, REVIEWED, LEARNED = (
    f"{PLACEMENT}-1",
    f"{PLACEMENT}-2",
    f"{PLACEMENT}-3",
    f"{PLACEMENT}-4",
    f"{PLACEMENT}-5",
    f"{PATH}-1",
)
OPEN: Mapping[str, PersonId] = {
    REVIEW: "P-5HN3TC",
    CHECK: "P-8GU3RF",
    PULSE: "P-7F3K2M",
    WISH: "P-7LM2ZA",
    LEARNED: "P-2HD9WQ",
}
"""Who is asked."""
ANSWERED: Mapping[str, PersonId] = {REVIEWED: "P-6NB4YV"}
CONFIDENTIAL = (PULSE, WISH)
TASKS = (*OPEN, *ANSWERED)

WHO: Mapping[str, PersonId] = {
    "returner": "P-7F3K2M",
    "learner": "P-2HD9WQ",
    "mentor": "P-6NB4YV",
    "manager": "P-5HN3TC",
    "second-level manager": "P-2QX8VD",
    "budget owner": "P-4CY9GS",
    "HR": "P-7LM2ZA",
    "head of HR": "P-1ZE6PK",
    "IT, who is asked": "P-8GU3RF",
    "HR of the role, by a grant": "P-4XS2HJ",
    "HR of another role, by a grant": "P-8KD4WZ",
    "HR of all roles": "P-7DW9CU",
    "operator": "P-3MT8KW",
    "HR of the role who is the returner of another case": "P-9TF2LQ",
    "nobody in particular": "P-9QA5DT",
}

SENDER = WHO["HR of all roles"]
"""Who has sent files, of each kind."""

IN_CONFIDENCE = "How it is said in confidence"
"""The subject of what nobody hears of but whoever is asked."""


def everybody(database: Database) -> None:
    """Put all of it on record; the people of the examples are there."""
    with database.session() as session:
        known = session.scalars(select(PersonRecord.id)).all()
        store_roles(session, read_roles((ROOT / "examples" / "roles.yaml").read_bytes(), known=known))
        on_record: Mapping[CaseId, Sequence[Row]] = {
            PLACEMENT: [placement_row(NOW, WHO["returner"], time_zone="Europe/London"), *_tasks()],
            PATH: [
                case_row(at=NOW, programme="upskilling", person=WHO["learner"], role="DATA1", cohort=None,
                         stage="training", stage_since=NOW, policy="upskilling-26-weeks@1", starts_on=None),
                task(1, TaskKind.ATTENDANCE, OPEN[LEARNED], case=PATH, party=Party.LEARNER, subject="attendance"),
            ],
            COHORT: [cohort_row("SPRING")],
        }  # fmt: skip
        for case, rows in on_record.items():
            parts = PartsRow(at=NOW, parts={party: [person] for party, person in PLAYED[case].items()})
            write(session, JournalBatch(case=case, rows=[rows[0], parts, *rows[1:]]))
        for kind in ("cohort", *(f"import {kind}" for kind in ImportKind)):
            session.add(
                UploadRecord(id=kind.replace(" ", "-"), person=SENDER, kind=kind, name="file.csv", content=b"id,name\n",
                             options={"day_order": "iso"}, uploaded_at=NOW, ends_at=NOW + timedelta(days=1),
                             outcome=None)
            )  # fmt: skip
    grant(database, WHO["HR of the role, by a grant"], Duty.HR, "DATA1")
    grant(database, WHO["HR of another role, by a grant"], Duty.HR, "OPS1")
    grant(database, WHO["HR of the role who is the returner of another case"], Duty.HR, "DATA1")
    grant(database, WHO["operator"], Duty.OPERATOR)
    grant(database, WHO["HR of all roles"], Duty.HR)


def _tasks() -> list[TaskRow]:
    return [
        task(1, TaskKind.MANAGER_REVIEW, OPEN[REVIEW], facts={"goals": ["Learn SQL"]}),
        task(2, TaskKind.CHECKLIST_ITEM, OPEN[CHECK], party=Party.IT, subject="laptop"),
        task(3, TaskKind.PULSE, OPEN[PULSE], party=Party.RETURNER, subject=IN_CONFIDENCE,
             facts={"week": 4, "questions": {"a": "How is it?"}}),
        task(4, TaskKind.MENTOR_WISH, OPEN[WISH], party=Party.HR, subject=IN_CONFIDENCE,
             facts={"reason": "in confidence"}),
        task(5, TaskKind.MENTOR_REVIEW, ANSWERED[REVIEWED], party=Party.MENTOR, state=TaskState.ANSWERED, closed_at=NOW,
             answered_by=ANSWERED[REVIEWED], answer={"score": 4, "comment": "Good work."}),
    ]  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """Somebody who looks at pages, by the records."""

    database: Database
    person: PersonId

    def may(
        self, action: Action, *, case: CaseId | None = None, task: str | None = None, role: RoleId | None = None
    ) -> bool:
        """Whether the table of rights lets them, by what this file says that they play."""
        with self.database.reading() as session:
            viewer = viewer_on_record(session, self.person, NOW)
        ties: set[Party | Tie] = set()
        if task is not None:
            case = task.rpartition("-")[0]
            ties |= {Tie.ASKED} if OPEN.get(task) == self.person else set()
            ties |= {Tie.WAS_ASKED} if ANSWERED.get(task) == self.person else set()
        parts = {party for party, person in PLAYED.get(case or "", {}).items() if person == self.person}
        role = role if case in (None, COHORT) else ROLES[0]
        return may(viewer, action, parts | ties, role=role)


# Which page is for whom


@dataclass(frozen=True)
class Subject:
    """What an address is about, of what its parameters name."""

    case: CaseId | None = None
    task: str | None = None
    act: str | None = None
    kind: ImportKind | None = None


Allowed = Callable[[Reader, Subject], bool]


@dataclass(frozen=True)
class Page:
    """Whom a page is for. ``seen`` is for whom its subject may be seen: whoever may not do it there, but see it, is
    answered with one of the statuses of ``told``."""

    allowed: Allowed
    seen: Allowed | None = None
    told: Collection[int] = ()
    none: bool = False
    """Whether there is none of what it is about, here: nobody sees it, and whoever may hears that (404)."""


def own(action: Action) -> Page:
    """A page that is about nothing in particular."""
    return Page(lambda reader, _: reader.may(action))


def _sees_task(reader: Reader, about: Subject) -> bool:
    seeing = Action.CONFIDENTIAL_TASK if about.task in CONFIDENTIAL else Action.TASK
    return reader.may(seeing, task=about.task)


def _sees_case(reader: Reader, about: Subject) -> bool:
    return reader.may(Action.COHORT if about.case == COHORT else Action.CASE, case=about.case)


def with_task(action: Action, told: Collection[int]) -> Page:
    """What is done with a task."""
    return Page(lambda reader, about: reader.may(action, task=about.task), _sees_task, told)


def _acts(reader: Reader, about: Subject) -> bool:
    return _sees_case(reader, about) and reader.may(Action(about.act or ""), case=about.case)


def _reopens(reader: Reader, about: Subject) -> bool:
    return about.task in ANSWERED and reader.may(Action.REOPEN, case=about.case)


def _launches(reader: Reader, about: Subject) -> bool:
    """For HR of all roles or of any: of which, the file says."""
    return reader.may(Action.REPORTS)


def _imports(reader: Reader, about: Subject) -> bool:
    return reader.may(IMPORTS[about.kind]) if about.kind else any(map(reader.may, IMPORTS.values()))


def theirs(allowed: Allowed) -> Page:
    """What is done with a file that somebody has sent: for nobody but them."""
    return Page(lambda reader, about: reader.person == SENDER and allowed(reader, about))


def _starts(action: Action) -> Allowed:
    """For HR of any role, which may then be chosen."""
    return lambda reader, _: any(reader.may(action, role=role) for role in ROLES)


def _in_role(action: Action) -> Allowed:
    return lambda reader, _: reader.may(action, role=ROLES[0])


def _rematches(reader: Reader, about: Subject) -> bool:
    return reader.may(Action.REMATCH, case=about.case)


IMPORTS: Mapping[ImportKind, Action] = {
    ImportKind.PEOPLE: Action.IMPORT_PEOPLE,
    ImportKind.ROLES: Action.IMPORT_ROLES,
    ImportKind.PROFILES: Action.IMPORT_LEARNING,
    ImportKind.CATALOGUE: Action.IMPORT_LEARNING,
    ImportKind.SKILLS: Action.IMPORT_LEARNING,
}

PUBLIC = Page(lambda reader, about: True)

PAGES: Mapping[tuple[str, str], Page] = {
    ("GET", "/health"): PUBLIC,
    ("GET", "/static/{name}"): PUBLIC,
    ("GET", "/about"): PUBLIC,
    ("GET", "/certificate"): PUBLIC,
    ("POST", "/certificate"): PUBLIC,
    ("GET", "/certificates/{number}"): PUBLIC,
    ("GET", "/"): own(Action.MY_TASKS),
    ("GET", "/sign-in/account"): PUBLIC,
    ("GET", "/sign-in/account/back"): PUBLIC,
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("GET", "/sign-in/sent"): PUBLIC,
    ("POST", "/sign-in/code"): PUBLIC,
    ("GET", "/sign-in/{token}"): PUBLIC,
    ("POST", "/sign-in/{token}"): PUBLIC,
    ("POST", "/sign-out"): PUBLIC,
    ("GET", "/me"): own(Action.MY_PAGE),
    ("GET", "/me/data"): own(Action.ABOUT_ME),
    ("POST", "/me/language"): own(Action.MY_PAGE),
    ("POST", "/me/mail"): own(Action.MY_PAGE),
    ("POST", "/me/sign-out"): own(Action.MY_PAGE),
    ("POST", "/me/sign-out-everywhere"): own(Action.MY_PAGE),
    ("GET", "/tasks"): own(Action.MY_TASKS),
    ("GET", "/tasks/{task}"): Page(_sees_task),
    ("POST", "/tasks/{task}"): with_task(Action.ANSWER, told=[409]),
    ("GET", "/tasks/{task}/hand-on"): with_task(Action.HAND_ON, told=[303]),
    ("POST", "/tasks/{task}/hand-on"): with_task(Action.HAND_ON, told=[303]),
    ("GET", "/tasks/{task}/not-mine"): with_task(Action.NOT_MINE, told=[303]),
    ("POST", "/tasks/{task}/not-mine"): with_task(Action.NOT_MINE, told=[303]),
    ("GET", "/board"): own(Action.BOARD),
    ("GET", "/board/live"): own(Action.BOARD),
    ("GET", "/board/events"): own(Action.BOARD),
    ("GET", "/cases/{case}"): Page(_sees_case),
    ("GET", "/cases/{case}/live"): Page(_sees_case),
    ("GET", "/cases/{case}/events"): Page(_sees_case),
    ("GET", "/cases/{case}/acts/{act}"): Page(_acts),
    ("POST", "/cases/{case}/acts/{act}"): Page(_acts),
    ("GET", "/cases/{case}/reopen/{task}"): Page(_reopens),
    ("POST", "/cases/{case}/reopen/{task}"): Page(_reopens),
    ("GET", "/cohorts"): own(Action.COHORTS),
    ("GET", "/cohorts/new"): Page(_launches),
    ("POST", "/cohorts/new"): Page(_launches),
    ("GET", "/cohorts/uploads/{upload}"): theirs(_launches),
    ("POST", "/cohorts/uploads/{upload}/read"): theirs(_launches),
    ("POST", "/cohorts/uploads/{upload}/launch"): theirs(_launches),
    ("GET", "/cohorts/{cohort}/matching"): Page(_sees_case),
    ("POST", "/cohorts/{cohort}/matching"): Page(_rematches),
    ("GET", "/imports"): Page(_imports),
    ("GET", "/imports/{kind}"): Page(_imports),
    ("POST", "/imports/{kind}"): Page(_imports),
    ("GET", "/imports/{kind}/{upload}"): theirs(_imports),
    ("POST", "/imports/{kind}/{upload}/import"): theirs(_imports),
    ("GET", "/reports"): own(Action.REPORTS),
    ("GET", "/start"): Page(_starts(Action.START_PLACEMENT)),
    ("GET", "/start/placement"): Page(_starts(Action.START_PLACEMENT)),
    ("POST", "/start/placement"): Page(_starts(Action.START_PLACEMENT)),
    ("GET", "/start/path"): Page(_starts(Action.START_PATH)),
    ("POST", "/start/path"): Page(_starts(Action.START_PATH)),
    ("GET", "/start/certification"): Page(_starts(Action.START_CERTIFICATION)),
    ("POST", "/start/certification"): Page(_starts(Action.START_CERTIFICATION)),
    ("GET", "/recommendations"): Page(_starts(Action.RECOMMENDATIONS)),
    ("GET", "/recommendations/ask"): Page(_starts(Action.RECOMMENDATIONS)),
    ("POST", "/recommendations/ask"): Page(_starts(Action.RECOMMENDATIONS)),
    ("GET", "/recommendations/{person}/{role}"): Page(_in_role(Action.RECOMMENDATIONS), none=True),
    ("GET", "/recommendations/{person}/{role}/decide"): Page(_in_role(Action.DECIDE_PROGRAMME), none=True),
    ("POST", "/recommendations/{person}/{role}/decide"): Page(_in_role(Action.DECIDE_PROGRAMME), none=True),
    ("GET", "/capacities"): own(Action.CAPACITIES),
    ("GET", "/capacities/new"): own(Action.RESIZE_CAPACITY),
    ("POST", "/capacities/new"): own(Action.RESIZE_CAPACITY),
    ("GET", "/capacities/{capacity}"): Page(lambda reader, _: reader.may(Action.CAPACITIES), none=True),
    ("GET", "/capacities/{capacity}/size"): Page(lambda reader, _: reader.may(Action.RESIZE_CAPACITY), none=True),
    ("POST", "/capacities/{capacity}/size"): Page(lambda reader, _: reader.may(Action.RESIZE_CAPACITY), none=True),
    ("GET", "/people"): own(Action.PEOPLE),
    ("GET", "/people/{person}"): own(Action.PEOPLE),
    ("GET", "/people/{person}/leave"): own(Action.DEPARTURES),
    ("POST", "/people/{person}/leave"): own(Action.DEPARTURES),
    ("GET", "/people/{person}/stay"): own(Action.DEPARTURES),
    ("POST", "/people/{person}/stay"): own(Action.DEPARTURES),
    ("GET", "/people/{person}/sign-out"): own(Action.END_SESSIONS),
    ("POST", "/people/{person}/sign-out"): own(Action.END_SESSIONS),
    ("GET", "/people/{person}/mail"): own(Action.MAIL_WAYS),
    ("POST", "/people/{person}/mail"): own(Action.MAIL_WAYS),
    ("GET", "/rehearsals"): own(Action.REHEARSALS),
    ("GET", "/rehearsals/new/{upload}"): theirs(lambda reader, _: reader.may(Action.REHEARSALS)),
    ("POST", "/rehearsals/new/{upload}"): theirs(lambda reader, _: reader.may(Action.REHEARSALS)),
    ("GET", "/rehearsals/{rehearsal}"): Page(lambda reader, _: reader.may(Action.REHEARSALS), none=True),
    ("POST", "/rehearsals/{rehearsal}/stop"): Page(lambda reader, _: reader.may(Action.REHEARSALS), none=True),
    ("GET", "/access"): own(Action.ACCESS),
    ("GET", "/access/grant"): own(Action.GRANT),
    ("POST", "/access/grant"): own(Action.GRANT),
    ("GET", "/access/{n:int}/revoke"): own(Action.GRANT),
    ("POST", "/access/{n:int}/revoke"): own(Action.GRANT),
}
"""For whom each page is, and each form. Whoever makes a page says so here."""

NOT_FOR_THEM_IS_NOTHING = ("/board/live", "/cases/{case}/live")
"""Parts of a page that follow the records: for whoever may see it no more there is nothing (204)."""


def subjects(path: str) -> Sequence[tuple[str, Subject]]:
    """The addresses of a page, one for each of what its parameters may name, and what each is about."""
    if "{task}" in path and "{case}" in path:
        return [
            (path.format(case=task.rpartition("-")[0], task=task), Subject(case=task.rpartition("-")[0], task=task))
            for task in TASKS
        ]
    if "{task}" in path:
        return [(path.format(task=task), Subject(task=task)) for task in TASKS]
    if "{act}" in path:
        return [
            (path.format(case=case, act=act.action), Subject(case=case, act=act.action))
            for case in PLAYED
            for act in ACTS[programme_of(case)]
        ]
    if "{kind}" in path:
        return [(path.format(kind=kind, upload=f"import-{kind}"), Subject(kind=kind)) for kind in ImportKind]
    if "{upload}" in path:
        return [(path.format(upload="cohort"), Subject())]
    if "{cohort}" in path:
        return [(path.format(cohort="SPRING"), Subject(case=COHORT))]
    if "{case}" in path:
        return [(path.format(case=case), Subject(case=case)) for case in PLAYED]
    path = path.replace("{n:int}", "1")
    somebody = WHO["nobody in particular"]
    named = {
        "person": somebody,
        "role": ROLES[0],
        "capacity": "budget-NONE",
        "token": "x",
        "rehearsal": "x",
        "name": "waymark.css",
        "number": "00000000-0000-4000-8000-000000000000",
    }
    return [(path.format(**named), Subject())]


def gone(database: Database, person: PersonId) -> None:
    """Somebody has left the company."""
    with database.session() as session:
        session.get_one(PersonRecord, person).left_on = NOW.date().replace(year=2020)
