"""What workflows signal to each other without waiting for an answer: the names of the signals."""

from __future__ import annotations

from enum import StrEnum


class Signal(StrEnum):
    """The name of a signal; who sends it to whom, and what it says."""

    AROUND_THE_PLACEMENT = "around_the_placement"
    """A placement to the path inside it: it is paused, goes on, or is over."""
    LEARNING_RESULT = "learning_result"
    """A path to the placement around it: how far it has come."""
    PLACE_OFFERED = "place_offered"
    """A capacity to whoever waits: a place, or money, can be taken."""
    CERTIFICATE_EARNED = "certificate_earned"
    """A certification to whoever waits: the certificate is valid."""
    CERTIFICATE_REMEDIATION = "certificate_remediation"
    """A certification to whoever waits: the exam was failed too often."""
    CERTIFICATION_OVER = "certification_over"
    """A certification to whoever waits: it has ended."""
    TELL_ALSO = "tell_also"
    """A path wants to hear from a certification."""
    TELL_NO_MORE = "tell_no_more"
    """A path waits for a certification no longer."""
    PARTICIPANT_NEWS = "participant_news"
    """A placement to its cohort: how it goes."""
    MENTOR_PROPOSED = "mentor_proposed"
    """A cohort to a placement: whom to ask to be the mentor."""
    LETTERS_WRITTEN = "letters_written"
    """A case to whoever sends somebody one mail a day: there is something to tell them, or to be done."""
    SEND_HELD = "send_held"
    """Somebody wants each mail by itself again: what has gathered is to be sent."""
    MAIL_REFUSED = "mail_refused"
    """Whoever sends somebody one mail a day, to a case: that mail was refused for good."""
    LETTER_SET_ASIDE = "letter_set_aside"
    """The same, to a case: a letter of that case can't be written, and waits until its text is mended."""
    IS_BACK = "is_back"
    """HR's use case to a case: somebody who had left the company is there again."""
    MESSAGE_NOT_READ = "message_not_read"
    """A worker to a case: a signal to it could not be read."""
