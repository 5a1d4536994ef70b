"""What people read, in their language: the catalogues of translations, and how dates, money and sentences are said.

The catalogues stand beside this file, ``<language>/LC_MESSAGES/waymark.po``. docs/languages.md tells how they are kept.
"""
