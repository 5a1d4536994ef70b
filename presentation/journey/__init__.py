"""The journey of a case as a picture: what has happened and what is planned, on one time axis."""
