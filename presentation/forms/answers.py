"""An answer that came from a page: read, or what is wrong with it, field by field, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from domain.core.model import PersonId
from domain.core.questions import TaskKind
from domain.core.sentences import Violation, violations
from domain.registry.forms import FORMS
from languages.forms import rules
from languages.forms.registry import OR_WAIVED, RULES
from languages.forms.words import FORM
from languages.speech import Speech
from presentation.forms.fields import FieldKind, FormField, Many, field_named
from presentation.forms.looks import Look, control_id, look_of
from presentation.forms.parsing import FieldError, parse
from presentation.forms.posted import Typed, pairs_of
from records.queries.core.called import Left


@dataclass(frozen=True)
class FormError:
    """What is wrong, and with which field (none: with all of it together); ``id`` is that of the control to go to."""

    key: str | None
    id: str | None
    sentence: str


@dataclass(frozen=True)
class Found:
    """Whom somebody may mean who typed a name: several, or nobody; of too many only that there are too many."""

    people: Mapping[PersonId, str]
    too_many: bool = False
    left: Left | None = None
    """Where it may be nobody who is here: who of that name has left, or is leaving."""

    def why_unclear(self, speech: Speech) -> str:
        """Why nobody is meant, or nobody knows who."""
        if self.people:
            return speech.word(FORM, rules.TOO_MANY_PEOPLE if self.too_many else rules.SEVERAL)
        if self.left is None:
            return speech.word(FORM, rules.NOBODY)
        said = rules.LEFT if self.left.last_day < datetime.now(UTC).date() else rules.LEAVING
        return speech.word(FORM, said) % {"name": self.left.name, "day": speech.day(self.left.last_day)}


@dataclass(frozen=True)
class Read:
    """An ``answer`` that fits its form, as its case takes it; or what is wrong with it."""

    answer: dict[str, Any]
    errors: Sequence[FormError] = ()


def read(
    kind: TaskKind,
    typed: Typed,
    speech: Speech,
    found: Mapping[str, Found] | None = None,
    *,
    waivable: bool = False,
) -> Read:
    """What was typed into the form of a task. ``found`` are the people whom the names in it may mean; ``waivable`` is
    whether whoever reads what is wrong may say instead why there is no answer.
    """
    form, found = FORMS[kind], found or {}
    ids = {text: next(iter(who.people)) for text, who in found.items() if len(who.people) == 1}
    try:
        answer = parse(form, pairs_of(form, typed, speech, ids))
    except FieldError:
        return Read({}, [FormError(None, None, speech.word(FORM, rules.OUT_OF_DATE))])
    unclear = {text: who for text, who in found.items() if text not in ids}
    try:
        model = form.model_validate(answer)
    except ValidationError as error:
        return Read({}, _Telling(kind, answer, speech, unclear, waivable).all(violations(error)))
    return Read(model.model_dump(mode="json", exclude_unset=True))


class _Telling:
    """Tells what is wrong with one answer."""

    def __init__(
        self, kind: TaskKind, answer: Mapping[str, Any], speech: Speech, unclear: Mapping[str, Found], waivable: bool
    ) -> None:
        self._kind, self._answer, self._speech = kind, answer, speech
        self._unclear, self._waivable = unclear, waivable

    def all(self, broken: Iterable[Violation]) -> list[FormError]:
        """Every rule that is broken, one for each field or entry of it, in the order of the form."""
        told = [self._at_its_field(self._one(violation)) for violation in broken]
        return list({(error.key, error.id, error.sentence): error for error in told}.values())

    def _at_its_field(self, error: FormError) -> FormError:
        """The error at its field; of one that shows nothing to fill in, above the form alone."""
        field = field_named(FORMS[self._kind], error.key) if error.key else None
        hidden = field is not None and look_of(self._kind, field) is Look.CERTAIN
        return FormError(None, None, error.sentence) if hidden else error

    def _one(self, violation: Violation) -> FormError:
        plain = RULES.get(violation.rule)
        if plain is not None:
            return self._of_the_whole(violation.rule, *plain)
        key = str(violation.at[0]) if violation.at else None
        field = field_named(FORMS[self._kind], key) if key else None
        if field is None:
            return FormError(None, None, self._speech.sentence(violation.sentence))
        entry = violation.at[1] if len(violation.at) > 1 else None
        sentence = self._sentence(field, violation)
        if field.many is Many.MAPPING and entry is not None:
            names = list(self._answer.get(field.key, {}))
            place = names.index(entry) if entry in names else 0
            return FormError(key, control_id(field.key, place), f"{entry}: {sentence}")
        place = entry if isinstance(entry, int) else 0
        return FormError(key, control_id(field.key, place), sentence)

    def _of_the_whole(self, rule: str, key: str, sentence: str) -> FormError:
        """A rule of the form; that there must be an answer, is said of the field itself to whoever can't waive it."""
        field = field_named(FORMS[self._kind], key)
        if rule in OR_WAIVED and not self._waivable and field is not None:
            sentence = self._missing(field)
        return FormError(key, control_id(key), self._speech.word(FORM, sentence))

    def _sentence(self, field: FormField, violation: Violation) -> str:
        if violation.kind == "string_too_long":
            said = {"most": self._number(field.longest), "given": self._speech.sentence(violation.shown or "…")}
            return self._say(rules.TOO_LONG, **said)
        if violation.kind == "too_long":
            return self._say(rules.AT_MOST, most=self._number(field.at_most))
        if violation.kind in ("missing", "string_too_short", "too_short") or self._is_empty(field, violation):
            return self._say(self._missing(field))
        if field.kind in (FieldKind.PERSON, FieldKind.PAIR) and (unclear := self._who_is_unclear(field, violation)):
            return unclear
        return self._takes(field)

    def _is_empty(self, field: FormField, violation: Violation) -> bool:
        return field.kind is FieldKind.MONEY and violation.at[1:] == ("currency",) and violation.kind == "missing"

    def _missing(self, field: FormField) -> str:
        if field.many is Many.MAPPING:
            return rules.SOME_OF_IT
        if field.many is Many.LIST:
            return rules.AT_LEAST_ONE
        if field.kind in _MISSING:
            return _MISSING[field.kind]
        look = look_of(self._kind, field)
        return rules.MISSING_TICK if look is Look.TICK else rules.MISSING_CHOICE

    def _who_is_unclear(self, field: FormField, violation: Violation) -> str | None:
        given = self._answer.get(field.key)
        if isinstance(given, list) and len(violation.at) > 1:
            given = given[int(violation.at[1])]
        parts = str(given).split("=") if field.kind is FieldKind.PAIR else [str(given)]
        for part in parts:
            found = self._unclear.get(part)
            if found is not None:
                return found.why_unclear(self._speech)
        return None

    def _takes(self, field: FormField) -> str:
        """What a field takes."""
        if field.kind is FieldKind.WHOLE_NUMBER and field.most is not None:
            return self._say(rules.FROM_TO, least=self._number(field.least), most=self._number(field.most))
        if field.kind is FieldKind.NUMBER:
            said = {"most": self._number(field.most), "decimals": self._number(field.decimals)}
            return self._say(rules.A_NUMBER, **said)
        return self._say(_TAKES[field.kind], most=self._number(field.longest))

    def _number(self, number: Any) -> str:
        return self._speech.number(number or 0)

    def _say(self, message: str, **said: str) -> str:
        text = self._speech.word(FORM, message)
        return text % said if said and "%(" in text else text


_MISSING = {
    FieldKind.TEXT: rules.MISSING_TEXT,
    FieldKind.LONG_TEXT: rules.MISSING_TEXT,
    FieldKind.LINK: rules.A_LINK,
    FieldKind.DATE: rules.A_DATE,
    FieldKind.MOMENT: rules.A_MOMENT,
    FieldKind.PERSON: rules.A_PERSON,
    FieldKind.PAIR: rules.A_PAIR,
    FieldKind.MONEY: rules.AN_AMOUNT,
}

_TAKES = {
    FieldKind.TEXT: rules.A_TEXT,
    FieldKind.LONG_TEXT: rules.A_TEXT,
    FieldKind.LINK: rules.A_LINK,
    FieldKind.WHOLE_NUMBER: rules.A_WHOLE_NUMBER,
    FieldKind.MONEY: rules.AN_AMOUNT,
    FieldKind.DATE: rules.A_DATE,
    FieldKind.MOMENT: rules.A_MOMENT,
    FieldKind.YES_NO: rules.MISSING_CHOICE,
    FieldKind.CHOICE: rules.MISSING_CHOICE,
    FieldKind.PERSON: rules.A_PERSON,
    FieldKind.PAIR: rules.A_PAIR,
}
