"""Reading a policy from its YAML text, with errors that name file, key and reason."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml
from pydantic import ValidationError

from domain.policy import Policy


class PolicyError(ValueError):
    """A policy can't be used; the text names the file, each key and the reason."""


def read_policy(text: str, name: str) -> Policy:
    """The policy in a YAML text; ``name`` is the file's, for errors. Raises :class:`PolicyError`."""
    try:
        content = yaml.load(text, Loader=_EachKeyOnce)
    except yaml.YAMLError as error:
        raise PolicyError(f"{name}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise PolicyError(f"{name}: a policy is a mapping of keys to values")
    try:
        return Policy.model_validate(content)
    except ValidationError as error:
        raise PolicyError(
            "\n".join(
                f"{name}: {'.'.join(str(part) for part in one['loc']) or 'policy'}: "
                f"{one['msg'].removeprefix('Value error, ')}"
                for one in error.errors(include_input=False, include_url=False)
            )
        ) from None


class _EachKeyOnce(yaml.SafeLoader):
    """YAML would silently let the last of two equal keys win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(None, None, f"the key {twice!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)
