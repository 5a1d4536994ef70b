"""The demo: six placements of different fate, on a real server, with people who answer as each story says."""
