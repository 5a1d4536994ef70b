"""What each form that a text may have to be of is called in a sentence."""

from __future__ import annotations

from domain.core.model import PERSON_ID

PATTERNS: dict[str, str] = {
    rf"^{PERSON_ID}$": "must be the id of a person, such as P-7F3K2M",
    rf"^{PERSON_ID}={PERSON_ID}$": "must be a returner and a mentor, such as P-7F3K2M=P-4CY9GS",
    r"^[A-Z0-9][A-Z0-9-]{1,39}$": "must be the id of a case, such as R-7F3K2M-DATA1",
    r"^U-[A-Z0-9-]+$": "must be the id of an upskilling path, such as U-7F3K2M-DATA1",
    r"^C-[A-Z0-9-]+$": "must be the id of a certification, such as C-7F3K2M-DATA-PRO",
    r"^[A-Z0-9][A-Z0-9-]{1,39}/[a-z0-9][a-z0-9-]{0,59}$": "must be the id of a case and a key of its own",
    r"^[A-Z0-9][A-Z0-9-]{0,19}$": "must be up to 20 capital letters, digits and hyphens, such as DATA1",
    r"^[A-Z0-9][A-Z0-9-]{1,19}$": "must be 2 to 20 capital letters, digits and hyphens, such as DATA-PRO",
    r"^[A-Z0-9][A-Z0-9-]{1,29}$": "must be 2 to 30 capital letters, digits and hyphens, such as SPRING-2027",
    r"^[A-Z0-9][A-Z0-9.-]{0,39}$": "must be up to 40 capital letters, digits, dots and hyphens, such as DATA1",
    r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$": "must be up to 40 letters, digits and hyphens, such as SPRING-2027",
    r"^[a-z]+-[A-Z0-9-]{1,60}$": "must be the id of a workflow, such as upskilling-U-7F3K2M-DATA1",
    r"^[A-Z]{3}$": "must be a currency of three capital letters, such as GBP",
    r"^(places|[A-Z]{3})$": "must be places, or a currency such as GBP",
    r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$": "must be an ISO 3166 country code, such as GB-ENG or IE",
    r"^[a-z]{2,3}$": "must be an ISO 639 code of a language, such as en",
    r"^[a-z][a-z0-9_]{0,39}$": "must be a short name in small letters, digits and underscores, such as laptop",
    r"^[a-z0-9][a-z0-9-]{2,59}$": "must be 3 to 60 small letters, digits and hyphens, such as returnship-16-weeks",
    r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$": "must be one mail address, such as jo@example.org",
    r"^mailto:[^@\s]+@[^@\s]+$": "must be mailto: and one mail address",
    r"^[^\x00]*$": "must not hold the character NUL",
    r"^https?://[^\s<>\"]+$": "must be a web address that begins with https:// or http://",
    r"^[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+$": "must be an IRI, such as https://lms.example.org/courses/sql",
    r"^[A-Za-z0-9]([A-Za-z0-9 ./_-]{0,38}[A-Za-z0-9])?$": "must be up to 40 letters and digits, with blanks or . / _ - "
    "between them, such as 4200-17",
    r"^headcount-[A-Z0-9][A-Z0-9-]{0,59}$": "must be a headcount, such as headcount-DATA-TEAM",
    r"^(seats|budget|mentor|headcount)-[A-Z0-9][A-Z0-9-]{0,59}$": "must be a capacity, such as budget-RETURNSHIP-2027",
    r"^(own|onet|esco)$": "must be own, onet or esco",
    r"^(paused|resumed|decision|ended)$": "must be paused, resumed, decision or ended",
    r"^[0-9]{1,9}$": "must be a whole number",
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": "must be a UUID in small letters",
    r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$": "must be a UUID",
    r"^urn:uuid:[0-9a-f-]{36}$": "must be urn:uuid: and a UUID",
    r"^[0-9A-Fa-f]{40}$": "must be a SHA-1 sum of 40 hexadecimal digits",
}
"""What a text must be that has to be of one of these forms. A test holds that no form of ours is missing here."""
