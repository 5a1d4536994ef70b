"""Scarce things around placements: a mentor's places, the headcount, the programme's budget; one winner each time."""

from __future__ import annotations

import asyncio
import uuid
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.core.case import Withdraw
from domain.core.naming import mentor_capacity
from domain.core.questions import TaskKind
from domain.placement.policy import Policy
from domain.placement.requests import ExtendPlacement, ReleaseWaiting
from domain.placement.stages import Outcome
from records.queries.core import cases as queries
from tests.domain.factories import shipped_policy
from tests.office import HR, MANAGER, PATIENCE_SECONDS, RETURNER, ROLE, Case, Office, eventually, refusal
from tests.workflows.capacity.scarce import Scarce, refusing


def policy_with(section: str, **rules: Any) -> Policy:
    """The policy that comes with Waymark, with other rules in one section."""
    policy = shipped_policy()
    return policy.model_copy(update={section: getattr(policy, section).model_copy(update=rules)})


async def to_the_confirmation(case: Case) -> dict[str, Any]:
    """Go on until all have approved the conversion, and HR is asked to confirm it."""
    return await case.next_task(TaskKind.CONFIRMATION)


async def waits_for(case: Case, headcount: Scarce) -> None:
    """Go on until the conversion waits for a place of the headcount."""
    await case.go_on(until=lambda view: any(headcount.id in risk for risk in view["at_risk"].values()))


# One place, and two who want it


async def test_two_conversions_one_headcount_and_the_other_waits(office: Office) -> None:
    headcount = await Scarce.open(office, "headcount", 1)
    role = ROLE.model_copy(update={"headcount": headcount.id})
    first, second = await office.start(role=role), await office.start(role=role)

    confirmation = await to_the_confirmation(first)
    await waits_for(second, headcount)
    assert list(await headcount.holders()) == [f"{first.id}/headcount"]
    assert await headcount.waiting() == [f"{second.id}/headcount"]
    assert await second.open_tasks(TaskKind.CONFIRMATION) == []

    # The first declines the offer: the place goes to the one who waits.
    await first.answer(confirmation, yes=True)
    offer = await first.next_task(TaskKind.OFFER)
    await first.answer(offer, accept=False, comment="another offer")
    await to_the_confirmation(second)

    assert list(await headcount.holders()) == [f"{second.id}/headcount"]
    view = await second.go_on(until=lambda view: view["outcome"] is not None)
    assert view["outcome"] == Outcome.CONVERTED
    assert view["at_risk"] == {}


async def test_where_the_policy_does_not_wait_the_other_is_refused_with_the_reason(office: Office) -> None:
    headcount = await Scarce.open(office, "headcount", 1)
    role = ROLE.model_copy(update={"headcount": headcount.id})
    policy = policy_with("decision", no_headcount="refuse")
    first, second = await office.start(role=role, policy=policy), await office.start(role=role, policy=policy)

    await to_the_confirmation(first)
    await second.next_task(TaskKind.APPROVAL)
    again = await second.go_on(
        until=lambda view: any(
            task["kind"] == TaskKind.PROPOSAL and task["state"] == "open" and "refused" in task["facts"]
            for task in view["tasks"]
        ),
        answers={},
    )

    proposal = next(task for task in again["tasks"] if task["kind"] == TaskKind.PROPOSAL and task["state"] == "open")
    assert proposal["facts"]["refused"] == f"no place of {headcount.id} is free"
    assert list(await headcount.holders()) == [f"{first.id}/headcount"]
    with office.database.reading() as records:
        refused = [decision for decision in queries.decisions(records, second.id) if decision.what == "headcount"]
        assert [decision.reason for decision in refused] == [f"no place of {headcount.id} is free"]


