"""The credentials that mails have attached, kept in the records database."""

from __future__ import annotations

from activities.core.journal import records_errors
from activities.core.letters import Attachment, UnusableLetter
from domain.core.model import CredentialId
from records.database import Database
from records.tables.certification import CredentialRecord
from service.certification.badges import picture
from service.certification.status_lists import Purpose, url_of


class RecordsCredentials:
    """The credentials that were issued. Raises ``ApplicationError`` where the records can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def files(self, credential: CredentialId) -> list[Attachment]:
        """The document as it was signed, and the badge it is baked into. Raises :class:`UnusableLetter`."""
        found = self._found(credential)
        name, document = found.certificate, found.document
        return [
            Attachment(f"{name}.json", "application/json", document.encode()),
            Attachment(f"{name}.svg", "image/svg+xml", picture(document)),
        ]

    def checked_by(self, credential: CredentialId) -> dict[str, str]:
        """The issuer's DID, and where the list is that tells whether it counts. Raises :class:`UnusableLetter`."""
        found = self._found(credential)
        return {"issuer": found.issuer, "status_list": url_of(found.status_home, Purpose.SUSPENSION)}

    def _found(self, credential: CredentialId) -> CredentialRecord:
        with records_errors(), self._database.reading() as records:
            found = records.get(CredentialRecord, credential)
            if found is None:
                raise UnusableLetter(f"no credential {credential} in the records")
            return found
