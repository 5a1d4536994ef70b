"""What the programmes are: models and pure functions. No I/O, no clock, no Temporal."""
