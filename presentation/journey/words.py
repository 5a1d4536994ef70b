"""The words of ours in pictures and their tables."""

from __future__ import annotations

from collections.abc import Mapping

from languages.marking import translatable
from presentation.journey.model import How

TODAY = translatable("Today")
DESCRIPTION = translatable(
    "A time axis from %(first)s to %(last)s; today is %(today)s. Rows: %(rows)s. The table beside it says the same."
)

HOW: Mapping[How, str] = {
    How.DONE: translatable("done"),
    How.UNDER_WAY: translatable("under way"),
    How.PLANNED: translatable("planned"),
    How.NOT_DONE: translatable("did not happen"),
}

JOURNEY_OF = translatable("The journey of %(name)s")

STAGES, WORK, MENTORING, REVIEWS, LEARNING, DECISION, AWAY, EXAMS, CERTIFICATES, TRAININGS, DATES = (
    translatable("Stages"),
    translatable("At work"),
    translatable("Mentoring"),
    translatable("Goals and reviews"),
    translatable("Learning"),
    translatable("Decision and after"),
    translatable("Away"),
    translatable("Exams"),
    translatable("Certificates"),
    translatable("Trainings"),
    translatable("Dates of the cohort"),
)
"""What rows are called."""

AT_WORK = translatable("At work")
WEEK = translatable("Week %(week)s of %(weeks)s")
AT_FIRST = translatable("As planned at first")
GOALS = translatable("Goals")
BELOW = translatable("below the threshold")
ASKED = translatable("is asked to be the mentor")
NO_MENTOR = translatable("was asked, and is not the mentor")
SESSION = translatable("mentoring session %(n)s")
DECISION_DUE = translatable("Decision")
OFFER = translatable("Offer")
EMPLOYED = translatable("Employed")
AFTER_DAYS = translatable("%(days)s days")
STILL_HERE = translatable("still here")
NOT_HERE = translatable("not here any more")

DECISIONS: Mapping[str, str] = {
    "early_decision": translatable("Brought forward"),
    "proposal": translatable("Proposed"),
    "approval": translatable("Approved"),
    "confirmation": translatable("Confirmed"),
}
"""What each step of the decision is called once it was taken."""

ASSESSMENTS = translatable("Assessments")
DATES_AHEAD = translatable("Dates that count")
ASSESSED_AS: Mapping[str, str] = {
    "skills_self": translatable("Own assessment"),
    "skills_manager": translatable("Manager's assessment"),
    "calibration": translatable("Levels agreed"),
    "plan_choice": translatable("Plan chosen"),
}
CONVERSION_DECIDED = translatable("Conversion is decided")
CERTIFIED_UNTIL = translatable("Certificate expires")

EXAM = translatable("Exam %(n)s")
CERTIFICATE = translatable("Certificate %(n)s")
PASSED = translatable("passed")
FAILED = translatable("failed")
REVOKED = translatable("revoked")
SUSPENDED = translatable("suspended")
COMING: Mapping[str, str] = {
    "renewal_opens": translatable("Can be renewed"),
    "expiry": translatable("Expires"),
}
PAUSED = translatable("Paused")
BACK_ON = translatable("back on %(day)s, as planned")
MOVED_UNTIL = translatable(
    "All that is still to come waits until the leave is over. It is drawn as if they were back on %(day)s."
)
MOVES_EACH_DAY = translatable(
    "All that is still to come waits until the leave is over. It is drawn as if they were back today, and moves with "
    "each day they are away."
)
