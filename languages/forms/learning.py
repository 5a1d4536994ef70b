"""The words of the forms of an upskilling path and of a certification."""

from __future__ import annotations

from domain.core.questions import TaskKind
from domain.learning.forms import (
    Attendance,
    Evidence,
    ExamResult,
    Levels,
    NotCompleted,
    PathFate,
    PlanChoice,
    SeatReply,
)
from languages.forms.words import COMMENT, FieldWords, PlainRules, WordsOfForms, WordsOfKinds, yes_no

ENDS = {"0": "none", "7": "as high as anybody's"}

FORMS: WordsOfForms = {
    Levels: {
        "levels": FieldWords("Level of each skill", "From 0, none, to 7, as high as anybody's.", ENDS),
        "waived_because": FieldWords(
            "Why there are no levels", "Only if there will be none. The reason takes the place of the levels."
        ),
    },
    PlanChoice: {
        "agree": FieldWords(
            "I agree to this plan, with the changes above", "To end the path instead, talk to HR or to your manager."
        ),
        "add": FieldWords("Add to the plan", "Trainings of the catalogue that you would like in addition."),
        "remove": FieldWords("Take out of the plan", "Trainings that you do not need or do not want."),
        "comment": COMMENT,
    },
    SeatReply: {
        "take": FieldWords(
            "Do you take the seat?",
            "If you do not, or do not answer in time, it goes to the next on the waiting list.",
            yes_no("Yes, I take it", "No"),
        ),
        "comment": COMMENT,
    },
    Attendance: {
        "attended": FieldWords(
            "How much of it did they attend?",
            "A certificate may hang on it.",
            {"none": "Nothing", "partial": "Part of it", "full": "All of it"},
        ),
        "hours": FieldWords("How many hours?", "Only if it is another number than planned, or they attended in part."),
        "comment": COMMENT,
    },
    NotCompleted: {
        "not_completed_because": FieldWords(
            "Why it can't be completed",
            "When it is completed, the learning system says so by itself: then there is nothing to answer here.",
        ),
    },
    Evidence: {
        "evidence": FieldWords("What have you done?", "In your own words, so that somebody can judge it."),
        "link": FieldWords("Link to it", "A web address, if there is one."),
    },
    PathFate: {
        "go_on": FieldWords(
            "Does the learning go on?",
            "The placement that it belonged to has ended early.",
            yes_no("Yes, it goes on", "No, it ends as well"),
        ),
        "reason": FieldWords("Reason", "It is on record, with your name."),
    },
    ExamResult: {
        "passed": FieldWords("Was the exam passed?", "The certificate follows from it.", yes_no()),
        "sat_at": FieldWords("When was it taken?", "Only if that was not at the time it was planned for."),
        "percent": FieldWords("How many percent of the points?", "A whole number from 0 to 100, if there are points."),
        "comment": COMMENT,
    },
}

KINDS: WordsOfKinds = {
    TaskKind.SKILLS_MANAGER: {
        "levels": FieldWords(
            "The learner's level in each skill",
            "As you see them at work, from 0, none, to 7, as high as anybody's.",
            ENDS,
        ),
    },
    TaskKind.SKILLS_SELF: {
        "levels": FieldWords(
            "Your level in each skill", "As you see yourself, from 0, none, to 7, as high as anybody's.", ENDS
        ),
    },
    TaskKind.PLAN_APPROVAL: {
        "yes": FieldWords(
            "Do you approve the money for this training?",
            "If you do not, the learner changes the plan.",
            yes_no("Yes, I approve it", "No"),
        ),
    },
    TaskKind.SIGN_OFF: {
        "yes": FieldWords(
            "Do you accept the work?",
            "If you do not, say what is missing: it is handed in once more.",
            yes_no("Yes, I accept it", "No, something is missing"),
        ),
    },
    TaskKind.EVIDENCE_REVIEW: {
        "yes": FieldWords(
            "Does the evidence show what was to be learned?",
            "If it does not, say what is missing: it is handed in once more.",
            yes_no("Yes, it does", "No, something is missing"),
        ),
    },
}

RULES: PlainRules = {
    "give either levels or waived_because": (
        "levels",
        "Give a level of at least one skill; only where there will be no levels, say why instead.",
    ),
    "agree to the plan, with what you add and remove; or withdraw from the path": (
        "agree",
        "Tick this to agree to the plan, with your changes; or talk to HR if you want to end the path.",
    ),
    "the same training is added and removed": ("remove", "You add and take out the same training; choose one."),
    "hours: who has not attended it has spent none": ("hours", "Leave this empty: nothing was attended."),
}
