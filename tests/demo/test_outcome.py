"""What a demo says at its end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from demo.outcome import mail_languages, private_mails
from records.database import Database
from records.tables.base import Base
from records.tables.dispatch import MailRecord
from tests.office import person


def test_mails_are_counted_by_the_language_of_their_readers_and_those_to_private_addresses(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'waymark.db'}")
    Base.metadata.create_all(database.engine)
    with database.session() as records:
        german, english = person("P-GERMAN"), person("P-ENGLISH")
        german.languages = ["pl", "de"]
        records.add_all([german, english])
        for n, (to, status) in enumerate(
            [("P-GERMAN", "sent"), ("P-GERMAN", "sent"), ("P-ENGLISH", "sent"), ("P-ENGLISH", "refused")]
        ):
            records.add(
                MailRecord(
                    message_id=f"<{n}@waymark>",
                    case_id="R-1",
                    template="welcome",
                    recipient=to,
                    sent_at=datetime(2027, 1, 4, tzinfo=UTC),
                    status=status,
                    reach="private" if n == 0 else "work",
                )
            )

    assert mail_languages(database) == {"German": 2, "English": 1}
    assert private_mails(database) == 1
    database.close()
