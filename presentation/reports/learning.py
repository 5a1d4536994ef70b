"""The sections of a report about learning: skills, hours, certificates."""

from __future__ import annotations

from collections.abc import Iterable

from languages.speech import Speech
from presentation.reports.section import Section
from presentation.reports.words import group_name
from records.reporting.models import Group


def skills_section(group: Group, speech: Speech) -> Section:
    """Which skills were gained, and how much of them."""
    return Section(
        key="skills",
        title=speech.text("Skills gained"),
        caption=speech.text(
            "Mean levels (0 to 7) before training and after it, of people with both, found by the same source."
        ),
        columns=(
            speech.text("Skill"),
            speech.text("Before"),
            speech.text("After"),
            speech.text("Gained"),
            speech.text("People"),
            speech.text("Higher"),
        ),
        rows=tuple(
            (
                gain.skill,
                speech.number(gain.before),
                speech.number(gain.after),
                f"{'+' if gain.gained >= 0 else ''}{speech.number(gain.gained)}",
                speech.number(gain.people),
                speech.number(gain.higher),
            )
            for gain in group.skills
        ),
        empty=speech.text("Nothing yet."),
    )


def hours_section(groups: Iterable[Group], speech: Speech) -> Section:
    """The hours of learning that were planned, and those that were spent."""
    return Section(
        key="hours",
        title=speech.text("Hours of learning"),
        caption=speech.text(
            "Of paths that came to training. What others have seen outweighs what learners say themselves."
        ),
        columns=(
            speech.text("Cohort"),
            speech.text("Paths"),
            speech.text("Planned"),
            speech.text("Spent"),
            speech.text("Attendance"),
            speech.text("Learning system"),
            speech.text("Own statement"),
        ),
        rows=tuple(
            (
                group_name(group.name, speech),
                speech.number(group.hours.paths),
                speech.number(group.hours.planned),
                *(
                    speech.decimals(getattr(group.hours, name), 1)
                    for name in ("spent", "attendance", "learning_system", "learner")
                ),
            )
            for group in groups
            if group.hours.paths
        ),
        empty=speech.text("Nothing yet."),
    )


def certificates_section(group: Group, speech: Speech) -> Section:
    """Which certificates were issued, renewed and revoked."""
    return Section(
        key="certificates",
        title=speech.text("Certificates"),
        caption=speech.text("Issued for the first time, renewed, and of both those revoked since."),
        columns=(
            speech.text("Certificate"),
            speech.text("Issued"),
            speech.text("Renewed"),
            speech.text("Revoked"),
        ),
        rows=tuple(
            (
                certificate.certificate,
                speech.number(certificate.issued),
                speech.number(certificate.renewed),
                speech.number(certificate.revoked),
            )
            for certificate in group.certificates
        ),
        empty=speech.text("None was issued."),
    )
