"""Logging: the standard library's, rendered by structlog, one line per event on standard error.

Code logs through `workflow.logger`, `activity.logger` and `logging.getLogger(__name__)`, with facts in `extra={...}`.
structlog's own loggers are not for workflows: they would log again at every replay.
"""

import logging
import os
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from temporalio import activity, workflow

from engine.settings import Settings


def configure_logging(settings: Settings) -> None:
    """Send every log record of this process to standard error: JSON lines, or for people on a terminal.

    Calling it again replaces what the first call set up.
    """
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(as_json=as_json))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # `records.migrations` says itself what was done
    # Where a line comes from belongs into its fields; the SDK would write it into the message as well.
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False


def _formatter(*, as_json: bool) -> structlog.stdlib.ProcessorFormatter:
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _without_native_record,
        structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json),
    ]
    # Plain tracebacks in both: the pretty ones print local variables, and with them people's data.
    rendering: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [_short_context, _console()]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
    )


def _console() -> structlog.dev.ConsoleRenderer:
    colours = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    return structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)


def _without_native_record(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drop the native core's own record, which is no JSON; its text and fields are in the message already."""
    event.pop("temporal_log", None)
    return event


def _short_context(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """On a terminal the workflow's id says enough; the whole context is for machines."""
    context: object = None
    for key in ("temporal_workflow", "temporal_activity"):
        context = event.pop(key, None) or context
    if isinstance(context, dict) and context.get("workflow_id"):
        event["workflow"] = context["workflow_id"]
    return event
