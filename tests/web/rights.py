"""Which page is for whom: what the walk over all pages goes by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from domain.core.access import Action
from domain.core.model import CaseId
from domain.core.naming import programme_of
from service.registry.case_actions import CASE_ACTIONS
from service.registry.imports import ImportKind
from tests.web.readers import ANSWERED, COHORT, CONFIDENTIAL, PLAYED, ROLES, SENDER, TASKS, WHO, Reader


@dataclass(frozen=True)
class Subject:
    """What an address is about, of what its parameters name."""

    case: CaseId | None = None
    task: str | None = None
    action: str | None = None
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


def _asks_of_case(reader: Reader, about: Subject) -> bool:
    return _sees_case(reader, about) and reader.may(Action(about.action or ""), case=about.case)


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
    ("GET", "/cases"): own(Action.MY_CASES),
    ("GET", "/board"): own(Action.BOARD),
    ("GET", "/board/live"): own(Action.BOARD),
    ("GET", "/board/events"): own(Action.BOARD),
    ("GET", "/cases/{case}"): Page(_sees_case),
    ("GET", "/cases/{case}/live"): Page(_sees_case),
    ("GET", "/cases/{case}/events"): Page(_sees_case),
    ("GET", "/cases/{case}/actions/{action}"): Page(_asks_of_case),
    ("POST", "/cases/{case}/actions/{action}"): Page(_asks_of_case),
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
    ("GET", "/start/started/{form}"): Page(lambda reader, _: reader.may(Action.MY_PAGE), none=True),
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
    ("GET", "/people/{person}/unlink"): own(Action.GRANT),
    ("POST", "/people/{person}/unlink"): own(Action.GRANT),
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
    if "{action}" in path:
        return [
            (path.format(case=case, action=offered.called), Subject(case=case, action=offered.action))
            for case in PLAYED
            for offered in CASE_ACTIONS[programme_of(case)]
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
        "form": "x",
        "name": "waymark.css",
        "number": "00000000-0000-4000-8000-000000000000",
    }
    return [(path.format(**named), Subject())]
