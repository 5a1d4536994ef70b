"""Words of pages about cases: what cases are called, the colours of stages, what became of a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.certification.state import CertificationStage
from domain.core.case import ENDED
from domain.core.naming import Programme
from languages.marking import translatable
from languages.speech import Speech

PROGRAMMES: Mapping[str, str] = {
    Programme.RETURNSHIP: translatable("Placement"),
    Programme.UPSKILLING: translatable("Learning path"),
    Programme.CERTIFICATION: translatable("Certification"),
    Programme.COHORT: translatable("Cohort"),
}
"""What a case of each programme is called."""

A_LETTER = translatable("Letter")
"""What one is called that this version does not know."""

GOOD = frozenset({"converted", "certified", "closed", "no_gap", "through"})
"""Outcomes that are as was wished."""

TONES: Mapping[str, str] = {ENDED: "grey", CertificationStage.SUSPENDED: "yellow", CertificationStage.EXPIRED: "red"}
"""The colours of stages that are not as was wished."""

MAILS: Mapping[str, str] = {
    "sent": translatable("sent"),
    "refused": translatable("refused by the recipient's mail server"),
    "held": translatable("waits for the reader's daily mail"),
    "dropped": translatable("not needed any more"),
    "sending": translatable("on its way"),
}
"""What has become of a letter."""


def paused_said(planned_back: date | None, speech: Speech) -> str:
    """That a case stands still, and until when, where that was said."""
    if planned_back is None:
        return speech.text("Paused")
    return speech.text("Paused, back on %(day)s") % {"day": speech.day(planned_back)}
