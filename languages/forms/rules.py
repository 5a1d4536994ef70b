"""How it is said on a page that what somebody gave does not fit: what the field takes, in plain words."""

from __future__ import annotations

MISSING_CHOICE = "Choose an answer."
MISSING_TEXT = "Write something here."
MISSING_TICK = "Tick this if it is so."
A_TEXT = "Write a text of at most %(most)s characters."
TOO_LONG = "Write at most %(most)s characters; these are %(given)s."
A_LINK = "Enter a web address that begins with https:// or http://, of at most %(most)s characters."
A_WHOLE_NUMBER = "Enter a whole number."
A_NUMBER = "Enter a number above 0 and up to %(most)s, with at most %(decimals)s decimals."
FROM_TO = "Enter a whole number from %(least)s to %(most)s."
AN_AMOUNT = "Enter an amount with at most two decimals, and its currency by three letters, such as EUR."
A_DATE = "Enter a date."
A_MOMENT = "Enter a date and a time that are not far off."
A_PERSON = "Name a person, or give their id."
NOBODY = "We know nobody by this name. Try another spelling, a part of the name, or their id."
SEVERAL = "Several people are called like this. Choose who is meant."
TOO_MANY_PEOPLE = "Too many people are called like this. Give more of the name, or their id."
A_PAIR = "Name a returner and a mentor in each row."
AT_LEAST_ONE = "Write at least one."
SOME_OF_IT = "Answer at least one."
AT_MOST = "Give at most %(most)s."
NOT_LIKE_THIS = "This can't be used. Please check it."
OUT_OF_DATE = "This page had got out of date. Please check your answer and send it again."

TEXTS = tuple(value for name, value in sorted(vars().items()) if name.isupper() and isinstance(value, str))
"""All of them, to be translated."""
