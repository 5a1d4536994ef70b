"""Starting a certification without a path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.core.access import Action
from domain.core.model import Party
from domain.learning.policy import LearningPolicy
from languages.marking import translatable
from presentation.forms.looks import Look
from service.certification.starting import WantedCertification, check_certification, start_certification
from service.registry.starting import learning_policy
from web.core.asked import Asked
from web.core.form_page import FormWords
from web.registry.policies import OF_LEARNING
from web.registry.start import CASE, COHORT, ROLE, StartForm

WORDS = FormWords(
    title=translatable("Start a certification"),
    lead=translatable("For somebody who can do what the certificate asks for. Whoever has gaps takes a path first."),
    button=translatable("Start the certification"),
    asked=(
        Asked(
            "holder",
            translatable("Who is to be certified"),
            translatable("A name, or an id such as P-7F3K2M."),
            Look.PERSON,
        ),
        Asked("certificate", translatable("Certificate"), translatable("What they are to earn."), Look.SELECT),
        ROLE,
        OF_LEARNING.asked("policy", translatable("Policy")),
        COHORT,
        CASE,
    ),
    checked=True,
)


def _wanted(values: Mapping[str, Any]) -> tuple[WantedCertification, LearningPolicy]:
    wanted = WantedCertification(**{key: value for key, value in values.items() if key != "policy"})
    return wanted, values.get("policy", learning_policy())


FORM = StartForm(
    name="certification",
    action=Action.START_CERTIFICATION,
    words=WORDS,
    who="holder",
    part=Party.LEARNER,
    policies={"policy": OF_LEARNING},
    wanted=_wanted,
    checks=check_certification,
    starts=start_certification,
)

routes = [FORM.route()]
