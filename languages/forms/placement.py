"""The words of the forms of a returnship placement."""

from __future__ import annotations

from domain.core.questions import TaskKind
from domain.placement.forms import (
    EndItemDone,
    Goals,
    ImprovementCheck,
    ImprovementPlan,
    ItemDone,
    Nomination,
    OfferReply,
    Override,
    Proposal,
    PulseAnswer,
    Review,
    SessionNote,
    StillHere,
    WishReply,
)
from languages.forms.words import COMMENT, REASON_FOR_A_NO, FieldWords, PlainRules, WordsOfForms, WordsOfKinds, yes_no

REMARK = FieldWords("Remark", "If there is something that others should know. You may leave it empty.")

FORMS: WordsOfForms = {
    Override: {
        "proceed": FieldWords(
            "Let them in all the same?",
            "A rule of the programme keeps them out. You may make an exception.",
            yes_no("Yes, make an exception", "No, the rule stands"),
        ),
        "reason": FieldWords("Reason", "It is on record, with your name."),
    },
    Nomination: {
        "mentor": FieldWords("Who is to be the mentor?", "A name, or the id of a person. They are asked first."),
        "reason": FieldWords("Reason", "Why this person suits, if there is something to say."),
    },
    ItemDone: {
        "done": FieldWords("It is done", "Answer when it is done; until then leave the task open."),
        "remark": REMARK,
    },
    EndItemDone: {
        "done": FieldWords("It is done", "Tick this when it is done; until then leave the task open."),
        "remark": REMARK,
        "waived_because": FieldWords("Why it is not needed", "Only if it is not to be done at all. It is on record."),
    },
    Goals: {
        "goals": FieldWords(
            "Goals", "What the placement is to achieve, one goal in each field. One to eight; three to five work well."
        ),
    },
    SessionNote: {
        "held": FieldWords("Did you meet?", "Also by video or phone.", yes_no("Yes, we met", "No, it was not held")),
        "minutes": FieldWords("How many minutes?", "About how long you talked, if you met."),
        "note": FieldWords("Note", "What you talked about, in a few words. You may leave it empty."),
    },
    Review: {
        "score": FieldWords(
            "How does the work compare with what the role asks?",
            "Choose what fits best overall.",
            {"1": "far below", "2": "below", "3": "meets it", "4": "above", "5": "far above"},
        ),
        "comment": FieldWords("Comment", "What went well, and what should get better. Examples help most."),
        "goals_met": FieldWords("How many of the goals are met?", "For people to read: no rule and no figure uses it."),
        "waived_because": FieldWords(
            "Why there is no review", "Only if there will be none. The reason takes the place of a score."
        ),
    },
    ImprovementPlan: {
        "actions": FieldWords(
            "What has to get better, and what everybody does for it", "One step in each field, one to eight."
        ),
    },
    ImprovementCheck: {
        "passed": FieldWords(
            "Has the improvement plan worked?",
            "Look at what was agreed, step by step.",
            yes_no("Yes, it has", "No, not enough"),
        ),
        "comment": FieldWords("Comment", "What you base this on."),
    },
    Proposal: {
        "convert": FieldWords(
            "What do you propose?",
            "Somebody else approves the proposal before anything follows from it.",
            yes_no("Convert into employment", "Release at the end of the placement"),
        ),
        "reasons": FieldWords(
            "Reasons", "On which evidence you base it. With a release, the returner is told these reasons."
        ),
        "title": FieldWords("Job title", "Only if it is another than that of the role."),
        "salary": FieldWords("Salary for a year", "Only if it is another than that of the role."),
        "starts_on": FieldWords("First day of employment", "Only if it is not the day after the placement."),
    },
    OfferReply: {
        "accept": FieldWords(
            "Do you accept the offer?",
            "Your answer is binding. If you need to talk about the terms first, do so before you answer.",
            yes_no("Yes, I accept the offer", "No, I decline the offer"),
        ),
        "comment": COMMENT,
    },
    StillHere: {
        "still_here": FieldWords(
            "Is this person still employed?",
            "It is the programme's last question about this placement.",
            yes_no("Yes", "No, not any more"),
        ),
        "comment": FieldWords("Comment", "If they have left: why, as far as it is known."),
    },
    WishReply: {
        "reply": FieldWords(
            "What do you answer?",
            "It is between you and the returner. The mentor does not learn who asked.",
            {"grant": "Another mentor is looked for", "talk": "Talk about it first", "decline": "The mentor stays"},
        ),
        "message": FieldWords(
            "Message to the returner", "Only they read it. Needed unless another mentor is looked for."
        ),
        "for_the_record": FieldWords(
            "Reason that everybody may read",
            "Only if another mentor is looked for. Say nothing that tells who asked.",
        ),
    },
    PulseAnswer: {
        "scores": FieldWords(
            "How far is this so?",
            "From 1, not at all, to 5, wholly. Answer as many as you like; only HR sees it.",
            {"1": "not at all", "5": "wholly"},
        ),
        "comment": FieldWords("Something else?", "Whatever HR should know. Only HR sees it."),
    },
}

