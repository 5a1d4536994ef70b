"""On which evidence something was decided, as names and values in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.working_pattern import WorkingPattern, patterns_text
from domain.placement.decision import why_no_score
from languages.marking import translatable
from languages.speech import AND_MORE, LINE_FORMAT, PARTS, Speech, begun
from languages.terms import VALUE
from presentation.tasks.facts import Said, answer_said, named

OF_THE_CASE = frozenset({"case", "at"})
"""What the page says elsewhere: which case it is, and when."""

ANSWERS = frozenset({"before", "now"})
"""Of an answer that was put right: by the form of its ``kind`` of task."""

BROKEN_RULES: Mapping[str, str] = {
    "eligibility.min_break_months": translatable("The career break is shorter than the programme asks for."),
    "eligibility.min_experience_years": translatable("There is less experience than the programme asks for."),
    "length": translatable("The placement is shorter or longer than the programme allows."),
    "paid": translatable("The placement is not paid."),
}
"""Rules of a programme that are not met, by where they stand in its policy."""

OBJECTIVES: Mapping[str, str] = {
    "best_total": translatable("The best pairs altogether"),
    "most_people": translatable("A mentor for as many people as can be"),
}
"""What a cohort is matched for."""

_PARTIES = frozenset(party.value for party in Party)


def evidence_said(evidence: Mapping[str, Any], speech: Speech, names: Mapping[PersonId, str]) -> list[Said]:
    """The entries of a decision's evidence, in their order, but for what is not known."""
    return list(_Teller(speech, names).all_of(evidence))


class _Teller:
    """Tells one reader, with the ``names`` of people in the place of their ids."""

    def __init__(self, speech: Speech, names: Mapping[PersonId, str]) -> None:
        self._speech, self._names = speech, names

    def all_of(self, evidence: Mapping[str, Any]) -> Iterator[Said]:
        for key, known in evidence.items():
            if known is None or key in OF_THE_CASE:
                continue
            name, value = self._speech.told(key, evidence)
            if key in ANSWERS and "kind" in evidence and isinstance(value, dict):
                yield Said(begun(name), lines=self._answer(TaskKind(evidence["kind"]), value))
            else:
                yield self._entry(key, begun(name), value)

    def _entry(self, key: str, name: str, value: Any) -> Said:
        match value:
            case {"amount": _, "currency": _}:
                return Said(name, self._speech.money(value))
            case list() if key == "patterns" and (patterns := _patterns(value)):
                return Said(name, self._speech.sentence(patterns_text(patterns)))
            case dict():
                return Said(name, lines=[self._line(inner, entry) for inner, entry in value.items()])
            case list() if value:
                return Said(name, lines=[begun(self._listed(key, entry)) for entry in value])
        return Said(name, begun(self._value(key, value)))

    def _answer(self, kind: TaskKind, answer: Mapping[str, Any]) -> list[str]:
        said = answer_said(kind, answer, self._speech, self._names)
        return [self._named_line(entry.name, entry.text or PARTS.join(entry.lines)) for entry in said]

    def _listed(self, key: str, entry: Any) -> str:
        match key, entry:
            case "reviews", {"title": title, "scores": scores, "combined": combined, "below_threshold": low}:
                below = " (below the threshold)" if low else ""
                score = f"{combined}{below}" if combined is not None else why_no_score(scores)
                review = self._speech.sentence(f"review {title}: {score}")
                given = self._value(key, scores)
                return f"{review}{AND_MORE}{given}" if given else review
            case "pairs", {
                "returner": returner,
                "mentor": mentor,
                "score": share,
                "reasons": reasons,
                "pinned": pinned,
            }:
                both = {"returner": self._value(key, returner), "mentor": self._value(key, mentor)}
                suits = self._speech.text("pinned") if pinned else self._speech.percent(share)
                why = AND_MORE.join(map(self._speech.sentence, reasons))
                return self._named_line(self._speech.text("%(returner)s and %(mentor)s") % both, f"{suits} ({why})")
        return self._value(key, entry)

    def _line(self, key: str, value: Any) -> str:
        """Within an entry: the part of somebody, one of our names, or a skill."""
        name = self._speech.party(key) if key in _PARTIES else self._speech.field(key)
        return self._named_line(name, self._value(key, value))

    def _named_line(self, name: str, value: str) -> str:
        if name.endswith("?"):
            return f"{name} {value}"
        return self._speech.word(VALUE, LINE_FORMAT) % {"name": begun(name), "value": value}

    def _value(self, key: str, value: Any) -> str:
        match value:
            case {"amount": _, "currency": _}:
                return self._speech.money(value)
            case dict():
                return PARTS.join(self._line(inner, entry) for inner, entry in value.items() if entry is not None)
            case list() if value:
                return PARTS.join(self._value(key, entry) for entry in value)
            case str():
                return named(self._word(key, value), self._names)
        return self._speech.value(value)

    def _word(self, key: str, value: str) -> str:
        match key:
            case "stage":
                return self._speech.stage(value)
            case "outcome":
                return self._speech.outcome(value)
            case "kind":
                return self._speech.kind(value)
            case "objective":
                return self._speech.text(OBJECTIVES.get(value, value))
            case "broken_rules":
                return self._speech.text(BROKEN_RULES.get(value, value))
        said = self._speech.sentence(value)
        return self._speech.value(value) if said == value else said


def _patterns(values: list[Any]) -> list[WorkingPattern]:
    """Working patterns as they were put on record; none where they can't be read any more."""
    try:
        return [WorkingPattern.model_validate(value) for value in values]
    except ValidationError:
        return []
