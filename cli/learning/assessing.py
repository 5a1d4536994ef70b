"""Levels of skills, the gaps to a role, and the plan that would close them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import AsJson, Day, an_id, policy_option
from cli.core.output import say, say_result, show
from cli.core.resources import read_learning_policy
from cli.core.usage import quoted
from cli.learning.tables import gaps_table
from domain.core.sentences import explain
from domain.core.skills import SkillLevel, Source
from records.imports.core.report import Stored
from service.core.environment import records
from service.core.policies import DEFAULT_LEARNING_POLICY
from service.core.today import today
from service.learning.assessing import put_levels
from service.learning.learners import gaps_as_json, look_up

PersonArgument = Annotated[
    str, typer.Argument(parser=an_id, metavar="P-…", help="The person, by their id in the records.")
]
LearningPolicyFile = Annotated[
    Path,
    policy_option("The policy of upskilling.", DEFAULT_LEARNING_POLICY, "--policy"),
]


app = Commands()


@app.command()
def assess(
    person: PersonArgument,
    levels: Annotated[list[str] | None, typer.Argument(metavar="SKILL=LEVEL…", help="From 0 to 7: sql=3.")] = None,
    profile: Annotated[
        str | None, typer.Option(parser=an_id, metavar="PROFILE", help="Show the gaps to it: what a role asks for.")
    ] = None,
    source: Annotated[Source | None, typer.Option(help="In which part it was found.")] = None,
    actor: Annotated[str | None, typer.Option("--as", parser=an_id, metavar="P-…", help="Who found it.")] = None,
    on: Day = None,
    policy: LearningPolicyFile = DEFAULT_LEARNING_POLICY,
    as_json: AsJson = False,
) -> None:
    """Put levels on record that somebody was found to have; with --profile, show their gaps, the most important first.

    One's own levels are one's own to give, a manager's the manager's (or that of a role), those of a test HR's.
    """
    if not levels and profile is None:
        raise CommandError("give levels to put on record, as sql=3, or a --profile to see the gaps to", "usage")
    stored = _put(person, levels, source, actor, on) if levels else None
    result: dict[str, Any] = {"person": person, "stored": stored.model_dump() if stored else None}
    if stored and not as_json:
        say(str(stored))
    if profile is not None:
        result |= _gaps(person, profile, policy, as_json=as_json)
    if as_json:
        say_result(result)


def _put(person: str, texts: list[str], source: Source | None, actor: str | None, on: datetime | None) -> Stored:
    if source is None or actor is None:
        raise CommandError("say who found it (--as P-…) and in which part (--source self, manager or test)", "usage")
    found = _read(texts, source, actor, on)
    with records() as database:
        return put_levels(database, person, found, actor)


def _read(texts: list[str], source: Source, actor: str, on: datetime | None) -> list[SkillLevel]:
    """The levels as they were typed. Raises :class:`CommandError` naming what does not fit."""
    day = on.date() if on else today()
    if day > today():
        raise CommandError(f"--on: {day} is still to come", "invalid")
    found: dict[str, SkillLevel] = {}
    for text in texts:
        skill, equals, typed = text.rpartition("=")
        if not equals or not skill.strip():
            raise CommandError(f"{quoted([text])} is not of the form skill=level", "usage")
        try:
            level = SkillLevel.model_validate(
                {"skill": skill, "level": _number(typed), "source": source, "on": day, "by": actor}
            )
        except ValidationError as error:
            raise CommandError(f"{skill}: {explain(error)}", "usage") from None
        if level.skill in found:
            raise CommandError(f"{skill}: given twice", "usage")
        found[level.skill] = level
    return list(found.values())


def _number(typed: str) -> Decimal:
    try:
        return Decimal(typed.strip())
    except InvalidOperation:
        raise CommandError(f"{quoted([typed])} is not a level: give a number from 0 to 7", "usage") from None


def _gaps(person: str, profile: str, policy_file: Path, *, as_json: bool) -> dict[str, Any]:
    with records() as database:
        learner = look_up(database, person, profile, read_learning_policy(policy_file))
    if not as_json:
        title = f"Gaps of {person} to {learner.profile.id}, {learner.profile.title}"
        show(gaps_table(title, learner.gaps)) if learner.gaps else say(f"{title}: none")
        if learner.apart:
            say(f"To be talked about, because the person and their manager are far apart: {', '.join(learner.apart)}")
    return {"profile": profile, "gaps": gaps_as_json(learner.gaps), "apart": learner.apart}
