"""The words of every letter."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from activities.core.contacts import Contact
from activities.core.letters import TEMPLATES, UnusableLetter, compose, write
from activities.core.mail import PostActivities
from activities.core.transport import MaildirTransport
from domain.cohort.figures import CohortFigures
from domain.cohort.letters import CohortReport
from domain.core.daily_mail import MailOfTheDay
from domain.core.letters import CONFIDENTIAL_LETTERS, LetterFacts, Repeated
from domain.core.post import Letter
from domain.core.questions import TaskKind
from domain.core.sign_in import AddressChanged, SignInLink
from domain.core.task_letters import AboutTask, TaskLetter, TaskOpened
from languages.letters import LETTERS
from tests import recordings
from tests.activities.core.letter_examples import (
    ADDED,
    EXAMPLES,
    SESSION,
    TASK,
    about,
    letter_types,
    recorded_letters,
    wire,
    worded,
    written,
)
from tests.activities.core.mailroom import AMARA, CASE, SENDER, Book, Entries, fail, letter

GIVEN = {
    "case",
    "to",
    "time_zone",
    "elsewhere",
    "within_another",
    "console",
    "role_title",
    "people",
    "gettext",
    "ngettext",
}
"""What every template is given, or can call."""


OF_NO_CASE = {
    MailOfTheDay.template: f"One mail a day, for {AMARA}",
    AddressChanged.template: f"Signing in, for {AMARA}",
    SignInLink.template: f"Signing in, for {AMARA}",
}


def check_words(in_outbox: Letter) -> None:
    """What holds for every letter that is fit to be sent."""
    subject, text = written(in_outbox)
    assert subject
    assert text.startswith("Hello Amara,\n\n")
    of = OF_NO_CASE.get(in_outbox.template, f"Case {CASE}, {in_outbox.facts['role_title']}")
    assert text.endswith(f"\n-- \nWaymark, for your HR team\n{of}\n")
    assert "\n\n\n" not in text
    assert not {"{", "}", "_ended", "None"} & set(text.split())


def test_every_letter_has_its_template_and_every_template_its_letter() -> None:
    letters = [letter_type.template for letter_type in letter_types()]
    assert sorted(letters) == sorted(path.stem for path in TEMPLATES.glob("[!_]*.txt"))


def test_what_is_in_confidence_is_a_letter_that_there_is() -> None:
    assert {letter_type.template for letter_type in letter_types()} >= CONFIDENTIAL_LETTERS


def test_every_letter_has_a_name_for_the_list_of_those_that_were_sent() -> None:
    assert LETTERS.keys() == {file.stem for file in TEMPLATES.glob("*.txt") if not file.stem.startswith("_")}


def test_every_template_is_rendered_here() -> None:
    recorded = {
        recorded_letter.template for name in recordings.names_of_cases() for recorded_letter in recorded_letters(name)
    }
    examples = {example.template for example in EXAMPLES}
    assert recorded | examples == {letter_type.template for letter_type in letter_types()}


@pytest.mark.parametrize("name", recordings.names_of_cases())
def test_what_workflows_have_written_is_worded(name: str) -> None:
    letters = recorded_letters(name)
    assert letters
    for example in letters:
        check_words(example)


@pytest.mark.parametrize("facts", EXAMPLES, ids=lambda facts: facts.template)
def test_what_no_recorded_workflow_has_written_is_worded(facts: LetterFacts) -> None:
    check_words(wire(facts, **ADDED.get(facts.template, {})))


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_of_task_is_told_with_what_its_form_asks_for(kind: TaskKind) -> None:
    opened = wire(TaskOpened(about=about(kind=kind)))
    check_words(opened)
    assert f"    .venv/bin/python starter.py answer {TASK.task} ...\n" in written(opened)[1]


@pytest.mark.parametrize("kind", letter_types(), ids=lambda kind: kind.template)
def test_a_template_says_nothing_but_what_its_letter_has(kind: type[LetterFacts]) -> None:
    facts = set(kind.model_fields)
    if issubclass(kind, TaskLetter):
        facts |= set(AboutTask.model_fields)
    if issubclass(kind, Repeated):
        facts |= {"more_missed"}
    if issubclass(kind, CohortReport):
        facts |= set(CohortFigures.model_fields)
    said, named = said_by(f"{kind.template}.txt")
    assert said - GIVEN - {"personal", "confidential", "voluntary", "never_disowned"} <= facts | set(
        ADDED.get(kind.template, {})
    )
    assert named <= facts


def said_by(template: str) -> tuple[set[str], set[str]]:
    """Which facts a template speaks of, by itself and by what it is made of; and whom it names."""
    source = (TEMPLATES / template).read_text()
    read = Environment(extensions=["jinja2.ext.i18n"]).parse(re.sub(r"\| *\w+", "", source))
    said = meta.find_undeclared_variables(read)
    named = set(re.findall(r"\bpeople\.(\w+)", source))
    for included in meta.find_referenced_templates(read):
        assert included is not None
        more_said, more_named = said_by(included)
        said, named = said | more_said, named | more_named
    return said, named


@pytest.mark.parametrize("kind", letter_types(), ids=lambda kind: kind.template)
def test_every_template_misses_its_facts(kind: type[LetterFacts]) -> None:
    with pytest.raises(UnusableLetter, match=rf"template '{kind.template}': .*(is undefined|has no attribute)"):
        write(CASE, letter(1, template=kind.template, facts={}), "Amara", {})


@pytest.mark.parametrize("template", ["no_such", "_letter", "../letters", "no_such\x00"])
def test_an_unknown_template_is_named(template: str, entries: Entries, book: Book, tmp_path: Path) -> None:
    error = fail(MaildirTransport(tmp_path), entries, book, letter(1, template=template))
    assert error.type == "UnusableLetter"
    assert f"there is no template {template!r}" in str(error)


@pytest.mark.parametrize("starts", ["tomorrow", "2026-12-09T10:00:00", "2026-12-09", 3])
def test_a_fact_of_the_wrong_kind_is_an_error(starts: object) -> None:
    with pytest.raises(UnusableLetter, match="session_invitation"):
        worded(SESSION, starts=starts)


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85"])
def test_line_breaks_forge_no_headers(break_: str, book: Book) -> None:
    evil = f"Amara{break_}Bcc: all@example.org"
    book.people[AMARA] = Contact(evil, "amara@example.org")
    opened = wire(TaskOpened(about=about(subject=f"Laptop{break_}Bcc: all@example.org")))
    mail = compose(CASE, opened, Contact.parse(SENDER), book.people.__getitem__)
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert "Bcc" not in read
    assert read["To"].addresses[0].addr_spec == "amara@example.org"
    assert read["Subject"].startswith("Laptop Bcc: all@example.org: please answer")


@pytest.mark.parametrize("sender", ["", "HR", "hr@", "Bo <bo..@example.org>"])
def test_a_sender_must_be_an_address(sender: str, entries: Entries, book: Book, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not one mail address"):
        PostActivities(entries, book, MaildirTransport(tmp_path), sender)
