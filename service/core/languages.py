"""The language that somebody is written to in, and reads pages in: by their own choice."""

from __future__ import annotations

from domain.core.languages import LANGUAGES
from domain.core.model import PersonId
from records.database import Database, lock_rows
from records.queries.core import people as in_records
from records.tables.core import PersonRecord
from service.core.errors import Unfit


def choose_language(database: Database, person: PersonId, language: str) -> None:
    """Somebody chooses the language of their pages, and of mails from now on. Raises ``Unknown`` and ``Unfit``."""
    if language not in LANGUAGES:
        raise Unfit.at("language", f"must be one of {', '.join(LANGUAGES)}")
    with database.session() as session:
        in_records.person(session, person)
        lock_rows(session, PersonRecord.__tablename__)
        session.get_one(PersonRecord, person).language_choice = language
