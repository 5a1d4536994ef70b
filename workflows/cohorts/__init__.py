"""The parts of a cohort; see :mod:`workflows.cohort`."""
