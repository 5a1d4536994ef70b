"""Runs the console: `python console.py`. Any number of them; SIGTERM or Ctrl-C lets answers in hand end, then ends."""

from __future__ import annotations

import asyncio
import logging
import sys

from temporalio.client import Client

from activities.core.mail_records import RecordsAddressBook
from activities.core.sign_in_mail import SignInMailer
from activities.core.transport import transport_for
from engine.client import connect
from engine.exit import run_to_exit
from engine.garbage import look_for_garbage_seldom
from engine.logs import configure_logging
from engine.privacy import close_to_others
from engine.settings import Settings, SettingsError, load_settings
from records.database import Database, RecordsError
from records.seal_files import SealFiles
from service.core.connecting import kept
from service.core.sign_in import SignIn
from web.app import make_app
from web.core.provider import provider_of
from web.core.serving import CantListen, run
from web.core.surroundings import Surroundings

log = logging.getLogger("waymark.console")


async def serve(settings: Settings) -> None:
    """Answer until told to stop. Temporal may be away: what only reads the records works without."""
    close_to_others(settings.data_dir)
    database = Database(settings.records_url, SealFiles(settings.seal_key, settings.seal_list))
    await asyncio.to_thread(database.migrate)

    async def temporal() -> Client:
        return await connect(settings)

    provider = provider_of(settings)
    sign_in = SignIn(database, mailer(settings, database), duties_by_mail=provider is None)
    surroundings = Surroundings(settings, database, sign_in, kept(temporal), provider=provider)
    try:
        look_for_garbage_seldom()
        await run(make_app(surroundings), surroundings)
    finally:
        sign_in.close()
        database.close()
    log.info("console ended")


def mailer(settings: Settings, database: Database) -> SignInMailer:
    """What sends links to sign in, by the way out that all mails take."""
    return SignInMailer(
        RecordsAddressBook(database),
        transport_for(settings.smtp_url, settings.maildir),
        settings.mail_from,
        link=lambda token: f"{settings.console_origin}/sign-in/{token}",
    )


def main() -> int:
    """Run until stopped; 1 when settings, the records or the address are not as needed."""
    try:
        settings = load_settings()
        configure_logging(settings)
        asyncio.run(serve(settings))
    except (SettingsError, RecordsError, CantListen) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    run_to_exit(main)
