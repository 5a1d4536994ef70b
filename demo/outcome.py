"""What came of a demo: how each case ended, where everything is, and a certificate that verifies."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from sqlalchemy import func, select

from demo.cast import CERTIFICATE, LEARNER, Cast
from demo.people import SUCCESSOR
from domain.certification.credentials import Finding
from domain.core.sentences import counted
from domain.core.wording import spoken
from engine.devserver.server import DevServer
from engine.settings import Settings
from languages.speech import Speech
from records.database import Database
from records.queries.certification.credentials import status_by_records
from records.tables.certification import CredentialRecord
from records.tables.core import PersonRecord
from records.tables.dispatch import MailRecord
from service.certification.badges import picture
from service.certification.issuer import load_issuers
from service.certification.verifying import verify
from service.core.leaving import look_at
from service.registry.board import BoardRow, read_board


def outcome_lines(database: Database, cast: Cast) -> list[str]:
    """How each case ended."""
    rows = {row.case: row for row in read_board(database).rows}
    return [f"  {case:20} {title:32} {_outcome(rows.get(case))}" for case, title in cast.titles.items()]


def _outcome(row: BoardRow | None) -> str:
    if row is None:
        return "not on record"
    return f"{row.person}: {spoken(row.outcome) if row.outcome else f'still in {spoken(row.stage)}'}"


def departure_lines(settings: Settings, database: Database, cast: Cast) -> list[str]:
    """What became of all that those managers had who have left the company."""
    lines = []
    for manager in [played.manager for played in cast.placements if played.story.manager_leaves_in is not None]:
        departing = look_at(database, manager)
        to = [thing for thing in departing.handed if thing.handed.to == SUCCESSOR]
        cases = counted(len({thing.case for thing in to}), "case")
        names = {person: f"{departing.names.get(person, person)} ({person})" for person in (manager, SUCCESSOR)}
        lines += [
            f"  {names[manager]} has left the company; what they had in {cases} went to {names[SUCCESSOR]}:",
            f"  WAYMARK_DATA_DIR={shown(settings.data_dir)} .venv/bin/python starter.py people departure {manager}",
        ]
    return lines


def place_lines(settings: Settings, database: Database, server: DevServer, case: str, *, keep: bool) -> list[str]:
    """Where mails, records and the server are."""
    stays = "" if keep else "(with `make demo KEEP=1` it stays up)"
    again = (
        f"placement view {case}" if keep else f"decisions {case}"
    )  # a view is the workflow's own, and needs a worker
    return [
        f"Mails:    {shown(settings.maildir)} (a Maildir; each file is an .eml), each in its reader's language:",
        f"          {', '.join(f'{count} {language}' for language, count in mail_languages(database).items())};",
        f"          {private_mails(database)} to private addresses: before the first day, the offer, after the last",
        f"Records:  {database.shown}",
        f"Temporal: {server.ui_url or server.address} {stays}",
        f"Look at one case again: WAYMARK_DATA_DIR={shown(settings.data_dir)} .venv/bin/python starter.py {again}",
    ]


def mail_languages(database: Database) -> dict[str, int]:
    """How many mails were sent in which language, the most first."""
    with database.reading() as session:
        to = session.execute(
            select(PersonRecord)
            .join(MailRecord, MailRecord.recipient == PersonRecord.id)
            .where(MailRecord.status == "sent")
        )
        counts = Counter(person.reads for (person,) in to)
    return {str(Locale(language).get_display_name("en")): count for language, count in counts.most_common()}


def private_mails(database: Database) -> int:
    """How many mails went to somebody's private address."""
    private = select(func.count()).where(MailRecord.reach == "private", MailRecord.status == "sent")
    with database.reading() as session:
        return session.scalar(private) or 0


def certificate_lines(settings: Settings, database: Database) -> list[str]:
    """The certificate that was earned: saved, and looked at as anybody would who is shown it."""
    with database.reading() as session:
        earned = session.scalars(
            select(CredentialRecord)
            .where(CredentialRecord.person == LEARNER, CredentialRecord.certificate == CERTIFICATE)
            .order_by(CredentialRecord.issued_at.desc())
        ).first()
    if earned is None:
        return []
    file = settings.data_dir / "certificates" / f"{CERTIFICATE}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(earned.document, encoding="utf-8")
    file.with_suffix(".svg").write_bytes(picture(earned.document))
    on = max(earned.valid_from, min(earned.valid_until, datetime.now(UTC)))
    said = verify(
        file.read_bytes(),
        issuers=load_issuers(settings),
        status=status_by_records(database),
        now=on,
    )
    genuine = "verifies" if said.finding is Finding.VALID else f"does not verify ({said.finding.value})"
    return [
        f"A certificate was earned, and {genuine}: {said.sentence}",
        f"  {shown(file)}, and beside it the badge (.svg). A demo runs ahead of the calendar: it is valid from",
        f"  {Speech().day(earned.valid_from.date())} on, and the page /certificate, which goes by today, says so. Look",
        "  yourself, on a day of its own time:",
        f"  WAYMARK_DATA_DIR={shown(settings.data_dir)} .venv/bin/python starter.py certificate verify "
        f"{shown(file)} --at {earned.valid_from:%Y-%m-%dT%H:%M:%SZ}",
    ]


def rehearsal_lines(settings: Settings) -> list[str]:
    """What to try next: a whole cohort, on the same people, before anybody's months depend on it."""
    return [
        "Try a policy on twenty people, in a minute and without touching anything:",
        f"  WAYMARK_DATA_DIR={shown(settings.data_dir)} .venv/bin/python starter.py rehearse examples/cohort.csv",
    ]


def shown(path: Path) -> str:
    """A path as somebody in the checkout writes it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
