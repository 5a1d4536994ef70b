"""What all tables share.

Rows of a case hold no foreign key into ``people``: a case's journal must get through whatever happened to the
database in the meantime. What HR imports does: nobody reports to somebody we don't know.

``at`` is the instant on the case's clock. ``position`` counts all rows a case ever wrote, where it says so; it orders
rows of the same instant.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, MetaData
from sqlalchemy.orm import DeclarativeBase

from records.types import Amount, UtcInstant

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share: how Python types are stored, how constraints are named."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: UtcInstant,
        Decimal: Amount,
        list[str]: JSON(none_as_null=True),
        list[dict[str, Any]]: JSON(none_as_null=True),
        dict[str, Any]: JSON(none_as_null=True),
    }
