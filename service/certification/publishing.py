"""The status lists as files, for whatever serves them at the issuer's address."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy.orm import Session

from engine.settings import Settings
from records.database import Database, lock
from records.queries.certification import credentials
from service.certification.issuer import Issuer
from service.certification.status_lists import Purpose, home_of, size_for, status_list, url_of
from service.core.files import draft_of


@dataclass(frozen=True)
class Published:
    """The files that were written, each with the address at which it is to be served.

    ``without_key`` are issuers (DIDs) of certificates whose keys are not here: their lists stay as they were.
    """

    files: dict[Path, str]
    without_key: list[str]


def publish_status_lists(database: Database, issuers: Mapping[str, Issuer], settings: Settings) -> Published:
    """Write both lists of each issuer that has certificates, and of the first of ``issuers``, who signs now.

    Under the lock of all changes: a list never overwrites a newer one. Raises ``OSError``, and errors of the records.
    """
    directory = settings.data_dir / "credentials" / "status"
    files: dict[Path, str] = {}
    with database.session() as session:
        lock(session, credentials.LOCK)
        now = next(iter(issuers.values()))
        homes = credentials.homes(session)
        wanted = homes if (now.did, home_of(now)) in homes else [*homes, (now.did, home_of(now))]
        for did, home, folder in _placed(wanted):
            if did in issuers:
                files |= _write_lists(session, issuers[did], home, directory / folder)
    return Published(files, sorted({did for did, _ in homes} - set(issuers)))


def _placed(homes: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Each issuer and address with the folder of their lists: as the address ends, if no older one ends so.

    Certificates of former versions all name one address, whoever signed them.
    """
    taken = set()
    for did, home in homes:
        folder = home.rpartition("/status")[2].strip("/")
        if folder in taken:
            folder = sha256(f"{did} {home}".encode()).hexdigest()[:16]
        taken.add(folder)
        yield did, home, folder


def _write_lists(session: Session, issuer: Issuer, home: str, directory: Path) -> dict[Path, str]:
    directory.mkdir(parents=True, exist_ok=True)
    size = size_for(credentials.count(session))
    since = credentials.last_change(session) or datetime.now(UTC)
    files = {}
    for purpose in Purpose:
        marked = credentials.marked(session, issuer.did, home, purpose.marks)
        document = status_list(issuer, home, purpose, marked, size, since)
        file = directory / f"{purpose}.json"
        with draft_of(file) as draft:
            draft.finish(json.dumps(document, indent=2) + "\n", mode=0o644)  # it is for everybody to read
        files[file] = url_of(home, purpose)
    return files
