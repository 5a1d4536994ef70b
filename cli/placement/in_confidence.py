"""What was said in confidence in a placement, and why somebody is away, as HR reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType

from cli.core.output import say, say_result, show
from domain.core.model import Party
from domain.core.wording import spoken
from presentation.tables import table
from records.local_time import day_text
from records.tables.placement import LeaveRecord, MentorWishRecord, PulseRecord
from service.core.environment import records
from service.core.people import names_of
from service.placement.in_confidence import InConfidence, said_in_confidence


def show_in_confidence(case: str, reader: str, *, as_json: bool) -> None:
    """Show it to HR of the case. Raises ``Refused`` for everybody else."""
    with records() as database:
        said = said_in_confidence(database, case, reader)
        names = names_of(database, {*(wish.mentor for wish in said.wishes), *(pulse.person for pulse in said.pulses)})
    if as_json:
        wishes, pulses = [_wish(wish) for wish in said.wishes], [_pulse(pulse) for pulse in said.pulses]
        leaves = [_leave(leave) for leave in said.leaves]
        say_result({"case": case, "wishes": wishes, "pulses": pulses, "leaves": leaves})
    elif said.wishes or said.pulses or said.leaves:
        show(*_tables(said, names))
    else:
        say(f"Nothing has been said in confidence in {case}, and nobody has been away.")


def _tables(said: InConfidence, names: Mapping[str, str]) -> Iterator[RenderableType]:
    zone = said.time_zone
    if said.wishes:
        yield table(
            "Wishes for another mentor",
            ("n", "Asked", "Other than", "Why", "State", "HR's answer"),
            (
                (
                    wish.n,
                    day_text(wish.asked_at, zone),
                    names.get(wish.mentor, wish.mentor),
                    wish.reason,
                    spoken(wish.state),
                    wish.message,
                )
                for wish in said.wishes
            ),
        )
    if said.pulses:
        yield table(
            "Pulses",
            ("Week", "When", "Who", "Scores of 5", "Comment"),
            (
                (
                    pulse.week,
                    day_text(pulse.at, zone),
                    f"{Party(pulse.party).spoken}: {names.get(pulse.person, pulse.person)}",
                    "\n".join(f"{pulse.questions.get(key, key)}: {score}" for key, score in pulse.scores.items()),
                    pulse.comment,
                )
                for pulse in said.pulses
            ),
        )

    if said.leaves:
        yield table(
            "Leaves",
            ("n", "First day", "Last day", "Type", "Why", "Why it ended"),
            (
                (leave.n, leave.first_day, leave.last_day, spoken(leave.leave_type), leave.reason, leave.ended_because)
                for leave in said.leaves
            ),
        )


def _leave(leave: LeaveRecord) -> dict[str, Any]:
    return {
        "n": leave.n,
        "first_day": leave.first_day.isoformat(),
        "last_day": leave.last_day.isoformat() if leave.last_day else None,
        "leave_type": leave.leave_type,
        "reason": leave.reason,
        "ended_because": leave.ended_because,
    }


def _wish(wish: MentorWishRecord) -> dict[str, Any]:
    return {
        "n": wish.n,
        "asked_at": wish.asked_at.isoformat(),
        "mentor": wish.mentor,
        "reason": wish.reason,
        "state": wish.state,
        "message": wish.message,
        "answered_by": wish.answered_by,
    }


def _pulse(pulse: PulseRecord) -> dict[str, Any]:
    return {
        "n": pulse.n,
        "at": pulse.at.isoformat(),
        "week": pulse.week,
        "party": pulse.party,
        "person": pulse.person,
        "questions": pulse.questions,
        "scores": pulse.scores,
        "comment": pulse.comment,
    }
