"""Reading a policy from its YAML text, with errors that name file, key and reason."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from domain.core import sources
from domain.core.naming import Programme
from domain.core.policy_rules import CasePolicy
from domain.core.sentences import sentences_for
from domain.core.sources import dotted_values
from domain.core.yaml_text import NotYaml, read_yaml
from domain.learning.policy import LearningPolicy
from domain.placement.policy import Policy
from domain.registry.policy_weeks import impossible

P = TypeVar("P", bound=CasePolicy)


KINDS: Mapping[str, type[CasePolicy]] = {Programme.RETURNSHIP: Policy, Programme.UPSKILLING: LearningPolicy}
"""The kind of policy of each programme; a file that names none is for a returnship."""

NAMING = frozenset({"id", "version", "title", "programme", "sources"})
"""What names a policy. Everything else is a value that HR may change and that has a source."""


class PolicyError(ValueError):
    """A policy can't be used; the text names the file, each key and the reason, a line for each."""


def read_policy(text: str, name: str, kind: type[P]) -> P:
    """The policy of this ``kind`` in a YAML text; ``name`` is the file's, for errors. Raises :class:`PolicyError`."""
    content = _content(text, name)
    programme = content.get("programme", Programme.RETURNSHIP)
    if isinstance(programme, str) and KINDS.get(programme, kind) is not kind:
        raise PolicyError(f"{name}: programme: this is a policy for {programme}")
    return _validated(content, name, kind)


def read_any_policy(text: str, name: str) -> CasePolicy:
    """The policy in a YAML text, of whichever programme it says it is for. Raises :class:`PolicyError`."""
    content = _content(text, name)
    programme = content.get("programme", Programme.RETURNSHIP)
    if not isinstance(programme, str) or programme not in KINDS:
        raise PolicyError(f"{name}: programme: must be one of {', '.join(KINDS)}")
    return _validated(content, name, KINDS[programme])


def _content(text: str, name: str) -> dict[str, Any]:
    try:
        content = read_yaml(text)
    except NotYaml as error:
        raise PolicyError(f"{name}: {error}") from None
    if not isinstance(content, dict):
        raise PolicyError(f"{name}: a policy is a mapping of keys to values")
    return content


def _validated(content: dict[str, Any], name: str, kind: type[P]) -> P:
    try:
        policy = kind.model_validate(content)
    except ValidationError as error:
        raise PolicyError(_each(name, sentences_for(error, "policy"))) from None
    wrong = [*_not_finite(policy), *_sources_of_nothing(policy), *impossible(policy)]
    if wrong:
        raise PolicyError(_each(name, wrong))
    return policy


def without_source(policy: CasePolicy) -> list[str]:
    """The dotted names of all values for which neither ``sources`` nor a source of something around them speaks."""
    return sources.without_source(_with_a_source(policy), policy.sources)


def differs_in(policy: CasePolicy, other: CasePolicy) -> list[str]:
    """The dotted names of all values that two policies have otherwise; where they stand in one only, too."""
    values, others = dict(_values(policy)), dict(_values(other))
    return sorted(
        key for key in values.keys() | others.keys() if values.get(key, _NOTHING) != others.get(key, _NOTHING)
    )


_NOTHING = object()


def _each(name: str, reasons: list[str]) -> str:
    return "\n".join(f"{name}: {reason}" for reason in reasons)


def _not_finite(policy: CasePolicy) -> list[str]:
    """YAML can write infinity and not-a-number, which no rule could be followed with."""
    return [
        f"{key}: must be a finite number"
        for key, value in _values(policy)
        if isinstance(value, float) and not math.isfinite(value)
    ]


def _sources_of_nothing(policy: CasePolicy) -> list[str]:
    unknown = sources.sources_of_nothing(_with_a_source(policy), policy.sources)
    return [f"sources.{source}: there is no such value in the policy" for source in unknown]


def _values(policy: CasePolicy) -> Iterator[tuple[str, Any]]:
    """The values of a policy by their dotted names; a list is one value."""
    yield from dotted_values(policy.model_dump(exclude=set(NAMING)))


def _with_a_source(policy: CasePolicy) -> list[str]:
    """The dotted names of all values that come from somewhere: not the translations of texts."""
    return [key for key, _ in _values(policy) if key.partition(".")[0] != "translations"]
