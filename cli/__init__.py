"""The command line. Modules under `commands` are light; what is slow to import, they import when they are run."""
