"""Use cases that know all subjects: what waits for somebody, and a task with all that is needed to answer it."""
