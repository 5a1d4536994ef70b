"""What is on record for good can't be changed, taken out, put in or sealed anew without its showing."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from domain.core.delivery import LastSeal
from domain.core.journal import JournalBatch
from records import journal, ledger, migrations, seals, tampering
from records.database import Database
from records.errors import RecordsError
from records.seal_files import SealFiles, SealFilesError, read_key, read_list
from records.tables.core import DecisionRecord, SealRecord
from records.tables.placement import PayRecord
from records.tampering import problems_of
from tests.records.rows import attempt_row, decision_row, pay_row

FIRST, SECOND = "R-1", "R-2"


@pytest.fixture
def told(database: Database) -> Database:
    """Two cases that told what is kept for good, in turns; R-2's last decision is the newest of all."""
    for batch in (
        JournalBatch(case=FIRST, rows=[decision_row(1, 1), pay_row(1, 2)]),
        JournalBatch(case=SECOND, rows=[decision_row(1, 3)]),
        JournalBatch(case=FIRST, rows=[decision_row(2, 4), attempt_row(1, 5), pay_row(2, 6), decision_row(3, 7)]),
        JournalBatch(case=SECOND, rows=[decision_row(2, 8)]),
    ):
        with database.session() as session:
            journal.write(session, batch)
    return database


def tamper(database: Database, *statements: str | Callable[[Session], None]) -> None:
    """What somebody does who may do anything to the database: without triggers, and without our code."""
    with database.session() as session:
        for table in ("decisions", "pay_instructions", "attempts", "seals"):
            if not database.is_sqlite:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
                continue
            for change in ("update", "delete", "replace"):
                session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{change}"))
        for statement in statements:
            if isinstance(statement, str):
                session.execute(text(statement))
            else:
                statement(session)


def check(database: Database, *, copy: bool = True) -> tampering.Checked:
    keys, lines = tampering.keys_here(database.seals), list(read_list(database.seals.listed)) if copy else []
    with database.reading() as session:
        return tampering.check_all(session, keys, lines)


def said(found: tampering.Checked) -> list[str]:
    return [*found.of_list, *(sentence for sentences in found.problems.values() for sentence in sentences)]


def seal_anew(key: bytes) -> Callable[[Session], None]:
    """Every row is sealed again as it now stands, by the rules but with a key of one's own."""

    def now(session: Session) -> None:
        previous = seals.FIRST
        rows = sorted(tampering._rows(session), key=lambda row: row.at)
        session.execute(text("DELETE FROM seals"))
        for n, row in enumerate(rows, start=1):
            kind = ledger.kind_of(row)
            digest = seals.digest(key, kind, ledger.content_of(row))
            seal = seals.seal(key, n, digest, previous)
            session.add(
                SealRecord(
                    n=n, case_id=row.case_id, kind=kind, row=row.n, key=seals.name_of(key), digest=digest,
                    previous=previous, seal=seal,
                )
            )  # fmt: skip
            if isinstance(row, DecisionRecord):
                row.seal = digest
            previous = seal

    return now


def seal_plainly(session: Session) -> None:
    """The chain of R-1's decisions as it was sealed before there were keys."""
    previous = ""
    for row in session.scalars(
        select(DecisionRecord).where(DecisionRecord.case_id == FIRST).order_by(DecisionRecord.n)
    ):
        row.previous_seal = previous
        row.seal = previous = seals.plain_seal(ledger.content_of(row))


# Untouched


def test_what_nobody_touched_is_found_untouched(told: Database) -> None:
    found = check(told)
    assert found.untouched
    assert (found.seals, found.cases) == (8, {FIRST, SECOND})
    with told.reading() as session:
        assert ledger.last_seals(session, SECOND).keys() == {"decision"}
        last = ledger.last_seals(session, FIRST)
        assert {kind: sealed.n for kind, sealed in last.items()} == {"decision": 3, "pay": 2, "attempt": 1}
        tampering.check_case_seals(session, FIRST, last, found)
    assert found.untouched


