"""The journey of a certification: years, with exams and the certificates that were earned."""

from __future__ import annotations

from collections.abc import Iterator

from domain.certification.credentials import CredentialStatus
from domain.core.clock import DAY
from domain.core.decisions import DecisionKind
from presentation.journey import words
from presentation.journey.common import Material, instant, stages_row
from presentation.journey.model import How, Journey, Mark, Row, Stretch, sofar


def certification_journey(material: Material) -> Journey:
    """The journey: stages, exams, and how long each certificate counts."""
    records = material.records
    rows = [
        stages_row(material),
        *([Row("exams", material.text(words.EXAMS), (), list(_exams(material)))] if material.shown.decisions else []),
        Row("certificates", material.text(words.CERTIFICATES), list(_certificates(material)), list(_dates(material))),
    ]
    return Journey(
        title=material.text(words.JOURNEY_OF) % {"name": records.name(records.person)},
        rows=[row for row in rows if row],
        now=material.now,
        zone=records.time_zone,
    )


def _exams(material: Material) -> Iterator[Mark]:
    """Every exam whose result is known, and the one whose result is awaited."""
    n = 0
    for decision in material.records.decisions:
        if decision.what == DecisionKind.EXAM:
            n += 1
            passed = decision.decided == "passed"
            note = material.text(words.PASSED if passed else words.FAILED)
            taken = instant(decision.evidence.get("taken_at")) or decision.at
            yield Mark("exam", material.text(words.EXAM) % {"n": n}, taken, How.DONE if passed else How.NOT_DONE, note)
    if awaited := material.view.get("exam"):
        at = instant(awaited["at"])
        assert at is not None
        yield Mark("exam", material.text(words.EXAM) % {"n": awaited["n"]}, at, How.UNDER_WAY)


def _certificates(material: Material) -> Iterator[Stretch]:
    for credential in material.records.credentials:
        since, until = credential.valid_from, max(credential.valid_until, credential.valid_from + DAY)
        how = sofar(since, until, material.now)
        note = ""
        if credential.status != CredentialStatus.VALID:
            how, until = How.NOT_DONE, max(credential.status_since, since + DAY)
            note = material.text(words.REVOKED if credential.status == CredentialStatus.REVOKED else words.SUSPENDED)
        label = material.text(words.CERTIFICATE) % {"n": credential.n}
        yield Stretch("certificate", label, since, until, how, note)


def _dates(material: Material) -> Iterator[Mark]:
    """What will happen to the one that counts: renewal opens, it expires."""
    for coming in material.view.get("coming") or []:
        at = instant(coming["at"])
        if at and at > material.now and coming["what"] in words.COMING:
            yield Mark("coming", material.text(words.COMING[coming["what"]]), at, How.PLANNED)
