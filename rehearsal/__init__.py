"""The rehearsal: a whole cohort through the real workflows in time-lapse, with simulated people.

Nothing of the real records, mail or capacities is touched; see docs/rehearsal.md.
"""
