"""What use cases say is said to whoever asked, at whatever they sit."""

from __future__ import annotations

import ast
import re

from tests.domain.factories import ROOT

OF_THE_COMMAND_LINE = re.compile(r"--[a-z]|starter\.py|`make ")


def test_no_sentence_of_a_use_case_names_an_option_or_a_command() -> None:
    for file in sorted((ROOT / "service").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not OF_THE_COMMAND_LINE.search(node.value), f"{file.name}:{node.lineno}"
