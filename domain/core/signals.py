"""What workflows tell each other without waiting for an answer: the names of the signals, which the handlers have."""

from __future__ import annotations

from enum import StrEnum


class Signal(StrEnum):
    """The name of a signal, and who tells whom what by it."""

    AROUND_THE_PLACEMENT = "around_the_placement"
    """A placement tells the path inside it that it is paused, goes on, or is over."""
    LEARNING_RESULT = "learning_result"
    """A path tells the placement around it how far it has come."""
    PLACE_OFFERED = "place_offered"
    """A capacity tells whoever waits that a place, or money, can be taken."""
    CERTIFICATE_EARNED = "certificate_earned"
    """A certification tells whoever waits that the certificate is valid."""
    CERTIFICATE_REMEDIATION = "certificate_remediation"
    """A certification tells whoever waits that the exam was failed too often."""
    CERTIFICATION_OVER = "certification_over"
    """A certification tells whoever waits that it has ended."""
    TELL_ALSO = "tell_also"
    """A path wants to hear from a certification."""
    TELL_NO_MORE = "tell_no_more"
    """A path waits for a certification no longer."""
    PARTICIPANT_NEWS = "participant_news"
    """A placement tells its cohort how it goes."""
    MENTOR_PROPOSED = "mentor_proposed"
    """A cohort tells a placement whom to ask to be the mentor."""
    MESSAGE_NOT_READ = "message_not_read"
    """A worker tells a case that a signal to it could not be read."""
