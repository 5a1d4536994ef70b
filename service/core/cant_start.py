"""Why a case can't be started, as a sentence for whoever wants it."""

from __future__ import annotations


class CantStart(Exception):
    """A case can't be started; the text is a sentence that says why.

    ``kind`` is one of ``refused``, ``forbidden`` (not by this person), ``conflict`` (not now), ``invalid`` (not like
    this).
    """

    def __init__(self, sentence: str, kind: str = "refused") -> None:
        super().__init__(sentence)
        self.kind = kind


class HasEnded(CantStart):
    """The case was there and has ended."""
