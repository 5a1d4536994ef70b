"""The worker has every activity that a workflow names, and each takes and returns what the workflow expects."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, cast, get_type_hints

import pytest
from temporalio import activity
from temporalio.client import Client

import workflows
from activities.registry import activities_for
from engine.settings import load_settings
from records.database import Database
from workflows.case.activity_calls import Activity


def named() -> list[Activity[Any, Any]]:
    """The activities that workflows of all subjects name."""
    subjects = [path.parent.name for path in Path(workflows.__path__[0]).glob("*/activity_calls.py")]
    modules = [import_module(f"workflows.{subject}.activity_calls") for subject in subjects]
    return [member for module in modules for member in vars(module).values() if isinstance(member, Activity)]


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[..., Any]]:
    """The activities of a worker, by their names. None of them is called, so there is no client to call with."""
    directory = tmp_path_factory.mktemp("registry")
    database = Database(f"sqlite:///{directory / 'waymark.db'}")
    activities = activities_for(database, load_settings(data_dir=directory), cast(Client, None))
    database.close()
    return {name_of(function): function for function in activities}


def name_of(registered: Callable[..., Any]) -> str:
    definition = activity._Definition.from_callable(registered)
    assert definition is not None
    assert definition.name is not None
    return definition.name


def test_the_worker_has_what_workflows_name_and_nothing_else(registered: dict[str, Callable[..., Any]]) -> None:
    assert sorted(registered) == sorted(called.name for called in named())


@pytest.mark.parametrize("called", named(), ids=lambda called: called.name)
def test_an_activity_takes_and_returns_what_workflows_expect(
    called: Activity[Any, Any], registered: dict[str, Callable[..., Any]]
) -> None:
    hints = get_type_hints(registered[called.name], include_extras=True)
    returns = hints.pop("return")
    (takes,) = hints.values()
    assert (takes, returns) == (called.takes, called.returns)
