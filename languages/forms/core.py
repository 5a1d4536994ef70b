"""The words of the forms that the cases of all programmes have."""

from __future__ import annotations

from domain.core.forms import RightPerson, Successor
from domain.core.questions import YesNo
from languages.forms.words import REASON_FOR_A_NO, FieldWords, PlainRules, WordsOfForms, yes_no

FORMS: WordsOfForms = {
    YesNo: {
        "yes": FieldWords("Do you agree?", "If you do not, please say why.", yes_no()),
        "reason": REASON_FOR_A_NO,
    },
    Successor: {
        "to": FieldWords(
            "Who takes over?", "A name, or the id of a person. Whoever is back keeps the part: name them themselves."
        ),
        "reason": FieldWords("Reason", "If there is something to say about your choice. It is on record."),
    },
    RightPerson: {
        "person": FieldWords("Whose task is it?", "A name, or the id of a person. The task goes to them."),
        "theirs_because": FieldWords(
            "Or: why it is theirs after all",
            "Only if the task stays where it is. Whoever said that it is not theirs reads this.",
        ),
    },
}

RULES: PlainRules = {
    "a no needs its reason": ("reason", "Say why not."),
    "give either the person whose it is, or theirs_because": (
        "person",
        "Name the person whose task it is, or say why it is theirs after all; one of the two.",
    ),
}
