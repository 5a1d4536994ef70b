"""What somebody wants to know of a task before they answer it: what follows, and who reads the answer."""

from __future__ import annotations

from collections.abc import Mapping

from domain.core.questions import TaskKind

ON_RECORD = "Those who decide with you, HR, and the person it is about. It stays on record, with your name."
THOSE_AROUND = "Those who are around this placement and need it for what they do, and HR."
HR_ALONE = "HR. Nobody else who is around this placement."
EVIDENCE = "HR, and those who decide at the end of the placement: it is part of the evidence."
LEARNING = "The learner, their manager and HR."
IN_CONFIDENCE = "Only you and those in HR who have no other part in this placement."
SEEN_BY: Mapping[TaskKind, str] = {
    TaskKind.ELIGIBILITY_OVERRIDE: ON_RECORD,
    TaskKind.MENTOR_REQUEST: HR_ALONE,
    TaskKind.MENTOR_NOMINATION: THOSE_AROUND,
    TaskKind.CHECKLIST_ITEM: THOSE_AROUND,
    TaskKind.GOALS: THOSE_AROUND,
    TaskKind.GOALS_AGREEMENT: THOSE_AROUND,
    TaskKind.SESSION_NOTE: HR_ALONE,
    TaskKind.MANAGER_REVIEW: EVIDENCE,
    TaskKind.MENTOR_REVIEW: EVIDENCE,
    TaskKind.SELF_REVIEW: EVIDENCE,
    TaskKind.IMPROVEMENT_PLAN: THOSE_AROUND,
    TaskKind.IMPROVEMENT_CHECK: EVIDENCE,
    TaskKind.PROPOSAL: ON_RECORD,
    TaskKind.APPROVAL: ON_RECORD,
    TaskKind.CONFIRMATION: ON_RECORD,
    TaskKind.OFFER: "Those who have decided on it, and HR. It stays on record.",
    TaskKind.EXTENSION_CONSENT: THOSE_AROUND,
    TaskKind.PATTERN_CONSENT: THOSE_AROUND,
    TaskKind.FOLLOW_UP: HR_ALONE,
    TaskKind.OFFBOARDING_ITEM: THOSE_AROUND,
    TaskKind.CHANGEOVER_ITEM: THOSE_AROUND,
    TaskKind.MENTOR_WISH: "The message: only the returner. The reason for the record: everybody around this placement.",
    TaskKind.PULSE: IN_CONFIDENCE,
    TaskKind.MENTOR_PULSE: IN_CONFIDENCE,
    TaskKind.SKILLS_SELF: LEARNING,
    TaskKind.SKILLS_MANAGER: LEARNING,
    TaskKind.CALIBRATION: LEARNING,
    TaskKind.PLAN_CHOICE: LEARNING,
    TaskKind.PLAN_APPROVAL: LEARNING,
    TaskKind.SEAT_OFFER: LEARNING,
    TaskKind.ATTENDANCE: LEARNING,
    TaskKind.E_LEARNING: LEARNING,
    TaskKind.ASSIGNMENT_REPORT: "Whoever judges the work, and HR.",
    TaskKind.SIGN_OFF: LEARNING,
    TaskKind.STUDY_EVIDENCE: "Whoever judges the evidence, and HR.",
    TaskKind.EVIDENCE_REVIEW: LEARNING,
    TaskKind.PATH_AFTER_PLACEMENT: LEARNING,
    TaskKind.EXAM_RESULT: LEARNING,
    TaskKind.MATCHING_REVIEW: "HR. Who is matched with whom, those learn who are in the pair.",
    TaskKind.SUCCESSOR: "HR, and whoever takes over.",
    TaskKind.RIGHT_PERSON: "HR, whoever said that the task is not theirs, and whoever gets it.",
}
"""Who reads the answer to a task of each kind."""

