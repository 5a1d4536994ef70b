"""The parts of a certification."""
