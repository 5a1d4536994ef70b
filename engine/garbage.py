"""When Python looks for garbage: seldom, in a process that keeps hundreds of cases in its memory.

By default it looks after 700 new objects, and goes through all that live long again and again: with 600 open cases
that was a fifth of a worker's processor time, in pauses of more than half a second, in which nobody was answered.
"""

from __future__ import annotations

import gc

NEW_OBJECTS = 50_000
"""So many more objects than are gone may be there before it looks through the new ones; they are some megabytes."""

THEN_OLDER, THEN_ALL = 10, 2
"""After so many looks through the new ones it looks through those that stayed, and after so many of these through all.

A case that leaves the worker's cache is garbage that only a look through all finds: some 2,500 objects, 0.4 MB. This
makes about one look for six hundred of them. With twenty of each, a worker with 5,000 open cases and 500 in its cache
grew to 1.7 GB.
"""


def look_for_garbage_seldom() -> None:
    """From now on; all that is loaded already is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, THEN_OLDER, THEN_ALL)
