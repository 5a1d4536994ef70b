"""Letters in other languages: nothing of ours stays English, and they tell the same facts."""

from __future__ import annotations

import re
from datetime import date
from gettext import NullTranslations
from pathlib import Path

import pytest
from icalendar import Calendar

from activities.core.contacts import Contact
from activities.core.letters import compose, write
from activities.core.mail_records import RecordsAddressBook
from domain.cohort.letters import CohortInvitation
from domain.core.languages import LANGUAGES, TRANSLATIONS
from domain.core.letters import LetterFacts
from domain.core.post import Invitation, Letter
from domain.core.questions import TaskKind
from domain.core.task_letters import TaskClosed, TaskOpened, TaskReminder
from domain.placement.letters import ExtensionAgreed, Resumed
from languages import catalogues, terms
from languages.speech import Speech
from records.database import Database
from records.tables.base import Base
from tests.activities.core.letter_examples import ADDED, EXAMPLES, TASK, WRITTEN, about, wire
from tests.activities.core.mailroom import AMARA, AT, BO, CASE, CHEN, SENDER
from tests.office import person

TASKS: list[LetterFacts] = [
    kind_of_letter(about=about(kind=kind)) for kind in TaskKind for kind_of_letter in (TaskOpened, TaskReminder)
]


def in_language(language: str, facts: LetterFacts, time_zone: str = "Europe/London") -> tuple[str, str]:
    letter = wire(facts, time_zone=time_zone, **ADDED.get(facts.template, {}))
    names = {key: f"{key.title()} Beispiel" for key in letter.people}
    return write(CASE, letter, "Amara", names, read_in="Europe/Berlin", language=language)


@pytest.mark.parametrize("language", TRANSLATIONS)
@pytest.mark.parametrize("facts", [*EXAMPLES, *TASKS], ids=lambda facts: facts.template)
def test_a_letter_tells_the_same_in_each_language(facts: LetterFacts, language: str) -> None:
    english, translated = "\n".join(in_language("en", facts)), "\n".join(in_language(language, facts))

    assert translated != english
    assert not re.search(r"%\(|\{[a-z_]+\}", translated)
    for fact in re.findall(r"\b\w+ Beispiel|\b[A-Z]+-[A-Z0-9-]+|https?://\S+|\.venv/.*", english):
        assert fact in translated
    assert figures(translated, language) == figures(english, "en")


def figures(text: str, language: str) -> list[str]:
    """All numbers of a text, without what divides or rounds them, and the months of dates."""
    text = re.sub(r"\b(\d{4})-(\d\d)-(\d\d)\b", lambda day: Speech(language).day(day[0]), text)
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,\u202f\u00a0](?=\d)", "", text)))


class Marked(NullTranslations):
    """Marks all that could be translated."""

    def gettext(self, message: str) -> str:
        return f"«{message}»"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"«{msgid2}»"

    def pgettext(self, context: str, message: str) -> str:
        return f"«{message}»"

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return f"«{msgid2}»"


@pytest.mark.parametrize("facts", [*EXAMPLES, *TASKS], ids=lambda facts: facts.template)
def test_all_words_of_a_letter_can_be_translated(facts: LetterFacts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "translations", lambda _: Marked())

    for text in in_language("de", facts):
        outside = text
        while outside != (outside := re.sub(r"«[^«»]*»", "", outside)):
            pass
        ours = re.sub(r"^ {4}.*$|\.venv/.*$|^-- $", "", outside, flags=re.MULTILINE)
        for typed in typed_in(facts):
            ours = ours.replace(typed, "")
        assert not re.search(r"[A-Za-z]", ours)


def typed_in(facts: LetterFacts) -> tuple[str, ...]:
    """What stands by itself in a letter because somebody has typed it, or because it can't be translated yet."""
    questions = ("support: I feel supported", "workload: My workload is fine")
    typed: dict[str, tuple[str, ...]] = {
        "plan_too_late": ("Joins: ",),
        "no_mentors": ("P-A: all mentors who suit have no place left",),
        "pattern_agreed": ("Mo.", "Mi."),
        "event_odd_time": ("SQL in depth: it happens in 2031",),
        "daily_mail": (WRITTEN,),
        "mentor_wished": ("we do not get on",),
        "mentor_wish_answered": ("tomorrow at ten?",),
        "pulse": questions,
        "task_reminder": questions,
        "low_pulse": ("I feel supported", "We meet as often as we planned", "nobody has time"),
    }
    return typed.get(facts.template, ())


