"""Whole rehearsals on a real server: what would happen, and that nothing real is touched."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.core.model import Money
from domain.placement.stipend import stipends_of
from engine.devserver import state
from rehearsal.habits import DEFAULT_HABITS
from tests.domain.factories import ROOT
from tests.rehearsal.leftovers import once_running, until, worker_runs
from tests.rehearsal.short import eight_weeks

COHORT_FILE = """\
id,name,email,time_zone,country,languages,skills,preferences,break_months,experience_years,role,gender
P-NEW1,Amara Okonjo,amara@example.org,Europe/London,GB-ENG,en,sql,,30,8,DATA1,woman
P-NEW2,Bronwen Pritchard,bronwen@example.org,Europe/London,GB-ENG,en,python,,41,8,DATA1,woman
P-NEW3,Charlotte Delacroix,charlotte@example.org,Europe/London,GB-ENG,en,sql,,20,14,DATA1,woman
P-NEW4,Dominik Kowalczyk,dominik@example.org,Europe/London,GB-ENG,en,java,,3,9,DATA1,man
"""
MENTOR = "P-6NB4YV"
MONTHLY = Money(amount=Decimal(2900), currency="GBP")
"""What the role DATA1 of the examples pays."""


class Hr:
    """HR at the command line, with real records in which there is a single mentor."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.elsewhere = directory / "elsewhere"
        self.elsewhere.mkdir()
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "TEMPORAL_"))},
            "WAYMARK_DATA_DIR": str(directory / "data"),
            "TMPDIR": str(self.elsewhere),
        }
        examples = ROOT / "examples"
        people = (examples / "people.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        mentors = [",yes," in line and not line.startswith(MENTOR) and "@example.org" in line for line in people]
        only_one = [
            line.replace(",yes,,", ",no,,") if is_mentor else line
            for line, is_mentor in zip(people, mentors, strict=True)
        ]
        self.run("import", "people", self.file("people.csv", "".join(only_one)))
        self.run("import", "roles", str(examples / "roles.yaml"))
        self.cohort = self.file("cohort.csv", COHORT_FILE)

    def file(self, name: str, text: str) -> str:
        """A file with this text; its path."""
        (self.directory / name).write_text(text, encoding="utf-8")
        return str(self.directory / name)

    def run(self, *words: str, code: int = 0) -> str:
        """A command that ends with this code; what it prints, or says is wrong."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "starter.py"), *words],
            env=self._environment, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == code, (done.stdout, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """A command in the background."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "starter.py"), *words],
            env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def everything(self) -> dict[str, str]:
        """All real files, by what is in them."""
        return {
            str(path.relative_to(self.directory)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted((self.directory / "data").rglob("*"))
            if path.is_file() and not path.name.endswith(("-wal", "-shm"))
        }

    def policy(self, name: str, **changes: Any) -> str:
        """The shipped policy for eight weeks with other numbers of mentoring; its path."""
        return self.file(f"{name}.yaml", eight_weeks(name, **changes))

    def willing(self) -> str:
        """People who answer everything, soon and with a yes, and stay well; the path of their file."""
        content = yaml.safe_load(DEFAULT_HABITS.read_text(encoding="utf-8"))
        soon = {"takes": {"unit": "days", "spread": {"shape": "always", "value": 1.0}}, "silent": 0, "minutes": 30}
        content |= {"other": soon, "tasks": {}, "between_people": 0, "sources": {}}
        content["scores"] |= {"mean": 4, "between_people": 0, "within_person": 0}
        content["life"] |= {"withdraws_per_week": 0, "mentor_leaves_per_week": 0}
        content["life"]["illness"]["share_per_week"] = 0
        return self.file("willing.yaml", yaml.safe_dump(content))


@pytest.fixture(scope="module")
def hr(tmp_path_factory: pytest.TempPathFactory) -> Hr:
    return Hr(tmp_path_factory.mktemp("hr"))


@pytest.mark.timeout(400)
@pytest.mark.long
def test_one_place_or_three_is_seen_before_months_depend_on_it(hr: Hr) -> None:
    """Three returners, one mentor: a policy that allows one mentee leaves two without, one that allows three none."""
    before = hr.everything()
    said = hr.run(
        "rehearse", hr.cohort, "--policy", hr.policy("one-mentee", max_mentees=1), "--against",
        hr.policy("three-mentees", max_mentees=3), "--people", hr.willing(), "--seconds-per-day", "0.12", "--json",
    )  # fmt: skip
    made = json.loads(said)
    one_mentee, three = made["runs"][0], made["against"][0]

    assert (one_mentee["policy"], three["policy"]) == ("one-mentee@1", "three-mentees@1")
    assert (one_mentee["outcomes"]["converted"], three["outcomes"]["converted"]) == (1, 3)
    assert len(one_mentee["unmatched"]) == 2
    assert all("no place left" in returner["why"] for returner in one_mentee["unmatched"])
    assert three["unmatched"] == []
    difference = next(difference for difference in made["differences"] if difference["name"] == "converted")
    assert difference["more"] == 2

    # The fourth row is left out, and the report says which rule it broke.
    assert [(problem["where"], problem["column"]) for problem in made["left_out"]] == [("row 5", "break_months")]
    assert any("1 of 4 rows" in note for note in made["notes"])
    # The one mentor is busy with three, not with one.
    busy = {person["person"]: person for person in three["people"]}
    assert busy[MENTOR]["cases"] == 3
    assert three["machine"]["answered"] > one_mentee["machine"]["answered"] > 20
    # Stipends by the real rule: all days of eight weeks for three people, from a first day that is a working day.
    (cost,) = three["costs"]
    wanted = date.fromisoformat(made["starts_on"])
    firsts = [wanted + timedelta(days=n) for n in range(7)]
    paid = [stipends_of(MONTHLY, first, first + timedelta(weeks=8, days=-1)) for first in firsts]
    assert cost["currency"] == paid[0].currency
    assert (
        3 * min(stipend.amount for stipend in paid)
        <= Decimal(cost["stipends"])
        <= 3 * max(stipend.amount for stipend in paid)
    )

    assert hr.everything() == before
    assert list(hr.elsewhere.iterdir()) == []
    assert "@" not in said.replace("@1", "")
    assert "Okonjo" not in said


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_of_a_rehearsal_that_was_ended(hr: Hr, number: signal.Signals) -> None:
    policy = hr.policy("one-mentee", max_mentees=1)
    rehearsing = hr.start("rehearse", hr.cohort, "--policy", policy, "--seconds-per-day", "5")  # far from its end
    directory = once_running(hr.elsewhere)
    server = state.read(directory)
    assert server is not None
    assert worker_runs(directory)

    rehearsing.send_signal(number)
    code = rehearsing.wait(60)

    assert code == (130 if number == signal.SIGTERM else -signal.SIGKILL)
    until(lambda: not directory.exists())
    assert server.process is not None
    assert not server.process.alive()
    until(lambda: not worker_runs(directory))
    assert list(hr.elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--people", "between_people: much\n"), "wrong.yaml: other: is missing"),
        (("--policy", "length: {weeks: 0}\n"), "wrong.yaml: length.weeks"),
        (("--against", "length: {weeks: 0}\n"), "wrong.yaml: length.weeks"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_before_anything_starts(
    hr: Hr, wrong: tuple[str, str], said: str
) -> None:
    option, text = wrong
    error = hr.run("rehearse", hr.cohort, option, hr.file("wrong.yaml", text), code=1)
    assert said in error
    assert list(hr.elsewhere.iterdir()) == []


def test_a_report_that_could_not_be_written_is_refused_before_the_rehearsal(hr: Hr) -> None:
    error = hr.run("rehearse", hr.cohort, "--html", str(hr.directory / "nowhere" / "page.html"), code=2)
    assert f"there is no directory {hr.directory / 'nowhere'}" in error
