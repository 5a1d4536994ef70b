"""The tables of the HR database, all of which belong to one history of migrations."""

from records.tables import (
    access,
    capacity,
    certification,
    cohort,
    core,
    dispatch,
    learning,
    payroll,
    placement,
    sent_forms,
    uploads,
)
from records.tables.base import Base

__all__ = [
    "Base",
    "access",
    "capacity",
    "certification",
    "cohort",
    "core",
    "dispatch",
    "learning",
    "payroll",
    "placement",
    "sent_forms",
    "uploads",
]
