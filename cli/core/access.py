"""Duties beyond cases, and accounts at the identity provider: who has which, and who said so. No server is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import AsJson, an_id
from cli.core.output import say, say_result, show
from domain.core.access import Duty
from domain.core.model import PersonId
from engine.settings import load_settings
from presentation.tables import table
from records.local_time import day_text
from service.core.access import Access, Grant, access
from service.core.access import grant as grant_duty
from service.core.access import revoke as revoke_duty
from service.core.accounts import Linked, accounts
from service.core.accounts import link as link_account
from service.core.accounts import unlink as unlink_accounts
from service.core.environment import records
from service.core.people import names_of

app = Commands()

Person = Annotated[str, typer.Argument(parser=an_id, metavar="P-…", help="Who has the duty.")]
WhichDuty = Annotated[
    Duty, typer.Argument(metavar="DUTY", help="hr (of a role, or of all), or operator.", show_choices=False)
]
OfRole = Annotated[str | None, typer.Option("--role", parser=an_id, metavar="ROLE", help="HR of this role.")]
OfAll = Annotated[bool, typer.Option("--all-roles", help="HR of all roles, of new ones too.")]
Granter = Annotated[
    str | None,
    typer.Option(
        "--as",
        parser=an_id,
        metavar="P-…",
        help="Who does it: HR of all roles. Only as long as nobody is, whoever holds the machine may, without this.",
    ),
]


@app.command()
def grant(
    person: Person,
    duty: WhichDuty,
    role: OfRole = None,
    all_roles: OfAll = False,
    actor: Granter = None,
    as_json: AsJson = False,
) -> None:
    """Grant a duty beyond cases: HR of a role or of all, or operator. Who granted it, and when, stays on record."""
    of = _role(duty, role, all_roles)
    with records() as database:
        granted = grant_duty(database, person, duty, of, by=actor)
        names = names_of(database, [granted.person, granted.by])
    if as_json:
        say_result(_as_json(granted))
    else:
        say(f"{_who(person, names)} is {_duty(granted)}, granted {_when(granted, names)}")


@app.command()
def revoke(
    person: Person,
    duty: WhichDuty,
    role: OfRole = None,
    all_roles: OfAll = False,
    actor: Granter = None,
    as_json: AsJson = False,
) -> None:
    """Take a duty back. That it was granted stays on record; anybody may give up their own."""
    of = _role(duty, role, all_roles)
    with records() as database:
        revoked = revoke_duty(database, person, duty, of, by=actor)
        names = names_of(database, [person])
    if as_json:
        say_result(_as_json(revoked))
    else:
        say(f"{_who(person, names)} is {_duty(revoked)} no more")


@app.command("list")
def list_grants(
    person: Annotated[
        str | None, typer.Argument(parser=an_id, metavar="[P-…]", help="Only the duties of this person.")
    ] = None,
    with_revoked: Annotated[bool, typer.Option("--all", help="Also those that were revoked.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show who has which duties, who granted them and when; who is HR because a role names them; and accounts."""
    with records() as database:
        found = access(database, person, with_revoked=with_revoked)
        linked = accounts(database, person)
        names = names_of(database, [who for account in linked for who in (account.person, account.by)])
    if as_json:
        named = {role: list(people) for role, people in found.named.items()}
        shown = [_account_as_json(account) for account in linked]
        say_result(
            {"grants": [_as_json(granted) for granted in found.grants], "named_by_roles": named, "accounts": shown}
        )
        return
    _show(found)
    if linked:
        lines = (
            (_who(account.person, names), account.subject, day_text(account.at, None), _said_by(account, names))
            for account in linked
        )
        show(table("Accounts at the identity provider", ("Whose", "Account", "Since", "By"), lines))


