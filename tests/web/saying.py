"""A stand-in for Temporal, where pages are to show what running cases say of themselves: the cases of
:mod:`tests.web.rights`. They say it, and do nothing that they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from temporalio.client import Client

from domain.core.naming import workflow_id
from engine.errors import EngineUnreachable
from tests.web.readers import COHORT, PATH, PLACEMENT, WHO
from tests.web.tasks import NOW


class DoesNothing:
    """Whatever else it is asked, it can't be reached."""

    def __getattr__(self, name: str) -> Any:
        raise EngineUnreachable(f"nobody is here who could {name}")


@dataclass(frozen=True)
class Running(DoesNothing):
    """A workflow that says how it stands."""

    view: Mapping[str, Any]

    async def query(self, *_: Any, **__: Any) -> Mapping[str, Any]:
        """Its state."""
        return self.view


@dataclass(frozen=True)
class Saying(DoesNothing):
    """Where cases run that say ``text`` wherever people have typed one."""

    text: str
    namespace: str = "default"

    def get_workflow_handle(self, workflow: str) -> Running:
        """One of them."""
        if workflow not in self._views:
            raise EngineUnreachable(f"{workflow} is not here")
        return Running(self._views[workflow])

    @property
    def _views(self) -> Mapping[str, Mapping[str, Any]]:
        text, returner, mentor = self.text, WHO["returner"], WHO["mentor"]
        session = {"id": "A", "starts": NOW.isoformat(), "ends": (NOW + timedelta(hours=8)).isoformat()}
        pair = {"returner": returner, "mentor": mentor}
        return {
            workflow_id(PLACEMENT): {"now": NOW.isoformat(), "goals": [text]},
            workflow_id(PATH): {
                "enrolments": [
                    {"n": 1, "begun": NOW.isoformat(), "state": "under_way", "session": "A",
                     "training": {"title": text, "sessions": [session]}}
                ]
            },
            workflow_id(COHORT): {
                "dates": [{"starts": NOW.isoformat(), "state": "coming", "title": text}],
                "participants": {returner: {"who": {"returner": returner}}},
                "pins": [pair],
                "forbids": [pair],
                "proposal": {
                    "n": 1,
                    "pairs": [{**pair, "score": 0.5, "reasons": [text], "last_resort": [text], "pinned": False}],
                    "unmatched": [{"returner": returner, "why": text}],
                    "ties": [text],
                },
            },
        }  # fmt: skip

    async def __call__(self) -> Client:
        """As what connects to Temporal."""
        return cast(Client, self)
