"""The list of all seals in the database: one is added with each row that is on record for good."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.core.delivery import LastSeal
from domain.core.model import CaseId
from records import seals
from records.database import AFTER_COMMIT, SEAL_FILES, Database, lock
from records.seal_files import Listed, SealFiles
from records.tables.core import AttemptRecord, DecisionRecord, SealRecord
from records.tables.placement import PayRecord

Sealable = DecisionRecord | PayRecord | AttemptRecord

TABLES: dict[seals.Kind, type[DecisionRecord] | type[PayRecord] | type[AttemptRecord]] = {
    "decision": DecisionRecord,
    "pay": PayRecord,
    "attempt": AttemptRecord,
}


def kind_of(record: Sealable) -> seals.Kind:
    """What is sealed of this kind of row."""
    return next(kind for kind, table in TABLES.items() if isinstance(record, table))


def content_of(record: Sealable) -> dict[str, Any]:
    """The columns of a row."""
    return {column.key: getattr(record, column.key) for column in record.__table__.columns}


def enter(session: Session, record: Sealable) -> None:
    """Put a row on record for good, and its seal at the end of the list, in this transaction.

    A decision also bears its seal itself, and that of the decision before it. Transactions that seal do so one after
    the other. What was sealed before and is gone comes back without a second seal, so that it fits the first or not.
    """
    key = _key(session)
    kind = kind_of(record)
    if isinstance(record, DecisionRecord):
        record.previous_seal = _seal_before(session, record)
    row_digest = seals.digest(key, kind, content_of(record))
    if isinstance(record, DecisionRecord):
        record.seal = row_digest
    session.add(record)
    lock(session, "seals")
    if not _is_sealed(session, record, kind):
        _add_seal(session, record, kind, row_digest, key)
    session.flush()


def _key(session: Session) -> bytes:
    """The key to seal with. It is made for the first seal of all only: a lost one is to be put back."""
    files = files_of(session)
    if session.scalar(select(SealRecord.n).limit(1)) is not None:
        files.check_not_lost()
    return files.key()


def _is_sealed(session: Session, record: Sealable, kind: seals.Kind) -> bool:
    of_row = select(SealRecord.n).where(SealRecord.case_id == record.case_id, SealRecord.kind == kind)
    return session.scalar(of_row.where(SealRecord.row == record.n)) is not None


def _add_seal(session: Session, record: Sealable, kind: seals.Kind, row_digest: str, key: bytes) -> None:
    last = session.scalar(select(SealRecord).order_by(SealRecord.n.desc()).limit(1))
    n, previous = (last.n, last.seal) if last else (0, seals.FIRST)
    n = max(n, files_of(session).last()) + 1  # no number twice, also where the records were put back from a backup
    session.add(
        SealRecord(
            n=n,
            case_id=record.case_id,
            kind=kind,
            row=record.n,
            key=seals.name_of(key),
            digest=row_digest,
            previous=previous,
            seal=seals.seal(key, n, row_digest, previous),
        )
    )


def have_copied(session: Session) -> None:
    """Have the copy of the list completed once this transaction is over."""
    session.info[AFTER_COMMIT] = copy_to_files


def files_of(session: Session) -> SealFiles:
    """The files of the seals of this session's database. Raises :class:`RecordsRefused` where none were named."""
    files: SealFiles = session.info[SEAL_FILES]()
    return files


def _seal_before(session: Session, decision: DecisionRecord) -> str:
    earlier = select(DecisionRecord.seal).where(
        DecisionRecord.case_id == decision.case_id, DecisionRecord.n < decision.n
    )
    return session.scalar(earlier.order_by(DecisionRecord.n.desc()).limit(1)) or seals.FIRST


def last_seals(session: Session, case: CaseId) -> dict[str, LastSeal]:
    """The newest seal of a case, of each kind. The case keeps them in its state, and shows them to whoever checks."""
    newest = (
        select(SealRecord.kind, func.max(SealRecord.n).label("n"))
        .where(SealRecord.case_id == case)
        .group_by(SealRecord.kind)
        .subquery()
    )
    found = session.scalars(select(SealRecord).join(newest, SealRecord.n == newest.c.n))
    return {sealed.kind: LastSeal(n=sealed.row, seal=sealed.seal) for sealed in found}


def copy_to_files(database: Database) -> None:
    """Add to the copy beside the key what the list in the database has more."""
    files = database.seals
    with database.reading() as session:
        newer = session.scalars(select(SealRecord).where(SealRecord.n > files.last()).order_by(SealRecord.n))
        files.append(Listed(sealed.n, sealed.case_id, sealed.kind, sealed.row, sealed.seal) for sealed in newer)