def test_what_is_told_twice_and_by_several_at_once_is_sealed_once(told: Database) -> None:
    batch = JournalBatch(case=FIRST, rows=[decision_row(3, 7), decision_row(4, 9), attempt_row(1, 5)])

    def tell(case: str) -> dict[str, LastSeal]:
        with told.session() as session:
            return journal.write(session, batch.model_copy(update={"case": case}))

    with ThreadPoolExecutor(6) as workers:
        answers = list(workers.map(tell, [FIRST, "R-3", FIRST, "R-4", FIRST, "R-3"]))

    assert len({answer["decision"].seal for answer in answers}) == 3
    found = check(told)
    assert found.untouched
    assert found.seals == 8 + 1 + 3 + 3
    assert [sealed.n for sealed in read_list(told.seals.listed)] == list(range(1, 16))


# Tampered with

PUT_IN = "INSERT INTO attempts SELECT case_id, 2, at, by_person, task, sentence FROM attempts"


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        ("UPDATE decisions SET reason = 'other' WHERE n = 2", "decision 2 of R-1 was changed after it was sealed"),
        ("UPDATE decisions SET by_person = 'P-X' WHERE n = 3", "decision 3 of R-1 was changed after it was sealed"),
        ("UPDATE decisions SET seal = 'x' WHERE n = 3", "decision 3 of R-1 was changed after it was sealed"),
        ("UPDATE pay_instructions SET days = 31 WHERE n = 2", "stipend 2 of R-1 was changed after it was sealed"),
        ("UPDATE pay_instructions SET corrects = 1 WHERE n = 2", "stipend 2 of R-1 was changed after it was sealed"),
        ("UPDATE attempts SET by_person = 'P-X'", "attempt 1 of R-1 was changed after it was sealed"),
        ("DELETE FROM decisions WHERE case_id = 'R-1' AND n = 1", "decision 1 of R-1 is gone: its seal is still there"),
        ("DELETE FROM decisions WHERE case_id = 'R-1' AND n = 3", "decision 3 of R-1 is gone: its seal is still there"),
        ("DELETE FROM decisions WHERE case_id = 'R-1'", "decision 2 of R-1 is gone: its seal is still there"),
        ("DELETE FROM pay_instructions WHERE n = 2", "stipend 2 of R-1 is gone: its seal is still there"),
        ("DELETE FROM attempts", "attempt 1 of R-1 is gone: its seal is still there"),
        (PUT_IN, "attempt 2 of R-1 has no seal"),
        ("UPDATE seals SET digest = 'x' WHERE n = 4", "the seal of decision 2 of R-1 (seal 4) was not made with"),
        ("UPDATE seals SET row = 9 WHERE n = 4", "decision 9 of R-1 is gone"),
        ("DELETE FROM seals WHERE n = 4", "seal 4 is gone from the list of seals"),
        ("DELETE FROM seals", "decision 1 of R-1 has no seal"),
        (seal_plainly, "decision 2 of R-1 was changed after it was sealed"),
        (seal_anew(b"a key of their own"), "seals were made with a key that is not here"),
    ],
)  # fmt: skip
def test_each_change_to_the_database_shows_by_its_seals_alone(
    told: Database, tampering: str | Callable[[Session], None], sentence: str
) -> None:
    tamper(told, tampering)
    problems = said(check(told, copy=False))
    assert any(sentence in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("case_id = 'R-1'", "decision 3 of R-1 is gone, with its seal: the copy of the list still has seal 7"),
        ("case_id = 'R-1' AND n = 3", "decision 3 of R-1 is gone, with its seal"),
        ("case_id = 'R-2' AND n = 2", "decision 2 of R-2 is gone, with its seal"),
    ],
)
def test_what_is_removed_with_its_seals_shows_by_the_copy_of_the_list_and_by_the_case(
    told: Database, where: str, sentence: str
) -> None:
    with told.reading() as session:
        witnesses = {case: ledger.last_seals(session, case) for case in (FIRST, SECOND)}
    of_seals = where.replace(" n =", " row =") + " AND kind = 'decision'"
    tamper(told, f"DELETE FROM decisions WHERE {where}", f"DELETE FROM seals WHERE {of_seals}")

    problems = said(check(told))
    assert any(sentence in problem for problem in problems), problems
    by_cases = check(told, copy=False)
    with told.reading() as session:
        for case, witness in witnesses.items():
            tampering.check_case_seals(session, case, witness, by_cases)
    assert any(
        "is gone, with its seal: the case itself still knows both" in said_sentence for said_sentence in said(by_cases)
    )


