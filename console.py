"""Runs the console: `python console.py`. Any number of them; SIGTERM or Ctrl-C lets answers in hand end, then ends.

With `--demo`, as `make demo` starts it, one can be anybody on it; it refuses that on any but a demo's own data.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client

from activities.core.mail_records import RecordsAddressBook
from activities.core.sign_in_mail import SignInMailer
from activities.core.transport import transport_for
from engine.client import connect
from engine.errors import EngineUnreachable
from engine.exit import run_to_exit
from engine.garbage import look_for_garbage_seldom
from engine.logs import configure_logging
from engine.privacy import close_to_others
from engine.settings import Settings, SettingsError, load_settings
from records.database import Database
from records.errors import RecordsError
from records.seal_files import SealFiles
from service.core.connecting import kept
from service.core.errors import Refused
from service.core.sessions import Sessions
from service.core.sign_in import SignIn
from web.app import make_app
from web.cohort.rehearsing import remove_what_was_left
from web.core.provider import provider_of
from web.core.serving import CantListen, run
from web.core.surroundings import THREADS, Surroundings

log = logging.getLogger("waymark.console")

DEMO = "--demo"


async def answer(surroundings: Surroundings) -> None:
    """Answer until told to stop."""
    await run(make_app(surroundings), surroundings)


async def serve(
    settings: Settings, *, answering: Callable[[Surroundings], Awaitable[None]] = answer, demo: bool = False
) -> None:
    """Answer until told to stop. Where Temporal can't be reached, what only reads the records works all the same."""
    close_to_others(settings.data_dir)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "console"))
    seals = SealFiles(settings.seal_key, settings.seal_list)
    database = Database(settings.records_url, seals, connections=THREADS)
    await asyncio.to_thread(database.migrate)
    await asyncio.to_thread(remove_what_was_left, settings, database)

    async def temporal() -> Client:
        return await connect(settings)

    provider = provider_of(settings)
    sessions = Sessions(database, duties_by_mail=provider is None)
    sign_in = SignIn(database, mailer(settings, database), sessions)
    surroundings = Surroundings(settings, database, sign_in, sessions, kept(temporal), provider=provider, demo=demo)
    try:
        look_for_garbage_seldom()
        await answering(surroundings)
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


async def serve_as_asked(settings: Settings, *, demo: bool) -> None:
    """Answer as a console does, or as a demo's, where one can be anybody. Raises ``Refused`` on other data."""
    if not demo:
        return await serve(settings)
    from demo.console import serve_demo, settings_of_demo  # noqa: PLC0415 - no other console knows of it

    return await serve(settings_of_demo(settings), answering=serve_demo, demo=True)


def main() -> int:
    """Run until stopped; 1 when settings, the records or the address are not as needed, 2 for what can't be asked."""
    asked = sys.argv[1:]
    if asked not in ([], [DEMO]):
        print(f"console.py takes nothing but {DEMO}: its settings are in the environment", file=sys.stderr)  # noqa: T201
        return 2
    try:
        settings = load_settings()
        configure_logging(settings)
        asyncio.run(serve_as_asked(settings, demo=asked == [DEMO]))
    except (SettingsError, RecordsError, CantListen, EngineUnreachable, Refused) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    run_to_exit(main)
