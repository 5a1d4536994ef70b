"""What pages load that others have made is as its makers published it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from web.core.pages import FILES

DEPENDENCIES = Path(__file__).resolve().parents[2] / "docs" / "dependencies.md"

OURS = ("follow.js",)


def test_each_script_is_the_one_whose_sum_is_noted() -> None:
    noted = dict(re.findall(r"\| `([\w.-]+\.js)` \|.*\| `([0-9a-f]{64})` \|", DEPENDENCIES.read_text(encoding="utf-8")))

    of_others = [file for file in FILES.glob("*.js") if file.name not in OURS]
    there = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in of_others}
    assert there == noted
