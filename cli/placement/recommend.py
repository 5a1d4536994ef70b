"""Which programme suits somebody for a role: what the numbers say, and what a person decides."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import AsJson, Profile, an_id, policy_option
from cli.core.output import say, say_result, show
from cli.core.resources import read_learning_policy, read_placement_policy
from cli.learning.assessing import LearningPolicyFile, PersonArgument
from cli.learning.tables import gaps_table, plan_tables
from domain.placement.recommendation import SuitableProgramme
from service.core.environment import records
from service.core.policies import DEFAULT_LEARNING_POLICY, DEFAULT_POLICY
from service.placement.recommending import Recommended, enter_choice, recommended

app = Commands()


@app.command()
def recommend(
    person: PersonArgument,
    role: Annotated[str, typer.Option(parser=an_id, metavar="ROLE", help="The role, such as DATA1.")],
    profile: Profile = None,
    weeks: Annotated[int | None, typer.Option(min=1, max=104, help="Of a placement; else as the policy says.")] = None,
    policy: LearningPolicyFile = DEFAULT_LEARNING_POLICY,
    returnship_policy: Annotated[
        Path,
        policy_option("The policy of returnships.", DEFAULT_POLICY),
    ] = DEFAULT_POLICY,
    decide: Annotated[
        SuitableProgramme | None,
        typer.Option(
            metavar="PROGRAMME",
            help="Put a decision on record: returnship, upskilling, returnship_with_upskilling, upskilling_first or "
            "neither.",
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it is decided so.")] = None,
    actor: Annotated[
        str | None, typer.Option("--as", parser=an_id, metavar="P-…", help="Who decides: HR of the role.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show which programme suits somebody for a role, with the numbers; with --decide, record what HR decides."""
    if decide is not None and (reason is None or actor is None):
        raise CommandError("a decision needs its --reason, and who decides (--as P-…)", "usage")
    if decide is None and (reason is not None or actor is not None):
        raise CommandError("--reason and --as are for a decision: give --decide PROGRAMME as well", "usage")
    rules = read_learning_policy(policy)
    returnships = read_placement_policy(returnship_policy)
    with records() as database:
        found = recommended(database, person, role, role if profile is None else profile, weeks, rules, returnships)
        entered = None
        if decide is not None:
            values = {"actor": actor, "programme": decide, "reason": reason}
            entered = enter_choice(database, found, values, datetime.now(UTC))
    if as_json:
        say_result({**found.as_json(), "recorded": entered})
    else:
        _show(found, entered)


def _show(found: Recommended, entered: dict[str, Any] | None) -> None:
    learner, suits = found.learner, found.recommendation
    say(f"For {learner.person.id} in {found.role.id}: {suits.programme.spoken}")
    for sentence in suits.sentences:
        say(f"- {sentence}")
    say("")
    parts = [gaps_table(f"Gaps to {learner.profile.id}, {learner.profile.title}", learner.gaps)] if learner.gaps else []
    parts += plan_tables(found.closing) if found.closing and found.closing.trainings else []
    if parts:
        show(*parts)
        say("")
    if entered:
        decided = SuitableProgramme(entered["decided"]).spoken
        was = "It was decided so already" if entered["already"] else "It was decided"
        say(f"{was}: {decided}; on record as decision {entered['decision']} of {entered['case']}")
    else:
        say("A person decides: HR of the role, with --decide PROGRAMME --reason TEXT --as P-…")
