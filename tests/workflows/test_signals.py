"""Every signal has a handler of its name, and every handler is a signal that somebody can name."""

from __future__ import annotations

from temporalio import workflow

from domain.core.signals import Signal
from workflows.registry import WORKFLOWS


def test_workflows_handle_the_signals_that_there_are() -> None:
    handled = {name for one in WORKFLOWS for name in workflow._Definition.must_from_class(one).signals}
    assert handled == {signal.value for signal in Signal}
