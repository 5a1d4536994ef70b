"""What a form asks, neutral of how it is asked: its fields, their words, and reading what was given.

The command line and the pages stand on this alike: an answer that one of them takes, the other takes too.
"""
