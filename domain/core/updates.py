"""What can be asked of a running case or capacity: the names of the updates, which the handlers have."""

from __future__ import annotations

from enum import StrEnum


class Update(StrEnum):
    """The name of an update."""

    ANSWER_TASK = "answer_task"
    NOT_MINE = "not_mine"
    REOPEN_TASK = "reopen_task"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    CHANGE_PATTERN = "change_pattern"
    WITHDRAW = "withdraw"
    REASSIGN_MENTOR = "reassign_mentor"
    DECIDE_EARLY = "decide_early"
    ASK_FOR_MENTOR = "ask_for_mentor"
    REASSIGN = "reassign"
    HAND_OVER = "hand_over"
    CHANGE_DEPARTURE = "change_departure"
    CALL_OFF_DEPARTURE = "call_off_departure"
    COMPLETION_EVENT = "completion_event"
    CHANGE_ROLE = "change_role"
    STATE_HOURS = "state_hours"
    TAKE_EXAM = "take_exam"
    RENEW = "renew"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    ENLIST = "enlist"
    REMATCH = "rematch"
    RESERVE = "reserve"
    RELEASE = "release"
    RESIZE = "resize"
