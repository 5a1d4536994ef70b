"""Reading YAML that people wrote, strictly: each key once, of a size that people write, and wrong in words of ours."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

MOST_BYTES = 4 * 2**20
"""A larger file is refused unread: no policy, and no catalogue of a company, is nearly as large."""

TOO_LARGE = f"is larger than {MOST_BYTES // 2**20} MiB"


class NotYaml(ValueError):
    """It can't be read; the text says in which line, where that is known, and what is wrong there."""


def read_yaml(text: str | bytes) -> Any:
    """What stands in a YAML text. Raises :class:`NotYaml`, also for a key that stands twice in one mapping.

    A text that only looks like a date or an instant, as ``2027-02-30`` does, stays a text.
    """
    if len(text) > MOST_BYTES:
        raise NotYaml(TOO_LARGE)
    try:
        return yaml.load(text, _Strict)
    except _Twice as twice:
        raise NotYaml(f"line {twice.line}: the key {twice.key} stands twice") from None
    except yaml.MarkedYAMLError as error:
        raise NotYaml(_sentence(error)) from None
    except UnicodeDecodeError:
        raise NotYaml("is not UTF-8 text") from None
    except yaml.reader.ReaderError as error:
        raise NotYaml(_of_reader(error)) from None
    except RecursionError:
        raise NotYaml("is nested too deeply") from None
    except (yaml.YAMLError, ValueError):  # ValueError: a number that YAML recognises and Python can't make
        raise NotYaml("is not YAML") from None


class _Twice(Exception):
    """A key stands twice in a mapping."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__()
        self.key, self.line = key, line


class _Strict(yaml.SafeLoader):
    """YAML's own reader would silently let the last of two equal keys win.

    It is not the quick one of libyaml, which ends the whole process at a text that is nested deeply enough.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                continue  # the base class refuses it
            if key in seen:
                raise _Twice(str(key)[:40] if str(key).isprintable() else "of this line", key_node.start_mark.line + 1)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        """A date or an instant; what only looks like one stays text, for a model to refuse by its key."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_scalar(node)


_Strict.add_constructor("tag:yaml.org,2002:timestamp", _Strict.construct_yaml_timestamp)


def _sentence(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    return f"line {mark.line + 1}: {_reason(error)}" if mark else _reason(error)


def _reason(error: yaml.MarkedYAMLError) -> str:
    """What is wrong, by what the library says of it, in words that name what to look for."""
    message = " ".join(filter(None, (error.context, error.problem)))
    return next((reason for words, reason in _REASONS if words in message), NOT_YAML)


NOT_YAML = "is not YAML; look at the colons, brackets, quotation marks and indents there and just above"

_REASONS = (
    ("\\t", "begins with a tab; YAML takes only spaces"),
    ("quoted scalar", "a quotation mark is not closed"),
    ("undefined alias", "a * stands before a text that is not in quotes"),
    ("2002:merge", "takes over other entries by <<; write out what they hold"),
    ("2002:value", "a = must be in quotes"),
    ("could not determine a constructor", "a ! stands before a text that is not in quotes"),
    ("unhashable key", "a key must be a text"),
    ("unacceptable key", "a key must be a text"),
    ("expected a single document", "holds more than one document (divided by ---)"),
)


def _of_reader(error: yaml.reader.ReaderError) -> str:
    if error.encoding != "unicode":
        return "is not UTF-8 text"
    return f"holds the character U+{error.character:04X}, which YAML does not take"
