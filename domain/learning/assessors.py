"""Who may say which level somebody has, and who decides which programme suits them.

Nobody tests themselves or is their own manager; a decision is HR's, and nobody's on themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.core.model import PersonId
from domain.core.people import Person, Role
from domain.core.skills import Source
from domain.core.tasks import DutiesNotSeparate, Refused


def check_may_assess(
    source: Source, actor: PersonId, person: Person, roles: Iterable[Role], *, is_hr: bool = False
) -> None:
    """Raise :class:`Refused` where ``actor`` may not say, in that part, which levels ``person`` has.

    Oneself only of oneself; as manager the person's own or that of any role; of a test HR of any role, or who
    ``is_hr`` by a grant.
    """
    if source is Source.SELF:
        if actor != person.id:
            raise Refused(f"{actor} can't assess {person.id} in their name: only they can", "forbidden")
        return
    if actor == person.id:
        raise DutiesNotSeparate(f"{actor} can't assess themselves as {source.value}: only as self")
    if source is Source.MANAGER:
        if actor not in {person.manager, *(role.manager for role in roles)}:
            raise Refused(f"{actor} is neither the manager of {person.id} nor of any role", "forbidden")
    elif not is_hr and actor not in {who for role in roles for who in (role.hr, role.hr_lead)}:
        raise Refused(f"{actor} can't record a test: that is for HR or head of HR of a role", "forbidden")


def check_may_decide(actor: PersonId, person: PersonId, role: Role, *, is_hr: bool = False) -> None:
    """Raise :class:`Refused` where ``actor`` may not decide which programme ``person`` goes into for the role.

    It is for those whom the role names, and who ``is_hr`` of it by a grant.
    """
    if actor == person:
        raise DutiesNotSeparate(f"{actor} can't decide on themselves")
    if not is_hr and actor not in (role.hr, role.hr_lead):
        raise Refused(
            f"{actor} can't decide on a programme for {role.id}: that is for HR ({role.hr}) or head of HR "
            f"({role.hr_lead})",
            "forbidden",
        )
