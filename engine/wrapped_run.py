"""What is put around one run of a workflow: all but its activations goes through to it."""

from __future__ import annotations

from temporalio.converter import SerializationContext
from temporalio.converter._extstore import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance
from temporalio.worker._command_aware_visitor import CommandInfo
from temporalio.workflow import Info


class WrappedRun(WorkflowInstance):
    """One run of a workflow; whoever derives from this says what becomes of its activations."""

    def __init__(self, run: WorkflowInstance) -> None:
        self._run = run

    def get_serialization_context(self, command_info: CommandInfo | None) -> SerializationContext | None:
        """Implements `WorkflowInstance.get_serialization_context`."""
        return self._run.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: CommandInfo | None) -> StorageDriverStoreContext:
        """Implements `WorkflowInstance.get_external_store_context`."""
        return self._run.get_external_store_context(command_info)

    def get_info(self) -> Info:
        """Implements `WorkflowInstance.get_info`."""
        return self._run.get_info()

    def get_thread_id(self) -> int | None:
        """Implements `WorkflowInstance.get_thread_id`."""
        return self._run.get_thread_id()
