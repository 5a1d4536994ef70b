"""A returner who reads German, in a whole case on the real server: nobody else is written to in German."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from icalendar import Calendar

from domain.core.case import Withdraw
from domain.core.questions import TaskKind
from records.tables.core import PersonRecord
from tests.office import MANAGER, RETURNER, Office


async def test_a_german_reader_and_an_english_one_are_told_the_same(office: Office) -> None:
    # Given a returner who reads Polish and German better than English
    with office.database.session() as records:
        records.get_one(PersonRecord, RETURNER).languages = ["pl", "de", "en"]
    case = await office.start()

    # When the placement has begun, and ends early for a reason of their own
    await case.next_task(TaskKind.SELF_REVIEW)
    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="has moved away"))
    await case.ended()

    # Then all that they read is German: letters, dates, titles of the policy, what a form asks for, calendar entries
    german = read(office, RETURNER)
    subjects = " ".join(str(mail["Subject"]) for mail in german)
    assert "Willkommen: Ihr Wiedereinstieg beginnt am " in subjects
    assert "Pflichtschulung zu Sicherheit, Datenschutz und Arbeitsschutz: bitte bis " in subjects
    assert "Zustimmung zu den Zielen: bitte bis " in subjects
    assert "Beurteilung in Woche 4: bitte bis " in subjects
    assert f"Wiedereinstieg {case.id} ist vorzeitig beendet" in subjects
    for mail in german:
        assert mail["Content-Language"] == "de"
        assert text_of(mail).startswith("Guten Tag Person Return,\n")
    assert any("Gefragt wird nach: Wert, Kommentar, erreichte Ziele" in text_of(mail) for mail in german)
    assert any("Der Grund: der Wiedereinstieg ist vorzeitig beendet\n" in text_of(mail) for mail in german)
    assert {entry_of(mail) for mail in german} > {f"Mentoring mit {mentor_of(office, german)}, Treffen 1 von 10"}

    # And all that others read is English
    english = read(office, MANAGER)
    assert {mail["Content-Language"] for mail in english} == {"en"}
    assert any(str(mail["Subject"]).startswith("Week 4 review: please answer by ") for mail in english)
    assert any(f"Placement {case.id} has ended early" == mail["Subject"] for mail in english)


def read(office: Office, reader: str) -> list[EmailMessage]:
    """All mails to somebody, as their mail program reads them."""
    return [message_from_bytes(mail.as_bytes(), policy=policy.default) for mail in office.mails(to=reader)]


def text_of(mail: EmailMessage) -> str:
    """Its text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def entry_of(mail: EmailMessage) -> str | None:
    """What its calendar entry is about, where it has one."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return str(Calendar.from_ical(content).events[0]["SUMMARY"])
    return None


def mentor_of(office: Office, mails: list[EmailMessage]) -> str:
    """Who the mentor is, as the mail with the welcome says."""
    (welcome,) = [text_of(mail) for mail in mails if str(mail["Subject"]).startswith("Willkommen")]
    return welcome.partition("Ihre Mentorin oder Ihr Mentor: ")[2].partition("\n")[0]
