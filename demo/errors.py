"""Why a demo does not begin."""

from __future__ import annotations

from service.core.errors import Refused


class OtherPlace(Refused):
    """The directory can't be used for a demo; another one can."""
