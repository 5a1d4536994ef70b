"""The gap assessment: which levels somebody has, by themselves, their manager and tests, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Any

from domain.core.learning_rows import LevelRow
from domain.core.model import Party, PersonId
from domain.core.people import Skill
from domain.core.questions import Question
from domain.core.skills import SkillLevel, Source
from domain.core.tasks import Refused
from domain.learning.forms import CALIBRATION, SKILLS_MANAGER, SKILLS_SELF, Levels
from domain.learning.gaps import LevelsRequest, apart, levels_that_count
from workflows.case.answers import Answer, Answered
from workflows.learning import activity_calls
from workflows.learning.context import PathContext

ASKED = ((Source.SELF, Party.LEARNER, SKILLS_SELF), (Source.MANAGER, Party.MANAGER, SKILLS_MANAGER))
"""Who is asked for levels; those of tests are in the records."""


class Assessment:
    """Finds the levels of a learner, and ranks the gaps."""

    def __init__(self, context: PathContext) -> None:
        self._context = context
        self._state = context.state

    async def assess(self, skills: Sequence[Skill]) -> None:
        """Find the levels of these skills, and rank all gaps anew. What is known and fresh is not asked again."""
        self._state.assessment_began = self._context.now()
        await self._look_up(skills)
        self._forget_what_is_outdated(skills)
        fresh = self._counted(skills)
        await self._context.gather(
            *(self._ask(source, party, question, _lacking(skills, source, fresh)) for source, party, question in ASKED)
        )
        await self._calibrate(skills)
        self._state.gaps = self._state.rank()

    async def _look_up(self, skills: Sequence[Skill]) -> None:
        for level in await activity_calls.known_levels(LevelsRequest(person=self._state.learner, skills=list(skills))):
            self._keep(level)

    def _forget_what_is_outdated(self, skills: Collection[Skill]) -> None:
        """What was found before a training was passed says nothing of it; nor on that day, unless it was a test."""
        learned_on = self._state.learned_on

        def outdated(level: SkillLevel) -> bool:
            learned = learned_on.get(level.skill)
            if learned is None or level.skill not in skills:
                return False
            return level.on < learned or (level.on == learned and level.source is not Source.TEST)

        self._state.levels = [level for level in self._state.levels if not outdated(level)]

    def _counted(self, skills: Collection[Skill]) -> list[SkillLevel]:
        found = levels_that_count(self._state.levels, self._state.counting_from, self._state.policy.assessment)
        return [level for level in found if level.skill in skills]

    async def _ask(self, source: Source, party: Party, question: Question[Levels], skills: list[Skill]) -> None:
        if not skills:
            return
        whose = "your" if party is Party.LEARNER else "the learner's"
        answer = await self._context.ask(
            question,
            f"{whose} level in {len(skills)} skills" if len(skills) > 1 else f"{whose} level in {skills[0]}",
            of=party,
            facts={"skills": skills, "levels": "0 none, 7 as high as anybody's"},
            not_by=[] if party is Party.LEARNER else [self._state.learner],
            check=_all_of(skills),
        )
        self._found(source, answer)

    async def _calibrate(self, skills: Sequence[Skill]) -> None:
        """Where learner and manager are far apart, both think again, each with the other's level before them."""
        differing = apart(self._state.levels, self._state.counting_from, self._state.policy.assessment)
        far = [skill for skill in differing if skill in skills]
        if not far:
            return
        facts = {"skills": far, "found": [self._finding(skill) for skill in far]}
        answers = await self._context.gather(
            *(
                self._context.ask(
                    CALIBRATION,
                    "levels on which you differ: talk about them, then give yours again",
                    of=party,
                    facts=facts,
                    not_by=[self._state.parties[Party.MANAGER] if party is Party.LEARNER else self._state.learner],
                    check=_all_of(far),
                )
                for _, party, _ in ASKED
            )
        )
        for (source, _, _), answer in zip(ASKED, answers, strict=True):
            self._found(source, answer)

    def _finding(self, skill: Skill) -> str:
        levels = {level.source: level.level for level in self._counted([skill])}
        return f"{skill}: {levels[Source.SELF]} by the learner, {levels[Source.MANAGER]} by the manager"

    def _found(self, source: Source, answer: Answer[Levels]) -> None:
        """Keep the levels that were given; whoever waived them has given none, nor has whoever need not answer."""
        if isinstance(answer, Answered):
            self.note(source, answer.form, answer.by)

    def note(self, source: Source, given: Levels, by: PersonId) -> None:
        """Keep these levels; given anew, the last count."""
        for skill, level in given.levels.items():
            found = SkillLevel(skill=skill, level=Decimal(level), source=source, on=self._context.today(), by=by)
            self._keep(found)
            self._context.report.row(LevelRow(person=self._state.learner, found=found))

    def _keep(self, found: SkillLevel) -> None:
        """The newest of one source and day is the one that counts."""
        same = (found.skill, found.source, found.on)
        self._state.levels = [level for level in self._state.levels if (level.skill, level.source, level.on) != same]
        self._state.levels.append(found)


def _lacking(skills: Sequence[Skill], source: Source, fresh: Sequence[SkillLevel]) -> list[Skill]:
    known = [level.skill for level in fresh if level.source is source]
    return [skill for skill in skills if skill not in known]


def _all_of(skills: Sequence[Skill]) -> Callable[[Any], None]:
    """Refuse levels of other skills, and levels that are missing."""

    def check(given: Levels) -> None:
        if given.waived_because is not None:
            return
        unknown = [skill for skill in given.levels if skill not in skills]
        missing = [skill for skill in skills if skill not in given.levels]
        if unknown:
            raise Refused(f"levels: {', '.join(unknown)} was not asked for", "invalid")
        if missing:
            raise Refused(f"levels: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing", "invalid")

    return check
