"""Starting an upskilling path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.core.access import Action
from domain.core.model import Party
from domain.learning.policy import LearningPolicy
from languages.marking import translatable
from presentation.forms.looks import Look
from service.learning.starting import WantedPath, check_path, start_path
from service.registry.starting import learning_policy
from web.core.asked import Asked
from web.core.form_page import FormWords
from web.registry.policies import OF_LEARNING
from web.registry.start import BESIDE, CASE, COHORT, ROLE, StartForm

AS_THE_POLICY_SAYS = translatable("as the policy says")

WORDS = FormWords(
    title=translatable("Start an upskilling path"),
    lead=translatable(
        "Once it is started, the person and an assessor say which levels they have, and a plan is made from that."
    ),
    button=translatable("Start the path"),
    asked=(
        Asked("learner", translatable("Who learns"), translatable("A name, or an id such as P-7F3K2M."), Look.PERSON),
        ROLE,
        Asked(
            "profile",
            translatable("Profile of skills"),
            look=Look.SELECT,
            empty=translatable("the one that is called like the role"),
            required=False,
        ),
        Asked(
            "certificate",
            translatable("Certificate at the end"),
            look=Look.SELECT,
            empty=translatable("no certificate; it ends with the reassessment"),
            required=False,
        ),
        Asked("hours", translatable("Hours in all"), look=Look.NUMBER, empty=AS_THE_POLICY_SAYS, required=False),
        Asked(
            "hours_per_week",
            translatable("Hours a week"),
            look=Look.NUMBER,
            empty=AS_THE_POLICY_SAYS,
            required=False,
        ),
        Asked(
            "budget",
            translatable("Budget"),
            translatable("An amount in the policy's currency."),
            Look.NUMBER,
            empty=AS_THE_POLICY_SAYS,
            required=False,
            whole=False,
        ),
        OF_LEARNING.asked("policy", translatable("Policy")),
        COHORT,
        BESIDE,
        CASE,
    ),
    checked=True,
)


def _wanted(values: Mapping[str, Any]) -> tuple[WantedPath, LearningPolicy]:
    wanted = WantedPath(**{key: value for key, value in values.items() if key != "policy"})
    return wanted, values.get("policy", learning_policy())


FORM = StartForm(
    name="path",
    action=Action.START_PATH,
    words=WORDS,
    who="learner",
    part=Party.LEARNER,
    policies={"policy": OF_LEARNING},
    wanted=_wanted,
    checks=check_path,
    starts=start_path,
)

routes = [FORM.route()]
