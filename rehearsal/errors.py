"""Why a cohort can't be rehearsed."""

from __future__ import annotations

from service.core.errors import Refused


class NobodyCanTakePart(Refused):
    """All rows of the file have problems."""


class NobodyLeads(Refused):
    """Nobody could start the whole cohort; somebody who is named can, without the rows of the other roles."""
