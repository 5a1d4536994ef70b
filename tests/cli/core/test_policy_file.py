"""Policy files: what is refused, with which words, and that every shipped default names its source."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from domain.core.questions import TaskKind
from domain.placement.policy import Policy
from domain.registry.policy_file import PolicyError, read_policy, without_source
from records.database import Database
from records.queries.core.policies import enter_content
from records.tables.dispatch import PolicyRecord
from service.core.policies import on_record, started_with
from service.core.started import Started
from tests.cli.conftest import CommandLine
from tests.domain.factories import POLICY_FILE, ROOT, shipped_policy

TEXT = POLICY_FILE.read_text(encoding="utf-8")


def changed(old: str, new: str) -> str:
    """The shipped policy with one thing changed."""
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            changed("  max_mentees: 3\n", "  max_mentees: 3\n  max_mentes: 3\n"),
            "mentoring.max_mentes: there is no such field",
        ),
        (changed("  max_mentees: 3\n", "  max_mentees: 0\n"), "mentoring.max_mentees: must be 1 or more, not 0"),
        (changed("  max_mentees: 3\n", ""), "mentoring.max_mentees: is missing"),
        (changed("  max_mentees: 3\n", "  max_mentees: 3\n  max_mentees: 4\n"), "the key max_mentees stands twice"),
        (changed("skills: 4", "skills: .inf"), "mentoring.weights.skills: must be a finite number"),
        (changed("threshold: 3.0", "threshold: .nan"), "reviews.threshold: must be a finite number"),
        (changed("min_weeks: 8", "min_weeks: 18"), "length: weeks must not be less than min_weeks"),
        (
            changed("  offer: {within", "  ofer: {within"),
            "tasks: there is no rule for offer; there is no such task as ofer",
        ),
        (
            changed(
                "  goals: {within_days: 5, escalate_to: second_manager}",
                "  goals: {within_days: 5, escalate_to: mentor}",
            ),
            "tasks.goals.escalate_to: ",
        ),
        (changed("remind_at: [0.5, 0.8]", "remind_at: [0.8, 0.5]"), "ladder: steps must ascend"),
        (changed("days: [30, 90, 180, 365]", "days: [30, 90, 90]"), "follow_up: days must ascend, each once"),
        (
            changed("approvals: [second_manager, budget_owner]", "approvals: [second_manager, second_manager]"),
            "decision: approvals names second_manager more than once; each approves once",
        ),
        (
            changed("- key: laptop", "- key: accounts"),
            "two items have the same key",
        ),
        (changed("title: Returnship of sixteen weeks", "title: 2026-10-15"), "title: must be text"),
        (changed("length.weeks: ", "length.wekks: "), "sources.length.wekks: there is no such value"),
        ("length: [1, 2", "line 1: "),
        ("\tlength: 1", "line 1: "),
        ("a: \0", "the character U+0000"),
        ("[" * 3_000, "nested too deeply"),
        ("", "a policy is a mapping"),
        ("- 1\n- 2\n", "a policy is a mapping"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("!!python/object/apply:os.getcwd []", "a ! stands before"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_with_file_key_and_reason(text: str, sentence: str) -> None:
    with pytest.raises(PolicyError) as refused:
        read_policy(text, "mine.yaml", Policy)
    assert sentence in str(refused.value)
    assert all(line.startswith("mine.yaml: ") for line in str(refused.value).splitlines())


def test_every_problem_is_told_at_once() -> None:
    text = changed("max_mentees: 3", "max_mentees: 0").replace("version: 1", "version: none")
    with pytest.raises(PolicyError) as refused:
        read_policy(text, "mine.yaml", Policy)
    assert [line.split(": ")[1] for line in str(refused.value).splitlines()] == ["version", "mentoring.max_mentees"]


def test_the_line_of_a_key_that_stands_twice_is_told() -> None:
    with pytest.raises(PolicyError, match=r"^two\.yaml: line 3: the key a stands twice$"):
        read_policy("a: 1\nb: 2\na: 3\n", "two.yaml", Policy)


def test_every_default_of_the_shipped_policy_names_its_source() -> None:
    policy = shipped_policy()
    assert without_source(policy) == []
    assert all(source.strip() for source in policy.sources.values())


def test_a_value_without_a_source_is_found() -> None:
    content = yaml.safe_load(TEXT)
    del content["sources"]["mentoring.weights"], content["sources"]["follow_up.days"]
    found = without_source(read_policy(yaml.safe_dump(content), "mine.yaml", Policy))
    parts = ("skills", "time_zone", "language", "preferences")
    assert found == [*(f"mentoring.weights.{part}" for part in parts), "follow_up.days"]


def test_the_shipped_policy_has_the_published_defaults() -> None:
    policy = shipped_policy()
    assert (policy.length.weeks, policy.length.min_weeks, policy.length.max_weeks) == (16, 8, 26)
    assert (policy.eligibility.min_break_months, policy.eligibility.min_experience_years) == (12, None)
    assert (policy.mentoring.max_mentees, policy.mentoring.weekly_for_weeks, policy.mentoring.then_every_weeks) == (
        3,
        4,
        2,
    )
    assert (policy.reviews.weeks, policy.decision.weeks_before_end) == ([4, 8, 12], 3)
    assert [*policy.ladder.remind_at, *policy.ladder.escalate_at] == [0.5, 0.8, 1.0, 1.5]
    assert policy.follow_up.days == [30, 90, 180, 365]
    within = {TaskKind(kind): rule.within_days for kind, rule in policy.tasks.items()}
    assert (within[TaskKind.MENTOR_REQUEST], within[TaskKind.OFFER]) == (10, 7)


def test_checking_a_policy_from_the_command_line(command: CommandLine) -> None:
    assert "returnship-16-weeks@1" in command("policy", "check", str(POLICY_FILE))
    assert command.json("policy", "check", str(POLICY_FILE))["without_source"] == []
    bad = command.file("bad.yaml", changed("max_mentees: 3", "max_mentees: 0"))
    assert command.error("policy", "check", bad, code=1)["kind"] == "invalid"
    assert "bad.yaml: mentoring.max_mentees" in command("policy", "check", bad, code=1)
    command("policy", "check", str(command.directory / "none.yaml"), code=2)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "weeks: [4, 8, 12]",
            "weeks: [4, 8, 26]",
            "reviews.weeks: the review of week 26 does not come",
        ),
        (
            "early_from_week: 8",
            "early_from_week: 27",
            "decision.early_from_week: an early decision does not",
        ),
        (
            "day_90: 90",
            "day_90: 182",
            "onboarding.gates.day_90: the gate of day 182 does",
        ),
        ("due_day: 60\n", "due_day: 130\n", "onboarding.items: check_day_90, due on day 130, does not come"),
        (
            "final_days_before_end: 14",
            "final_days_before_end: 56",
            "reviews.final_days_before_end: the final review",
        ),
    ],
)
def test_what_no_placement_can_come_to_is_refused(old: str, new: str, sentence: str) -> None:
    with pytest.raises(PolicyError) as refused:
        read_policy(changed(old, new), "mine.yaml", Policy)
    assert f"mine.yaml: {sentence}" in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "weeks: [4, 8, 12]",
            "weeks: [4, 8, 16]",
            "reviews.weeks: the review of week 16 does not come",
        ),
        (
            "early_from_week: 8",
            "early_from_week: 17",
            "decision.early_from_week: an early decision does not",
        ),
        (
            "early_from_week: 8",
            "early_from_week: 13",
            "decision.early_from_week: is no earlier than the",
        ),
        ("weekly_for_weeks: 4", "weekly_for_weeks: 104", "mentoring.weekly_for_weeks: is more than the 26 weeks"),
    ],
)
def test_what_a_usual_placement_can_not_come_to_is_told(
    command: CommandLine, old: str, new: str, sentence: str
) -> None:
    file = command.file("mine.yaml", changed(old, new).replace("version: 1\n", "version: 7\n"))
    assert any(warning.startswith(sentence) for warning in command.json("policy", "check", file)["warnings"])
    assert sentence in command("policy", "check", file)


def test_the_shipped_policies_are_beyond_doubt(command: CommandLine) -> None:
    for file in POLICY_FILE.parent.glob("*.yaml"):
        assert command.json("policy", "check", str(file))["warnings"] == []


def test_one_id_and_version_can_not_stand_for_two_contents(command: CommandLine) -> None:
    # Given a changed copy of the shipped policy that kept its version, and one that is changed in its sources alone
    file = command.file("mine.yaml", changed("max_mentees: 3", "max_mentees: 4"))
    said = command.error("policy", "check", file, code=1)["error"]
    assert "mine.yaml: returnship-16-weeks@1 is returnship-16-weeks.yaml already, which says otherwise in " in said
    assert "mentoring.max_mentees; give this one another version" in said
    assert "can be used" in command("policy", "check", command.file("mine.yaml", TEXT + "\n# ours\n"))
    # and neither can two files of one's own
    command.file("mine.yaml", changed("version: 1\n", "version: 2\n"))
    other_policy = changed("version: 1\n", "version: 2\n").replace("max_mentees: 3", "max_mentees: 5")
    assert (
        "is mine.yaml already"
        in command.error("policy", "check", command.file("other.yaml", other_policy), code=1)["error"]
    )


def test_a_policy_that_says_otherwise_than_on_record_is_refused_where_it_is_used(
    staffed: CommandLine, database: Database
) -> None:
    with database.session() as session:
        enter_content(session, shipped_policy(), datetime(2027, 1, 4, tzinfo=UTC))
    ours = staffed.file("ours.yaml", changed("  max_mentees: 3\n", "  max_mentees: 4\n"))
    start = ("placement", "start", "--returner", "P-2HD9WQ", "--role", "DATA1", "--as", "P-7LM2ZA", "--policy", ours)
    check = ("cohort", "check", str(ROOT / "examples" / "cohort.csv"), "--policy", ours)
    for used in (start, check):
        said = staffed.error(*used, code=1)["error"]
        assert "returnship-16-weeks@1 says otherwise since 2027-01-04" in said
        assert "mentoring.max_mentees; give this one another version" in said


def test_a_start_that_fails_puts_no_policy_on_record(staffed: CommandLine, database: Database) -> None:
    with pytest.raises(OSError), on_record(database, shipped_policy()):  # noqa: PT011 - any
        raise OSError
    with database.reading() as session:
        assert session.get(PolicyRecord, shipped_policy().label) is None
    with on_record(database, shipped_policy(), None):
        pass
    with database.reading() as session:
        assert session.get(PolicyRecord, shipped_policy().label) is not None


def test_a_policy_that_a_running_case_does_not_take_is_not_put_on_record(database: Database) -> None:
    # Given a case that runs already, and is asked for once more with another version of its policy
    newer = shipped_policy().model_copy(update={"version": 2})
    with on_record(database, newer, shipped_policy()) as given:
        started_with(given, Started("R-1", "a-run", already_running=True, policies=[shipped_policy().label]))
    # Then only what the case runs with is on record
    with database.reading() as session:
        assert session.get(PolicyRecord, newer.label) is None
        assert session.get(PolicyRecord, shipped_policy().label) is not None