async def test_a_conversion_that_waits_for_a_headcount_can_be_turned_into_a_release(office: Office) -> None:
    headcount = await Scarce.open(office, "headcount", 0)
    role = ROLE.model_copy(update={"headcount": headcount.id})
    case, next_in_line = await office.start(role=role), await office.start(role=role)
    request = ReleaseWaiting(actor=HR, reason="no place before next year")
    await case.next_task(TaskKind.APPROVAL)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.ask("release", request)
    assert "waits for no headcount" in refusal(refused.value)
    await waits_for(case, headcount)
    await waits_for(next_in_line, headcount)

    # Nobody who has another part in the decision, nor the returner
    for who in (RETURNER, MANAGER):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await case.ask("release", request.model_copy(update={"actor": who}))
        assert "it is for HR, head of HR" in refusal(refused.value)

    # A place comes in the very moment in which HR gives up the first
    await asyncio.gather(headcount.resize(1), case.ask("release", request), return_exceptions=True)

    view = await case.go_on(until=lambda view: view["outcome"] is not None)
    (outcome,) = [decision for decision in view["decisions"] if decision["what"] == "outcome"]
    holder = f"{case.id}/headcount"
    if view["release"]:
        assert (outcome["decided"], outcome["by"], outcome["reason"]) == ("released", HR, request.reason)
        assert holder not in [holding["holder"] for holding in view["held"]]
        await to_the_confirmation(next_in_line)
        assert list(await headcount.holders()) == [f"{next_in_line.id}/headcount"]
        mails = b"".join(bytes(mail) for mail in office.mails(to=RETURNER))
        assert b"no place for it in the headcount" in mails
        assert b"before next year" not in mails
    else:
        assert outcome["decided"] == "converted"
        assert list(await headcount.holders()) == [holder]
    assert await headcount.waiting() == ([] if view["release"] else [f"{next_in_line.id}/headcount"])


async def test_a_place_is_kept_by_who_is_employed_and_a_larger_headcount_lets_the_next_in(office: Office) -> None:
    headcount = await Scarce.open(office, "headcount", 0)
    role = ROLE.model_copy(update={"headcount": headcount.id})
    case = await office.start(role=role)

    await waits_for(case, headcount)
    await headcount.resize(1)
    await case.go_on(until=lambda view: bool(view["follow_ups"]))
    await case.ask("withdraw", Withdraw(actor=HR, reason="moved abroad after a month"))

    assert (await case.ended()).outcome is Outcome.CONVERTED
    assert list(await headcount.holders()) == [f"{case.id}/headcount"]


# A mentor's places


async def test_two_say_yes_to_the_last_place_of_a_mentor_and_one_finds_another(office: Office) -> None:
    first, second = await office.start(), await office.start()
    asked = [await case.next_task(TaskKind.MENTOR_REQUEST) for case in (first, second)]
    assert [task["assignee"] for task in asked] == [office.mentors[0]] * 2
    places = await Scarce.open(office, "mentor", 1, of=mentor_capacity(office.mentors[0]))

    await asyncio.gather(first.answer(asked[0], yes=True), second.answer(asked[1], yes=True))

    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (held := await places.holders()):
            await asyncio.sleep(0.05)
    (holder,) = held
    loser = second if holder.startswith(first.id) else first
    request = await loser.next_task(TaskKind.MENTOR_REQUEST)
    assert request["assignee"] == office.mentors[1]
    assert [mentorship["state"] for mentorship in (await loser.view())["mentorships"]] == ["no_place", "asked"]
    assert any("will have another mentor" in mail["Subject"] for mail in office.mails(to=office.mentors[0]))


async def test_a_mentor_whose_places_are_all_taken_is_not_asked(office: Office) -> None:
    first, second = await office.start(policy=policy_with("mentoring", max_mentees=1)), None
    await first.go_on(until=lambda view: view["stage"] == "preboarding")

    second = await office.start(policy=policy_with("mentoring", max_mentees=1))
    request = await second.next_task(TaskKind.MENTOR_REQUEST)
    assert request["assignee"] == office.mentors[1]

    await first.ask("withdraw", Withdraw(actor=HR, reason="another plan"))
    await first.ended()
    third = await office.start(policy=policy_with("mentoring", max_mentees=1))
    assert (await third.next_task(TaskKind.MENTOR_REQUEST))["assignee"] == office.mentors[0]


