"""Ties in a matching: what could as well be otherwise by the scores. HR reads them, and may know better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.core.model import PersonId

NAMED = 10
"""So many ties are named; of more it is said that there are others."""


def ties_in(
    seekers: Sequence[PersonId],
    mentors: Sequence[PersonId],
    scores: Sequence[Sequence[int]],
    chosen: Sequence[int | None],
    left: Sequence[int],
) -> list[str]:
    """The ties among those who were matched by their scores (negative: may not be paired), as sentences.

    ``chosen`` is each seeker's mentor by position, or none; ``left`` how many places each mentor has left.
    """
    sentences: list[str] = []
    for tie in _ties(seekers, mentors, scores, chosen, left):
        if len(sentences) == NAMED:
            return [*sentences, "and others"]
        sentences.append(tie)
    return sentences


def _ties(
    seekers: Sequence[PersonId],
    mentors: Sequence[PersonId],
    scores: Sequence[Sequence[int]],
    chosen: Sequence[int | None],
    left: Sequence[int],
) -> Iterator[str]:
    """First who could have had somebody else's place, then who could have another mentor, then which two could swap."""
    paired = [(n, mentor, scores[n][mentor]) for n, mentor in enumerate(chosen) if mentor is not None]
    paired = [(n, mentor, value) for n, mentor, value in paired if value >= 0]
    for without in (n for n, mentor in enumerate(chosen) if mentor is None):
        for n, mentor, value in paired:
            if scores[without][mentor] == value:
                yield f"{seekers[without]} suits {mentors[mentor]} as well as {seekers[n]} does, and has nobody"
    for n, mentor, value in paired:
        for other, free in enumerate(left):
            if free and other != mentor and scores[n][other] == value:
                yield f"{seekers[n]} suits {mentors[other]}, who has a place left, as well as {mentors[mentor]}"
    for position, (n, mentor, value) in enumerate(paired):
        for m, other, worth in paired[position + 1 :]:
            changed = (scores[n][other], scores[m][mentor])
            if mentor != other and min(changed) >= 0 and sum(changed) == value + worth:
                yield f"{seekers[n]} and {seekers[m]} could as well change mentors"
