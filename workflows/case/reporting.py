"""What a case puts into its two outboxes, and how: rows for the records, letters to people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from domain.core.case import CaseState
from domain.core.case_rows import TaskRow
from domain.core.clock import DAY, REAL_LIFE
from domain.core.daily_mail import goes_at_once
from domain.core.decisions import AttemptRow, DecisionKind, DecisionRow
from domain.core.delivery import Delivery, Sent
from domain.core.evidence import reference
from domain.core.journal import Row
from domain.core.letters import LetterFacts, LetterNotWritten, Unreachable, key_for_others
from domain.core.model import CredentialId, Party, PersonId
from domain.core.permissions import OF_HR
from domain.core.post import Invitation, Letter, PostBatch, Reach
from domain.core.tasks import CONFIDENTIAL, Task
from domain.core.titles import texts_in, translated_in
from domain.registry.forms import FORMS
from workflows.case import activity_calls
from workflows.case.clock import ProgrammeClock
from workflows.case.outbox import DeliveryLoop, Outbox

WAIVED = "waived_because"
"""The field of a form that says why there is no answer: see :class:`domain.core.questions.Waivable`."""


class Reporter:
    """Tells the records and the people what happens in one case.

    ``unknown`` is told of whom letters wait for because nobody has them on record, ``known`` of whom that is not so.
    ``reach_of`` says at which address somebody is to be reached with a letter.
    """

    def __init__(
        self,
        state: CaseState,
        clock: ProgrammeClock,
        role_title: str,
        time_zone: str,
        unknown: Callable[[PersonId], None],
        known: Callable[[PersonId], None],
    ) -> None:
        self._state = state
        self._clock = clock
        self.role_title = role_title
        self.time_zone = time_zone
        self.on_conflicts: Callable[[list[str]], None] = lambda _: None
        self.reach_of: Callable[[PersonId, LetterFacts], Reach] = lambda _, __: "work"
        self._journal: Outbox[Row] = Outbox(state.journal)
        self._post: Outbox[Letter] = Outbox(state.post)
        self.delivery = DeliveryLoop(self._journal, self._post, self._deliver, self._send, self._arrived, unknown)
        self._known = known

    async def _deliver(self, rows: list[Row], letters: list[Letter]) -> Sent:
        first_row = self._state.journal.count - len(self._state.journal.waiting) + 1
        delivery = Delivery(case=self._state.case, first_row=first_row, rows=rows, letters=letters)
        sent = await activity_calls.deliver(delivery)
        self._state.seals |= sent.seals
        return await self._note(sent)

    async def _send(self, letters: list[Letter], insist: bool) -> Sent:
        batch = PostBatch(case=self._state.case, letters=letters, insist=insist)
        return await self._note(await activity_calls.send_post(batch))

    async def _note(self, sent: Sent) -> Sent:
        """What will never be on record, because something else is, is told to people; nothing waits for it.

        Whose letters gather for one mail a day, for them somebody has to see to that mail.
        """
        if sent.conflicts:
            self.on_conflicts(sent.conflicts)
        if sent.daily and not self._in_time_lapse:
            await activity_calls.begin_daily_mail(sent.daily)
        return sent

    @property
    def _in_time_lapse(self) -> bool:
        return self._state.clock.seconds_per_day != REAL_LIFE

    def _arrived(self, letter: Letter, refused: str | None) -> None:
        """Remember which letters came late or never, and tell HR, once, of somebody whom none can reach."""
        if self._clock.now() - letter.at >= DAY:
            self._state.post.late.append(letter.key)
        for person in (letter.to, *letter.people.values()):
            self._known(person)
        if refused is None:
            return
        self._state.post.refused.append(letter.key)
        self.unreachable(letter.to, refused)

    def unreachable(self, who: PersonId, why: str) -> None:
        """Tell HR, once, that mail to somebody is refused for good."""
        if who not in self._state.post.unreachable:
            self._state.post.unreachable.append(who)
            tell = self._state.there_for_hr
            reachable = [person for person in tell if person not in self._state.post.unreachable]
            if reachable:
                self.letter(Unreachable(person=who, id=who, why=why), to=reachable[0])

    def set_aside(self, to: PersonId, letter: str) -> None:
        """Tell HR, once, that a letter to somebody can't be written for their daily mail."""
        if letter not in self._state.post.set_aside:
            self._state.post.set_aside.append(letter)
            self.letters(LetterNotWritten(person=to, letter=key_for_others(letter)), to=[Party.HR])

    def in_time(self, key: str) -> bool:
        """Whether a letter has gone out, to an address that took it, within a day."""
        late = [*self._state.post.refused, *self._state.post.late, *(letter.key for letter in self._state.post.waiting)]
        return key not in late

    def row(self, row: Row) -> None:
        """Send a row to the records."""
        self._journal.put(row)

    def letter(
        self,
        facts: LetterFacts,
        *,
        to: PersonId,
        invitation: Invitation | None = None,
        attachments: Sequence[CredentialId] = (),
    ) -> str | None:
        """Write to a person, with credentials attached; the letter's key. To whoever has left nothing is written."""
        if to in self._state.gone:
            return None
        own = facts.facts()
        said = [*texts_in(own), *([invitation.summary] if invitation else [])]
        letter = Letter(
            key=f"{self._state.post.count + 1}-{facts.template}",
            at=self._clock.now(),
            template=facts.template,
            to=to,
            time_zone=self.time_zone,
            facts={"role_title": self.role_title, **own},
            people=facts.people(),
            invitation=invitation,
            attachments=list(attachments),
            titles=translated_in(self._state.policy, self._state.policy.translations, said),
            **self._how(facts, to),
        )
        self._post.put(letter)
        return letter.key

    def _how(self, facts: LetterFacts, to: PersonId) -> dict[str, Any]:
        """How a letter reaches its reader, where that is not as usual: most letters have nothing to say of it.

        In time-lapse nobody's morning comes in time, so all letters go at once.
        """
        reach = self.reach_of(to, facts)
        at_once = self._in_time_lapse or goes_at_once(facts, self._state.policy.mail, self._clock.now())
        return {**({} if reach == "work" else {"reach": reach}), **({"at_once": True} if at_once else {})}

    def letters(self, facts: LetterFacts, *, to: Sequence[Party]) -> None:
        """Write the same to whoever plays these parts, once to each person.

        What is for HR reads whoever is there for HR, while it is open who takes over from somebody who has left.
        """
        readers = [self._reader(party) for party in to if party in self._state.parties]
        for person in dict.fromkeys(readers):
            self.letter(facts, to=person)

    def _reader(self, party: Party) -> PersonId:
        holder, there = self._state.parties[party], self._state.there_for_hr
        return there[0] if party in OF_HR and holder in self._state.gone and there else holder

    def task(self, task: Task) -> None:
        """Record where a task stands."""
        self.row(
            TaskRow(
                task=task.id,
                at=self._clock.now(),
                kind=task.kind,
                subject=task.subject,
                party=task.party,
                assignee=task.assignee,
                people=task.people,
                opened_at=task.opened_at,
                due_at=task.due_at,
                allowed=task.due_at - task.opened_at,
                state=task.state,
                closed_at=task.closed_at,
                answered_by=task.answered_by,
                facts=task.facts_on_record,
                answer=task.answer_on_record,
                **self._marks(task),
            )
        )

    def _marks(self, task: Task) -> dict[str, Any]:
        """What is said of few tasks only: whose it is not, they say; which one it asks once more; and, while it is
        open, who may waive it, and whom the duties keep from it."""
        marks: dict[str, Any] = {"reopens": task.reopens}
        if task.is_open and task.kind not in CONFIDENTIAL:
            marks["not_theirs"] = [said.by for said in task.said_not_theirs if not said.settled]
            marks["may_waive"] = self._waivers(task)
            kept = {*task.not_by, *self._state.barred(task)}
            marks["kept_from"] = [person for person in task.people if person in kept]
        return {name: value for name, value in marks.items() if value}

    def _waivers(self, task: Task) -> list[PersonId]:
        if WAIVED not in FORMS[task.kind].model_fields:
            return []
        waivers = self._state.waivers(task)
        return waivers or [person for person in task.people if task.may_waive(person)]

    def decision(
        self,
        what: DecisionKind,
        decided: str,
        *,
        by: PersonId | None,
        reason: str | None = None,
        evidence: dict[str, Any] | None = None,
        refer: bool = False,
    ) -> None:
        """Put a decision about a person on record.

        The case keeps it too; where it is to ``refer`` to large evidence, that stands in the records only.
        """
        row = DecisionRow(
            n=len(self._state.decisions) + 1,
            at=self._clock.now(),
            what=what.value,
            decided=decided,
            by=by,
            policy=self._state.policy.label,
            reason=reason,
            evidence=evidence or {},
        )
        kept = row.model_copy(update={"evidence": reference(row.evidence)}) if refer else row
        self._state.decisions.append(kept)
        self.row(row)

    def attempt(self, by: PersonId, task: str, sentence: str) -> None:
        """Put on record that somebody tried what the separation of duties forbids."""
        self._state.attempts += 1
        self.row(AttemptRow(n=self._state.attempts, at=self._clock.now(), by=by, task=task, sentence=sentence))