# What a capacity refuses


async def test_a_refusal_of_any_capacity_is_said_to_hr_and_the_case_goes_on(office: Office) -> None:
    # Given a mentor and a headcount whose capacities refuse everything.
    headcount, first = f"headcount-{uuid.uuid4().hex[:8].upper()}", office.mentors[0]
    role = ROLE.model_copy(update={"headcount": headcount})
    case = await office.start(role=role, policy=policy_with("decision", no_headcount="refuse"))

    async with refusing(office, headcount, mentor_capacity(first)):
        # Then the next mentor is asked, and HR hears of the first one's capacity until there is another mentor.
        request = await case.next_task(TaskKind.MENTOR_REQUEST)
        await case.answer(request, yes=True)
        again = await case.next_task(TaskKind.MENTOR_REQUEST)
        view = await case.view()
        assert again["assignee"] == office.mentors[1]
        assert [mentorship["state"] for mentorship in view["mentorships"]] == ["no_place", "asked"]
        assert f"nothing of it for {case.id}/mentee-1" in view["mentorships"][0]["why"]
        assert [why for why in view["at_risk"].values() if mentor_capacity(first) in why]
        assert view["held"] == [], "what was refused is not held"

        # And the conversion that can't have its place goes back with the reason.
        refused = await case.go_on(
            until=lambda view: any("refused" in task["facts"] for task in view["tasks"] if task["state"] == "open")
        )
        proposal = next(task for task in refused["tasks"] if task["state"] == "open" and "refused" in task["facts"])
        assert headcount in proposal["facts"]["refused"]
        assert [holding["holder"] for holding in refused["held"]] == [f"{case.id}/mentee-2"]
        assert not [why for why in refused["at_risk"].values() if mentor_capacity(first) in why]


async def test_money_in_another_currency_is_told_to_hr_and_who_waits_for_it_can_leave(office: Office) -> None:
    euros = await Scarce.open(office, "budget", 100_000, unit="EUR")
    case = await office.start(policy=policy_with("stipend", budget_from=euros.id))

    view = await case.go_on(until=lambda view: any(euros.id in why for why in view["at_risk"].values()))

    assert "counted in EUR, not in GBP" in "".join(view["at_risk"].values())
    assert view["held"] == []
    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    assert (await case.ended()).outcome is Outcome.WITHDRAWN


# Money, and what a withdrawal gives back


async def test_money_for_the_stipends_is_taken_when_somebody_is_let_in_and_what_is_not_needed_comes_back(
    office: Office,
) -> None:
    budget = await Scarce.open(office, "budget", 15_000, unit="GBP")
    policy = policy_with("stipend", budget_from=budget.id)
    first = await office.start(policy=policy)
    await first.next_task(TaskKind.MENTOR_REQUEST)
    second = await office.start(policy=policy)

    running = await first.go_on(until=lambda view: (view["week"] or 0) >= 7)
    await second.go_on(until=lambda view: any(budget.id in risk for risk in view["at_risk"].values()))
    held = (await budget.holders())[f"{first.id}/stipends"]
    assert Decimal(10_900) < held < Decimal(11_300), "sixteen weeks at 3,000 GBP a month, whichever months they are"
    assert await second.open_tasks() == [], "no mentor is asked before the money is there"
    await eventually(lambda: any("Waiting for money" in mail["Subject"] for mail in office.mails(to=RETURNER)))
    assert running["stipends"]

    await first.ask("withdraw", Withdraw(actor=RETURNER, reason="a post closer to home"))
    await first.ended()
    paid = sum(Decimal(stipend["amount"]["amount"]) for stipend in (await first.view())["stipends"])
    assert 0 < paid < Decimal(6_000)
    assert await budget.spent() == paid
    assert f"{second.id}/stipends" not in await budget.holders(), "what has come back is not enough"

    await budget.resize(20_000)
    await second.next_task(TaskKind.MENTOR_REQUEST)
    assert (await second.view())["at_risk"] == {}