@app.command()
def link(
    person: Annotated[str, typer.Argument(parser=an_id, metavar="P-…", help="Whose account it is.")],
    subject: Annotated[
        str,
        typer.Argument(metavar="ACCOUNT", help="As the provider calls it (sub); the page that refused it says how."),
    ],
    actor: Granter = None,
    as_json: AsJson = False,
) -> None:
    """Say whose an account at the identity provider is. Before, nobody with a duty beyond cases signs in by it."""
    issuer = _issuer()
    with records() as database:
        linked = link_account(database, issuer, subject, person, by=actor)
        names = names_of(database, [person])
    if as_json:
        say_result(_account_as_json(linked))
    else:
        say(f"{_who(person, names)} signs in by the account {linked.subject}")


@app.command()
def unlink(
    person: Annotated[str, typer.Argument(parser=an_id, metavar="P-…", help="Whose account it is no more.")],
    actor: Granter = None,
    as_json: AsJson = False,
) -> None:
    """Let somebody sign in by their account at the identity provider no more; their sessions end."""
    issuer = _issuer()
    with records() as database:
        unlinked = unlink_accounts(database, issuer, person, by=actor)
        names = names_of(database, [person])
    if as_json:
        say_result({"person": person, "unlinked": unlinked})
    else:
        say(f"{_who(person, names)} signs in by no account any more, and is signed out")


def _issuer() -> str:
    """The provider that the settings name. Raises :class:`CommandError` where they name none."""
    issuer = load_settings().oidc_issuer
    if issuer is None:
        raise CommandError("there is no identity provider: WAYMARK_OIDC_ISSUER names it", "usage")
    return issuer


def _said_by(account: Linked, names: Mapping[PersonId, str]) -> str:
    if not account.by_hand:
        return "its verified address" if account.counts else "its verified address then, which is theirs no more"
    return _who(account.by, names) if account.by else "who held the machine"


def _account_as_json(account: Linked) -> dict[str, Any]:
    return asdict(account) | {"at": account.at.isoformat()}


def _show(found: Access) -> None:
    names = found.names
    if found.grants:
        lines = (
            (
                _who(granted.person, names),
                _duty(granted),
                day_text(granted.at, None),
                _who(granted.by, names) if granted.by else "who held the machine",
                _revoked(granted, names),
            )
            for granted in found.grants
        )
        show(table("Duties that were granted", ("Who", "Duty", "Since", "By", "Revoked"), lines))
    else:
        say("No duties are granted.")
    if found.named:
        hr = ((role, ", ".join(_who(person, names) for person in people)) for role, people in found.named.items())
        show(table("HR because a role names them", ("Role", "HR and head of HR"), hr))


def _role(duty: Duty, role: str | None, all_roles: bool) -> str | None:
    """The role that was named; None for all. Raises :class:`CommandError` where it is not said which."""
    if duty is Duty.HR and (role is None) is not all_roles:
        raise CommandError("say of which role they are HR, --role ROLE or --all-roles: one of the two", "usage")
    if duty is Duty.OPERATOR and (role is not None or all_roles):
        raise CommandError("operators are of no role: neither --role nor --all-roles", "usage")
    return role


def _duty(granted: Grant) -> str:
    if granted.duty is Duty.OPERATOR:
        return "operator"
    return f"HR of {granted.role}" if granted.role else "HR of all roles"


def _when(granted: Grant, names: Mapping[PersonId, str]) -> str:
    by = f"by {_who(granted.by, names)}" if granted.by else "by whoever held the machine"
    return f"{by} on {day_text(granted.at, None)}"


def _revoked(granted: Grant, names: Mapping[PersonId, str]) -> str:
    if granted.revoked_at is None:
        return ""
    by = _who(granted.revoked_by, names) if granted.revoked_by else "who held the machine"
    return f"{day_text(granted.revoked_at, None)}, {by}"


def _who(person: PersonId, names: Mapping[PersonId, str]) -> str:
    return f"{names[person]} ({person})" if person in names else person


def _as_json(granted: Grant) -> dict[str, Any]:
    return asdict(granted) | {
        "at": granted.at.isoformat(),
        "revoked_at": granted.revoked_at.isoformat() if granted.revoked_at else None,
    }
