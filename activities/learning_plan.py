"""What an upskilling path asks the records: the levels somebody is known to have, and a plan from the catalogue."""

from __future__ import annotations

from temporalio import activity

from activities.journal import records_errors
from activities.plan_solver import choose
from domain.gaps import LevelsRequest
from domain.learning_plan import PlanProposal, PlanRequest
from domain.skills import SkillLevel
from records import learning
from records.database import Database


class LearningActivities:
    """Reads levels and the catalogue from the HR database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="propose_plan", no_thread_cancel_exception=True)
    def propose_plan(self, request: PlanRequest) -> PlanProposal:
        """The best plan from the catalogue as it is now.

        Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database is away.
        """
        with records_errors(), self._database.reading() as session:
            catalogue = learning.catalogue(session)
        return choose(request, catalogue)

    @activity.defn(name="known_levels", no_thread_cancel_exception=True)
    def known_levels(self, request: LevelsRequest) -> list[SkillLevel]:
        """All levels of these skills that the person was ever found to have; what counts, the rules say.

        Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database is away.
        """
        with records_errors(), self._database.reading() as session:
            found = learning.levels(session, request.person)
        return [level for level in found if level.skill in request.skills]
