"""A cohort and its placements: instructions and replies may be late, lost or doubled; the last instruction holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from domain.cohort.calls import AskedPlacement
from domain.cohort.participant_state import ParticipantStatus
from domain.cohort.pauses import (
    ask_again_to_pause,
    mark_asked_to_pause,
    note_pause_replies,
    note_resume_replies,
    to_be_asked,
)
from domain.cohort.state import CohortPause
from domain.placement.cohort_messages import CohortInstruction, LastInstruction
from tests.domain.cohort.states import NOW, begun
from tests.office import HR

NUMBERS = range(3)


@dataclass
class Instruction:
    """Something that is said to a placement, and may arrive at any time, or twice."""

    n: int
    pause: bool
    to: int


class Said(StrEnum):
    """What was said last of a placement, by whoever: the rule, in words of our own."""

    GOES_ON = "goes on"
    STILL = "stands still with the cohort"
    ON_LEAVE = "is on a leave that HR has begun"


@dataclass
class Placement:
    """A placement: it can stand still once it has a calendar, HR may pause it too, and to go on takes a moment."""

    has_calendar: bool = False
    paused: bool = False
    last_instruction: LastInstruction = field(default_factory=LastInstruction)
    leaves: int = 0
    going_on: list[tuple[int, int]] = field(default_factory=list)
    """What is being carried out to go on, one after the other: after which leave, since which instruction."""
    said: Said = Said.GOES_ON
    by_hand: bool = False
    """Whether HR has ever paused or resumed it."""

    @property
    def still(self) -> bool:
        return self.paused and self.last_instruction.still

    @property
    def is_so(self) -> Said:
        return Said.STILL if self.still else Said.ON_LEAVE if self.paused else Said.GOES_ON

    @property
    def just_goes_on(self) -> bool:
        return any(leave == self.leaves for leave, _ in self.going_on)

    def takes(self, instruction: Instruction) -> bool:
        """Whether it does as it is told; what it refuses leaves no trace."""
        said = CohortInstruction(cohort="SPRING", n=instruction.n)
        new, before = instruction.n > self.last_instruction.last, self.said
        if not instruction.pause:
            if self.last_instruction.is_old(said):
                return False
            self.last_instruction.note(said)
            if self.still:
                self.going_on.append((self.leaves, instruction.n))
            if new and before is Said.STILL:
                self.said = Said.GOES_ON
            return True
        if not self.has_calendar:
            return False
        if self.last_instruction.reason_not_to_pause(said, paused=self.paused, going_on=self.just_goes_on) is not None:
            assert not new or before is Said.ON_LEAVE
            return False
        self.last_instruction.note_paused(said)
        self.leaves += not self.paused
        self.paused = True
        if new:
            assert before is not Said.ON_LEAVE
            self.said = Said.STILL
        return True

    def hr_pauses_or_resumes(self) -> None:
        """HR pauses it where it goes on, and else lets it go on."""
        self.by_hand = True
        if self.paused:
            self.going_on.append((self.leaves, self.last_instruction.last))
            self.said = Said.GOES_ON
        else:
            self.leaves += 1
            self.paused, self.last_instruction.still, self.said = True, False, Said.ON_LEAVE

    def has_gone_on(self) -> None:
        """The calendar is there."""
        leave, since = self.going_on.pop(0)
        if self.paused and self.leaves == leave and not self.last_instruction.says_pause_since(since):
            self.paused = self.last_instruction.still = False


class StandingStill(RuleBasedStateMachine):
    """A cohort of three pauses and goes on while what it says is on its way."""

    @initialize()
    def begin(self) -> None:
        self.cohort = begun(f"R-{n}AB" for n in NUMBERS)
        self.placements = [Placement() for _ in NUMBERS]
        self.late: list[Instruction] = []

    @precondition(lambda self: not self.cohort.is_paused)
    @rule()
    def pauses(self) -> None:
        self.cohort.pauses.append(CohortPause(first=NOW.date(), by=HR))

    @precondition(lambda self: self.cohort.is_paused)
    @rule()
    def goes_on(self) -> None:
        self.cohort.pauses[-1].back_on = NOW.date()

    @rule(n=st.sampled_from(NUMBERS))
    def finds_a_mentor(self, n: int) -> None:
        self.placements[n].has_calendar = True
        participant = self.cohort.participants[f"R-{n}AB"]
        participant.status = ParticipantStatus.MATCHED
        ask_again_to_pause(self.cohort, participant)

    @rule(n=st.sampled_from(NUMBERS))
    def hr_pauses_or_resumes_it(self, n: int) -> None:
        if self.placements[n].has_calendar:
            self.placements[n].hr_pauses_or_resumes()

    @rule(n=st.sampled_from(NUMBERS))
    def has_gone_on(self, n: int) -> None:
        if self.placements[n].going_on:
            self.placements[n].has_gone_on()

    @precondition(lambda self: bool(to_be_asked(self.cohort)))
    @rule(
        deliveries=st.lists(st.sampled_from(["well", "unheard", "unanswered", "twice"]), min_size=3, max_size=3),
        meanwhile=st.booleans(),
    )
    def gives_its_last_instruction(self, deliveries: list[str], meanwhile: bool) -> None:
        """Some hear it late, some don't answer, some hear it twice; meanwhile the cohort may change its mind."""
        participants, n = to_be_asked(self.cohort), self.cohort.last_instruction
        pausing = self.cohort.is_paused
        asked = participants if pausing else [participant for participant in participants if participant.may_be_still]
        before = mark_asked_to_pause(participants) if pausing else {}
        replies = [
            self._say(Instruction(n, pausing, int(participant.who.case[2])), deliveries[int(participant.who.case[2])])
            for participant in asked
        ]
        if meanwhile:
            self.goes_on() if pausing else self.pauses()
        if pausing:
            note_pause_replies(self.cohort, n, before, replies)
            return
        # They hear it by signal, which always arrives
        for participant in note_resume_replies(self.cohort, n, participants, replies):
            self.late.append(Instruction(n, pause=False, to=int(participant.who.case[2])))

    def _say(self, instruction: Instruction, delivery: str) -> AskedPlacement:
        refused = delivery != "unheard" and not self.placements[instruction.to].takes(instruction)
        if delivery in ("unheard", "twice"):
            self.late.append(instruction)
        silent = delivery in ("unheard", "unanswered")
        return AskedPlacement(case=f"R-{instruction.to}AB", sentence="said", refused=refused or silent, silent=silent)

    @precondition(lambda self: bool(self.late))
    @rule(data=st.data())
    def something_arrives_late(self, data: st.DataObject) -> None:
        instruction = self.late.pop(data.draw(st.integers(0, len(self.late) - 1)))
        self.placements[instruction.to].takes(instruction)

    def teardown(self) -> None:
        """Once all has arrived and all have received the last instruction, they do as it says."""
        if not hasattr(self, "cohort"):
            return
        self._all_arrives()
        while to_be_asked(self.cohort):
            self.gives_its_last_instruction(["well"] * 3, meanwhile=False)
            self._all_arrives()
        for n, placement in enumerate(self.placements):
            if not self.cohort.is_paused:
                assert not placement.still, f"{n} stands still for ever"
            elif placement.has_calendar and not placement.by_hand:
                assert placement.still, f"{n} goes on without the cohort"
            assert placement.is_so is placement.said, f"what was said last of {n} does not hold"

    def _all_arrives(self) -> None:
        while self.late:
            self.placements[(instruction := self.late.pop()).to].takes(instruction)
        for placement in self.placements:
            while placement.going_on:
                placement.has_gone_on()


TestStandingStill = StandingStill.TestCase
TestStandingStill.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)


@given(
    st.lists(
        st.sampled_from(["the cohort speaks", "HR does", "an old instruction comes again", "it goes on"]), max_size=16
    )
)
def test_of_the_cohort_and_hr_of_a_placement_whoever_was_heard_last_holds(events: list[str]) -> None:
    placement = Placement(has_calendar=True)
    instructions: list[Instruction] = []
    for event in events:
        if event == "the cohort speaks":
            instructions.append(Instruction(len(instructions) + 1, pause=len(instructions) % 2 == 0, to=0))
            placement.takes(instructions[-1])
        elif event == "HR does":
            placement.hr_pauses_or_resumes()
        elif event == "it goes on" and placement.going_on:
            placement.has_gone_on()
        elif instructions:
            placement.takes(instructions[-1])
    while placement.going_on:
        placement.has_gone_on()

    assert placement.is_so is placement.said
