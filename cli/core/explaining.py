"""What use cases raise, by class, as a sentence with the kind that has its exit code, in the words of a command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace

from cli.core.errors import CommandError
from demo.errors import OtherPlace
from domain.core.not_mine import NOT_THEIRS
from domain.core.questions import TaskKind
from domain.core.reassigning import MENTOR_IS_ASKED
from domain.core.reopening import Never
from domain.core.sentences import Violation, quotable
from domain.placement.matching import ALL_THE_SAME, FORBIDDEN
from domain.registry.policy_file import PolicyError
from domain.registry.reopening import REOPENING
from engine.errors import EngineUnreachable, RegistrationError, is_rpc_error
from engine.settings import SettingsError
from records.errors import RecordsError, RecordsUnreachable
from records.imports.core.report import ImportRefused, Problem, Remedy
from records.queries.capacity.capacities import UnknownCapacity
from records.queries.core.people import UnknownOfMany
from records.queries.core.policies import OtherContent
from rehearsal.errors import NobodyCanTakePart, NobodyLeads
from service.certification.errors import KeyIsThere, NoIssuerKey, NoKeyYet
from service.core.declaring import LastDayIsOver
from service.core.errors import (
    Forgotten,
    ForgottenCohort,
    HasEnded,
    NameTaken,
    NeedsReason,
    NoCapacity,
    NoWorker,
    Refused,
    RefusedByCase,
    Unfit,
    Unknown,
    Unreachable,
)

KINDS: Mapping[type[Exception], str] = {
    Unknown: "unknown",
    Unreachable: "unreachable",
    PolicyError: "invalid",
    SettingsError: "settings",
    EngineUnreachable: "unreachable",
    RegistrationError: "unreachable",
    RecordsUnreachable: "unreachable",
    RecordsError: "refused",
    ImportRefused: "invalid",
    OtherContent: "invalid",
    NoIssuerKey: "settings",
}
"""What is expected to be raised, but for refusals, which name their kind themselves; the nearest class counts."""

HINTS: Mapping[type[Exception], str] = {
    NeedsReason: "{beside}",
    HasEnded: "{case}",
    NameTaken: "{case}",
    NoCapacity: "{unit}, {title}",
    NoIssuerKey: "or say whom to trust: {issuer}",
    NoKeyYet: "`certificate key --new`",
    KeyIsThere: "`certificate key --replace`",
    Forgotten: "`decisions {0.case}` and `pay {0.case}` show what stays on record",
    ForgottenCohort: "`report --cohort {0.cohort}` shows what came of it",
    NoWorker: "start one with `make worker`",
    OtherPlace: "{data}",
    NobodyCanTakePart: "`cohort check` says why",
    NobodyLeads: "{actor}",
    LastDayIsOver: "if that is so: {at_once}",
    UnknownCapacity: "`capacity list` shows those there are",
    UnknownOfMany: "`cohort list` shows all",
}
"""By which options (of parameters that the command has) or commands somebody gets on, by what was raised."""

WAYS_ON: Mapping[str, str] = {
    **{
        rule.why: way
        for kind, way in {
            TaskKind.ELIGIBILITY_OVERRIDE: "`placement withdraw`",
            TaskKind.MENTOR_REQUEST: "`placement reassign-mentor`",
            TaskKind.MENTOR_NOMINATION: "`placement reassign-mentor --mentor`",
            TaskKind.EXTENSION_CONSENT: "`placement extend`",
            TaskKind.PATTERN_CONSENT: "`placement change-pattern`",
            TaskKind.PLAN_APPROVAL: "`upskilling withdraw`",
            TaskKind.PATH_AFTER_PLACEMENT: "`upskilling withdraw`",
            TaskKind.EXAM_RESULT: "`certificate revoke`",
            TaskKind.MATCHING_REVIEW: "`cohort rematch`, `placement reassign-mentor`",
            TaskKind.SUCCESSOR: "`reassign`",
        }.items()
        if isinstance(rule := REOPENING[kind], Never)
    },
    MENTOR_IS_ASKED: "`placement reassign-mentor`",
    f"{FORBIDDEN}; {ALL_THE_SAME}": "{although_forbidden}",
    NOT_THEIRS: "theirs_because",
}
"""The same of what cases refuse, by how their sentences end."""

REMEDIES: Mapping[Remedy, str] = {
    Remedy.DAY_ORDER: "declare it: {day_order} dmy, mdy or ymd",
    Remedy.UPDATE_PEOPLE: "{update_people} takes what is here",
    Remedy.COHORT: "where the file is for that cohort: {cohort}",
    Remedy.BESIDE: "{beside}",
    Remedy.SKILLS: "give that too: {skills}",
}
"""What is said of a problem in a file, where the command has the option that helps."""

CALLED_OTHERWISE = {
    "started_by": "actor",
    "led_by": "actor",
    "owners": "actor",
    "programme": "decide",
    "id": "capacity",
    "holder": "person",
    "successors": "part",
}
"""Fields of what is sent, and the parameters of commands that fill them, where those have other names."""


@dataclass(frozen=True)
class Words:
    """How a command calls its parameters, by their names, and what was ``typed`` after its own name."""

    parameters: Mapping[str, str]
    typed: Sequence[str]

    def of(self, field: str) -> str:
        """How the command calls a field of what it sends; the field's own name where it has no word for it."""
        first = re.split(r"[. ]", field, maxsplit=1)[0]
        return self.parameters.get(first) or self.parameters.get(CALLED_OTHERWISE.get(first, "")) or field

    def as_typed(self, rule: Violation) -> Violation:
        """A broken rule that repeats a value as somebody typed it: ids are read in capital letters."""
        values = (text.partition("=")[2] if text.startswith("--") else text for text in self.typed)
        again = (quotable(value.strip()) for value in values)
        same = (text for text in again if text and rule.shown and text.casefold() == rule.shown.casefold())
        return replace(rule, shown=next(same, rule.shown))


