"""The demo: seven placements, each with a story, on a real server, with people who answer as their story says."""
