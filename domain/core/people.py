"""People, and the roles somebody can be placed in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from domain.core.addresses import comparable
from domain.core.characters import one_line
from domain.core.model import Fixed, Money, Party, PersonId, Price, RoleId, Sentence, Title
from domain.core.working_pattern import Patterns

Skill = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=200), AfterValidator(one_line)
]
Language = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[a-z]{2,3}$")]
MailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$", max_length=254)]
"""A mail address; which ones the mailer takes, :mod:`domain.core.addresses` says."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""ISO 3166 country, with its part where holidays differ: ``IE``, ``GB-ENG``, ``DE-BY``."""


BookingKey = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9]([A-Za-z0-9 ./_-]{0,38}[A-Za-z0-9])?$")
]
"""A key of another system, such as a cost centre or a payroll number. Spreadsheet programs take none for a formula."""

MailChoice: TypeAlias = Literal["each", "daily"]
"""Whether somebody gets each mail by itself, or one a day with all that is open and all that is new."""


class Application(Fixed):
    """What a returner says of themselves when applying; the reason of the break is never asked.

    ``break_months`` and ``experience_years`` are whole and not negative.
    """

    break_months: int = Field(ge=0, le=720)
    underemployed: bool = False
    experience_years: int = Field(ge=0, le=70)


class Person(Fixed):
    """Somebody HR has imported: a returner when ``application`` is given, a possible mentor when ``mentor`` is."""

    id: PersonId
    name: Sentence
    email: MailAddress
    private_email: MailAddress | None = Field(default=None, repr=False)
    """Where mail reaches them before their first day and, without employment, after their last."""
    time_zone: str
    country: Country
    languages: list[Language] = Field(min_length=1)
    skills: list[Skill] = []
    preferences: list[Skill] = []
    manager: PersonId | None = None
    mentor: bool = False
    application: Application | None = None
    working_pattern: Patterns | None = None
    """What they work, of a programme's full week: all of it where there is no pattern; none: nobody has said."""
    mail_choice: MailChoice = "each"
    payroll_number: BookingKey | None = Field(default=None, repr=False)
    """By which payroll knows them; of no use to anybody else."""


class OnRecord(Fixed):
    """What the records know of people: who is there (``known``), and who has ``left`` the company, after which day."""

    known: list[PersonId] = []
    left: dict[PersonId, date] = {}

    def unknown(self, people: Iterable[PersonId]) -> list[PersonId]:
        """Who of these is not in the records at all."""
        return [person for person in people if person not in self.known and person not in self.left]

    def left_in_words(self, person: PersonId) -> str:
        """Why somebody can't be asked anything who has left."""
        return left_in_words(person, self.left[person])

    def why_not_asked(self, person: PersonId) -> str | None:
        """Why somebody can't be asked anything: nobody knows them, or they have left; or none."""
        if person in self.left:
            return self.left_in_words(person)
        return None if person in self.known else f"{person} is not in the records; import people first"


def left_in_words(person: PersonId, left_on: date) -> str:
    """Why somebody can't be asked anything any more: their last day was that one."""
    return f"{person} left the company after {left_on} and can't be asked anything any more"


class NamedIn(NamedTuple):
    """Where somebody is named: by a field of what was given, or in the ``part`` that they have around what this names.

    ``of`` is the role, certificate or person whose part it is.
    """

    field: str
    part: Party | None = None
    of: str = ""

    def __str__(self) -> str:
        return self.field if self.part is None else f"{self.part.spoken} of {self.of}"

    def left_in_words(self, person: PersonId, left_on: date) -> str:
        """Why nothing can begin in which somebody is named here who has left, and what helps."""
        if self.part is None:
            return left_in_words(person, left_on)
        if self.field == "role":
            remedy = "give the role somebody else in that part, and import roles anew"
        elif self.field == "certificate":
            remedy = "give the certificate somebody else in that part, and import the catalogue anew"
        else:
            remedy = "give them somebody else in that part, and import people anew"
        return f"the {self.part.spoken} of {self.of}, {person}, left the company after {left_on}; {remedy}"


