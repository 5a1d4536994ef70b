"""A cohort and its placements: however words and replies are late, lost or doubled, the cohort's last word holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from domain.cohort import CohortPause, CohortStart, CohortState, ParticipantState, Standing
from domain.cohort_calls import AskedPlacement
from domain.participation import CohortWord, Hearing, Participant
from domain.standing_still import asking_to_stand_still, can_stand_still_now, gone_on, stood_still, to_hear
from tests.domain.factories import shipped_policy
from tests.office import ELIGIBLE, HR, HR_LEAD

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
POLICY = shipped_policy()
NUMBERS = range(3)


@dataclass
class Word:
    """Something that is said to a placement, and may arrive at any time, or twice."""

    n: int
    pause: bool
    to: int


@dataclass
class Placement:
    """A placement, in our own words: it can stand still once it has a calendar; HR may pause it too."""

    has_calendar: bool = False
    paused: bool = False
    hearing: Hearing = field(default_factory=Hearing)
    by_hand: bool = False
    """Whether HR has ever paused or resumed it."""

    @property
    def still(self) -> bool:
        return self.paused and self.hearing.still

    def takes(self, word: Word) -> bool:
        """Whether it does as it is told; what it refuses leaves no trace."""
        said = CohortWord(cohort="SPRING", n=word.n)
        if self.hearing.is_old(said) or (word.pause and (not self.has_calendar or (self.paused and not self.still))):
            return False
        self.hearing.hear(said)
        if word.pause:
            self.paused = self.hearing.still = True
        elif self.still:
            self.paused = self.hearing.still = False
        return True


class StandingStill(RuleBasedStateMachine):
    """A cohort of three pauses and goes on while what it says is on its way."""

    @initialize()
    def begin(self) -> None:
        start = CohortStart(
            cohort="SPRING",
            title="Spring",
            policy=POLICY,
            starts_on=date(2027, 3, 1),
            weeks=16,
            country="GB",
            time_zone="Europe/London",
            led_by=HR,
            hr_lead=HR_LEAD,
        )
        self.cohort = CohortState.begin(start, NOW)
        self.placements = [Placement() for _ in NUMBERS]
        self.late: list[Word] = []
        for n in NUMBERS:
            who = Participant(case=f"R-{n}A", returner=f"P-RET{n}", role="DATA1", application=ELIGIBLE)
            self.cohort.participants[who.case] = ParticipantState(
                who=who, standing=Standing.ASKED, enlisted_by=HR, heard=self.cohort.word
            )

    @precondition(lambda self: not self.cohort.stands_still)
    @rule()
    def pauses(self) -> None:
        self.cohort.pauses.append(CohortPause(first=NOW.date(), by=HR))

    @precondition(lambda self: self.cohort.stands_still)
    @rule()
    def goes_on(self) -> None:
        self.cohort.pauses[-1].back_on = NOW.date()

    @rule(n=st.sampled_from(NUMBERS))
    def finds_a_mentor(self, n: int) -> None:
        self.placements[n].has_calendar = True
        one = self.cohort.participants[f"R-{n}A"]
        one.standing = Standing.MATCHED
        can_stand_still_now(self.cohort, one)

    @rule(n=st.sampled_from(NUMBERS))
    def hr_pauses_or_resumes_it(self, n: int) -> None:
        placement = self.placements[n]
        if placement.has_calendar:
            placement.paused, placement.hearing.still, placement.by_hand = not placement.paused, False, True

    @precondition(lambda self: bool(to_hear(self.cohort)))
    @rule(
        fates=st.lists(st.sampled_from(["well", "unheard", "unanswered", "twice"]), min_size=3, max_size=3),
        meanwhile=st.booleans(),
    )
    def says_its_last_word(self, fates: list[str], meanwhile: bool) -> None:
        """Some hear it late, some don't answer, some hear it twice; meanwhile the cohort may change its mind."""
        those, n = to_hear(self.cohort), self.cohort.word
        pausing = self.cohort.stands_still
        asked = those if pausing else [one for one in those if one.may_be_still]
        before = asking_to_stand_still(those) if pausing else {}
        replies = [self._say(Word(n, pausing, int(one.who.case[2])), fates[int(one.who.case[2])]) for one in asked]
        if meanwhile:
            self.goes_on() if pausing else self.pauses()
        if pausing:
            stood_still(self.cohort, n, before, replies)
            return
        for one in gone_on(self.cohort, n, those, replies):  # by signal, which always arrives
            self.late.append(Word(n, pause=False, to=int(one.who.case[2])))

    def _say(self, word: Word, fate: str) -> AskedPlacement:
        refused = fate != "unheard" and not self.placements[word.to].takes(word)
        if fate in ("unheard", "twice"):
            self.late.append(word)
        silent = fate in ("unheard", "unanswered")
        return AskedPlacement(case=f"R-{word.to}A", says="said", refused=refused or silent, silent=silent)

    @precondition(lambda self: bool(self.late))
    @rule(data=st.data())
    def something_arrives_late(self, data: st.DataObject) -> None:
        word = self.late.pop(data.draw(st.integers(0, len(self.late) - 1)))
        self.placements[word.to].takes(word)

    def teardown(self) -> None:
        """Once all has arrived and all have heard the last word, they do as it says, whoever has one to heed."""
        if not hasattr(self, "cohort"):
            return
        while self.late:
            self.placements[(word := self.late.pop()).to].takes(word)
        by_hand = [one.paused and not one.still for one in self.placements]
        while to_hear(self.cohort):
            self.says_its_last_word(["well"] * 3, meanwhile=False)
            while self.late:
                self.placements[(word := self.late.pop()).to].takes(word)
        for n, placement in enumerate(self.placements):
            if not self.cohort.stands_still:
                assert not placement.still, f"{n} stands still for ever"
            elif placement.has_calendar and not placement.by_hand:
                assert placement.still, f"{n} goes on without the cohort"
            assert (placement.paused and not placement.still) == by_hand[n], "what HR has paused by hand stays so"


TestStandingStill = StandingStill.TestCase
TestStandingStill.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
