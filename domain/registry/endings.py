"""How a placement, a path or a certification ended, in a sentence for those who were part of it."""

from __future__ import annotations

from domain.certification.signals import CertificationOutcome
from domain.learning.result import PathOutcome
from domain.placement.stages import Outcome

SENTENCES: dict[str, dict[str, str]] = {
    "placement": {
        Outcome.NOT_ELIGIBLE: "The programme's rules did not allow it.",
        Outcome.CONVERTED: "It has become employment.",
        Outcome.DECLINED: "The offer of employment was declined.",
        Outcome.EXPIRED: "The offer of employment was not answered in its time, and has expired.",
        Outcome.RELEASED: "It was not turned into employment.",
        Outcome.WITHDRAWN: "It was ended early.",
    },
    "path": {
        PathOutcome.NO_GAP: "There was no gap to close: every level that the role asks for is there.",
        PathOutcome.CLOSED: "All gaps are closed.",
        PathOutcome.CERTIFIED: "All gaps are closed, and the certificate is earned.",
        PathOutcome.NOT_CERTIFIED: "All gaps are closed, but the certificate is not earned.",
        PathOutcome.NOT_CLOSED: "Not all gaps could be closed.",
        PathOutcome.WITHDRAWN: "It was ended early.",
    },
    "certification": {
        CertificationOutcome.REVOKED: "The certificate was revoked: it does not count any more.",
        CertificationOutcome.WITHDRAWN: "It was ended at somebody's wish, in good order.",
    },
}


def how_it_ended(outcome: str, subject: str) -> str:
    """The sentence. Raises ``ValueError`` for an outcome that there is none for."""
    try:
        return SENTENCES[subject][outcome]
    except KeyError:
        raise ValueError(f"there is no sentence for the outcome {outcome!r} of a {subject}") from None
