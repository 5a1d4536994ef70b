"""The plan that would be proposed to somebody for a role."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer

from cli.core.commands import Commands
from cli.core.options import AsJson, a_currency, an_amount, an_id
from cli.core.output import say, say_result, show
from cli.core.resources import read_learning_policy
from cli.learning.assessing import LearningPolicyFile, PersonArgument
from cli.learning.tables import plan_tables
from domain.core.model import Money
from service.core.environment import records
from service.core.policies import DEFAULT_LEARNING_POLICY
from service.learning.learners import gaps_as_json, look_up
from service.learning.planning import from_now, plan_as_json, plan_for

app = Commands()


@app.command()
def plan(
    person: PersonArgument,
    profile: Annotated[str, typer.Option(parser=an_id, metavar="PROFILE", help="What a role asks for, such as DATA1.")],
    hours: Annotated[int | None, typer.Option(min=0, help="Hours in all; else as the policy says.")] = None,
    budget: Annotated[
        Decimal | None,
        typer.Option(parser=an_amount, metavar="AMOUNT", help="As 2500.00; else as the policy says."),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(parser=a_currency, metavar="CUR", help="Of the budget, as GBP.")
    ] = None,
    policy: LearningPolicyFile = DEFAULT_LEARNING_POLICY,
    as_json: AsJson = False,
) -> None:
    """Show the plan that would be proposed to somebody for a role, and what stays open. Nothing is put on record."""
    rules = read_learning_policy(policy)
    limit = rules.plan.hours if hours is None else hours
    amount = rules.plan.budget.amount if budget is None else budget
    money = Money(amount=amount, currency=currency or rules.plan.budget.currency)
    with records() as database:
        learner = look_up(database, person, profile, rules)
    proposed = plan_for(learner, money, limit, from_now(learner, rules))
    if as_json:
        say_result(
            {
                "person": person,
                "profile": profile,
                "limits": {"hours": limit, "budget": money.model_dump(mode="json")},
                "gaps": gaps_as_json(learner.gaps),
                "plan": plan_as_json(proposed),
            }
        )
    elif not learner.gaps:
        say(f"{person} lacks nothing that {learner.profile.id}, {learner.profile.title}, requires")
    else:
        if not proposed.trainings:
            say("There is nothing to plan within these limits.")
        show(*plan_tables(proposed))
