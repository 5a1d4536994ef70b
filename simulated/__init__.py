"""Simulated people: how they find their tasks, answer and are heard. Demo, rehearsal and bench add their own habits."""
