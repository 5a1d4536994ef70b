"""The parts of a returnship placement, each a stage or something that runs alongside."""
