"""`python -m engine.devserver up|down|status`"""

import asyncio
import sys

from engine.devserver.errors import DevServerError
from engine.devserver.progress import Progress
from engine.devserver.server import DevServer, stop_running
from engine.errors import EngineUnreachable
from engine.exit import run_to_exit
from engine.logs import configure_logging
from engine.settings import Settings, SettingsError, load_settings


async def up(settings: Settings) -> int:
    """Start server and UI in the background, unless they run."""
    server = await DevServer.start(data_dir=settings.data_dir, progress=Progress())
    _print(_describe(server) if server.started_here or server.configured else f"It runs already: {_describe(server)}")
    return 0


async def down(settings: Settings) -> int:
    """Stop server and UI; their state stays."""
    stopped = await stop_running(settings.data_dir)
    _print("The Temporal server is stopped; its state is kept." if stopped else _none_on(settings))
    return 0


async def status(settings: Settings) -> int:
    """Say whether a server runs; exit code 3 if none does."""
    server = DevServer.running(settings.data_dir)
    _print(_describe(server) if server else _none_on(settings))
    return 0 if server else 3


def _none_on(settings: Settings) -> str:
    return f"No Temporal server runs for the data directory {settings.data_dir}."


_COMMANDS = {"up": up, "down": down, "status": status}


def main() -> int:
    """Run one command; 1 with one message when it can't be done, 2 where there is none such."""
    given = sys.argv[1:]
    if given in (["-h"], ["--help"]):
        _print(_usage())
        return 0
    if len(given) != 1 or given[0] not in _COMMANDS:
        sys.stderr.write(f"{_usage()}\n")
        return 2
    chosen = _COMMANDS[given[0]]
    try:
        settings = load_settings()
        configure_logging(settings)
        return asyncio.run(chosen(settings))
    except (DevServerError, EngineUnreachable, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _usage() -> str:
    lines = (f"  {name}: {function.__doc__}" for name, function in _COMMANDS.items())
    return "\n".join(("python -m engine.devserver takes one word, and does this with a Temporal server here:", *lines))


def _describe(server: DevServer) -> str:
    ui = f", UI {server.ui_url}" if server.ui_url else ""
    return f"Temporal server {server.address}{ui} ({server.origin})"


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    run_to_exit(main)
