"""What can go wrong with the dev server."""


class DevServerError(Exception):
    """The dev server could not be had or started; the text is for the person who asked for it."""
