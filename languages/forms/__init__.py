"""What the fields of forms are called on pages, with hints and choices: English, to be translated by the catalogues."""