def explained(error: Exception, words: Words) -> CommandError | None:
    """An expected error as a sentence and a kind; None for one that is a fault of ours and deserves its traceback."""
    if isinstance(error, Unfit):
        return CommandError("; ".join(_each(map(words.as_typed, error.broken), words)), error.kind)
    if isinstance(error, RefusedByCase):
        field, colon, rule = str(error).partition(": ")
        sentence = f"{words.parameters.get(field, field)}{colon}{rule}"
        return CommandError(" ".join([sentence, *_way_on(rule or field, words)]), error.kind, sentence)
    sentence, reason = " ".join([str(error), *_hints(error, words)]), str(error)
    if isinstance(error, Refused):
        return CommandError(sentence, error.kind, reason)
    if is_rpc_error(error):
        return CommandError(sentence, "unreachable", reason)
    known = next((KINDS[kind] for kind in type(error).__mro__ if kind in KINDS), None)
    return None if known is None else CommandError(sentence, known, reason)


WORDS_IN_USE: ContextVar[Words] = ContextVar("words")
"""The words of the command that is being carried out."""


def rule_of(problem: Problem) -> str:
    """The rule that something in a file breaks, with the option that helps, if the command has one."""
    if problem.remedy is None:
        return problem.rule
    with suppress(KeyError, LookupError):
        return f"{problem.rule} ({REMEDIES[problem.remedy].format(**WORDS_IN_USE.get().parameters)})"
    return problem.rule


def _hints(error: Exception, words: Words) -> Iterator[str]:
    """What helps, in brackets."""
    for kind in type(error).__mro__:
        with suppress(KeyError):  # of a kind without a hint, or a command without such an option
            yield f"({HINTS[kind].format(error, **words.parameters)})"


def _way_on(sentence: str, words: Words) -> Iterator[str]:
    """What helps against what a case refuses, in brackets."""
    for ending, hint in WAYS_ON.items():
        if sentence.endswith(ending):
            with suppress(KeyError):  # a command without such an option
                yield f"({hint.format(**words.parameters)})"


def _each(broken: Iterable[Violation], words: Words) -> list[str]:
    return [": ".join(filter(None, (words.of(rule.where), rule.sentence))) for rule in broken]
