"""The tables: migrated, append-only, exact; and errors that say where but not what."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import StatementError

from domain.core.journal import JournalBatch
from records import journal, migrations
from records.database import Database
from records.errors import RecordsError, RecordsRefused, RecordsUnreachable
from records.seal_files import SealFiles
from records.tables.base import Base
from records.tables.core import PersonRecord, StageRecord
from records.tables.placement import PayRecord
from tests.records.rows import BEGIN, attempt_row, decision_row, pay_row

MAKES = "`starter.py records migrate` makes"
ROOT = Path(__file__).resolve().parents[2]


def test_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_several_workers_migrate_a_new_database_at_once(url: str) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from records.database import Database; Database(sys.argv[1]).migrate()",
        url,
    ]
    workers = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [worker.wait(60) for worker in workers] == [0] * 4
    database = Database(url)
    with database.reading() as session:
        newest = ScriptDirectory.from_config(migrations.configuration(session.connection())).get_current_head()
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == newest
    database.close()


def test_what_a_migration_did_is_logged_once_and_in_our_words(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            migrating = Database(url)
            migrating.migrate()
            migrating.close()
    ours = [record.message for record in caplog.records if record.name == "records.migrations"]
    assert ours == ["tables of the records brought up to date"]


def test_a_migration_can_be_taken_back(database: Database) -> None:
    with database.engine.begin() as connection:
        migrations.downgrade(connection, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.migrate()


def test_a_daily_mail_on_its_way_keeps_its_message_id_and_its_letters_are_told_anew(url: str, files: SealFiles) -> None:
    # Given a mail that an earlier version was just sending
    database = Database(url, files)
    if database.is_sqlite:
        database._make_directory()
    with database.engine.begin() as connection:
        migrations.upgrade(connection, "0021", seals=lambda: files)
        connection.execute(
            text(
                "INSERT INTO mails (message_id, case_id, template, recipient, sent_at, status) VALUES "
                "('<d@x>', 'daily-mail-P-A', 'mail_of_the_day', 'P-A', '2026-01-05 08:00:00', 'sending')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO held_mails (n, message_id, person, case_id, letter, daily) VALUES "
                "(1, '<1@x>', 'P-A', 'R-1', '{}', '<d@x>')"
            )
        )

    database.migrate()

    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT message_id, status FROM mails")).all() == [("<d@x>", "dropped")]
        assert connection.execute(text("SELECT daily FROM held_mails")).scalar() is None
    database.close()


def test_a_payroll_number_that_several_have_stands_in_the_way_until_it_is_that_of_one(
    url: str, files: SealFiles
) -> None:
    # given records of an earlier version, in which two people have one number
    database = Database(url, files)
    if database.is_sqlite:
        database._make_directory()
    with database.engine.begin() as connection:
        migrations.upgrade(connection, "0032", seals=lambda: files)
        for person, number in (("P-A", "0042"), ("P-B", "0042"), ("P-C", None), ("P-D", None), ("P-E", "7")):
            connection.execute(
                text(
                    "INSERT INTO people (id, name, email, time_zone, country, languages, skills, preferences, mentor, "
                    "payroll_number) VALUES (:id, 'A', 'a@a.example', 'UTC', 'IE', '[]', '[]', '[]', :mentor, :number)"
                ),
                {"id": person, "mentor": False, "number": number},
            )

    # when they are brought up to date, they are named, without the number, and nothing is done
    with pytest.raises(RecordsRefused, match=r"one payroll number.*: P-A, P-B; give each their own") as refused:
        database.migrate()
    assert "0042" not in str(refused.value)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE people SET payroll_number = NULL WHERE id = 'P-B'"))

    # then, once it is mended, the database holds it from now on
    database.migrate()
    with pytest.raises(RecordsRefused, match="refused"), database.session() as session:
        session.execute(text("UPDATE people SET payroll_number = '7' WHERE id = 'P-C'"))
    database.close()


def test_tables_of_a_later_version_are_left_alone(database: Database) -> None:
    with database.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordsRefused, match="later version than this code"):
        database.migrate()


def test_tables_of_another_program_are_left_alone_and_to_migrate_is_no_advice(url: str) -> None:
    other = Database(url)
    if other.is_sqlite:
        Path(other.engine.url.database or "").parent.mkdir()
    with other.engine.begin() as connection:
        connection.execute(text("CREATE TABLE people (x INTEGER)"))
    with pytest.raises(RecordsRefused, match="tables of another program") as refused:
        other.migrate()
    assert "migrate" not in str(refused.value)
    with other.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["people"]
    other.close()


def test_a_file_that_is_no_database_is_refused_also_by_a_migration(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id,name,email\n" * 100)
    database = Database(f"sqlite:///{file}")
    with pytest.raises(RecordsRefused, match=r"people\.csv"):
        database.migrate()
    with pytest.raises(RecordsRefused, match=r"people\.csv"), database.reading() as session:
        session.execute(text("SELECT 1 FROM people"))


def test_a_directory_can_be_no_database(tmp_path: Path) -> None:
    with pytest.raises(RecordsUnreachable, match="can't be used now"):
        Database(f"sqlite:///{tmp_path}").migrate()


@pytest.mark.parametrize("table", ["decisions", "pay_instructions", "attempts", "seals"])
@pytest.mark.parametrize("change", ["UPDATE {} SET n = 7", "DELETE FROM {}"])
def test_the_database_itself_forbids_changing_what_is_append_only(database: Database, table: str, change: str) -> None:
    with database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=[decision_row(), pay_row(), attempt_row()]))

    with pytest.raises(RecordsRefused, match=f"{table} is append-only"), database.session() as session:
        session.execute(text(change.format(table)))


def test_nor_can_a_decision_be_replaced_on_sqlite_or_truncated_on_postgresql(database: Database) -> None:
    with database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=[decision_row()]))
    replace = "REPLACE INTO decisions SELECT * FROM decisions"

    with pytest.raises(RecordsRefused, match="append-only"), database.session() as session:
        session.execute(text(replace if database.is_sqlite else "TRUNCATE decisions"))


@pytest.mark.parametrize("amount", ["0.10", "999999999999.99", "-0.01", "1234567890.05"])
def test_amounts_and_instants_come_back_as_they_went_in(database: Database, amount: str) -> None:
    with database.session() as session:
        journal.write(session, JournalBatch(case="R-1", rows=[pay_row(amount=amount)]))

    with database.reading() as session:
        stored = session.scalars(select(PayRecord)).one()
    assert stored.amount == Decimal(amount)
    assert str(stored.amount) == amount
    assert (stored.at, stored.at.utcoffset()) == (BEGIN, BEGIN.utcoffset())


def test_a_naive_instant_is_refused(database: Database) -> None:
    naive = StageRecord(case_id="R-1", n=1, at=datetime(2026, 1, 1), stage="intake")  # noqa: DTZ001
    with pytest.raises(StatementError, match="must be aware"), database.session() as session:
        session.add(naive)


def test_a_transaction_that_reads_can_not_write(database: Database) -> None:
    with pytest.raises(RecordsError, match=r"(?i)read.?only"), database.reading() as session:
        session.execute(text("DELETE FROM people"))
    with database.session() as session:
        session.execute(text("DELETE FROM people"))


def test_a_failing_transaction_leaves_nothing(database: Database) -> None:
    def fail_after_writing() -> None:
        with database.session() as session:
            journal.write(session, JournalBatch(case="R-1", rows=[pay_row()]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_writing()
    with database.reading() as session:
        assert session.scalars(select(PayRecord)).all() == []


def test_a_refusal_names_the_database_but_repeats_no_data(database: Database) -> None:
    incomplete = PersonRecord(id="P-1AB", name="Ada Lovelace", email="ada@example.org", mentor=False)
    with pytest.raises(RecordsRefused) as refused, database.session() as session:
        session.add(incomplete)
    assert database.shown in str(refused.value)
    assert "Ada" not in str(refused.value)
    assert "ada@" not in str(refused.value)


@pytest.mark.parametrize("query", ["", "?password=secret"])
def test_a_database_that_is_away_is_named_without_its_password(query: str) -> None:
    unreachable = Database(f"postgresql://hr:secret@127.0.0.1:1/records{query}")
    with pytest.raises(RecordsUnreachable, match=r"127\.0\.0\.1:1/records") as error:
        unreachable.migrate()
    assert "secret" not in str(error.value)


def _reading_says(database: Database) -> str:
    with pytest.raises(RecordsUnreachable) as error, database.reading() as session:
        session.scalars(select(PersonRecord)).all()
    return str(error.value)


def test_records_that_are_not_there_yet_are_said_to_be_and_what_makes_them(url: str) -> None:
    database = Database(url)
    assert MAKES in _reading_says(database)
    if database.is_sqlite:
        file = Path(url.removeprefix("sqlite:///"))
        assert not file.exists()  # SQLite would make an empty one
        file.parent.mkdir()
        file.touch()
        assert MAKES in _reading_says(database)


def test_records_of_an_earlier_version_are_said_to_be_and_what_makes_them_anew(database: Database) -> None:
    with database.session() as session:
        session.execute(text("ALTER TABLE people DROP COLUMN time_zone"))
    assert MAKES in _reading_says(database)


@pytest.mark.parametrize("url", ["mysql://db/records", "sqlite://", "sqlite:///:memory:", "not a url"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(RecordsUnreachable):
        Database(url)
