"""What a case tells people: letters, some with a calendar invitation.

Letters carry ids, not names or addresses: those are looked up in the records when the letter is sent, so that no
address stands in a workflow history, and one that changed in the meantime is right.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from domain.core.model import CaseId, CredentialId, Fixed, Instant, PersonId

Address: TypeAlias = Literal["work", "private"]
"""Which of somebody's addresses; whoever has no private one is reached at work."""

Reach: TypeAlias = Address | Literal["by_record"]
"""At which address somebody is to be reached; or by how their placement stands on record, as
:mod:`domain.registry.reach` has it."""

Method: TypeAlias = Literal["REQUEST", "CANCEL"]
"""What is done with a calendar entry (RFC 5546)."""


class Invitation(Fixed):
    """A calendar entry (RFC 5545): the same ``uid`` with a higher ``sequence`` moves it, ``CANCEL`` calls it off.

    ``summary`` says with whom and about what; a key of the letter's ``people`` in braces is written as that person's
    name. ``place`` is where, if that is known.
    """

    method: Method
    uid: str
    sequence: int
    starts: Instant
    ends: Instant
    summary: str
    place: str | None = None
    attendees: list[PersonId]

    @property
    def calls_off(self) -> bool:
        """Whether it calls the entry off."""
        return self.method == "CANCEL"


class Letter(Fixed):
    """One mail to one person. ``key`` is unique within the case and makes the Message-ID.

    ``template`` names the text; ``facts`` is what it may say, dates and times in ``time_zone``. Any value in ``facts``
    under a key of ``people`` is a person's id and is written as their name. ``attachments`` are credentials that were
    issued: the documents are looked up when the letter is sent. ``titles`` are the policy's translations of those of
    its titles that stand in the facts, by language and then by title. ``reach`` is for the one it is to; what
    follows an invitation goes to the address that was invited. What does not go ``at_once`` waits for the next morning
    of a reader who has chosen one mail a day; invitations, and what has something attached, never do.
    """

    key: str
    at: Instant
    template: str
    to: PersonId
    time_zone: str = "UTC"
    facts: dict[str, Any] = {}
    people: dict[str, PersonId] = {}
    invitation: Invitation | None = None
    attachments: list[CredentialId] = []
    titles: dict[str, dict[str, str]] = {}
    reach: Reach = "work"
    at_once: bool = False

    @property
    def may_wait(self) -> bool:
        """Whether it can go with others in one mail."""
        return not (self.at_once or self.invitation or self.attachments)

    @property
    def named(self) -> set[PersonId]:
        """Everybody whose name or address stands in it, but whoever it is to."""
        attendees = self.invitation.attendees if self.invitation else []
        return {*self.people.values(), *attendees} - {self.to}


class PostBatch(Fixed):
    """Letters of one case, in order. Handing the same batch in again sends nothing twice.

    Done with once the mail server can be reached; or, with ``insist``, not before at least one letter has gone.
    """

    case: CaseId
    letters: list[Letter]
    insist: bool = False
