"""What stands in a certificate: an Open Badge 3.0, and the picture it travels in.

Neither its holder's name nor their mail address stands in it. Who has the address can be told by its salted hash; who
has not, learns nothing of it.
"""

from __future__ import annotations

import json
import secrets
import uuid
from datetime import datetime
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from openbadgeslib import baking, ob3

from domain.certification.credentials import IssueRequest
from domain.core.addresses import comparable
from domain.core.model import CredentialId
from domain.core.skills import RequiredSkill
from service.certification import status_lists
from service.certification.issuer import Issuer

PICTURE = Path(__file__).parent / "templates" / "badge.svg"
LINE = 20
"""Letters of a title that fit on one line of the picture."""
LINES = 4

LOWEST, HIGHEST = "0", "7"
"""The scale of levels (see :mod:`domain.core.skills`)."""


def new_id() -> CredentialId:
    """The id of a new credential. A random one: it must not lead back to a case or a person."""
    return f"urn:uuid:{uuid.uuid4()}"


def badge(identity: CredentialId, request: IssueRequest, address: str, index: int, issuer: Issuer) -> dict[str, Any]:
    """The signed document. ``address`` is the holder's mail address, ``index`` the place in the status lists.

    What is hashed is the address as all ways to write it compare, so that whoever types it otherwise has it too.
    """
    unsigned = ob3.OpenBadgeCredential(
        id=identity,
        issuer=ob3.Issuer(id=issuer.did, name=issuer.name, url=issuer.url),
        recipient_id=None,
        achievement=_achievement(request, issuer),
        issuance_date=request.valid_from,
        expiration_date=request.valid_until,
        credential_status=[status_lists.entry(status_lists.home_of(issuer), index)],
        identifiers=[ob3.IdentityObject.create(comparable(address), salt=secrets.token_hex(16))],
        results=[
            ob3.Result(status="Completed", result_description=_result(_url(request, issuer), skill.skill))
            for skill in request.shown
        ],
    )
    return issuer.sign(unsigned.to_vc(), request.at)


def as_text(document: dict[str, Any]) -> str:
    """A document as it is handed on: ASCII, so that it passes through mails and pictures as it is."""
    return json.dumps(document, indent=2) + "\n"


def picture(text: str) -> bytes:
    """A document's badge as an SVG, with the document baked into it."""
    document = json.loads(text)
    drawn = _picture().render(
        lines=_lines(document["credentialSubject"]["achievement"]["name"]),
        issuer=_printable(document["issuer"]["name"]),
        until=datetime.fromisoformat(document["validUntil"]),
    )
    baked: bytes = baking.bake_svg(
        drawn.encode(), text.strip(), element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3, as_text=True
    )
    return baked


def _achievement(request: IssueRequest, issuer: Issuer) -> ob3.Achievement:
    certificate, url = request.certificate, _url(request, issuer)
    return ob3.Achievement(
        id=url,
        name=certificate.title,
        description=certificate.description,
        criteria_narrative=certificate.criteria,
        achievement_type="Certificate",
        tags=[skill.skill for skill in request.shown],
        result_descriptions=[_result_description(url, skill) for skill in request.shown],
    )


def _result_description(url: str, shown: RequiredSkill) -> ob3.ResultDescription:
    """A skill, and the level that had to be shown. How far beyond it somebody is, a certificate doesn't say."""
    return ob3.ResultDescription(
        id=_result(url, shown.skill),
        name=shown.skill,
        result_type="ScaledScore",
        value_min=LOWEST,
        value_max=HIGHEST,
        required_value=f"{shown.level:f}",
    )


def _url(request: IssueRequest, issuer: Issuer) -> str:
    return f"{issuer.url}/certificates/{request.certificate.id}"


def _result(url: str, skill: str) -> str:
    return f"{url}#{quote(skill, safe='')}"


@cache
def _picture() -> Template:
    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(PICTURE.read_text(encoding="utf-8"))


def _lines(title: str) -> list[str]:
    """A title in lines that fit; one that is too long ends in an ellipsis."""
    return wrap(_printable(title), LINE, max_lines=LINES, placeholder=" …")


def _printable(text: str) -> str:
    """Text without what XML can't hold."""
    return "".join(character if character.isprintable() else " " for character in text)
