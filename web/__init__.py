"""The console: people in a programme act in a browser, as themselves. Thin pages on the use cases in ``service/``."""
