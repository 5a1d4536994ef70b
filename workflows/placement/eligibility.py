"""Who is let in: by the rules of the policy, or by HR in spite of them."""

from __future__ import annotations

from domain.core.decisions import DecisionKind
from domain.core.model import Party
from domain.placement.eligibility import broken_rules
from domain.placement.forms import ELIGIBILITY_OVERRIDE
from domain.placement.letters import NotEligible
from domain.placement.stages import Outcome, Stage
from workflows.placement.context import PlacementContext


class Eligibility:
    """Whether the returner may take part."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context

    async def establish(self) -> bool:
        """Whether the policy lets the returner in, or HR does in spite of it, with a reason on record."""
        self._context.enter(Stage.INTAKE)
        state = self._context.state
        state.broken_rules = broken_rules(state.application, state.weeks, state.role.stipend, state.policy)
        if not state.broken_rules:
            self._record("eligible", by=None, reason=None)
            return True
        if all(rule.can_be_overridden for rule in state.broken_rules):
            rules = [rule.sentence for rule in state.broken_rules]
            answer = await self._context.ask_until_answered(
                ELIGIBILITY_OVERRIDE,
                "let in although a rule is broken",
                of=Party.HR,
                facts={"rules": rules},
                not_by=[state.returner],
            )
            decided = "let in by HR" if answer.form.proceed else "not eligible"
            self._record(decided, by=answer.by, reason=answer.form.reason)
            if answer.form.proceed:
                return True
        else:
            self._record("not eligible", by=None, reason="a rule that can't be overridden")
        self._turn_away()
        return False

    def _turn_away(self) -> None:
        """Tell somebody who is not eligible, and why."""
        state = self._context.state
        state.outcome = Outcome.NOT_ELIGIBLE
        rules = [rule.sentence for rule in state.broken_rules]
        self._context.report.letters(NotEligible(rules=rules), to=[Party.RETURNER, Party.HR])

    def _record(self, decided: str, *, by: str | None, reason: str | None) -> None:
        """Put on record who was let in, under which rules."""
        state = self._context.state
        evidence = {
            "application": state.application.model_dump(mode="json"),
            "weeks": state.weeks,
            "broken_rules": [rule.rule for rule in state.broken_rules],
        }
        self._context.report.decision(DecisionKind.ELIGIBILITY, decided, by=by, reason=reason, evidence=evidence)
