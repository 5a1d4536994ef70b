"""What a page of a case says, in the language of its reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from domain.core.access import Action
from domain.core.case import ENDED
from domain.core.decisions import part_of
from domain.core.model import Money, Party
from domain.core.naming import Programme
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from domain.placement.requests import LeaveType
from domain.registry.lateness import is_late
from languages.letters import LETTERS
from languages.speech import Speech, begun
from presentation.evidence import evidence_said
from presentation.journey.common import Material, Shown
from presentation.journey.on_record import goals_on_record
from presentation.journey.picture import Drawn, drawn
from presentation.journey.registry import journey_of
from presentation.tasks.facts import named
from records.tables.cohort import CohortRecord
from records.tables.core import DecisionRecord, TaskRecord
from records.tables.dispatch import MailRecord
from records.tables.placement import LeaveRecord
from service.registry.case_page import CasePage
from web.registry.actions import action_page
from web.registry.actions_of_placements import LEAVE_TYPES
from web.registry.case_lines import CaseFacts, DecisionLine, LeaveLine, LetterLine, PlacementLine, Tag, TaskLine
from web.registry.case_links import Links
from web.registry.case_words import A_LETTER, GOOD, MAILS, PROGRAMMES, TONES, paused_said


def case_facts(page: CasePage, speech: Speech, temporal_ui: str | None, namespace: str) -> CaseFacts:
    """What the page says to its reader."""
    return _Facts(page, speech).all(temporal_ui, namespace)


class _Facts:
    def __init__(self, page: CasePage, speech: Speech) -> None:
        self.page, self.speech, self.records = page, speech, page.records
        self.links = Links(page, speech)

    def all(self, temporal_ui: str | None, namespace: str) -> CaseFacts:
        page, records = self.page, self.records
        answered = [task for task in records.tasks if page.may_reopen(task)]
        return CaseFacts(
            case=records.case_id,
            kind=self.speech.text(PROGRAMMES[records.programme]),
            title=records.name(records.person) or records.goal or records.case_id,
            tags=list(self.tags()),
            summary=[*((name, value, None) for name, value in self.summary() if value), *self.path_inside()],
            people=list(self.people()),
            journey=self.journey(),
            risks=[self.sentence(risk) for risk in page.risks],
            tasks=[self.task(task) for task in page.open_tasks],
            others=sum(task.state == TaskState.OPEN for task in records.tasks) - len(page.open_tasks),
            answered=[self.answered(task) for task in answered],
            decisions=[self.decision(decision) for decision in page.decisions],
            problems=list(page.problems),
            letters=[self.letter(letter) for letter in page.letters],
            pay=list(self.pay()),
            paid=self.paid(),
            leaves=[self.leave(leave) for leave in page.leaves],
            is_away=bool(page.leaves) and page.leaves[-1].last_day is None,
            goals=self.goals() if page.may(Action.GOALS) else [],
            of_cohort=records.programme is Programme.COHORT,
            placements=list(self.placements()),
            asked_to_mentor=self.links.asked_to_mentor(),
            links=list(self.links.all()),
            actions=[
                (f"/cases/{records.case_id}/actions/{action.called}", self.speech.text(words.link), words.warning)
                for action in page.actions
                for words in [action_page(records.programme, action.called)]
            ],
            operators=self.links.operators(temporal_ui, namespace),
        )

    def sentence(self, text: str) -> str:
        """A sentence of the case, with names in the place of ids."""
        return begun(named(self.speech.sentence(text), self.records.names))

    def day(self, instant: Any) -> str:
        return self.speech.day(instant)

    def goals(self) -> list[str]:
        """The goals, as the case has them; from the records, where it can't be asked."""
        return list(self.page.view.get("goals") or []) if self.page.view else goals_on_record(self.records)

    # The head

    def tags(self) -> Iterator[Tag]:
        case = self.records.case
        outcome = getattr(case, "outcome", None)
        if outcome:
            yield Tag(begun(self.speech.outcome(outcome)), "green" if outcome in GOOD else "grey")
        if not (outcome and case.stage == ENDED):
            yield Tag(begun(self.speech.stage(case.stage)), TONES.get(case.stage, "blue"))
        if case.paused:
            yield Tag(paused_said(self.records.planned_back, self.speech), "yellow")
        if case.at_risk and self.page.may(Action.EVIDENCE):
            yield Tag(self.speech.text("At risk"), "red")

    def summary(self) -> Iterator[tuple[str, str]]:
        speech, records, case = self.speech, self.records, self.records.case
        if records.programme is Programme.CERTIFICATION:
            yield speech.text("Certificate"), records.goal or ""
        elif not isinstance(case, CohortRecord):
            yield speech.text("Role"), records.goal or case.role
        week = self.page.view.get("week")
        weeks = (self.page.view.get("plan") or {}).get("weeks")
        if week and weeks and case.stage != ENDED:
            yield speech.text("Week"), speech.text("%(week)s of %(weeks)s") % {"week": week, "weeks": weeks}
        yield speech.text("First day"), self.day_to_come(case.starts_on)
        last = speech.text("Valid until") if records.programme is Programme.CERTIFICATION else speech.text("Last day")
        yield last, self.day_to_come(case.ends_on)
        if isinstance(case, CohortRecord):
            yield speech.text("Participants"), str(case.participants)
            yield speech.text("With a mentor"), str(case.matched)
            yield speech.text("Ended"), str(case.ended)
        else:
            yield speech.text("In this stage since"), self.day(case.stage_since)
            yield speech.text("Cohort"), case.cohort or ""
        yield speech.text("Policy"), case.policy

    def day_to_come(self, day: date | None) -> str:
        """A planned day; while a leave lasts that keeps it waiting, with that."""
        if day is None:
            return ""
        said = self.speech.day(day)
        leave = self.records.on_leave
        if leave is None or day < leave.first:
            return said
        return self.speech.text("%(day)s, later by as long as the leave lasts") % {"day": said}

    def path_inside(self) -> Iterator[tuple[str, str, tuple[str, str] | None]]:
        """The path inside a placement, with its page."""
        if self.records.programme is not Programme.RETURNSHIP or not self.page.may(Action.LEARNING):
            return
        for path in self.records.inside_cases.values():
            stage = begun(self.speech.stage(path.stage))
            link = self.links.of_case(path.case_id)
            yield self.speech.text("Learning path"), stage, (link, self.speech.text("Open it")) if link else None

    def people(self) -> Iterator[tuple[str, str]]:
        """Who plays which part."""
        for party in Party:
            if who := self.records.parts.get(party):
                yield begun(self.speech.party(party.value)), ", ".join(map(self.records.name, who))

    def journey(self) -> Drawn:
        page = self.page
        shown = Shown(
            learning=page.may(Action.LEARNING),
            decisions=page.may(Action.DECISIONS),
            scores=page.may(Action.EVIDENCE),
            mentors_asked=page.may(Action.MENTORS_ASKED),
        )
        material = Material(self.records, page.view, page.now, self.speech, shown, page.policy)
        return drawn(journey_of(material), self.speech)

    # Tasks

    def who(self, task: TaskRecord) -> str:
        names = ", ".join(map(self.records.name, task.people or [task.assignee]))
        return f"{names} ({self.speech.party(task.party)})"

    def task(self, task: TaskRecord) -> TaskLine:
        opens = self.page.may_open(task)
        late = is_late(TaskKind(task.kind), task.due_at, self.page.now, paused=self.records.case.paused)
        link = f"/tasks/{task.task}" if opens else None
        return TaskLine(self.sentence(task.subject), self.who(task), self.day(task.due_at), link, late)

    def answered(self, task: TaskRecord) -> TaskLine:
        link = f"/tasks/{task.task}" if self.page.may_open(task) else None
        by = self.records.name(task.answered_by)
        reopen = f"/cases/{self.records.case_id}/reopen/{task.task}"
        return TaskLine(self.sentence(task.subject), by, self.day(task.closed_at), link, reopen=reopen)

    # What is on record

    def decision(self, decision: DecisionRecord) -> DecisionLine:
        evidence = decision.evidence if self.page.may(Action.EVIDENCE) else {}
        return DecisionLine(
            n=decision.n,
            when=self.day(decision.at),
            what=begun(self.speech.decision(decision.what, part_of(decision.what, decision.evidence))),
            decided=begun(named(self.speech.decided(decision.decided, decision.what), self.records.names)),
            who=self.records.name(decision.by_person),
            why=self.sentence(decision.reason) if decision.reason else "",
            evidence=evidence_said(evidence, self.speech, self.records.names),
        )

    def letter(self, letter: MailRecord) -> LetterLine:
        status = self.speech.text(MAILS.get(letter.status, letter.status))
        name = self.speech.text(LETTERS.get(letter.template, A_LETTER))
        who = self.records.name(letter.recipient)
        return LetterLine(name, who, self.speech.moment(letter.sent_at), status, letter.status == "refused")

    def pay(self) -> Iterator[tuple[str, str, str]]:
        """Each stipend: when it is due, for which days, and how much."""
        if not self.page.may(Action.PAY):
            return
        for pay in self.records.pay:
            days = f"{self.speech.day(pay.first_day)} – {self.speech.day(pay.last_day)}"
            yield self.speech.day(pay.due_on), days, self.speech.money(Money(amount=pay.amount, currency=pay.currency))

    def paid(self) -> str:
        """What they come to, by currency."""
        sums: dict[str, Decimal] = {}
        for pay in self.records.pay if self.page.may(Action.PAY) else ():
            sums[pay.currency] = sums.get(pay.currency, Decimal(0)) + pay.amount
        return ", ".join(
            self.speech.money(Money(amount=amount, currency=currency)) for currency, amount in sums.items()
        )

    def leave(self, leave: LeaveRecord) -> LeaveLine:
        """When and why somebody was away. Of a path no kind is asked for."""
        last = self.speech.day(leave.last_day) if leave.last_day else ""
        if not last and leave.planned_back:
            last = self.speech.text("back on %(day)s, as planned") % {"day": self.speech.day(leave.planned_back)}
        return LeaveLine(
            first=self.speech.day(leave.first_day),
            last=last,
            kind=self.speech.text(LEAVE_TYPES[LeaveType(leave.leave_type)]) if leave.leave_type else "",
            why=self.speech.sentence(leave.reason) if leave.reason else "",
            why_ended=self.speech.sentence(leave.ended_because) if leave.ended_because else "",
        )

    def placements(self) -> Iterator[PlacementLine]:
        if self.records.programme is not Programme.COHORT:
            return
        for case in self.records.inside_cases.values():
            yield PlacementLine(
                link=self.links.of_case(case.case_id),
                person=self.records.name(case.person),
                stage=begun(self.speech.stage(case.stage)),
                mentor=self.records.name(case.mentor),
                outcome=begun(self.speech.outcome(case.outcome)) if case.outcome else "",
            )