Named: TypeAlias = Sequence[tuple[NamedIn, PersonId]]
"""Everybody whom something names, each with where it does: two people may be named for one part."""


def all_named(*parts: Named) -> Named:
    """Everybody whom one of these names, each once for where they are named."""
    return list(dict.fromkeys(chain(*parts)))


def who_left(named: Named, left: Mapping[PersonId, date]) -> list[tuple[str, str]]:
    """Who of those who are ``named`` has ``left``: the field that they are named by, and why nothing can begin so."""
    return [(at.field, at.left_in_words(person, left[person])) for at, person in named if person in left]


def manager_circles(managers: Mapping[PersonId, PersonId | None]) -> list[list[PersonId]]:
    """The circles in which people are each other's managers, each from its smallest id on."""
    found: list[list[PersonId]] = []
    seen: set[PersonId] = set()
    for person in sorted(managers):
        line: list[PersonId] = []
        above: PersonId | None = person
        while above is not None and above not in seen:
            seen.add(above)
            line.append(above)
            above = managers.get(above)
        if above in line:
            circle = line[line.index(above) :]
            first = circle.index(min(circle))
            found.append([*circle[first:], *circle[:first]])
    return found


def notes_on_people(people: Iterable[Person], of: Collection[PersonId]) -> list[str]:
    """What HR should know of these ``people``, as sentences, as far as they concern one ``of`` some of them.

    They name circles of managers, and mail addresses that several people share.
    """
    everybody, ours = list(people), set(of)
    by_address: dict[str, list[PersonId]] = {}
    for person in everybody:
        for address in {comparable(person.email), comparable(person.private_email or person.email)}:
            by_address.setdefault(address, []).append(person.id)
    return [
        *(
            f"managers run in a circle, in which nobody is above the others: {', whose manager is '.join(circle)}, "
            f"whose manager is {circle[0]}"
            for circle in manager_circles({person.id: person.manager for person in everybody})
            if not ours.isdisjoint(circle)
        ),
        *(
            f"{', '.join(sorted(sharing))} share one mail address: what is written to one reaches the others too"
            for sharing in by_address.values()
            if len(sharing) > 1 and not ours.isdisjoint(sharing)
        ),
    ]


DECIDING = (Party.MANAGER, Party.SECOND_MANAGER, Party.BUDGET_OWNER, Party.HR, Party.HR_LEAD)
"""Who is above the returner in a placement or decides on the conversion, and so can't be the mentor."""


class Role(Fixed):
    """A role somebody can be placed in or learn for, who is around it, and what it pays.

    ``stipend`` is for a calendar month of the placement, ``salary`` for a year after conversion. A conversion takes a
    place of ``headcount``, such as ``headcount-DATA-TEAM``, where one is named. Stipends are booked on ``cost_centre``.
    """

    id: RoleId
    title: Title
    country: Country
    time_zone: str
    skills: list[Skill] = []
    stipend: Price
    salary: Money
    manager: PersonId
    second_manager: PersonId
    budget_owner: PersonId
    hr: PersonId
    hr_lead: PersonId
    it: PersonId
    facilities: PersonId
    headcount: Annotated[str, StringConstraints(pattern=r"^headcount-[A-Z0-9][A-Z0-9-]{0,59}$")] | None = None
    cost_centre: BookingKey | None = None

    def deciding(self) -> list[PersonId]:
        """Those who play one of the parts of :data:`DECIDING`: none of them can be the mentor."""
        return [self.parties()[party] for party in DECIDING]

    def parties(self) -> dict[Party, PersonId]:
        """Who plays which part around this role; returner and mentor come with the case."""
        return {party: getattr(self, party.value) for party in Party if party.value in type(self).model_fields}

    def named(self) -> Named:
        """Everybody whom this role names, by where it does."""
        return [(NamedIn("role", party, self.id), person) for party, person in self.parties().items()]

    def left_in_words(self, left: Mapping[PersonId, date]) -> list[str]:
        """Whom this role names of those who have ``left``, and in which part, as sentences."""
        return [sentence for _, sentence in who_left(self.named(), left)]
