"""What a page is made of on which something is asked of a case: its words, and the fields it asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from domain.core.permissions import OF_HR
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.looks import Look
from records.database import Database
from service.registry.case_page import CasePage
from web.core.asked import Asked, Offered
from web.core.form_page import FormWords

Choices: TypeAlias = Callable[[CasePage, Speech, Database], Mapping[str, str]]
"""What there is to choose from in a case: values, and what each is called."""

Makes: TypeAlias = Callable[[Database, Mapping[str, Any]], Mapping[str, Any]]
"""What is sent to a case, by what was given."""


Caution: TypeAlias = Callable[[CasePage, Speech, Mapping[str, Any]], str | None]
"""What somebody may not have thought of who asks that of a case, by what was given."""


def _nothing_to_mind(_: CasePage, __: Speech, ___: Mapping[str, Any]) -> str | None:
    return None


@dataclass(frozen=True)
class ActionPage(FormWords):
    """The words of a page on which something is asked, and its fields.

    ``link`` is what leads to it, ``done`` what the case's page says afterwards. ``offers`` are the values of fields to
    choose from; those of ``only_hr`` are for those in HR of the case, and others are not shown them. ``makes`` is for
    what is not sent as it was given; ``caution`` says at the check what somebody may not have thought of.
    """

    link: str = ""
    done: str = ""
    offers: Mapping[str, Choices] = field(default_factory=dict)
    only_hr: Collection[str] = ()
    makes: Makes | None = None
    caution: Caution = _nothing_to_mind

    def for_viewer(self, shown: CasePage) -> ActionPage:
        """The page as its viewer has it."""
        if OF_HR & shown.there.parts:
            return self
        return replace(self, asked=[each for each in self.asked if each.key not in self.only_hr])

    def offered(self, shown: CasePage, speech: Speech, database: Database) -> Offered:
        """What there is to choose from."""
        return {key: choices(shown, speech, database) for key, choices in self.offers.items()}


REASON_ON_RECORD = Asked(
    "reason",
    translatable("Reason"),
    translatable("It stays on record, and those who are asked read it."),
    Look.TEXTAREA,
)
BACK_ON = Asked(
    "back_on",
    translatable("First day back, if it is known"),
    translatable("Nothing resumes by itself: on that day somebody is reminded."),
    Look.DATE,
    required=False,
)