NEXT: Mapping[TaskKind, str] = {
    TaskKind.ELIGIBILITY_OVERRIDE: "With an exception the placement goes on; without one it ends here.",
    TaskKind.MENTOR_REQUEST: "If you say yes, you become the mentor and get the dates. If not, somebody else is asked.",
    TaskKind.MENTOR_NOMINATION: "Whoever you name is asked whether they are willing.",
    TaskKind.CHECKLIST_ITEM: "It is ticked off. What is late puts the placement at risk, and HR hears of it.",
    TaskKind.GOALS: "The returner is asked whether they agree to the goals.",
    TaskKind.GOALS_AGREEMENT: "If you agree, these goals hold. If not, new ones are proposed.",
    TaskKind.SESSION_NOTE: "The session is noted. The next one is as planned.",
    TaskKind.MANAGER_REVIEW: "With a low score, an improvement plan is made and checked later.",
    TaskKind.MENTOR_REVIEW: "With a low score, an improvement plan is made and checked later.",
    TaskKind.SELF_REVIEW: "Your own view is put beside those of your manager and your mentor.",
    TaskKind.IMPROVEMENT_PLAN: "The plan begins at once. Later you are asked whether it has worked.",
    TaskKind.IMPROVEMENT_CHECK: "If it has worked, the placement is not at risk for this reason any more.",
    TaskKind.PROPOSAL: "Others approve the proposal, then HR confirms it. Only then an offer is made.",
    TaskKind.APPROVAL: "If you approve, whoever is next is asked. A no goes back to the manager, or ends in a release.",
    TaskKind.CONFIRMATION: "If you confirm a conversion, the offer goes out at once.",
    TaskKind.OFFER: "If you accept, employment begins on the day named. If you decline, the placement ends as planned.",
    TaskKind.EXTENSION_CONSENT: "When everybody has agreed, all later dates move.",
    TaskKind.PATTERN_CONSENT: "When everybody has agreed, the dates are planned anew from that day on.",
    TaskKind.FOLLOW_UP: "It goes into the figures of the programme.",
    TaskKind.OFFBOARDING_ITEM: "When everything on the list is done, the placement is over.",
    TaskKind.CHANGEOVER_ITEM: "When everything on the list is done, the move into employment is complete.",
    TaskKind.MENTOR_WISH: "The returner gets your message. Another mentor is looked for only if you say so.",
    TaskKind.PULSE: "Nothing by itself. If something goes badly, HR may get in touch with you.",
    TaskKind.MENTOR_PULSE: "Nothing by itself. If something goes badly, HR may get in touch with you.",
    TaskKind.SKILLS_SELF: "Your levels are put beside those of your manager; where they differ, you talk about them.",
    TaskKind.SKILLS_MANAGER: "Your levels are put beside the learner's; where they differ, you talk about them.",
    TaskKind.CALIBRATION: "From these levels follows what is still to be learned.",
    TaskKind.PLAN_CHOICE: "The plan goes to your manager where it costs money; then the training begins.",
    TaskKind.PLAN_APPROVAL: "If you approve, the seats are reserved and the training begins.",
    TaskKind.SEAT_OFFER: "If you take the seat, it is yours and you get the dates.",
    TaskKind.ATTENDANCE: "What was attended counts as learned; otherwise another session is looked for.",
    TaskKind.E_LEARNING: "HR hears why, and the plan goes on without it.",
    TaskKind.ASSIGNMENT_REPORT: "Whoever judges the work is asked whether it is accepted.",
    TaskKind.SIGN_OFF: "If you accept the work, it counts as learned.",
    TaskKind.STUDY_EVIDENCE: "Whoever judges the evidence is asked whether it is accepted.",
    TaskKind.EVIDENCE_REVIEW: "If you accept the evidence, it counts as learned.",
    TaskKind.PATH_AFTER_PLACEMENT: "The learning goes on as planned, or ends.",
    TaskKind.EXAM_RESULT: "If it was passed, the certificate is issued. If not, it can be taken again.",
    TaskKind.MATCHING_REVIEW: "If you agree, the mentors are asked. If not, new pairs are proposed.",
    TaskKind.SUCCESSOR: "Whoever you name takes over the part, with its open tasks.",
    TaskKind.RIGHT_PERSON: "The task goes to whoever you name, or stays where it is.",
}
"""What follows from an answer to a task of each kind."""

WEIGHTY = frozenset({TaskKind.PROPOSAL, TaskKind.APPROVAL, TaskKind.CONFIRMATION, TaskKind.OFFER})
"""Kinds whose answer is shown once more before it is sent: much hangs on it, and little can be undone."""
