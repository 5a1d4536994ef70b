"""A real Temporal server and its UI on this machine, for trying, developing and testing.

It is had in the first of four ways that does: one that Temporal's configuration names, a `temporal` on PATH, the SDK's
download of it, or a build of the pinned server with Go.
"""
