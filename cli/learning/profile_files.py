"""Which of the four formats a file of profiles has, and what reads it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from cli.core.errors import CommandError
from cli.core.resources import read_bytes
from domain.core.yaml_text import MOST_BYTES as MOST_YAML
from records.imports.core.csv_text import MOST_BYTES as MOST_CSV
from records.imports.core.csv_text import kind_of
from records.imports.learning.esco import read_esco
from records.imports.learning.onet import read_onet
from records.imports.learning.profiles_own import read_profiles_csv, read_profiles_yaml
from records.imports.learning.published import letters
from records.imports.learning.report import ProfilesReport

HEAD = 4096
"""So many bytes of a file tell its format."""


class ProfileFormat(StrEnum):
    """How profiles can come."""

    YAML = "yaml"
    CSV = "csv"
    ONET = "onet"
    ESCO = "esco"


def read_profiles(
    files: Sequence[Path],
    file_format: ProfileFormat | None,
    *,
    titles: Path | None,
    skills: Path | None,
    occupations: Path | None,
) -> ProfilesReport:
    """Read profiles. Raises :class:`CommandError` for files and options that don't go together."""
    first = files[0]
    found = file_format or _format_of(first)
    _check(found, len(files), onet=titles is not None, esco=skills is not None or occupations is not None)
    if found is ProfileFormat.ONET:
        return read_onet(files, titles)
    if found is ProfileFormat.ESCO:
        return read_esco(first, occupations=occupations, skills=skills)
    if found is ProfileFormat.CSV:
        return read_profiles_csv(read_bytes(first, MOST_CSV))
    return read_profiles_yaml(read_bytes(first, MOST_YAML), first.name)


def _format_of(file: Path) -> ProfileFormat:
    """The format by the columns at the head of the file, or else by its name."""
    with file.open("rb") as content:
        head = content.read(HEAD)
    if kind_of(head) is not None:
        return ProfileFormat.CSV  # whose reader says what it is instead, and what to do
    columns = letters(head.decode(errors="ignore").partition("\n")[0])
    if letters("O*NET-SOC Code") in columns:
        return ProfileFormat.ONET
    if letters("occupationUri") in columns:
        return ProfileFormat.ESCO
    by_name = {".csv": ProfileFormat.CSV, ".yaml": ProfileFormat.YAML, ".yml": ProfileFormat.YAML}
    if file.suffix.lower() not in by_name:
        raise CommandError(f"{file.name} does not tell its format; say it with --format", "usage")
    return by_name[file.suffix.lower()]


def _check(file_format: ProfileFormat, files: int, *, onet: bool, esco: bool) -> None:
    if files > 1 and file_format is not ProfileFormat.ONET:
        raise CommandError("several files in one command are for O*NET only", "usage")
    if onet and file_format is not ProfileFormat.ONET:
        raise CommandError("--titles is for O*NET only", "usage")
    if esco and file_format is not ProfileFormat.ESCO:
        raise CommandError("--skills and --occupations are for ESCO only", "usage")
