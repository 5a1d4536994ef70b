"""Every signal and every update has a handler of its name, and every handler has a name that callers know."""

from __future__ import annotations

from temporalio import workflow

from domain.core.signals import Signal
from domain.core.updates import Update
from workflows.registry import WORKFLOWS

DEFINITIONS = [workflow._Definition.must_from_class(kind) for kind in WORKFLOWS]


def test_workflows_handle_the_signals_that_there_are() -> None:
    handled = {name for definition in DEFINITIONS for name in definition.signals}
    assert handled == {signal.value for signal in Signal}


def test_workflows_handle_the_updates_that_there_are() -> None:
    handled = {name for definition in DEFINITIONS for name in definition.updates}
    assert handled == {update.value for update in Update}