KINDS: WordsOfKinds = {
    TaskKind.MENTOR_REQUEST: {
        "yes": FieldWords(
            "Will you mentor this person?",
            "It is your free choice. If you say no, or do not answer in time, somebody else is asked.",
            yes_no("Yes, gladly", "No"),
        ),
    },
    TaskKind.GOALS_AGREEMENT: {
        "yes": FieldWords(
            "Do you agree to these goals?",
            "If you do not, say what should be different: new goals are then proposed.",
            yes_no("Yes, I agree", "No, something should be different"),
        ),
    },
    TaskKind.SELF_REVIEW: {
        "score": FieldWords(
            "How do you see your own work, compared with what the role asks?",
            "Choose what fits best overall.",
            {"1": "far below", "2": "below", "3": "meets it", "4": "above", "5": "far above"},
        ),
    },
    TaskKind.APPROVAL: {
        "yes": FieldWords(
            "Do you approve the proposal?",
            "Your answer and your name are on record, together with the evidence.",
            yes_no("Yes, I approve it", "No"),
        ),
        "reason": REASON_FOR_A_NO,
    },
    TaskKind.CONFIRMATION: {
        "yes": FieldWords(
            "Do you confirm the decision?",
            "If you do, the offer goes out. Your answer and your name are on record.",
            yes_no("Yes, I confirm it", "No"),
        ),
    },
    TaskKind.EXTENSION_CONSENT: {
        "yes": FieldWords(
            "Do you agree to the longer placement?",
            "It is longer only if everybody who is asked agrees.",
            yes_no("Yes, I agree", "No"),
        ),
    },
    TaskKind.PATTERN_CONSENT: {
        "yes": FieldWords(
            "Do you agree to the other working pattern?",
            "It changes only if everybody who is asked agrees.",
            yes_no("Yes, I agree", "No"),
        ),
    },
}

EITHER_SCORE_OR_REASON = "Give a score; only where there will be no review, say why instead."
DONE_OR_NOT_NEEDED = "Tick this when it is done. Only HR can say instead why it is not needed."

RULES: PlainRules = {
    "answer when the item is done, or leave it open": ("done", "Answer when it is done, or leave the task open."),
    "answer when the item is done, or leave it open; only HR can say why it is not needed": (
        "done",
        DONE_OR_NOT_NEEDED,
    ),
    "give either a score or waived_because": ("score", EITHER_SCORE_OR_REASON),
    "talk: give the returner a message": ("message", "Write the returner a message."),
    "decline: give the returner a message": ("message", "Write the returner a message."),
    "for_the_record: nothing comes on record unless you grant it": (
        "for_the_record",
        "Leave this empty: nothing comes on record unless another mentor is looked for.",
    ),
    "for_the_record: give a reason that everybody may read, as for any other mentor whom you reassign": (
        "for_the_record",
        "Give a reason that everybody may read, as for any other change of mentors.",
    ),
}
