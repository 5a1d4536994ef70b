"""Checklists: what is to be done by whom and when; and which of it, where somebody leaves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Self

from pydantic import Field, model_validator

from domain.core.model import Fixed, Instant, Key, Model, Party, PersonId, Title


class Item(Fixed):
    """One thing on a checklist: who is asked for it, and when, in working days from a day that the list names."""

    key: Key
    title: Title
    owner: Party
    opens_day: int = Field(ge=-60, le=260)
    due_day: int = Field(ge=-60, le=260)
    required: bool

    @model_validator(mode="after")
    def _opens_before_due(self) -> Self:
        if self.opens_day >= self.due_day:
            raise ValueError(f"item {self.key} must open before it is due")
        return self


class OffboardingItem(Item):
    """One thing to be done where somebody leaves, relative to the last day (0 is the last one worked, 1 the next).

    ``undoes`` names items of the onboarding: it is asked for where one of these was asked for, even if somebody leaves
    before the first day. What undoes nothing is asked for only where the first day has come.
    """

    undoes: list[Key] = []


class OffboardingRules(Fixed):
    """What is to be done where somebody is not employed: released, declined, expired, or withdrawn."""

    items: list[OffboardingItem]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        check_each_once(self.items)
        return self

    def check_undoes(self, onboarding: Collection[Key]) -> None:
        """Raise ``ValueError`` for an item that undoes something which is not on the checklist of the onboarding."""
        for item in self.items:
            for key in item.undoes:
                if key not in onboarding:
                    raise ValueError(f"offboarding: item {item.key} undoes {key}, which the onboarding does not have")

    def items_for(self, *, started: bool, asked: Collection[Key]) -> list[OffboardingItem]:
        """What is to be done for somebody who leaves: after the first day (``started``), or before it.

        ``asked`` are the items of the onboarding that somebody has been asked for.
        """
        return [
            item for item in self.items if any(key in asked for key in item.undoes) or (started and not item.undoes)
        ]


class ChangeoverRules(Fixed):
    """What is to be done where somebody is employed.

    Relative to the last day before employment begins (0 is the last working day up to then, 1 the next).
    """

    items: list[Item]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        check_each_once(self.items)
        return self


def check_each_once(items: Sequence[Item]) -> None:
    """Raise ``ValueError`` where two items have the same key."""
    if len({item.key for item in items}) != len(items):
        raise ValueError("two items have the same key")


class ItemState(Model):
    """An item of a checklist: the task that asks for it once that is open, and whether it is done, and by whom.

    One that HR has waived was answered by HR, and not done: ``waived_because`` says why.
    """

    key: str
    title: str
    required: bool
    task: str | None = None
    done_by: PersonId | None = None
    done_at: Instant | None = None
    waived_because: str | None = None

    @property
    def over(self) -> bool:
        """Whether nobody has to do it any more."""
        return self.done_at is not None


def on_list(items: Sequence[Item]) -> list[ItemState]:
    """These items, of which nobody has been asked for any."""
    return [ItemState(key=item.key, title=item.title, required=item.required) for item in items]
