"""Which policies cases were started with: an id and a version stand for one content, since decisions name no more."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from domain.core.languages import ENGLISH
from domain.core.model import CaseId
from domain.core.policy_rules import CasePolicy
from domain.core.sentences import counted
from domain.core.titles import titles
from domain.registry.policy_file import KINDS, differs_in
from records.among import among
from records.database import lock
from records.tables.core import CaseRecord
from records.tables.dispatch import PolicyRecord

NAMED_AT_MOST = 5


class OtherContent(Exception):
    """A policy's id and version are on record with another content; the text says what is otherwise."""


def check_content(session: Session, policy: CasePolicy) -> None:
    """Raise :class:`OtherContent` for a policy whose id and version cases were started with that say otherwise."""
    known = session.get(PolicyRecord, policy.label)
    found = differences(policy, _read(known.programme, known.content)) if known is not None else ""
    if known is not None and found:
        raise OtherContent(
            f"{policy.label} says otherwise since {known.at:%Y-%m-%d}, when a case was first started with it, in "
            f"{found}; give this one another version"
        )


def enter_content(session: Session, policy: CasePolicy, now: datetime) -> None:
    """Put on record what an id and version stand for; what is there already stays. Raises :class:`OtherContent`."""
    lock(session, f"policy {policy.label}")
    check_content(session, policy)
    known = session.get(PolicyRecord, policy.label)
    if known is None or _read(known.programme, known.content) is None:
        content = policy.model_dump(mode="json")
        session.merge(PolicyRecord(label=policy.label, programme=policy.programme, content=content, at=now))


def known_titles(session: Session, programme: str) -> dict[str, str]:
    """What policies of a programme are called that cases were started with, by id and version, the newest first."""
    known = select(PolicyRecord.label, PolicyRecord.content).where(PolicyRecord.programme == programme)
    newest = known.order_by(PolicyRecord.at.desc(), PolicyRecord.label)
    return {label: str(content.get("title", label)) for label, content in session.execute(newest)}


def content_on_record(session: Session, label: str) -> CasePolicy | None:
    """What an id and version stand for; none where nothing does, or what this version of the code can't read."""
    known = session.get(PolicyRecord, label)
    return None if known is None else _read(known.programme, known.content)


def titles_of_cases(session: Session, cases: Collection[CaseId], language: str) -> dict[CaseId, Mapping[str, str]]:
    """By case, the titles of its policy in a language, as far as that policy translates them. Not of cohorts."""
    if language == ENGLISH:
        return {}
    of_cases = select(CaseRecord.case_id, CaseRecord.policy).where(among(CaseRecord.case_id, cases))
    labels = {row.case_id: row.policy for row in session.execute(of_cases)}
    known = titles_of(session, labels.values(), language)
    return {case: known.get(label, {}) for case, label in labels.items()}


def titles_on_record(session: Session, language: str) -> dict[str, str]:
    """The titles of all policies that cases were started with in a language, as far as they translate them."""
    labels = session.scalars(select(PolicyRecord.label)).all()
    known = titles_of(session, labels, language)
    return {title: said for label in sorted(known) for title, said in known[label].items()}


def titles_of(session: Session, labels: Iterable[str], language: str) -> dict[str, Mapping[str, str]]:
    """The same by policy, by its id and version. Nothing in English, in which policies are written."""
    if language == ENGLISH:
        return {}
    content = cast(PolicyRecord.content, Text)
    known = select(PolicyRecord.label, PolicyRecord.programme, content).where(among(PolicyRecord.label, labels))
    return {label: _titles_in(programme, text, language) for label, programme, text in session.execute(known)}


@lru_cache(maxsize=200)
def _titles_in(programme: str, content: str, language: str) -> Mapping[str, str]:
    """Pages ask for it all the time, and there are few policies."""
    policy = _read(programme, json.loads(content))
    if policy is None:
        return {}
    translated = policy.translations.get(language, {})
    return {title: translated[name] for name, title in titles(policy).items() if name in translated}


def differences(policy: CasePolicy, known: CasePolicy | None) -> str:
    """Where two policies differ, the first few by name; empty where they don't, or there is nothing to compare."""
    found = differs_in(policy, known) if known is not None else []
    more = len(found) - NAMED_AT_MOST
    return ", ".join(found[:NAMED_AT_MOST]) + (f" and {counted(more, 'more', 'more')}" if more > 0 else "")


def _read(programme: str, content: dict[str, Any]) -> CasePolicy | None:
    """As this version of the code reads it, with what has come since by default; none where it can't any more."""
    kind = KINDS.get(programme)
    try:
        return kind.model_validate(content) if kind is not None else None
    except ValidationError:
        return None
