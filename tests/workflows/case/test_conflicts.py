"""What can't be put on record because something else has its number: people are told, and the case goes on."""

from __future__ import annotations

from domain.core.journal import JournalBatch
from domain.core.questions import TaskKind
from records import journal
from records.queries.core import cases as queries
from tests.office import HR, Office
from tests.records.rows import decision_row


async def test_a_decision_whose_number_is_taken_is_told_and_holds_nothing_up(office: Office) -> None:
    # Given a case whose second decision has its number taken by another on record
    case = await office.start()
    request = await case.next_task(TaskKind.MENTOR_REQUEST)
    with office.database.session() as session:
        journal.write(session, JournalBatch(case=case.id, rows=[decision_row(2, what="of another case")]))

    # When the case decides
    await case.answer(request, yes=True)
    view = await case.go_on(until=lambda view: view["at_risk"])

    # Then the case is at risk and HR is told, what was on record stays, and what comes after it is there
    assert view["at_risk"]["records"].startswith(f"decision 2 of {case.id} is not on record: another decision")
    await case.go_on(until=lambda view: view["stage"] == "placement")
    with office.database.reading() as session:
        assert queries.decisions(session, case.id)[1].what == "of another case"
        assert queries.case(session, case.id).stage == "placement"
    assert any(b"is not on record" in bytes(mail) for mail in office.mails(to=HR))
