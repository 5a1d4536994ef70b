"""A real Temporal server and its UI on this machine, for trying, developing and testing.

Temporal's own command line has both inside; it comes with the virtual environment. Nothing is started where Temporal's
configuration names a server.
"""
