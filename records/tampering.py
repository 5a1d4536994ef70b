"""Whether what is on record for good is what was put there: rows against their seals, seals against each other.

Four checks, each of which finds what those before it can't: the rows' seals (rows that were changed or put in), the
list of all seals (rows taken out of its middle), the copy of that list beside the key (rows taken off its end), and the
seals that the cases know themselves (rows that are gone from the copy too).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.delivery import LastSeal
from domain.core.model import CaseId
from records import seals
from records.ledger import TABLES, Sealable, content_of, files_of, kind_of
from records.seal_files import Listed, SealFiles, read_key
from records.tables.core import DecisionRecord, SealRecord

Row = TypeVar("Row", bound=Sealable)
Place = tuple[CaseId, str, int]
"""A row on record for good: of which case, of which kind, and its number there."""


@dataclass
class Checked:
    """What was found. ``problems`` are of cases, ``of_list`` of the list of seals as a whole."""

    seals: int = 0
    cases: set[CaseId] = field(default_factory=set)
    problems: dict[CaseId, list[str]] = field(default_factory=lambda: defaultdict(list))
    of_list: list[str] = field(default_factory=list)

    @property
    def untouched(self) -> bool:
        """Whether nothing was found."""
        return not self.problems and not self.of_list

    def say(self, case: CaseId, sentence: str) -> None:
        """Note what was found of a case, once."""
        if sentence not in self.problems[case]:
            self.problems[case].append(sentence)


def keys_here(files: SealFiles) -> dict[str, bytes]:
    """The key of the seals by its name, where there is one: looking makes none. Raises ``SealFilesError``."""
    key = read_key(files.key_file) if files.key_file.exists() else None
    return {seals.name_of(key): key} if key else {}


def check_all(session: Session, keys: Mapping[str, bytes], listed: Iterable[Listed] = ()) -> Checked:
    """Check all that is on record for good, by these keys and this copy of the list of seals."""
    found = Checked()
    entries = _check_list(session, keys, found)
    _check_rows(_rows(session), entries, keys, found)
    _check_copy(entries, listed, found)
    return found


Known = Mapping[type[Sealable], Collection[Sealable]]
"""All rows that a case has of a kind, or of several."""


def problems_of(session: Session, case: CaseId, known: Known | None = None) -> list[str]:
    """What is wrong with what a case has on record for good, as sentences. What is ``known`` is not read once more."""
    found = Checked()
    keys = keys_here(files_of(session))
    of_case = session.scalars(select(SealRecord).where(SealRecord.case_id == case).order_by(SealRecord.n))
    entries = {_place(sealed): sealed for sealed in of_case}
    for entry in entries.values():
        _check_seal(entry, keys, found)
    _check_rows(_rows(session, case, known), entries, keys, found)
    return [*found.of_list, *found.problems.get(case, [])]


def check_case_seals(session: Session, case: CaseId, known: Mapping[str, LastSeal], found: Checked) -> None:
    """Compare the newest seals of a case, by kind, as its own state has them (``known``), with the list."""
    for kind, last in known.items():
        of_row = select(SealRecord.seal).where(SealRecord.case_id == case, SealRecord.kind == kind)
        seal = session.scalar(of_row.where(SealRecord.row == last.n))
        name = _name(case, kind, last.n)
        if seal is None:
            found.say(case, f"{name} is gone, with its seal: the case itself still knows both")
        elif not seals.same(seal, last.seal):
            found.say(case, f"{name} has another seal than its case was told: it was replaced")


# The list of seals


def _check_list(session: Session, keys: Mapping[str, bytes], found: Checked) -> dict[Place, SealRecord]:
    """Each seal against its key and the one before it; the seals by what they seal."""
    entries: dict[Place, SealRecord] = {}
    before, last = seals.FIRST, 0
    for entry in session.scalars(select(SealRecord).order_by(SealRecord.n)):
        if entry.n != last + 1:
            found.of_list.append(f"{_seals(last + 1, entry.n - 1)} gone from the list of seals")
        elif entry.previous != before:
            found.of_list.append(f"seal {entry.n} does not follow on the one before it: the list was put together anew")
        _check_seal(entry, keys, found)
        entries[_place(entry)] = entry
        before, last = entry.seal, entry.n
    found.seals = len(entries)
    return entries


def _check_seal(entry: SealRecord, keys: Mapping[str, bytes], found: Checked) -> None:
    key = keys.get(entry.key)
    if key is None:
        sentence = f"seals were made with a key that is not here ({entry.key}): they can't be checked"
        if sentence not in found.of_list:
            found.of_list.append(sentence)
    elif not seals.same(entry.seal, seals.seal(key, entry.n, entry.digest, entry.previous)):
        found.say(entry.case_id, f"the seal of {_name(*_place(entry))} (seal {entry.n}) was not made with our key")


def _check_copy(entries: Mapping[Place, SealRecord], listed: Iterable[Listed], found: Checked) -> None:
    by_number = {entry.n: entry for entry in entries.values()}
    newest = max(by_number, default=0)
    newest_copied = 0
    for line in listed:
        name = _name(line.case, line.kind, line.row)
        entry = by_number.get(line.n)
        newest_copied = max(newest_copied, line.n)
        if entry is None:
            found.say(line.case, f"{name} is gone, with its seal: the copy of the list still has seal {line.n}")
        elif seals.same(entry.seal, line.seal):
            continue
        elif _place(entry) == (line.case, line.kind, line.row):
            found.say(line.case, f"{name} has another seal than in the copy of the list: it was replaced")
        else:
            found.say(
                line.case,
                f"{name} has seal {line.n} in the copy of the list, which {_name(*_place(entry))} has in the records: "
                "the list was put together anew, or went on from an older backup",
            )
    if newest_copied > newest:
        found.of_list.append(
            f"the records end with seal {newest}, the copy of the list with seal {newest_copied}: they were put back "
            "from an older backup, or what came last was taken away"
        )


# The rows


def _rows(session: Session, case: CaseId | None = None, known: Known | None = None) -> Iterator[Sealable]:
    for table in TABLES.values():
        yield from known[table] if known and table in known else _of(session, table, case)


def _of(session: Session, table: type[Row], case: CaseId | None) -> Iterator[Row]:
    rows = select(table).order_by(table.case_id, table.n)
    yield from session.scalars(rows if case is None else rows.where(table.case_id == case))


def _check_rows(
    rows: Iterable[Sealable], entries: Mapping[Place, SealRecord], keys: Mapping[str, bytes], found: Checked
) -> None:
    """Each row against its seal, and each seal against its row."""
    seen = set()
    for row in rows:
        place: Place = (row.case_id, kind_of(row), row.n)
        seen.add(place)
        found.cases.add(row.case_id)
        entry = entries.get(place)
        if entry is None:
            found.say(
                row.case_id, f"{_name(*place)} has no seal: it was not put on record by Waymark, or its seal is gone"
            )
        elif entry.key in keys and not _fits(row, entry, keys[entry.key]):
            found.say(row.case_id, f"{_name(*place)} was changed after it was sealed")
    for place in entries:
        found.cases.add(place[0])
        if place not in seen:
            found.say(place[0], f"{_name(*place)} is gone: its seal is still there")


def _fits(row: Sealable, entry: SealRecord, key: bytes) -> bool:
    content = content_of(row)
    digest = seals.digest(key, kind_of(row), content)
    if not seals.same(digest, entry.digest):
        return False
    return not isinstance(row, DecisionRecord) or row.seal == digest or row.seal == seals.plain_seal(content)


def _place(entry: SealRecord) -> Place:
    return entry.case_id, entry.kind, entry.row


def _name(case: CaseId, kind: str, n: int) -> str:
    return f"{seals.SPOKEN.get(kind, kind)} {n} of {case}"


def _seals(first: int, last: int) -> str:
    return f"seal {first} is" if first == last else f"seals {first} to {last} are"
