"""Which programs make the dev server: the first way that does on this machine."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal, NamedTuple

from engine.devserver import cli, go, versions
from engine.devserver.errors import DevServerError, WayUnavailable
from engine.devserver.progress import Progress

Kind = Literal["cli", "go"]


class Programs(NamedTuple):
    """What to run. Of kind `cli`, `server` is `temporal`, which has the UI inside; of kind `go`, the UI is its own."""

    kind: Kind
    server: Path
    ui: Path | None
    origin: str
    """Where they come from, for people."""


class _Way(NamedTuple):
    kind: Kind
    name: str
    find: Callable[[Progress, bool], Awaitable[Programs]]
    reported: bool = True
    """Whether its failure says more than that of the way after it."""


async def find_programs(progress: Progress, *, ui: bool, prefer: Kind | None = None) -> Programs:
    """The programs by the first way that does. `prefer` moves one kind's ways to the front.

    Raises `DevServerError` that names every way and why it did not do.
    """
    reasons = []
    for way in sorted(_WAYS, key=lambda way: prefer not in (None, way.kind)):
        try:
            return await way.find(progress, ui)
        except WayUnavailable as reason:
            if way.reported:
                reasons.append(f"{way.name}: {reason}")
    raise DevServerError(_none_of(reasons))


def _none_of(reasons: list[str]) -> str:
    tried = ["TEMPORAL_ADDRESS or a Temporal profile: none is configured", *reasons]
    lines = [f"  {number}. {reason}." for number, reason in enumerate(tried, start=1)]
    return "\n".join(["No Temporal server is to be had here. Any one of these ways is enough:", *lines])


async def _cli_on_path(progress: Progress, ui: bool) -> Programs:
    return Programs("cli", await cli.on_path(progress), None, "temporal on PATH")


async def _cli_cached(progress: Progress, ui: bool) -> Programs:
    return Programs("cli", await cli.downloaded_before(), None, f"Temporal CLI {versions.CLI}")


async def _cli_downloaded(progress: Progress, ui: bool) -> Programs:
    return Programs("cli", await cli.download(progress), None, f"Temporal CLI {versions.CLI}")


async def _go_cached(progress: Progress, ui: bool) -> Programs:
    if not go.SERVER.path().exists() or (ui and not go.UI.path().exists()):
        raise WayUnavailable("not built yet")
    return await _go_built(progress, ui)


async def _go_built(progress: Progress, ui: bool) -> Programs:
    server = await go.built(go.SERVER, progress)
    return Programs("go", server, await go.built(go.UI, progress) if ui else None, f"server {versions.SERVER} by Go")


_WAYS = (
    _Way("cli", "`temporal` on PATH", _cli_on_path),
    _Way("go", "an earlier build with Go", _go_cached, reported=False),
    _Way("cli", "an earlier download", _cli_cached, reported=False),
    _Way("cli", f"the SDK's download of the Temporal CLI {versions.CLI}", _cli_downloaded),
    _Way("go", f"`go install` of Temporal server {versions.SERVER} and UI {versions.UI}", _go_built),
)
