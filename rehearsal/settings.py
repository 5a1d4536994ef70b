"""The settings of a rehearsal: all of them its own, whatever the environment names."""

from __future__ import annotations

import os
from pathlib import Path

from engine.settings import PREFIX, Settings, load_settings

READY = "worker-is-ready"
"""The file that the worker makes once it can work."""

TEMPORAL = "TEMPORAL_"


def settings_in(directory: Path) -> Settings:
    """Settings that lead to nothing outside of ``directory``: no real records, mail server, mailbox or key."""
    return load_settings(
        task_queue="waymark-rehearsal",
        namespace="default",
        data_dir=directory,
        records_url=f"sqlite:///{directory / 'waymark.db'}",
        smtp_url=None,
        maildir=directory / "mail",
        lms_keys=directory / "lms-keys",
        mail_from="Rehearsal <nobody@rehearsal.invalid>",
        issuer_key=directory / "issuer" / "issuer.pem",
        seal_key=directory / "issuer" / "seal.key",
        seal_list=directory / "issuer" / "seals.jsonl",
        issuer_name="Rehearsal",
        issuer_url="https://rehearsal.invalid",
        log_format="json",
        log_level="WARNING",
    )


def environment() -> dict[str, str]:
    """This process's environment without what names anything of Waymark's or Temporal's, for a rehearsal's programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, TEMPORAL))}