def test_weeks_are_counted_in_each_language() -> None:
    def said(language: str, weeks: int) -> str:
        return in_language(language, ExtensionAgreed(weeks=weeks, ends_on=date(2027, 5, 30)))[1]

    for language, one, several in (
        ("en", "by 1 week and", "by 2 weeks and"),
        ("de", "um 1 Woche verlängert", "um 2 Wochen verlängert"),
        ("fr", "de 1 semaine et", "de 2 semaines et"),
        ("es", "prorroga 1 semana y", "prorroga 2 semanas y"),
    ):
        assert one in said(language, 1)
        assert several in said(language, 2)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("end", [".", "?", "!", "\u2026"])
def test_what_ends_by_itself_gets_no_second_full_stop(language: str, end: str) -> None:
    for facts in (
        TaskOpened(about=about(subject=f"SQL, why{end}")),
        TaskReminder(about=about(subject=f"SQL, why{end}")),
        TaskClosed(about=about(subject=f"SQL, why{end}"), why="it is over"),
    ):
        subject, text = in_language(language, facts)
        assert f"why{end}" in text
        assert f"why{end}." not in f"{subject}\n{text}"
    opened = in_language(language, TaskOpened(about=about()))[1]
    assert f"starter.py answer {TASK.task} ...\n" in opened


def test_what_the_catalogue_lacks_is_read_in_english_and_all_else_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = catalogues.translations("de")

    class Lacking(NullTranslations):
        def gettext(self, message: str) -> str:
            return message if message.startswith("This placement goes on") else whole.gettext(message)

        def pgettext(self, context: str, message: str) -> str:
            return whole.pgettext(context, message)

    monkeypatch.setattr(terms, "translations", lambda _: Lacking())
    subject, text = in_language("de", Resumed(ends_on=date(2027, 5, 16)))

    assert subject == f"Wiedereinstieg {CASE} geht weiter"
    assert "This placement goes on. It now ends on Sonntag, 16. Mai 2027; the other" in text
    assert text.startswith("Guten Tag Amara,")


# Titles of the policy, and mails as a whole


def test_titles_of_the_policy_are_read_as_it_translates_them() -> None:
    titles = {"de": {"Laptop is ready": "Notebook ist bereit"}}
    opened = wire(TaskOpened(about=TASK)).model_copy(update={"titles": titles})

    assert write(CASE, opened, "Amara", {}, language="de")[0].startswith("Notebook ist bereit: bitte bis")
    assert write(CASE, opened, "Amara", {}, language="fr")[0].startswith("Laptop is ready : merci")
    assert write(CASE, opened, "Amara", {})[0].startswith("Laptop is ready: please")


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("en", "Kick-off of the cohort Spring, with Bo"),
        ("de", "Auftakt der Kohorte Spring, mit Bo"),
        ("es", "Kick-off de la cohorte Spring, con Bo"),
    ],
)
def test_a_mail_and_its_calendar_entry_are_in_the_readers_language(language: str, summary: str) -> None:
    facts = CohortInvitation(led_by=BO, title="Kick-off", cohort_title="Spring", starts=AT, place=None, moved=False)
    entry = Invitation(
        method="REQUEST",
        uid="1@waymark",
        sequence=0,
        starts=AT,
        ends=AT,
        summary="Kick-off of the cohort Spring, with {led_by}",
        attendees=[AMARA],
    )
    letter: Letter = wire(facts).model_copy(
        update={"to": AMARA, "invitation": entry, "titles": {"de": {"Kick-off": "Auftakt"}}}
    )
    people = {
        AMARA: Contact("Amara", "amara@example.org", "Europe/Berlin", language),
        BO: Contact("Bo", "bo@example.org"),
    }

    mail = compose(CASE, letter, Contact.parse(SENDER), people.__getitem__)

    assert mail["Content-Language"] == language
    (calendar,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    content = calendar.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert Calendar.from_ical(content).events[0]["SUMMARY"] == summary


def test_the_language_is_that_of_the_records(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'waymark.db'}")
    Base.metadata.create_all(database.engine)
    with database.session() as records:
        reader = person(BO)
        reader.languages = ["pl", "de", "en"]
        records.add_all([reader, person(CHEN)])

    contacts = RecordsAddressBook(database).contacts([BO, CHEN])

    assert {who: contact.language for who, contact in contacts.items()} == {BO: "de", CHEN: "en"}
    database.close()
