"""Setting the demo up: the examples into the records, the cases started, each with its story."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from temporalio.client import Client

from demo import examples
from demo.learners import PathStory
from demo.people import Played, PlayedPath
from demo.stories import Story, stories
from domain.core.access import Duty
from domain.core.model import CaseId, PersonId
from domain.core.people import Role
from domain.core.working_pattern import read_patterns
from domain.learning.policy import LearningPolicy
from domain.placement.policy import Policy
from domain.registry.policy_file import read_policy
from engine.settings import Settings
from records.database import Database
from records.queries.core.people import people, roles
from records.seal_files import SealFiles
from service.core.access import access, grant
from service.core.connecting import connected
from service.core.policies import DEFAULT_LEARNING_POLICY, DEFAULT_POLICY
from service.learning.starting import WantedPath, start_path
from service.placement.starting import PathInside, WantedPlacement, start_placement

COHORT = "demo-"
HR_OF_ALL: PersonId = "P-7LM2ZA"
OPERATOR: PersonId = "P-8GU3RF"
"""Of IT: sees that cases run, and in Temporal's UI how."""
LEARNER, CERTIFICATE = "P-3MT8KW", "DATA-PRO"
"""Who takes the path alone, in the role DATA1, and the certificate at its end."""
HOURS_ALONE = 160
"""Enough for whoever lacks something of everything."""
BESIDE = "an earlier demo may not be over yet"
WITH_LEARNING = "leave in the middle"
"""The placement that has a path inside."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Cast:
    """The cases of a demo."""

    placements: list[Played]
    paths: list[PlayedPath]

    @property
    def titles(self) -> dict[CaseId, str]:
        """What each case is about."""
        cases: list[Played | PlayedPath] = [*self.placements, *self.paths]
        return {played.case: played.story.title for played in cases}


def import_examples(say: Say, settings: Settings) -> Database:
    """The records, with all of ``examples/``."""
    database = Database(settings.records_url, SealFiles(settings.seal_key, settings.seal_list))
    say(f"examples: {'; '.join(map(str, examples.import_examples(database)))}")
    _grant_duties(database)
    return database


def _grant_duties(database: Database) -> None:
    """Somebody is HR of all roles, and somebody an operator, unless it was granted before."""
    if not access(database).grants:
        grant(database, HR_OF_ALL, Duty.HR)
        grant(database, OPERATOR, Duty.OPERATOR, by=HR_OF_ALL)


async def start_cast(say: Say, client: Client, database: Database, settings: Settings, seconds_per_day: float) -> Cast:
    """Start seven placements, one of them with a path inside, and a path alone."""
    with database.reading() as session:
        known_roles = {role.id: role for role in roles(session)}
        known = list(people(session))
        names = {person.id: person.name for person in known}
        returners = [person.id for person in known if person.application]
    to_play = stories([(person, list(known_roles)[n % len(known_roles)]) for n, person in enumerate(returners)])
    starting = _Starting(client, database, settings, seconds_per_day, run_id())
    cast = Cast([], [])
    for n, story in enumerate(to_play, start=1):
        inside = starting.inside(story) if story.title == WITH_LEARNING else None
        cast.placements.append(await starting.placement(n, story, known_roles[story.role], inside))
        if inside is not None:
            cast.paths.append(PlayedPath(PathStory("inside that placement", story.returner, story.role), inside))
    alone = PathStory("a path alone, to a certificate", LEARNER, "DATA1", CERTIFICATE)
    cast.paths.append(await starting.path(alone, known_roles[alone.role]))
    begun: list[Played | PlayedPath] = [*cast.placements, *cast.paths]
    for played in begun:
        about = played.story.returner if isinstance(played, Played) else played.story.learner
        say(f"  {played.case}: {names[about]}, {played.story.title}")
    return cast


class _Starting:
    def __init__(
        self, client: Client, database: Database, settings: Settings, seconds_per_day: float, run: str
    ) -> None:
        self._connect = connected(client)
        self._database = database
        self._queue = settings.task_queue
        self._pace = seconds_per_day
        self._run = run
        self._cohort = f"{COHORT}{run.lower()}"
        self._policy = read_policy(DEFAULT_POLICY.read_text(encoding="utf-8"), DEFAULT_POLICY.name, Policy)
        self._learning = read_policy(
            DEFAULT_LEARNING_POLICY.read_text(encoding="utf-8"), DEFAULT_LEARNING_POLICY.name, LearningPolicy
        )

    def inside(self, story: Story) -> CaseId:
        """The case of the path inside a placement."""
        return f"U-D{self._run}-{story.returner.removeprefix('P-')}"

    async def placement(self, n: int, story: Story, role: Role, inside: CaseId | None) -> Played:
        """Start a placement."""
        wanted = WantedPlacement(
            returner=story.returner,
            role=role.id,
            policy=self._policy,
            case=f"D{self._run}-{n}",
            cohort=self._cohort,
            beside=BESIDE,
            seconds_per_day=self._pace,
            inside=PathInside(self._learning, case=inside) if inside is not None else None,
            patterns=None if story.pattern is None else read_patterns(story.pattern),
        )
        started = await start_placement(self._connect, self._database, wanted, role.hr, self._queue)
        return Played(story=story, case=started.case, hr=role.hr, manager=role.manager, learning=inside)

    async def path(self, story: PathStory, role: Role) -> PlayedPath:
        """Start a path alone."""
        wanted = WantedPath(
            learner=story.learner,
            role=role.id,
            certificate=story.certificate,
            hours=HOURS_ALONE,
            case=f"U-D{self._run}-{story.learner.removeprefix('P-')}",
            cohort=self._cohort,
            beside=BESIDE,
            seconds_per_day=self._pace,
        )
        started = await start_path(self._connect, self._database, wanted, self._learning, role.hr, self._queue)
        return PlayedPath(story=story, case=started.case)


def run_id() -> str:
    """Short and new for each demo, so that nobody takes one's cases for another's."""
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number, text = int(time.time()) // 10, ""
    for _ in range(6):
        number, digit = divmod(number, len(digits))
        text = digits[digit] + text
    return text
