"""How people were invited, for as long as what they were invited to can be moved or called off, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.core.model import CaseId
from records.tables.dispatch import InvitationRecord

KEPT_AFTERWARDS = timedelta(days=30)
"""While a case runs: what calls something off may have waited so long for a full mailbox, or a pause may move it."""


def drop_over(session: Session, case: CaseId, before: datetime) -> None:
    """Keep nothing of what was over in a case before an instant of its clock."""
    over = delete(InvitationRecord).where(InvitationRecord.case_id == case, InvitationRecord.ends_at < before)
    session.execute(over, execution_options={"synchronize_session": False})
