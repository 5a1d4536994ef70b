"""The parts of an upskilling path."""
