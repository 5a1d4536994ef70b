"""Cohorts from the command line: launched, launched again, looked at and changed."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from domain.cohort.participants import LARGEST_COHORT, Enlisting, Participant
from domain.cohort.requests import Enlist, Enlisted
from domain.core.journal import JournalBatch
from domain.core.naming import cohort_case, placement_case, workflow_id
from records.database import Database
from records.journal import write
from records.queries.core import people as in_records
from records.tables.core import PersonRecord, ProtectedRecord
from tests.cli.conftest import EXAMPLES, CommandLine, OnServer, on_server
from tests.domain.factories import POLICY_FILE
from tests.office import (
    ELIGIBLE,
    HR,
    HR_LEAD,
    MANAGER,
    PATIENCE_SECONDS,
    ROLE,
    Office,
    open_office,
    person,
    role_record,
)
from tests.records.rows import cohort_row

COHORT = EXAMPLES / "cohort.csv"
EXAMPLE_HR = "P-7LM2ZA"
LAUNCH = ("cohort", "launch", str(COHORT), "SPRING-2027", "--as", EXAMPLE_HR)
COLUMNS = "id,name,email,time_zone,country,languages,skills,break_months,experience_years,role,gender"


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused here must be refused before Temporal is asked."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:9")


@pytest.mark.usefixtures("no_server")
@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("cohort", "launch", str(COHORT), "spring 2027", "--as", EXAMPLE_HR), 1, "can't be the id of a cohort"),
        (("cohort", "launch", str(COHORT), "SPRING", "--as", "P-NOBODY"), 3, "P-NOBODY"),
        (("cohort", "launch", "none.csv", "SPRING", "--as", EXAMPLE_HR), 2, "none.csv"),
        ((*LAUNCH, "--policy", "none.yaml"), 2, "none.yaml"),
        ((*LAUNCH, "--weeks", "0"), 2, "weeks"),
        ((*LAUNCH[:-1], "P-6NB4YV"), 1, "cohort.csv has 1 problem; nothing was launched"),
        (LAUNCH, 4, "127.0.0.1:9"),
        (
            ("cohort", "rematch", "SPRING", "--as", EXAMPLE_HR, "--reason", "x", "--pin", "P-A"),
            2,
            "--pin: must be a returner and a mentor, such as P-7F3K2M=P-4CY9GS",
        ),
        (
            ("cohort", "rematch", "SPRING", "--as", EXAMPLE_HR, "--reason", "x", "--pin", "P-2BF6TQ=P-NOBODY"),
            3,
            "no person P-",
        ),
        (("cohort", "pause", "SPRING", "--as", EXAMPLE_HR, "--reason", " "), 1, "reason"),
    ],
)
def test_what_cannot_be_says_why(staffed: CommandLine, words: tuple[str, ...], code: int, sentence: str) -> None:
    assert sentence in staffed.error(*words, code=code)["error"]


@pytest.mark.usefixtures("no_server")
def test_a_file_with_problems_is_shown_and_nothing_of_it_is_stored(staffed: CommandLine, database: Database) -> None:
    file = staffed.file("spring.csv", COHORT.read_text(encoding="utf-8").replace("2023-04-28", "2024-02-30"))

    said = staffed("cohort", "launch", file, "SPRING", "--as", EXAMPLE_HR, code=1)

    assert "row 2" in said
    assert "spring.csv: 19 of 20 can take part, 1 can't" in said
    assert "nothing was launched" in said
    with database.reading() as session:
        assert len(in_records.people(session)) == 25


def test_an_unknown_cohort_is_answered_with_those_there_are(staffed: CommandLine, database: Database) -> None:
    assert "There are no cohorts yet" in staffed("cohort", "list")
    row = cohort_row("SPRING-2027")
    with database.session() as session:
        write(session, JournalBatch(case=cohort_case(row.cohort), rows=[row], first=1))

    error = staffed.error("tasks", "--case", "K-AUTUMN-2027", code=3)

    assert error["error"] == "there is no cohort AUTUMN-2027; there is SPRING-2027"
    assert staffed.json("tasks", "--case", "K-SPRING-2027") == []
    (listed,) = staffed.json("cohort", "list")
    assert (listed["cohort"], listed["participants"], listed["matched"]) == ("SPRING-2027", 20, 15)
    assert "5 returners have no mentor" in " ".join(staffed("cohort", "list").split())


# On the real server


@dataclass
class Desk:
    """HR's command line, and the office in which its cohorts run."""

    office: Office
    starter: OnServer
    directory: Path
    cohort: str
    people: list[str]

    def file(self, people: int, *more: str) -> str:
        """A cohort file with the first so many people, and more rows."""
        rows = [row(returner) for returner in self.people[:people]]
        path = self.directory / "spring.csv"
        path.write_text("\n".join([COLUMNS, *rows, *more]), encoding="utf-8")
        return str(path)

    async def launch(self, file: str, *words: str, code: int = 0) -> Any:
        said = await self.starter("cohort", "launch", file, self.cohort, "--as", HR, *words)
        assert said.code == code, (said.out, said.err)
        return said

    async def view(self) -> Any:
        return (await self.starter("cohort", "view", self.cohort)).json

    async def until(self, *words: str, true: Any) -> Any:
        """Ask until the answer is so; the records lag by moments."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                said = await self.starter(*words)
                if said.code == 0 and true(said.json):
                    return said.json
                await asyncio.sleep(0.2)


def row(person: str) -> str:
    name = person.removeprefix("P-").lower()
    return f"{person},{name},{name}@example.org,Europe/London,GB-ENG,en,sql,30,8,{ROLE.id},woman"


def as_in_the_file(person_id: str) -> PersonRecord:
    """Somebody in the records, as :func:`row` says."""
    record = person(person_id, skills=["sql"])
    record.name = person_id.removeprefix("P-").lower()
    record.email = f"{record.name}@example.org"
    record.break_months, record.experience_years = 30, 8
    return record


@pytest.fixture
async def desk(client: Client, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_office(client, tmp_path) as office:
        fresh = uuid.uuid4().hex[:8].upper()
        people = [f"P-R{n}{fresh}" for n in range(9)]
        yield Desk(office, on_server(office), tmp_path, f"SPRING-{fresh}", people)


@pytest.mark.long
async def test_a_second_launch_adds_only_what_is_new(desk: Desk) -> None:
    # Given nobody of that name; when six are launched
    first = (await desk.launch(desk.file(6), "--title", "Spring")).json
    assert (first["launched"]["already_running"], len(first["launched"]["new"])) == (False, 6)
    assert first["launched"]["stored"]["added"] == 6
    with desk.office.database.reading() as session:
        assert session.get(ProtectedRecord, (desk.people[0], "gender")) is not None

    # and then eight, under what calls itself another policy, with a row that can't be used
    policy = desk.directory / "other.yaml"
    text = re.sub(r"^version: .*$", "version: 99", POLICY_FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    policy.write_text(text, encoding="utf-8")
    bad = row(desk.people[8]).replace(",30,8,", ",3,8,")
    refused = await desk.launch(desk.file(8, bad), code=1)
    again = await desk.launch(desk.file(8, bad), "--clean-only", "--policy", str(policy), code=1)

    # then the bad row is told both times, and with --clean-only two are new
    assert refused.error == "spring.csv has 1 problem; nothing was launched"
    assert again.error == "spring.csv has 1 problem; 1 row was left out"
    launched = again.json["launched"]
    assert (launched["already_running"], len(launched["new"]), len(launched["there"])) == (True, 2, 6)
    assert "keeps the policy it was started with" in launched["notes"][0]
    view = await desk.view()
    assert view["title"] == "Spring"
    assert sorted(view["participants"]) == sorted(placement_case(returner, ROLE.id) for returner in desk.people[:8])

    # and nobody gets a second placement, nor does the HR of another role add to it
    other_role = ROLE.model_copy(update={"id": "DATA2", "hr": MANAGER})
    with desk.office.database.session() as session:
        session.add(role_record(other_role))
    of_other = [row(returner).replace(ROLE.id, other_role.id) for returner in (desk.people[0], desk.people[8])]
    twice = await desk.launch(desk.file(0, of_other[0]), "--as", HR_LEAD, code=1)
    assert "takes part" in twice.error + str(twice.json)
    stranger = await desk.launch(desk.file(0, of_other[1]), "--as", MANAGER, code=1)
    assert stranger.error.startswith(f"{MANAGER} can't add to {desk.cohort}")


async def test_a_launch_that_broke_off_between_two_batches_is_completed_by_the_next(desk: Desk) -> None:
    # Given a launch that was killed after its first batch: more are to follow, and none do
    await desk.launch(desk.file(2))
    handle = desk.office.client.get_workflow_handle(workflow_id(cohort_case(desk.cohort)))
    third = Participant(
        case=placement_case(desk.people[2], ROLE.id), returner=desk.people[2], role=ROLE.id, application=ELIGIBLE
    )
    with desk.office.database.session() as session:
        session.add(as_in_the_file(third.returner))
    batch = Enlist(actor=HR, enlisting=Enlisting(participants=[third], roles={ROLE.id: ROLE}), more=True)
    await handle.execute_update("enlist", batch, result_type=Enlisted)
    assert (await desk.view())["more_follow"]

    # when it is launched again
    launched = (await desk.launch(desk.file(5))).json["launched"]

    # then it is as though nothing had happened
    assert (len(launched["new"]), len(launched["there"])) == (2, 3)
    view = await desk.view()
    assert (view["more_follow"], len(view["participants"])) == (False, 5)


@pytest.mark.long
async def test_hr_sees_a_cohort_matches_it_pauses_and_closes_it(desk: Desk) -> None:
    starter, cohort = desk.starter, desk.cohort
    unknown = await starter("cohort", "view", cohort)
    assert (unknown.code, f"there is no cohort {cohort}" in unknown.error) == (3, True)
    await desk.launch(desk.file(4))

    # HR is asked about the matching as about anything else, and answers with a pair that must be
    (task,) = await desk.until("tasks", "--case", cohort_case(cohort), true=bool)
    assert task["form"]["pin"]["takes"] == "a returner and a mentor, as P-7F3K2M=P-4CY9GS; repeat for more"
    returner, mentor = desk.people[3], desk.office.mentors[2]
    pinned = await starter("answer", task["task"], "--as", HR, "agree=no", f"pin={returner}={mentor}")
    assert pinned.code == 0, pinned.err

    # and sees it made again
    matching = await desk.until(
        "cohort", "matching", cohort, true=lambda said: said["proposal"] and said["proposal"]["n"] == 2
    )
    assert matching["pins"] == [{"returner": returner, "mentor": mentor}]
    assert {"mentor": mentor, "pinned": True}.items() <= by_returner(matching)[returner].items()
    rematch = await starter(
        "cohort", "rematch", cohort, "--as", HR, "--reason", "line manager's sister", "--forbid", f"{returner}={mentor}"
    )
    assert rematch.json["sentence"].startswith("4 who look for a mentor are matched again")
    matching = await desk.until(
        "cohort", "matching", cohort, true=lambda said: said["proposal"]["n"] == 3 and not said["pins"]
    )
    assert by_returner(matching)[returner]["mentor"] != mentor

    # people see names, and scripts all there is
    (listed,) = await desk.until("cohort", "list", true=lambda said: said and said[0]["participants"] == 4)
    assert listed["cohort"] == cohort
    view = await desk.view()
    assert (len(view["cases"]), view["figures"]["participants"]) == (4, 4)
    assert {participant["status"] for participant in view["participants"].values()} == {"proposed"}

    paused = await starter("cohort", "pause", cohort, "--as", HR, "--reason", "the office is flooded")
    assert paused.json["sentence"].startswith("paused")
    assert (await starter("cohort", "pause", cohort, "--as", HR, "--reason", "x")).code == 1
    assert (await starter("cohort", "resume", cohort, "--as", HR)).json["sentence"].startswith("goes on")

    closed = await starter("cohort", "close", cohort, "--as", HR, "--reason", "no budget for it")
    assert "its placements go on by themselves" in closed.json["sentence"]
    await desk.until("cohort", "list", true=lambda said: said[0]["stage"] == "ended")
    ended = await desk.launch(desk.file(4), code=1)
    assert "has ended" in ended.error
    decisions = (await starter("decisions", cohort_case(cohort))).json["decisions"]
    assert decisions[-1]["decided"] == "closed"


def by_returner(matching: dict[str, Any]) -> dict[str, Any]:
    return {pair["returner"]: pair for pair in matching["proposal"]["pairs"]}


async def test_more_than_a_cohort_can_have_are_refused_before_anything_is_done(desk: Desk) -> None:
    rows = [row(f"P-X{n:04}") for n in range(LARGEST_COHORT)]

    refused = await desk.launch(desk.file(1, *rows), code=1)

    (problem,) = refused.json["problems"]
    assert problem["rule"].startswith(
        f"{LARGEST_COHORT + 1:,} people would take part; a cohort has at most {LARGEST_COHORT:,}"
    )
    assert (await desk.starter("cohort", "list")).json == []