def test_the_newest_of_all_taken_off_with_its_seal_shows_by_copy_and_case_only(told: Database) -> None:
    tamper(told, "DELETE FROM decisions WHERE case_id = 'R-2' AND n = 2", "DELETE FROM seals WHERE n = 8")
    assert check(told, copy=False).untouched
    assert not check(told).untouched


def test_what_is_sealed_anew_with_the_key_shows_by_copy_and_case(told: Database) -> None:
    # Given somebody who has even the key, but neither the copy of the list nor the cases
    with told.reading() as session:
        witness = ledger.last_seals(session, FIRST)
    tamper(told, "UPDATE decisions SET decided = 'other'", seal_anew(told.seals.key()))
    found = check(told, copy=False)
    assert found.untouched
    assert "has another seal than in the copy of the list: it was replaced" in " ".join(said(check(told)))
    with told.reading() as session:
        tampering.check_case_seals(session, FIRST, witness, found)
    assert "decision 3 of R-1 has another seal than its case was told: it was replaced" in said(found)


def test_a_case_goes_on_after_its_newest_decision_was_removed_and_it_still_shows(told: Database) -> None:
    tamper(told, "DELETE FROM decisions WHERE case_id = 'R-1' AND n = 3")
    with told.session() as session:
        journal.write(session, JournalBatch(case=FIRST, rows=[decision_row(4, 20)]))
    assert said(check(told)) == ["decision 3 of R-1 is gone: its seal is still there"]

    # and where the case tells it once more, it fits the seal that it had
    with told.session() as session:
        journal.write(session, JournalBatch(case=FIRST, rows=[decision_row(3, 7)]))
    assert check(told).untouched


def test_what_one_case_shows_is_said_of_that_case(told: Database) -> None:
    tamper(told, "UPDATE decisions SET reason = 'other' WHERE case_id = 'R-2'")
    with told.reading() as session:
        assert problems_of(session, FIRST) == []
        assert len(problems_of(session, SECOND)) == 2


# What was there before there were seals of all


def test_what_was_on_record_before_is_sealed_by_the_migration(url: str, files: SealFiles) -> None:
    # Given tables of the version before, with decisions as they were sealed then
    database = Database(url, files)
    if database.is_sqlite:
        database._make_directory()
    with database.engine.begin() as connection:
        migrations.upgrade(connection, "0004", seals=lambda: files)
    with database.session() as session:
        previous = ""
        for n in (1, 2):
            record = journal._decision(FIRST, decision_row(n, n))
            record.previous_seal = previous
            record.seal = previous = seals.plain_seal(ledger.content_of(record))
            session.add(record)
        pay = ledger.content_of(journal._pay(FIRST, pay_row(1, 1)))
        session.execute(insert(PayRecord).values({name: pay[name] for name in pay if name != "corrects"}))

    database.migrate()

    assert check(database, copy=False).untouched
    with database.session() as session:
        journal.write(session, JournalBatch(case=FIRST, rows=[decision_row(3, 9)]))
    assert check(database).untouched
    assert [sealed.n for sealed in read_list(files.listed)] == [1, 2, 3, 4]
    tamper(database, "UPDATE decisions SET decided = 'other' WHERE n = 1", seal_plainly)
    assert "decision 1 of R-1 was changed after it was sealed" in said(check(database))
    database.close()


# The files


