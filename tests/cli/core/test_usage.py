"""Every command, used wrongly: what is said are sentences of ours, never the library's that reads the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from activities.core.letters import TEMPLATES
from cli.core.commands import Commands
from cli.core.errors import CommandError
from service.core.errors import RefusedByCase
from tests.cli.conftest import ALL, WHOLE, CommandLine
from tests.domain.factories import ROOT

WORDS_OF_A_LIBRARY = re.compile(
    r"Missing (argument|option|parameter|command)|No such|Invalid value|Got unexpected|requires an argument"
    r"|does not take|is not one of|Did you mean|does not exist|is a directory\.|Try '|Choose from|Could not open"
    r"|Possible options|Input should|not a valid|must be an iterable|Value error|Traceback|Errno|instance of"
)
"""What the libraries say that read the command line, validate values and open files."""

A_FILE = str(ROOT / "pyproject.toml")


def usable(param: Any) -> str:
    """Something that is taken for this option or argument."""
    described = param.type_descriptor
    if described.is_choice:
        return str(getattr(described.choices[0], "value", described.choices[0]))
    if (param.metavar or "").strip("[]") == "FILE":
        return A_FILE
    known = {"DATE": "2027-03-01", "PATTERN": "from 2027-03-01 60%", "N": "1"}
    return {int: "1", float: "1"}.get(described.annotation, known.get(param.metavar, "P-ANN1"))


def name_of(param: Any) -> str:
    return str(next(option for option in param.opts if option.startswith("--")))


def given(command: Any, unless: Any = None) -> list[str]:
    """Everything that this command has to be given, but for one of them."""
    needed = [param for param in command.params if param.required and param is not unless]
    options = [
        word for param in needed if param.param_type_name == "option" for word in (name_of(param), usable(param))
    ]
    return options + [usable(param) for param in needed if param.param_type_name == "argument"]


def last_argument(command: Any) -> Any:
    """The one that is missing wherever one too few is given."""
    return [param for param in command.params if param.required and param.param_type_name == "argument"][-1]


def wrong_uses(command: Any) -> Iterator[tuple[str, list[str]]]:
    """Ways to use a command wrongly: the word that has to be named, and what is typed."""
    yield "--no-such", [*given(command), "--no-such"]
    if not any(param.nargs == -1 for param in command.params):
        full = [usable(param) for param in command.params if param.param_type_name == "argument" and not param.required]
        yield "one-too-many", [*given(command), *full, "one-too-many"]
    for param in command.params:
        option = param.param_type_name == "option"
        word = name_of(param) if option else (param.metavar or param.name).replace("[FILE]", "FILE")
        if not option and param.required and param is not last_argument(command):
            continue
        if param.required:
            yield word, given(command, unless=param)
        if getattr(param, "is_flag", False):
            yield word, [f"{word}=yes", *given(command)]
            continue
        rest = given(command, unless=param)
        for value in ("", "  "):
            yield word, [*rest, *([f"{word}={value}"] if option else ["--", value])]
        if option:
            yield word, [*rest, word]
        if usable(param) not in ("P-ANN1", "2027-03-01", "from 2027-03-01 60%"):
            yield word, [*rest, *([word] if option else []), "no/such thing"]


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_command_that_is_used_wrongly_says_so_in_our_words(
    words: tuple[str, ...], command: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    for word, typed in wrong_uses(ALL[words]):
        for as_json in (True, False):
            line = [*words, *(["--json"] if as_json else []), *typed]
            code = WHOLE.main(line, standalone_mode=False)
            out, err = capsys.readouterr()
            said = json.loads(err)["error"] if as_json else err
            assert code == (1 if "must not be empty" in said else 2), (line, out, err)
            assert word in said, (line, said)
            assert not WORDS_OF_A_LIBRARY.search(said), (line, said)
            assert not out, line


def test_what_is_no_command_is_told_with_those_there_are(command: CommandLine) -> None:
    said = command("placement", "strat", code=2)
    assert "there is no command “strat”; did you mean start? There are start, pause, resume" in said
    assert "did you mean board?" in command("borad", code=2)
    assert "there is no option --json before a command" in command.error("placement", code=2)["error"]
    assert "Start a placement" in command("placement", code=2)


def test_nothing_that_was_typed_steers_a_terminal(command: CommandLine) -> None:
    for line in (
        ["\x1b[2J"],
        ["board", "\x1b[2J"],
        ["board", "--\x1b[2J"],
        ["import", "skills", "--day-order", "\x1b"],
    ):
        assert "\x1b" not in command(*line, code=2)


def test_a_file_that_can_not_be_one_is_told(command: CommandLine) -> None:
    assert "FILE: there is no file missing.csv" in command("import", "people", "missing.csv", code=2)
    assert "is a directory" in command("import", "people", str(ROOT), code=2)
    assert "can't be the name of anything here" in command("import", "people", "x" * 5000, code=2)
    assert "--html: must be a file" in command("report", "--html", str(ROOT), code=2)
    assert "--html: there is no directory nowhere" in command("report", "--html", "nowhere/page.html", code=2)
    assert f"--to: must be a directory; {A_FILE} is none" in command(
        "certificate", "save", "C-1", "--to", A_FILE, code=2
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["placement", "withdraw", "R-1", "--reason", "r", "--as", "me!"], "--as: must be the id of a person, such as"),
        (["placement", "withdraw", "R-1", "--reason", "r", "--as=me!"], "not “me!”"),
        (["placement", "pause", "R-1", "--back-on", "2300-01-01", "--as", "P-1AB"], "--back-on: must be less than"),
        (["placement", "extend", "R-1", "--weeks", "2", "--reason", "\0", "--as", "P-1AB"], "--reason: must not hold"),
    ],
)
def test_what_does_not_fit_is_told_by_the_option_and_as_it_was_typed(
    command: CommandLine, words: list[str], sentence: str
) -> None:
    assert sentence in command(*words, code=1)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["placement", "pause", "R-1", "--leave-type", "Sun"], "--leave-type: must be parental, sick, carer or other"),
        (["capacity", "resize", "budget-A", "--reason", "r", "--size", "x"], "--size: must be a number, 0 or more"),
        (["capacity", "resize", "budget-A", "--reason", "r", "--size", "-1"], "--size: must be a number, 0 or more"),
        (["capacity", "resize", "budget-A", "--reason", "r", "--size", "NaN"], "--size: must be a number, 0 or more"),
        (["capacity", "resize", "budget-A", "--reason", "r", "--size", "1", "--unit", "x"], "--unit: must be places"),
        (["cohort", "rematch", "K1", "--reason", "r", "--pin", "x"], "--pin: must be a returner and a mentor"),
    ],
)
def test_a_value_that_an_option_can_never_have_is_a_wrong_use(
    command: CommandLine, words: list[str], sentence: str
) -> None:
    assert sentence in command(*words, "--as", "P-1AB", code=2)


def test_what_a_case_refuses_is_told_by_the_option_too(capsys: pytest.CaptureFixture[str]) -> None:
    commands = Commands()

    @commands.command()
    def pause(back_on: str = "") -> None:
        raise RefusedByCase(f"back_on: {back_on} must be after today", "invalid")

    with pytest.raises(CommandError, match=r"^--back-on: 2020-01-01 must be after today"):
        typer.main.get_command(commands).main(["--back-on", "2020-01-01"], standalone_mode=False)


def test_an_id_in_small_letters_is_the_one_on_record(staffed: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "localhost:1")
    start = ("placement", "start", "--returner", "p-2hd9wq", "--role", "data1", "--as", "p-7lm2za")
    assert "localhost:1" in staffed(*start, code=4)  # everybody was found, and only the server is missing
    assert "no person P-NOBODY" in staffed("tasks", "--of", "p-nobody", code=3)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_id_may_be_typed_in_small_letters(words: tuple[str, ...]) -> None:
    ids = re.compile("P-…|ROLE|PROFILE|CASE|TASK|ID$|CERTIFICATE|COHORT|CAPACITY")
    for param in ALL[words].params:
        if ids.match(param.metavar or ""):
            parser = param.type_descriptor.parameter_info.parser
            assert parser is not None, f"{' '.join(words)}: {param.opts[0]}"
            typed = "p-7f3k2m=p-4cy9gs" if "=" in param.metavar else "mentor-6nb4yv"
            assert parser(typed).upper() == typed.upper() != parser(typed).lower()


def test_standard_input_is_a_file_too(staffed: CommandLine, tmp_path: Path) -> None:
    assert "the statement is empty" in staffed("event", "u-ann1-data1", "--as", "P-7LM2ZA", code=1, stdin="")
    assert "FILE: there is no file" in staffed("event", "U-1-A", str(tmp_path / "no"), "--as", "P-7LM2ZA", code=2)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("tasks", "--case", "R-\udcff"), "--case: must be text in UTF-8"),
        (("decisions", "R-\udcff"), "CASE: must be text in UTF-8"),
        (("assess", "P-3MT8KW", "sql=3", "\udcff=3"), "SKILL=LEVEL…: must be text in UTF-8"),
    ],
)
def test_bytes_that_are_no_text_are_refused(command: CommandLine, words: tuple[str, ...], sentence: str) -> None:
    assert command.error(*words, code=2) == {"error": sentence, "kind": "usage"}


def commands_in(text: str) -> list[str]:
    """What stands in a letter to be typed, on one line each."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [line.partition("starter.py ")[2] for line in lines if "starter.py " in line]


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.txt")), ids=lambda file: file.stem)
def test_every_command_in_a_letter_is_there_and_has_all_that_it_needs(template: Path) -> None:
    for typed in commands_in(template.read_text(encoding="utf-8")):
        words = re.sub(r"{{.*?}}", "X", typed).split()
        named = next(name for name in (tuple(words[:2]), tuple(words[:1])) if name in ALL)
        options = [
            name_of(param) for param in ALL[named].params if param.required and param.param_type_name == "option"
        ]
        assert set(options) <= set(words), typed
        known = {name for param in ALL[named].params for name in param.opts}
        assert {word for word in words if word.startswith("--")} <= known, typed
