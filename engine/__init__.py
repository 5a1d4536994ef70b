"""How Waymark talks to Temporal: settings, connection, converter, search attributes, logging, dev server."""