def test_the_files_are_for_their_owner_only_and_the_key_is_made_once(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "issuer"
    with ThreadPoolExecutor(8) as workers:
        keys = set(workers.map(lambda _: SealFiles(directory / "seal.key", directory / "list").key(), range(16)))
    SealFiles(directory / "seal.key", directory / "list").append([])
    assert len(keys) == 1
    assert {stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()} == {0o600}
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert sorted(file.name for file in directory.iterdir()) == ["list", "seal.key"]


def test_a_list_that_was_cut_off_is_completed_and_one_that_was_lost_is_written_anew(told: Database) -> None:
    listed = told.seals.listed
    whole = listed.read_text()
    for left in (whole[:-30], "", "\n".join(whole.splitlines()[:3]) + "\n"):
        listed.write_text(left)
        list(read_list(listed))
        ledger.copy_to_files(told)
        assert listed.read_text() == whole


def test_where_the_list_can_not_be_copied_it_is_tried_again_until_it_can(told: Database) -> None:
    listed, batch = told.seals.listed, JournalBatch(case=FIRST, rows=[decision_row(4, 20)])
    kept = listed.rename(listed.with_suffix(".moved"))
    listed.mkdir()
    for _ in range(2):
        with pytest.raises(RecordsError, match=r"the list of seals .* can't be"), told.session() as session:
            journal.write(session, batch)
    listed.rmdir()
    kept.rename(listed)
    with told.session() as session:
        journal.write(session, batch)
    assert [sealed.n for sealed in read_list(listed)] == list(range(1, 10))
    assert check(told).untouched


def test_looking_makes_no_key(told: Database) -> None:
    told.seals.key_file.rename(told.seals.key_file.with_suffix(".moved"))
    assert tampering.keys_here(told.seals) == {}
    assert "seals were made with a key that is not here" in said(check(told))[0]
    assert not told.seals.key_file.exists()


def test_a_key_that_is_gone_is_asked_for_and_no_other_is_made(told: Database) -> None:
    # Given records with seals, and their key's directory gone
    kept = told.seals.key_file.rename(told.seals.key_file.with_suffix(".moved"))
    batch = JournalBatch(case=FIRST, rows=[decision_row(4, 20)])
    url = told.engine.url.render_as_string(hide_password=False)
    starting = Database(url, SealFiles(told.seals.key_file, told.seals.listed))
    with pytest.raises(RecordsError, match=r"seal\.key is gone.*put it back"), starting.session() as session:
        journal.write(session, batch)
    starting.close()
    assert not told.seals.key_file.exists()
    # Then whoever still has it goes on, and so does everybody once it is back
    kept.rename(told.seals.key_file)
    with told.session() as session:
        journal.write(session, batch)
    assert check(told).untouched


def test_records_put_back_from_an_older_backup_say_so_and_use_no_number_again(told: Database) -> None:
    # Given records as they were before the last two seals, beside the copy of the list as it is
    tamper(
        told,
        "DELETE FROM decisions WHERE (case_id = 'R-1' AND n = 3) OR (case_id = 'R-2' AND n = 2)",
        "DELETE FROM seals WHERE n > 6",
    )
    older = "the records end with seal 6, the copy of the list with seal 8: they were put back from an older backup"
    assert any(older in sentence for sentence in said(check(told)))

    # When they go on
    with told.session() as session:
        journal.write(session, JournalBatch(case=FIRST, rows=[attempt_row(2, 20)]))

    # Then what is missing is still told, and no seal stands for two things
    problems = said(check(told))
    assert "seals 7 to 8 are gone from the list of seals" in problems
    assert "decision 2 of R-2 is gone, with its seal: the copy of the list still has seal 8" in problems
    assert [sealed.n for sealed in read_list(told.seals.listed)] == list(range(1, 10))
    assert not [problem for problem in problems if "replaced" in problem]


def test_a_number_that_stands_for_something_else_than_in_the_copy_is_told(told: Database) -> None:
    lines = told.seals.listed.read_text().splitlines()
    entry = {**json.loads(lines[-1]), "case": "R-9", "seal": "0" * 64}
    told.seals.listed.write_text("\n".join([*lines[:-1], json.dumps(entry)]) + "\n")
    sentence = "decision 2 of R-9 has seal 8 in the copy of the list, which decision 2 of R-2 has in the records"
    assert any(sentence in said_sentence for said_sentence in said(check(told)))


@pytest.mark.parametrize("content", ["", "no key", "ab" * 31, "ab" * 33])
def test_a_key_that_is_none_is_named_and_nothing_is_written(database: Database, content: str) -> None:
    database.seals.key_file.parent.mkdir(parents=True)
    database.seals.key_file.write_text(content)
    with pytest.raises(RecordsError, match="must be 64 hexadecimal digits"), database.session() as session:
        journal.write(session, JournalBatch(case=FIRST, rows=[decision_row(1)]))
    with database.reading() as session:
        assert session.scalars(select(DecisionRecord)).all() == []


def test_a_list_that_was_meddled_with_is_named(told: Database) -> None:
    lines = told.seals.listed.read_text().splitlines()
    told.seals.listed.write_text("\n".join([*lines[:2], "none", *lines[2:]]) + "\n")
    with pytest.raises(SealFilesError, match=r"line 3 of the list of seals .* can't be read"):
        check(told)
    assert json.loads(lines[0])["n"] == 1
    assert read_key(told.seals.key_file) == told.seals.key()
