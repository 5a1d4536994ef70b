"""Starting a placement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.core.access import Action
from domain.core.model import Party
from domain.core.working_pattern import read_patterns
from languages.marking import translatable
from presentation.forms.looks import Look
from service.core.errors import Unfit
from service.placement.starting import PathInside, WantedPlacement, check_placement, start_placement
from service.registry.starting import learning_policy, placement_policy
from web.core.asked import Asked, as_text
from web.core.form_page import FormWords
from web.registry.policies import OF_LEARNING, OF_PLACEMENTS
from web.registry.start import BESIDE, CASE, COHORT, ROLE, StartForm

WORDS = FormWords(
    title=translatable("Start a placement"),
    lead=translatable(
        "First it is checked whether the rules let the person in, then a mentor is looked for. Where HR may make an "
        "exception, HR is asked."
    ),
    button=translatable("Start the placement"),
    asked=(
        Asked(
            "returner",
            translatable("Who is placed"),
            translatable("A name, or an id such as P-7F3K2M. They must have applied."),
            Look.PERSON,
        ),
        ROLE,
        Asked(
            "starts_on",
            translatable("First day"),
            look=Look.DATE,
            empty=translatable("the first Monday at least four weeks from today"),
            required=False,
        ),
        Asked(
            "weeks",
            translatable("How many weeks"),
            look=Look.NUMBER,
            empty=translatable("as many as the policy says"),
            required=False,
        ),
        Asked(
            "patterns",
            translatable("Working pattern"),
            translatable("Such as: mon-wed 8 – or: from 2027-02-01 mon-fri 6."),
            empty=translatable("what the records say"),
            required=False,
            reads=as_text(read_patterns),
        ),
        Asked(
            "mentor",
            translatable("Who is to be asked to be the mentor"),
            translatable("A name, or an id. Whoever is asked may say no."),
            Look.PERSON,
            empty=translatable("whoever suits best and has a place"),
            required=False,
        ),
        Asked(
            "learning",
            translatable("With an upskilling path inside"),
            translatable("The person learns in the placement's learning hours."),
            Look.TICK,
            required=False,
        ),
        Asked(
            "certificate",
            translatable("Certificate at the end of the path inside"),
            translatable("Only with a path inside."),
            Look.SELECT,
            empty=translatable("no certificate"),
            required=False,
        ),
        Asked(
            "profile",
            translatable("Profile of skills for the path inside"),
            look=Look.SELECT,
            empty=translatable("the one that is called like the role"),
            required=False,
            rare=True,
        ),
        OF_PLACEMENTS.asked("policy", translatable("Policy")),
        OF_LEARNING.asked("learning_policy", translatable("Policy of the path inside")),
        COHORT,
        BESIDE,
        CASE,
    ),
    checked=True,
)


def _wanted(values: Mapping[str, Any]) -> tuple[WantedPlacement]:
    """Raises :class:`Unfit`."""
    of_placement = {key: value for key, value in values.items() if key not in OF_PATH}
    return (WantedPlacement(**{"policy": placement_policy()} | of_placement, inside=_inside(values)),)


OF_PATH = ("learning", "profile", "certificate", "learning_policy")
"""What is of the path inside."""


def _inside(values: Mapping[str, Any]) -> PathInside | None:
    """The path inside, if there is to be one. Raises :class:`Unfit` for what there is only of such a path."""
    if values.get("learning"):
        policy = values.get("learning_policy", learning_policy())
        return PathInside(policy, values.get("profile"), values.get("certificate"))
    if any(key in values for key in OF_PATH):
        rule = "profile, certificate and policy of a path are only for one inside; tick that one is"
        raise Unfit.at("learning", rule)
    return None


FORM = StartForm(
    name="placement",
    action=Action.START_PLACEMENT,
    words=WORDS,
    who="returner",
    part=Party.RETURNER,
    policies={"policy": OF_PLACEMENTS, "learning_policy": OF_LEARNING},
    wanted=_wanted,
    checks=check_placement,
    starts=start_placement,
)

routes = [FORM.route()]
