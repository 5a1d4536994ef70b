"""A case as a witness of what it put on record, when the records and the copy of their seals were both changed."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import text

from domain.core.model import Money
from service.core import seals
from tests.office import ROLE, Office


async def test_a_case_knows_of_a_decision_that_was_taken_away_with_all_its_traces(office: Office) -> None:
    # Given a case that ended, with decisions on record
    unpaid = ROLE.model_copy(update={"stipend": Money(amount=Decimal(0), currency="GBP")})
    case = await office.start(role=unpaid)
    await case.ended()
    untouched = seals.check(office.database, [], [])
    assert await seals.ask_cases(office.client, office.database, untouched) == seals.Answers(answered=1, silent=())
    assert untouched.untouched

    # when somebody takes away the newest, its seal, and the copy of the list
    with office.database.session() as session:
        for table in ("decisions", "seals"):
            session.execute(text(f"DROP TRIGGER {table}_no_delete"))
        session.execute(text("DELETE FROM decisions WHERE n = (SELECT max(n) FROM decisions)"))
        session.execute(text("DELETE FROM seals WHERE n = (SELECT max(n) FROM seals)"))
    office.database.seals.listed.unlink()

    # then only the case can tell, and does
    found = seals.check(office.database, [], [])
    assert found.untouched
    await seals.ask_cases(office.client, office.database, found)
    (sentence,) = found.problems[case.id]
    assert sentence.endswith(f"of {case.id} is gone, with its seal: the case itself still knows both")


async def test_a_case_that_tells_nothing_is_named(office: Office) -> None:
    # Given a case that ended, and one on record that Temporal never had
    unpaid = ROLE.model_copy(update={"stipend": Money(amount=Decimal(0), currency="GBP")})
    case = await office.start(role=unpaid)
    await case.ended()
    checked = seals.check(office.database, [], [])
    checked.cases.add("W-RETURN-DATA1")
    # when they are asked
    asked = await seals.ask_cases(office.client, office.database, checked)
    # then it is said of whom nothing is known
    assert asked == seals.Answers(answered=1, silent=("W-RETURN-DATA1",))
    said = seals.not_checked(office.database.seals, asked)
    assert any(
        sentence.startswith("what 1 of 2 cases know") and sentence.endswith(": W-RETURN-DATA1") for sentence in said
    )
