"""What can go wrong with the dev server."""


class DevServerError(Exception):
    """The dev server could not be had or started; the text is for the person who asked for it."""


class WayUnavailable(Exception):
    """One way to a Temporal server does not do here; the text is the reason, without a full stop."""
