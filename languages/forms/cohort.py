"""The words of the forms of a cohort."""

from __future__ import annotations

from domain.cohort.forms import MatchingReview
from languages.forms.words import FieldWords, PlainRules, WordsOfForms, yes_no

PAIR = "A returner and a mentor in each row, by name or id."

FORMS: WordsOfForms = {
    MatchingReview: {
        "agree": FieldWords(
            "Do you agree to these pairs?",
            "If you do not, say what should be different: new pairs are then proposed.",
            yes_no("Yes, ask these mentors", "No, propose new pairs"),
        ),
        "pin": FieldWords("Pairs that must be", PAIR),
        "forbid": FieldWords("Pairs that must not be", PAIR),
        "lift": FieldWords("Pairs about which nothing holds any more", PAIR),
        "reason": FieldWords("Reason", "Why new pairs are to be proposed, if there is something to say."),
    },
}

RULES: PlainRules = {
    "agree to the matching as it is, or pin, forbid and lift pairs and see it again": (
        "agree",
        "Agree to the pairs as they are, or say “no” and which pairs should be different.",
    ),
    "say which pairs to pin, forbid or lift, or the reason why it is to be made again": (
        "reason",
        "Say which pairs should be different, or give a reason.",
    ),
}
