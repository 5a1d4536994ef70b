"""The way every Waymark program begins and ends.

What it writes is for the user it runs as: records, mails and keys are about people.

The SDK's native threads still run while CPython tears itself down, and now and then (4 of 28 measured runs) that
crashes a process whose work is done: exit code 134 or 139 instead of 0. So a program ends here, before the teardown.
"""

import logging
import os
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

from engine.privacy import write_privately

INTERRUPTED = 130
BROKEN_PIPE = 141


def run_to_exit(main: Callable[[], int | None]) -> NoReturn:
    """Run `main` and end the process with its code (None is 0), with everything that was written flushed, for us alone.

    `SystemExit` keeps its code, Ctrl-C gives 130, a reader that went away (`| head`) 141, and any other exception its
    traceback and 1. Exit handlers of `atexit` don't run, and threads are not waited for: end your own work in `main`.
    """
    write_privately()
    code = _run(main)
    logging.shutdown()
    os._exit(_flushed(code))


def _run(main: Callable[[], int | None]) -> int:
    try:
        return main() or 0
    except SystemExit as stop:
        return _code_of(stop)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return BROKEN_PIPE
    except BaseException:
        traceback.print_exc()
        return 1


def _code_of(stop: SystemExit) -> int:
    if isinstance(stop.__context__, BrokenPipeError):  # a library that prints has given it a code of its own
        return BROKEN_PIPE
    if stop.code is None or isinstance(stop.code, int):
        return stop.code or 0
    print(stop.code, file=sys.stderr)  # noqa: T201 - what CPython does with `sys.exit("text")`
    return 1


def _flushed(code: int) -> int:
    """Flush both streams; output that could not be written turns success into a failure."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BrokenPipeError:
            code = code or BROKEN_PIPE
        except OSError:
            code = code or 1
    return code
