"""When things happen: deterministic orchestration only."""