async def test_what_is_taken_for_the_stipends_is_what_they_come_to(office: Office) -> None:
    budget = await Scarce.open(office, "budget", 20_000, unit="GBP")
    case = await office.start(policy=policy_with("stipend", budget_from=budget.id))
    await case.next_task(TaskKind.MENTOR_REQUEST)
    taken = (await budget.holders())[f"{case.id}/stipends"]

    # When the placement goes on to its last day
    ended = await case.go_on(
        until=lambda view: view["plan"] and view["now"] >= view["plan"]["ends_at"], unanswered=[TaskKind.PROPOSAL]
    )

    # Then each of its sixteen weeks' days was paid, and that was what had been taken
    assert sum(stipend["days"] for stipend in ended["stipends"]) == 16 * 7
    assert sum(Decimal(stipend["amount"]["amount"]) for stipend in ended["stipends"]) == taken
    assert ended["stipends"][-1]["last"] == ended["plan"]["end"]


async def test_an_extension_takes_its_money_too(office: Office) -> None:
    budget = await Scarce.open(office, "budget", 20_000, unit="GBP")
    case = await office.start(policy=policy_with("stipend", budget_from=budget.id))
    await case.go_on(until=lambda view: view["stage"] == "placement")

    await case.ask("extend", ExtendPlacement(actor=HR, weeks=2, reason="to finish the project"))
    ended = await case.go_on(until=lambda view: view["stage"] == "follow_up")

    paid = sum(Decimal(stipend["amount"]["amount"]) for stipend in ended["stipends"])
    assert await budget.holders() == {}
    assert await budget.spent() == paid
    held = {
        holding["holder"]: Decimal(holding["amount"]) for holding in ended["held"] if holding["capacity"] == budget.id
    }
    assert paid > held[f"{case.id}/stipends"], "the two weeks more were paid from what came on top"


async def test_a_withdrawal_gives_back_everything_that_is_held(office: Office) -> None:
    headcount = await Scarce.open(office, "headcount", 1)
    budget = await Scarce.open(office, "budget", 15_000, unit="GBP")
    role = ROLE.model_copy(update={"headcount": headcount.id})
    case = await office.start(role=role, policy=policy_with("stipend", budget_from=budget.id))
    await to_the_confirmation(case)
    places = office.client.get_workflow_handle(f"capacity-{mentor_capacity(office.mentors[0])}")
    assert [reservation["holder"] for reservation in (await places.query("view"))["holders"]] == [f"{case.id}/mentee-1"]

    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="a post closer to home"))
    await case.ended()

    paid = sum(Decimal(stipend["amount"]["amount"]) for stipend in (await case.view())["stipends"])
    assert await headcount.holders() == {}
    assert (await budget.holders(), await budget.spent()) == ({}, paid)
    assert (await places.query("view"))["holders"] == []
    assert [holding["holder"] for holding in (await case.view())["held"]] == [f"{case.id}/stipends"]


async def test_a_withdrawal_while_something_is_just_being_taken_leaves_nothing_taken(office: Office) -> None:
    case = await office.start()
    request = await case.next_task(TaskKind.MENTOR_REQUEST)

    await case.answer(request, yes=True)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "reserve_capacity" not in await scheduled(case):
            await asyncio.sleep(0.01)
    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    await case.ended()

    places = office.client.get_workflow_handle(f"capacity-{mentor_capacity(office.mentors[0])}")
    assert (await places.query("view"))["holders"] == []


async def scheduled(case: Case) -> list[str]:
    """The activities that a case has scheduled so far."""
    history = await case.handle.fetch_history()
    began = [event.activity_task_scheduled_event_attributes for event in history.events]
    return [activity.activity_type.name for activity in began]
