"""The command line. Modules of commands are light; what is slow to import, they import when they are run."""
