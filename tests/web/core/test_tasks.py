"""My tasks, and the page of a task: what they show to whom, by the records alone. Temporal can't be reached."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from domain.core.journal import JournalBatch
from domain.core.model import Party
from domain.core.placement_rows import MentorWishRow
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from languages.speech import Speech
from presentation.tasks import rows
from records.imports.core.people_and_roles import store_roles
from records.imports.core.roles_yaml import read_roles
from records.journal import write
from records.queries.core import people as in_records
from records.tables.core import CaseRecord, PersonRecord
from service.core import drafts
from tests.domain.factories import ROOT
from tests.records.access.people import staff
from tests.records.rows import cohort_row, mentorship_row
from tests.web.console import Answer, Console
from tests.web.forms import SentBy
from tests.web.tasks import CASE, HR, HR_LEAD, MANAGER, MENTOR, NOW, RETURNER, on_record, task
from web.core.sessions import SESSION

EVIDENCE = {"evidence": ["goal: Learn SQL", "review week 4: 4 of 5"]}
REVIEWED = {"score": 4, "comment": "Good work."}


@pytest.fixture
def busy(console: Console) -> Console:
    """A console where the manager has a review that is overdue, a proposal to make and goals to write."""
    on_record(
        console.database,
        task(1, TaskKind.MANAGER_REVIEW, MANAGER, facts={"goals": ["Learn SQL"]}, due_at=NOW - timedelta(days=2)),
        task(2, TaskKind.PROPOSAL, MANAGER, subject="propose conversion or release", facts=EVIDENCE),
        task(3, TaskKind.GOALS, MANAGER, subject="goals of the placement", due_at=NOW + timedelta(days=3)),
        task(4, TaskKind.MENTOR_REVIEW, MENTOR, party="mentor", state=TaskState.ANSWERED, closed_at=NOW,
             answered_by=MENTOR, answer=REVIEWED),
    )  # fmt: skip
    return console


def page_of(n: int, **query: str) -> str:
    return f"/tasks/{CASE}-{n}" + "".join(f"?{name}={value}" for name, value in query.items())


def titles(page: Answer) -> list[str]:
    """What the list names, in its order."""
    return re.findall(r'class="row-title"[^>]*>([^<]*)<', page.text)


def speak(console: Console, person: str, language: str) -> None:
    with console.database.session() as session:
        session.get_one(PersonRecord, person).languages = [language]


# The list


async def test_what_waits_is_listed_with_what_is_overdue_first(busy: Console) -> None:
    page = await busy.visitor(MANAGER).get("/tasks")
    assert titles(page) == ["Week 4 review", "Goals of the placement", "Propose conversion or release"]
    assert "3 waiting, 1 overdue" in page.main
    assert "Priya Venkataraman" in page.main
    assert titles(await busy.visitor(MENTOR).get("/tasks")) == []


async def test_the_list_says_what_was_handed_on_and_what_is_said_not_to_be_theirs(console: Console) -> None:
    on_record(
        console.database,
        task(1, TaskKind.GOALS, MANAGER, HR_LEAD),
        task(2, TaskKind.GOALS, MANAGER, not_theirs=[MANAGER]),
        task(3, TaskKind.GOALS, MANAGER),
    )
    handed_on, disowned, own = (await console.visitor(MANAGER).get("/tasks")).text.split('class="row-title"')[1:]
    assert "It was handed on, or went on to others in time: they can answer it, too." in handed_on
    assert "You said that it is not yours; HR is asked whose it is." in disowned
    assert "They can answer" not in own
    assert "they can answer" not in own
    assert "was asked first." in (await console.visitor(HR_LEAD).get("/tasks")).main


async def test_whoever_has_nothing_to_do_is_told_so(busy: Console) -> None:
    assert "Nothing is waiting for you." in (await busy.visitor(MENTOR).get("/tasks")).main


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=GOALS", ["Goals of the placement"]),
        ("q=priya+review", ["Week 4 review"]),
        ("overdue=1", ["Week 4 review"]),
        ("kind=upskilling", []),
        ("kind=nonsense&q=proposal", []),
        ("kind=returnship&q=propose", ["Propose conversion or release"]),
    ],
)
async def test_filters_stand_in_the_address_and_on_the_way_to_a_task(
    busy: Console, query: str, found: list[str]
) -> None:
    visitor = busy.visitor(MANAGER)
    page = await visitor.get(f"/tasks?{query}")
    assert titles(page) == found
    if found and "nonsense" not in query:
        (link,) = re.findall(r'class="row-title" href="([^"]+)"', page.text)
        task_page = await visitor.get(link.replace("&amp;", "&"))
        back = re.search(r'class="back-link" href="([^"]+)"', task_page.text)
        assert back
        assert titles(await visitor.get(back[1].replace("&amp;", "&"))) == found


async def test_a_task_that_cant_be_shown_never_takes_the_list_down(
    busy: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows.title_of

    def broken(record: Any, speech: Any) -> str:
        if record.kind == TaskKind.PROPOSAL:
            raise LookupError("nobody has thought of this")
        return whole(record, speech)

    monkeypatch.setattr(rows, "title_of", broken)
    page = await busy.visitor(MANAGER).get("/tasks")
    assert page.status == 200
    assert len(titles(page)) == 3
    assert f"A task that this list can&#39;t show ({CASE}-2)" in titles(page)


async def test_the_list_speaks_the_readers_language(busy: Console) -> None:
    speak(busy, MANAGER, "de")
    page = await busy.visitor(MANAGER).get("/tasks")
    assert "3 warten, 1 überfällig" in page.main
    assert "Ziele des Wiedereinstiegs" in page.main
    assert "waiting" not in page.main


async def test_a_long_list_asks_the_records_no_more_often_than_a_short_one(busy: Console) -> None:
    asked: list[str] = []

    def hear(*statement: Any) -> None:
        asked.append(statement[2])

    event.listen(busy.database.engine, "before_cursor_execute", hear)
    speak(busy, MANAGER, "de")
    counts = []
    for more in (range(20, 21), range(21, 60)):
        on_record(busy.database, *(task(n, TaskKind.CHECKLIST_ITEM, MANAGER, subject=f"item {n}") for n in more))
        asked.clear()
        page = await busy.visitor(MANAGER).get("/tasks")
        counts.append((len(titles(page)), sum("SELECT" in statement for statement in asked)))
    (few, queries), (many, as_many) = counts
    assert (few, many) == (4, 43)
    assert queries == as_many < 20


async def test_a_long_list_has_pages_and_is_searched_as_a_whole(busy: Console) -> None:
    # given a manager with sixty more tasks, each due later than the one before it
    more = [
        task(n, TaskKind.CHECKLIST_ITEM, MANAGER, subject=f"item {n}", due_at=NOW + timedelta(days=n))
        for n in range(20, 80)
    ]
    on_record(busy.database, *more)
    visitor = busy.visitor(MANAGER)

    # when they look at one page after the other
    first, second = await visitor.get("/tasks"), await visitor.get("/tasks?page=2")

    # then each task is there once, in order, and the whole list is counted
    assert "63 waiting, 1 overdue" in first.main
    assert ("1 to 50 of 63" in first.main, "51 to 63 of 63" in second.main) == (True, True)
    assert (len(titles(first)), len(titles(second))) == (50, 13)
    assert (titles(first) + titles(second))[3:] == [f"Item {n}" for n in range(20, 80)]
    for beyond, nearest in (("99", second), ("0", first), ("-1", first), ("x", first)):
        assert titles(await visitor.get(f"/tasks?page={beyond}")) == titles(nearest)
        assert (await visitor.get(f"/tasks?page={beyond}&q=item")).status == 200
    # and from a task the way back leads to where it was opened
    opened = re.search(r'class="row-title" href="([^"]+)"', second.text)
    assert opened
    back = re.search(r'class="back-link" href="([^"]+)"', (await visitor.get(opened[1])).text)
    assert back
    assert back[1] == "/tasks?page=2"
    # and what is looked for is found wherever it stands, by pages too
    assert titles(await visitor.get("/tasks?q=item+79")) == ["Item 79"]
    found = await visitor.get("/tasks?q=item&page=2")
    assert titles(found) == [f"Item {n}" for n in range(70, 80)]
    assert 'href="/tasks?q=item&amp;page=1"' in found.text


async def test_tasks_that_are_due_at_once_stand_in_the_order_in_which_they_were_asked(busy: Console) -> None:
    due = NOW + timedelta(days=30)
    asked = [task(n, TaskKind.CHECKLIST_ITEM, MANAGER, subject=f"item {n}", due_at=due) for n in (101, 9, 20, 100)]
    on_record(busy.database, *asked)

    page = await busy.visitor(MANAGER).get("/tasks")
    assert titles(page)[-4:] == ["Item 9", "Item 20", "Item 100", "Item 101"]


async def test_a_cohorts_task_names_the_cohort_and_is_found_by_its_programme(busy: Console) -> None:
    with busy.database.session() as session:
        row = task(1, TaskKind.MATCHING_REVIEW, MANAGER, case="K-SPRING", subject="agree to the matching")
        write(session, JournalBatch(case="K-SPRING", rows=[cohort_row("SPRING"), row]))

    page = await busy.visitor(MANAGER).get("/tasks?kind=cohort")
    assert titles(page) == ["Agree to the matching"]
    assert "Spring 2027" in page.main
    assert len(titles(await busy.visitor(MANAGER).get("/tasks?kind=returnship"))) == 3


# Who sees what


async def test_a_task_of_somebody_else_is_as_if_there_were_none(busy: Console) -> None:
    visitor = busy.visitor("P-8GU3RF")
    for path in (page_of(1), page_of(77), "/tasks/nonsense", page_of(1) + "/hand-on", page_of(1) + "/not-mine"):
        assert ((await visitor.get(path)).status, (await visitor.post(path)).status) == (404, 404)
    assert (await visitor.get(page_of(1))).main == (await visitor.get(page_of(77))).main


async def test_hr_sees_a_task_that_waits_for_somebody_else_without_its_form(busy: Console) -> None:
    page = await busy.visitor(HR).get(page_of(1))
    assert "It waits for: Oluwaseun" in page.main
    assert not [control for control in SentBy.of(page.text).controls if control.name]
    refused = await busy.visitor(HR).post(page_of(1), score="5", _step="send")
    assert refused.status == 409


async def test_what_is_in_confidence_is_there_for_nobody_but_those_asked(console: Console) -> None:
    on_record(console.database, task(1, TaskKind.MENTOR_WISH, HR, subject="a request in confidence"))
    assert (await console.visitor(HR).get(page_of(1))).status == 200
    for other in (RETURNER, MENTOR, MANAGER, HR_LEAD):
        assert (await console.visitor(other).get(page_of(1))).status == 404


async def test_a_request_in_confidence_tells_its_reader_nothing_of_a_later_one(console: Console) -> None:
    # given the head of HR who has answered a wish for another mentor, and HR who is asked about a later one
    earlier, before = NOW - timedelta(days=3), NOW - timedelta(days=2)
    wish = MentorWishRow(
        n=1, at=before, asked_at=earlier, mentor=MENTOR, reason="we never meet", state="granted", message=None,
        answered_by=HR_LEAD,
    )  # fmt: skip
    later = wish.model_copy(
        update={"n": 2, "at": NOW, "asked_at": NOW - timedelta(days=1), "mentor": HR_LEAD,
                "reason": "she tells my manager", "state": "asked", "answered_by": None}
    )  # fmt: skip
    on_record(
        console.database,
        task(1, TaskKind.MENTOR_WISH, HR_LEAD, state=TaskState.ANSWERED, opened_at=earlier, closed_at=before,
             answered_by=HR_LEAD),
        task(2, TaskKind.MENTOR_WISH, HR),
        wish,
        later,
    )  # fmt: skip
    staff(console.database)
    # then each sees the one they were asked about
    first, second = [(await console.visitor(who).get(page_of(n))).main for who, n in ((HR_LEAD, 1), (HR, 2))]
    assert "we never meet" in first
    assert "she tells my manager" not in first
    assert ("we never meet" in second, "she tells my manager" in second) == (False, True)
    # and when the head of HR has become the mentor, the old page tells them nothing any more
    on_record(console.database, mentorship_row(mentor=HR_LEAD, at=NOW))
    page = await console.visitor(HR_LEAD).get(page_of(1))
    assert page.status == 200
    assert "we never meet" not in page.main
    assert "she tells my manager" not in page.main


async def test_whoever_decides_sees_the_evidence_and_who_writes_a_note_sees_the_goals(busy: Console) -> None:
    on_record(
        busy.database,
        task(5, TaskKind.GOALS, MANAGER, state=TaskState.ANSWERED, closed_at=NOW, answered_by=MANAGER,
             answer={"goals": ["Meet <everybody>"]}),
        task(6, TaskKind.SESSION_NOTE, MENTOR, subject="note on mentoring session 2", party="mentor"),
    )  # fmt: skip
    decision = (await busy.visitor(MANAGER).get(page_of(2))).main
    for said in ("Review week 4: 4 of 5", "Harriet Nwosu (mentor), 4 of 5", "Good work.", "Meet &lt;everybody&gt;"):
        assert said in decision
    note = (await busy.visitor(MENTOR).get(page_of(6))).main
    assert "Meet &lt;everybody&gt;" in note
    assert "Good work." not in note


async def test_whoever_gets_something_ready_sees_for_whom_from_when_where_and_of_which_manager(
    console: Console,
) -> None:
    # given the first day of a placement in London, and items for IT and for others
    it = "P-8GU3RF"
    on_record(
        console.database,
        task(1, TaskKind.CHECKLIST_ITEM, it, party=Party.IT, subject="Laptop and phone ordered and set up"),
        task(2, TaskKind.OFFBOARDING_ITEM, it, party=Party.IT, subject="Accounts closed"),
        task(3, TaskKind.CHECKLIST_ITEM, RETURNER, party=Party.RETURNER, subject="Training on safety"),
        task(4, TaskKind.CHECKLIST_ITEM, MANAGER, subject="Welcome on the first day"),
        task(5, TaskKind.CHECKLIST_ITEM, it, party=Party.IT, state=TaskState.ANSWERED, closed_at=NOW, answered_by=it),
    )
    with console.database.session() as session:
        people = {person.id for person in in_records.people(session)}
        store_roles(session, read_roles((ROOT / "examples" / "roles.yaml").read_bytes(), known=people))
        session.get_one(CaseRecord, CASE).starts_on = date(2027, 1, 4)
    where = "Country United Kingdom (ENG) Time zone Europe/London"
    # then they see that, and nothing that is private
    page = await console.visitor(it).get(page_of(1))
    said = f"For whom Priya Venkataraman First day Monday 4 January 2027 {where} Manager Oluwaseun Adébáyò"
    assert said in page.main
    assert "example.net" not in page.text
    assert said in (await console.visitor(it).get(page_of(5))).main
    # at the end not the first day, and nobody is told of themselves
    last = (await console.visitor(it).get(page_of(2))).main
    assert f"For whom Priya Venkataraman {where} Manager" in last
    assert "For whom" not in (await console.visitor(RETURNER).get(page_of(3))).main
    assert "Manager Oluwaseun" not in (await console.visitor(MANAGER).get(page_of(4))).main


async def test_whom_the_duties_keep_from_a_task_is_told_why(console: Console) -> None:
    on_record(console.database, task(1, TaskKind.APPROVAL, MANAGER, kept_from=[MANAGER]))
    page = await console.visitor(MANAGER).get(page_of(1))
    assert "nobody decides on their own proposal or evidence" in page.main
    assert "Do you approve the proposal?" not in page.main


async def test_only_those_who_may_can_say_why_there_is_no_answer(console: Console) -> None:
    on_record(
        console.database,
        task(1, TaskKind.SELF_REVIEW, RETURNER, HR, party="returner", may_waive=[HR]),
        task(2, TaskKind.OFFBOARDING_ITEM, MENTOR, subject="Laptop", may_waive=[HR, HR_LEAD]),
    )
    assert "Why there is no review" not in (await console.visitor(RETURNER).get(page_of(1))).main
    escalated = (await console.visitor(HR).get(page_of(1))).main
    assert "Only Priya Venkataraman can answer this" in escalated
    assert "Why there is no review" in escalated
    assert "compared with what the role asks" not in escalated
    assert "Why it is not needed" in (await console.visitor(HR_LEAD).get(page_of(2))).main
    assert "Why it is not needed" not in (await console.visitor(MENTOR).get(page_of(2))).main


# A task that is over


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": TaskState.ANSWERED, "answered_by": MENTOR, "answer": REVIEWED}, "Harriet Nwosu answered this on"),
        ({"state": TaskState.ANSWERED, "answered_by": MANAGER, "answer": REVIEWED}, "You answered this on"),
        ({"state": TaskState.EXPIRED}, "The time for an answer ran out on"),
        ({"state": TaskState.CLOSED}, "It was called off on"),
        ({"state": TaskState.FULFILLED}, "it came to pass without an answer"),
    ],
)
async def test_a_task_that_is_over_explains_itself(console: Console, changed: dict[str, Any], said: str) -> None:
    on_record(console.database, task(1, TaskKind.MANAGER_REVIEW, MANAGER, MENTOR, closed_at=NOW, **changed))
    page = await console.visitor(MANAGER).get(page_of(1))
    assert page.status == 200
    assert said in page.main
    assert ("4 – above" in page.main and "Good work." in page.main) is ("answer" in changed)


async def test_what_is_typed_for_a_task_that_is_over_stays(console: Console) -> None:
    """Somebody else was first: they are named, and nothing that was typed is lost."""
    answered: dict[str, Any] = {"state": TaskState.ANSWERED, "answered_by": MENTOR, "answer": REVIEWED}
    on_record(console.database, task(1, TaskKind.MANAGER_REVIEW, MANAGER, MENTOR, closed_at=NOW, **answered))
    page = await console.visitor(MANAGER).post(page_of(1), score="2", comment="Not\nso <good>", _step="send")
    assert page.status == 409
    assert "Harriet Nwosu answered this on" in page.main
    assert "Not so &lt;good&gt;" in page.main


async def test_a_task_that_was_reopened_leads_to_the_one_that_asks_once_more(console: Console) -> None:
    answered: dict[str, Any] = {
        "state": TaskState.ANSWERED,
        "answered_by": MANAGER,
        "answer": REVIEWED,
        "closed_at": NOW,
    }
    on_record(
        console.database,
        task(1, TaskKind.MANAGER_REVIEW, MANAGER, **answered),
        task(2, TaskKind.MANAGER_REVIEW, MANAGER, reopens=f"{CASE}-1"),
    )
    assert f'href="{page_of(2)}"' in (await console.visitor(MANAGER).get(page_of(1))).text


# What is typed


async def test_errors_stand_beside_their_fields_and_above_and_what_was_typed_stays(busy: Console) -> None:
    page = await busy.visitor(MANAGER).post(
        page_of(2), [("title", "Chief <b>"), ("salary.amount", "lots"), ("salary.currency", "GBP"), ("_step", "check")]
    )
    assert page.status == 422
    assert "What do you propose? Choose an answer." in page.main
    assert "Reasons: Write something here." in page.main
    assert "<title>Error:" in page.text
    typed = dict(SentBy.of(page.text).pairs)
    assert (typed["title"], typed["salary.amount"]) == ("Chief <b>", "lots")
    for link in re.findall(r'<li><a href="#([^"]+)">', page.text):
        assert f'id="{link}"' in page.text


async def test_rows_are_added_without_scripts(busy: Console) -> None:
    visitor = busy.visitor(MANAGER)
    page = await visitor.get(page_of(3))
    assert page.text.count("<textarea") == 3
    typed = [("goals", "One"), ("goals", ""), ("goals", "Two")]
    page = await visitor.post(page_of(3), [*typed, ("_more", "goals")])
    assert page.text.count("<textarea") == 5
    page = await visitor.post(page_of(3), [*SentBy.of(page.text).pairs, ("_more", "goals")])
    page = await visitor.post(page_of(3), [*SentBy.of(page.text).pairs, ("_more", "goals")])
    assert page.text.count("<textarea") == 8  # and no more: a form takes eight goals
    assert "Add another" not in page.main
    assert [value for _, value in SentBy.of(page.text).pairs if value] == ["One", "Two"]


async def test_a_draft_is_kept_shown_again_and_nobody_elses(busy: Console) -> None:
    visitor = busy.visitor(MANAGER)
    answer = await visitor.post(page_of(3), [("goals", "Learn\nSQL"), ("_step", "draft")])
    page = await visitor.follow(answer)
    assert "and not sent yet" in page.main
    assert ("goals", "Learn\r\nSQL") in SentBy.of(page.text).pairs
    assert "Learn" not in (await busy.visitor(HR).get(page_of(3))).main


async def test_what_is_sent_after_a_session_ran_out_is_there_after_signing_in(busy: Console) -> None:
    # given somebody who types for longer than a session lasts
    visitor = busy.visitor(MANAGER)
    await visitor.get(page_of(3))
    busy.clock.skip(hours=13)
    # when they send it
    answer = await visitor.post(page_of(3), goals="Learn SQL", _step="send")
    # then they are asked to sign in, and find it when they have
    assert answer.header("location") == f"/sign-in?then=%2Ftasks%2F{CASE}-3&ended=idle"
    visitor.cookies[SESSION] = busy.session(MANAGER)
    assert ("goals", "Learn SQL") in SentBy.of((await visitor.get(page_of(3))).text).pairs


@pytest.mark.parametrize("cookie", ["", "stolen", "x" * 43])
async def test_nothing_is_kept_for_whoever_has_no_session(busy: Console, cookie: str) -> None:
    visitor = busy.visitor()
    visitor.cookies[SESSION] = cookie
    answer = await visitor.post(page_of(3), goals="Learn SQL", _step="draft")
    assert answer.status in (303, 401)  # a form that was sent with a session that is none comes back as it was typed
    assert drafts.load(busy.database, f"{CASE}-3", MANAGER) is None


async def test_what_is_weighty_is_checked_before_it_is_sent(busy: Console) -> None:
    visitor = busy.visitor(MANAGER)
    given = [("convert", "yes"), ("reasons", "Because of <this>"), ("starts_on", "2030-02-04")]
    page = await visitor.post(page_of(2), [*given, ("_step", "check")])
    for said in ("Check your answer", "Convert into employment", "Because of &lt;this&gt;", "4 February 2030"):
        assert said in page.main
    again = await visitor.post(page_of(2), [*SentBy.of(page.text).pairs, ("_step", "change")])
    assert set(given) <= set(SentBy.of(again.text).pairs)


async def test_an_answer_that_cant_be_delivered_is_not_lost(busy: Console) -> None:
    page = await busy.visitor(MANAGER).post(page_of(3), goals="Learn SQL", _step="send")
    assert page.status == 503
    assert "nothing was done" in page.main
    assert ("goals", "Learn SQL") in SentBy.of(page.text).pairs


# People


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "has left the company: the last day was"), (1, "leaves the company: the last day is")]
)
async def test_of_somebody_who_has_left_it_is_said_and_when(console: Console, days: int, said: str) -> None:
    last_day = NOW.date() + timedelta(days=days)
    on_record(console.database, task(1, TaskKind.MENTOR_NOMINATION, HR, subject="name a mentor"))
    with console.database.session() as session:
        session.get_one(PersonRecord, MENTOR).left_on = last_day
        name = session.get_one(PersonRecord, MENTOR).name
    for path, key in ((page_of(1), "mentor"), (f"{page_of(1)}/hand-on", "to")):
        page = await console.visitor(HR).post(path, [(key, name)])
        assert page.status == 422
        assert f"{name} {said} {Speech().day(last_day)}." in page.main
        assert "We know nobody" not in page.main


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("Siobhán", 503, "nothing was done"),
        ("siobhan o dalaigh", 503, "nothing was done"),
        ("Siobhán Ó Dálaigh (P-7LM2ZA)", 503, "nothing was done"),
        ("Nobody At All", 422, "We know nobody by this name"),
        ("", 422, "Name a person"),
        ("an", 422, "called like this"),
    ],
)
async def test_people_are_chosen_by_name_or_id(console: Console, typed: str, status: int, said: str) -> None:
    on_record(console.database, task(1, TaskKind.MENTOR_NOMINATION, HR, subject="name a mentor"))
    for path, key in ((page_of(1), "mentor"), (f"{page_of(1)}/hand-on", "to")):
        page = await console.visitor(HR).post(path, [(key, typed)])
        assert (page.status, said in page.main) == (status, True), page.main


async def test_of_several_people_of_one_name_one_is_chosen(console: Console) -> None:
    on_record(console.database, task(1, TaskKind.MENTOR_NOMINATION, HR, subject="name a mentor"))
    page = await console.visitor(HR).post(page_of(1), mentor="mar")
    choices = re.findall(r'type="radio"[^>]*value="(P-[A-Z0-9]+)"', page.text)
    assert len(choices) > 1
    assert "Several people are called like this" in page.main
    sent = await console.visitor(HR).post(page_of(1), mentor=choices[0])
    assert sent.status == 503  # taken; Temporal can't be reached
