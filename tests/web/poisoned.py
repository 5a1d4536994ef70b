"""Records in which every text that somebody can have put there is a program that would run, if a page let it.

What is text the tables say themselves: a new column is poisoned, unless :data:`NOT_FREE` says what it is instead.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Column, String, Table, select, text, update
from sqlalchemy.orm import Session

from records.database import Database
from records.tables.base import Base
from records.tables.uploads import UploadRecord
from tests.web.cohort.files import HEADER as COHORTS
from tests.web.readers import everybody
from tests.web.registry.test_imports import HEADER as PEOPLE
from tests.web.told import FREE, tell_all


def program(mark: str) -> str:
    """A text that would run wherever in a page it stood as it is: as a link, in an attribute, as markup, in a text
    area, in a template, in a format. It is as short as what people can type has to be."""
    return (
        f"javascript:alert(1)//{mark}\"'><img src=x onerror=alert(1)></textarea></title><script>alert(1)</script>"
        '<svg onload=alert(1)><a href="javascript:alert(1)">{{7*7}}{% 7 %}${7*7} %(x)s %s {x} $x$'
    )


def address(mark: str) -> str:
    """The same, as far as a mail address can be one."""
    return f"{{{{7*7}}}}'${{7*7}}`{mark}@example.org"


NOT_FREE: Mapping[str, str] = {
    "an id": "id person case_id task role cohort capacity holder manager mentor granted_by revoked_by by_person "
    "linked_by declared_by successor led_by started_by answered_by assignee returner trainer supervisor reviewer "
    "examiner second_manager budget_owner hr hr_lead it facilities headcount people not_theirs reopens may_waive "
    "kept_from parts successors recipient message_id uid daily profile certificate training label policy requires",
    "one of a few words of ours": "programme stage state status standing kind duty outcome party reach template "
    "leave_type move_on what characteristic source",
    "checked where it is stored: a place, a language, a currency, a choice, an address, a key": "country time_zone "
    "languages language language_choice mail_choice unit currency cost_currency stipend_currency salary_currency "
    "working_pattern address organizer_address options cost_centre payroll_number",
    "a number, a hash or a key": "token code browser digest key seal previous previous_seal scores status_home issuer",
    "worked out by us": "passed_over",
}
"""Columns of text in which nobody types what they like."""

NOT_FREE_IN: Mapping[str, str] = {
    "sign_ins.onward": "a path of ours, checked where it is stored",
    "decisions.decided": "one of a few words of ours, or an id",
    "credentials.document": "signed; its page is looked at with a certificate of its own",
    "sent_forms.led_to": "a path of ours, checked where it is stored",
}


def is_free(table: Table, column: Column[Any]) -> bool:
    """Whether people can type what they like there."""
    if not isinstance(column.type, (String, JSON)) or f"{table.name}.{column.name}" in NOT_FREE_IN:
        return False
    return not any(column.name in names.split() for names in NOT_FREE.values())


def iri(mark: str) -> str:
    """The same, as far as the name of an activity can be one."""
    return f"javascript:alert(1)//{mark}'"


SHAPED = {"people.email": address, "people.private_email": address, "trainings.activity": iri}
"""What has to be of a certain form, so that it can be stored at all."""


@dataclass
class Poison:
    """What was put where: marks by the columns and files that hold them."""

    marks: dict[str, str] = field(default_factory=dict)

    def of(self, where: str) -> str:
        """The program of this place."""
        mark = self.marks.setdefault(where, f"x{len(self.marks):03}x")
        return SHAPED.get(where, program)(mark)


def poison(database: Database) -> Poison:
    """Put everybody of :mod:`tests.web.readers` on record with all that can be told, and poison it; a SQLite file.

    Raises ``AssertionError`` for a column of free text of which nothing is on record.
    """
    everybody(database)
    with database.session() as session:
        tell_all(session)
    poisoned = Poison()
    with database.session() as session:
        for trigger in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {trigger}"))  # which keep what is on record for good
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if is_free(table, column):
                    _poison(session, table, column, poisoned)
        for upload in session.scalars(select(UploadRecord).where(UploadRecord.outcome.is_(None))):
            upload.content = _file(upload.kind, poisoned.of(f"a file: {upload.kind}"))
    return poisoned


def _poison(session: Session, table: Table, column: Column[Any], poisoned: Poison) -> None:
    where, done = f"{table.name}.{column.name}", 0
    keys = list(table.primary_key.columns)
    for row in session.execute(table.select().where(column.is_not(None))).mappings().all():
        before, typed = row[column.name], poisoned.of(where)
        if isinstance(column.type, JSON):
            after = _typed(before, typed)
        else:  # with what was there, so that what was different stays so
            after = typed if where in SHAPED else f"{typed} {before}"
        if after != before:
            this = [key == row[key.name] for key in keys]
            session.execute(update(table).where(*this).values({column.name: after}))
            done += 1
    assert done, f"{where}: nothing on record that could be poisoned; tell something in tests/web/told.py"


def _typed(value: Any, typed: str) -> Any:
    """With this text wherever people have typed one."""
    match value:
        case str():
            return value.replace(FREE, typed)
        case list():
            return [_typed(entry, typed) for entry in value]
        case dict():
            return {_typed(key, typed): _typed(entry, typed) for key, entry in value.items()}
    return value


COLUMNS = {
    "import people": PEOPLE,
    "import profiles": "profile title skill level importance mandatory",
    "import skills": "person skill level source found_on by_person",
    "cohort": COHORTS,
}
LISTS = {"import roles": "roles", "import catalogue": "trainings"}


def _file(kind: str, typed: str) -> bytes:
    """A file of this kind that says such things in every cell, and as the name of a column or a key."""
    if kind in LISTS:
        return json.dumps({LISTS[kind]: [{"id": typed, "title": typed, typed: typed}]}).encode()
    columns = re.split("[ ,]", COLUMNS[kind])
    columns += [f"gender {typed}"] if kind == "cohort" else [typed] if kind == "import people" else []
    written = io.StringIO()
    csv.writer(written).writerows([columns, [typed] * len(columns)])
    return written.getvalue().encode()
