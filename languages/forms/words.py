"""What the words for a field of a form are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.core.questions import Form, TaskKind

FORM = "form"
"""Context of these messages in the catalogues."""


@dataclass(frozen=True)
class FieldWords:
    """What a field is called, a hint at what to give, and what each of its ``choices`` means, in English.

    Of a scale only its ends need words.
    """

    label: str
    hint: str
    choices: Mapping[str, str] = field(default_factory=dict)


Words: TypeAlias = Mapping[str, FieldWords]
"""By the key of the field."""

WordsOfForms: TypeAlias = Mapping[type[Form], Words]

WordsOfKinds: TypeAlias = Mapping[TaskKind, Words]
"""Of fields that are called otherwise in this kind of task than in other tasks of the same form."""

PlainRules: TypeAlias = Mapping[str, tuple[str, str]]
"""Rules that a form has beyond those of its fields: by the sentence that it refuses with, the key of the field beside
which the error stands, and how it is said to people who see labels, not keys."""


def yes_no(yes: str = "Yes", no: str = "No") -> dict[str, str]:
    """The choices of a question that is answered by yes or no."""
    return {"yes": yes, "no": no}


COMMENT = FieldWords("Comment", "If there is something to add. You may leave it empty.")
REASON_FOR_A_NO = FieldWords("Reason", "Needed if you say no; otherwise you may leave it empty.")
