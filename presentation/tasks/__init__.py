"""Tasks as pages tell of them: neutral of the web, in the reader's language."""
