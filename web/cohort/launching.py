"""A cohort from its file to its launch: sent, checked row by row, and launched, with what is asked kept on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, may
from domain.core.case import REAL_LIFE
from domain.core.naming import cohort_case
from engine.errors import EngineUnreachable
from languages.marking import translatable
from languages.speech import Speech, begun
from records.imports.cohort.report import CohortReport
from records.imports.core.differences import Difference
from records.imports.core.report import Remedy
from records.queries.core.policies import OtherContent
from service.cohort.checking import check_cohort_id
from service.cohort.launching import Launched, launch_file
from service.cohort.running import WantedCohort
from service.cohort.viewing import cohorts
from service.core.errors import Refused, Unfit, Unknown, Unreachable
from service.core.today import today
from service.core.uploads import Upload, keep, read_otherwise, settle
from service.placement.starting import first_start_date
from web.cohort.files import (
    COHORT,
    LARGEST_FILE,
    LARGEST_POLICY,
    LONGEST_REASON,
    NoPolicy,
    check_roles,
    checked,
    file_of,
    hr_of_any,
    may_update_people,
    policy_in,
    policy_of,
    shipped,
    upload_of,
)
from web.core.errors import STATUS
from web.core.pages import page, redirect, speech
from web.core.reading import Posted, posted
from web.core.rights import check
from web.core.surroundings import at_length, surroundings
from web.core.uploading import DAY_ORDERS, FILE, content_of, sent

COHORTS = "/cohorts"
UPLOADS = f"{COHORTS}/uploads"

UNFIT, AWAY = 422, 503
SHOWN_AT_MOST = 500
SECONDS = 60.0
"""So long a launch may take for each thousand people."""

LONGEST_TITLE = 200

NOT_REACHED = translatable(
    "The cohort did not answer in time. Launch it again with the same id: what is done already stays, and the rest "
    "follows."
)
NO_DATE = translatable("Enter a date.")
NO_WEEKS = translatable("Enter a number of weeks, from 1 to 104.")
NO_ID = translatable("Enter an id of capital letters, digits and hyphens, such as SPRING-2027.")

REMEDIES: Mapping[Remedy, str] = {
    Remedy.DAY_ORDER: translatable("Say below how the file writes dates."),
    Remedy.UPDATE_PEOPLE: translatable("Say below that people on record are to be changed."),
    Remedy.COHORT: translatable("Enter below for which cohort the file is."),
    Remedy.BESIDE: translatable("Say below why somebody is to have another placement."),
}
"""What helps against a problem, on this page."""


async def all_cohorts(request: Request) -> Response:
    """The cohorts there are."""
    viewer = check(request, Action.COHORTS)
    found = await asyncio.to_thread(cohorts, surroundings(request).database)
    return page(
        request,
        "cohort/cohorts.html",
        cohorts=found,
        case_of=cohort_case,
        launches=viewer.is_hr,
        rehearses=may(viewer, Action.REHEARSALS),
    )


async def send(request: Request) -> Response:
    """The form for the file of a cohort; it is kept for its check."""
    viewer = hr_of_any(request)
    if request.method != "POST":
        return _send_page(request, [])
    given = await sent(request, LARGEST_FILE, files=2)
    said = speech(request)
    errors = [(FILE, said.text(given.wrong))] if given.wrong else []
    order = given.form.value("day_order")
    options: dict[str, Any] = {"day_order": order if order in DAY_ORDERS else "iso"}
    if content := await content_of(given.form, "policy", LARGEST_POLICY):
        try:
            policy = await at_length(request, policy_in, content, given.form.files["policy"].filename or "policy")
            options["policy"] = policy.model_dump(mode="json")
        except NoPolicy as error:
            errors.append(("policy", begun(said.sentence(str(error)))))
    if errors:
        return _send_page(request, errors)
    database = surroundings(request).database
    upload = await asyncio.to_thread(keep, database, viewer.person, COHORT, given.name, given.content, options)
    return redirect(f"{UPLOADS}/{upload}")


def _send_page(request: Request, errors: list[tuple[str, str]]) -> Response:
    return page(
        request,
        "cohort/send.html",
        status=UNFIT if errors else 200,
        errors=errors,
        wrong=dict(errors),
        most=LARGEST_FILE // 2**20,
        day_orders=DAY_ORDERS,
        policy=shipped().label,
        back=COHORTS,
    )


async def report(request: Request) -> Response:
    """What is wrong with the file by row and column, who can take part, and the form to launch it."""
    viewer = hr_of_any(request)
    upload = await upload_of(request, viewer)
    if upload.outcome is not None:
        return page(request, "cohort/launched.html", upload=upload, outcome=upload.outcome, back=COHORTS)
    return await _report_page(request, upload, {}, {})


async def _report_page(
    request: Request,
    upload: Upload,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    status: int = 200,
    found: CohortReport | None = None,
) -> Response:
    viewer, said = hr_of_any(request), speech(request)
    problem = None
    try:
        found = found or await checked(request, viewer, upload, upload.options.get("cohort") or None)
    except NoPolicy as error:
        problem = begun(said.sentence(str(error)))
    policy = policy_of(upload) or shipped()
    problems = found.problems if found else []
    return page(
        request,
        "cohort/check.html",
        status=status,
        errors=[(f"f-{key}" if key else None, sentence) for key, sentence in wrong.items()],
        upload=upload,
        report=found,
        refused=found.entries - len(found.participants) if found else 0,
        problem=problem,
        problems=[_problem(problem_found, said) for problem_found in problems[:SHOWN_AT_MOST]],
        more=max(0, len(problems) - SHOWN_AT_MOST),
        changes=[_change(change, said) for change in found.changes[:SHOWN_AT_MOST]] if found else [],
        policy=policy,
        typed={"cohort": upload.options.get("cohort", ""), **typed},
        wrong=wrong,
        day_orders=DAY_ORDERS,
        updates=may_update_people(viewer),
        rehearses=may(viewer, Action.REHEARSALS),
        first_day=first_start_date(today()),
        back=f"{COHORTS}/new",
    )


def _problem(problem: Any, said: Speech) -> dict[str, str | None]:
    """A problem with what helps against it here."""
    remedy = REMEDIES.get(problem.remedy) if problem.remedy else None
    rule = said.sentence(problem.rule)
    return {
        "where": said.sentence(problem.where),
        "column": said.sentence(problem.column or ""),
        "rule": f"{begun(rule)}. {said.text(remedy)}" if remedy else rule,
    }


def _change(change: Difference, said: Speech) -> dict[str, str]:
    """What changes of somebody on record; values as a file has them, but for what we say of them."""
    before, after = said.sentence(change.before), said.sentence(change.after)
    return {"of": change.of, "field": change.field, "before": before, "after": after}


async def read_anew(request: Request) -> Response:
    """Read the file in another way, and check it again."""
    viewer = hr_of_any(request)
    upload, form = await upload_of(request, viewer), await posted(request)
    order = form.value("day_order")
    options = {
        "day_order": order if order in DAY_ORDERS else "iso",
        "update_people": form.value("update_people") == "yes" and may_update_people(viewer),
        "beside": form.value("beside").strip()[:LONGEST_REASON],
        "cohort": form.value("cohort").strip().upper(),
    }
    if options["cohort"] and not _is_id(str(options["cohort"])):
        return await _report_page(request, upload, {}, {"for": speech(request).text(NO_ID)}, UNFIT)
    await asyncio.to_thread(read_otherwise, surroundings(request).database, upload.id, viewer.person, COHORT, options)
    return redirect(f"{UPLOADS}/{upload.id}")


async def launch(request: Request) -> Response:
    """Launch the cohort with the people of the file: all, or those whose rows are clean where that is wanted."""
    viewer, around = hr_of_any(request), surroundings(request)
    upload, form = await upload_of(request, viewer), await posted(request)
    if upload.outcome is not None:
        return redirect(f"{UPLOADS}/{upload.id}")
    said = speech(request)
    typed = {key: form.value(key).strip() for key in ("cohort", "title", "starts_on", "weeks")}
    wrong = _wrong(typed, said)
    if wrong:
        return await _report_page(request, upload, typed, wrong, UNFIT)
    wanted = WantedCohort(
        cohort=typed["cohort"].upper(),
        led_by=viewer.person,
        policy=policy_of(upload),
        title=typed["title"][:LONGEST_TITLE] or None,
        starts_on=date.fromisoformat(typed["starts_on"]) if typed["starts_on"] else None,
        weeks=int(typed["weeks"]) if typed["weeks"] else None,
        seconds_per_day=REAL_LIFE,
    )
    try:
        check_roles(viewer, await checked(request, viewer, upload, wanted.cohort))
        found, launched = await launch_file(
            around.connect,
            around.database,
            wanted,
            file_of(upload, viewer),
            by_default=shipped(),
            clean_only=_clean_only(form),
            task_queue=around.settings.task_queue,
            seconds=SECONDS,
        )
    except NoPolicy as error:
        return await _report_page(request, upload, typed, {"": begun(said.sentence(str(error)))}, UNFIT)
    except Unfit as unfit:
        broken = {str(rule.at[0]) if rule.at else "": said.sentence(rule.sentence) for rule in unfit.broken}
        return await _report_page(request, upload, typed, _known(broken), UNFIT)
    except Refused as refused:
        sentence = begun(said.sentence(str(refused)))
        return await _report_page(request, upload, typed, {"": sentence}, STATUS.get(refused.kind, 409))
    except (Unknown, OtherContent) as error:
        return await _report_page(request, upload, typed, {"": begun(said.sentence(str(error)))}, UNFIT)
    except (Unreachable, EngineUnreachable):
        return await _report_page(request, upload, typed, {"": said.text(NOT_REACHED)}, AWAY)
    if launched is None:
        return await _report_page(request, upload, typed, {}, UNFIT, found)
    outcome = _outcome(found, launched)
    await asyncio.to_thread(settle, around.database, upload.id, viewer.person, COHORT, outcome)
    return redirect(f"{UPLOADS}/{upload.id}")


def _clean_only(form: Posted) -> bool:
    return form.value("clean_only") == "yes"


def _known(broken: Mapping[str, str]) -> dict[str, str]:
    """What is wrong by the fields of the page; of all else, above them."""
    return {key if key in ("cohort", "title", "starts_on", "weeks") else "": rule for key, rule in broken.items()}


def _outcome(found: CohortReport, launched: Launched) -> dict[str, Any]:
    return {
        "cohort": launched.cohort,
        "case": launched.case,
        "already_running": launched.already_running,
        "new": len(launched.new),
        "there": len(launched.there),
        "left_out": found.entries - len(found.participants),
        "notes": launched.notes,
    }


def _wrong(typed: Mapping[str, str], said: Speech) -> dict[str, str]:
    wrong = {}
    if not _is_id(typed["cohort"].upper()):
        wrong["cohort"] = said.text(NO_ID)
    if typed["starts_on"] and not _is_date(typed["starts_on"]):
        wrong["starts_on"] = said.text(NO_DATE)
    weeks = typed["weeks"]
    if weeks and not (weeks.isascii() and weeks.isdecimal() and len(weeks) < 4 and 1 <= int(weeks) <= 104):
        wrong["weeks"] = said.text(NO_WEEKS)
    return wrong


def _is_id(text: str) -> bool:
    try:
        check_cohort_id(text)
    except Refused:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


routes = [
    Route(COHORTS, all_cohorts, methods=["GET"]),
    Route(f"{COHORTS}/new", send, methods=["GET", "POST"]),
    Route(f"{UPLOADS}/{{upload}}", report, methods=["GET"]),
    Route(f"{UPLOADS}/{{upload}}/read", read_anew, methods=["POST"]),
    Route(f"{UPLOADS}/{{upload}}/launch", launch, methods=["POST"]),
]
