"""What a case asks that is to start another: whether the person has one of that kind already."""

from __future__ import annotations

from temporalio import activity
from temporalio.client import Client

from activities.core.journal import records_errors
from domain.core.beginning import Alone, Claim
from records.database import Database
from service.core.alone import not_alone


class StartActivities:
    """Looks at what runs, by the engine and the HR database."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._database = database

    @activity.defn(name="check_alone")
    async def check_alone(self, claim: Claim) -> Alone:
        """Put on record that a case is to start; or which others the person has. Asked again, the answer is the same.

        Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database can't be reached.
        """
        with records_errors():
            return Alone(refused=await not_alone(self._client, self._database, [claim]))
