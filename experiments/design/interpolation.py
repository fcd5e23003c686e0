"""References between settings: ${drivers.pool}, ${.pool}."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from galleria.experiments.design.compose import first_lines
from galleria.experiments.design.trees import JsonTree, has_key, value_at, with_value
from galleria.models.errors import UsageError


def resolved(tree: JsonTree) -> JsonTree:
    """Return a tree with its interpolations replaced by their values.

    Notes
    -----
    References to another key are followed here, because OmegaConf takes 16 to 100 ms a tree of 450 to 680 keys (16
    to select the interpolated keys one by one, 100 to create and resolve the whole) where this takes 1 to 2 ms:
    the difference between two seconds and more than a minute in a plan of 1,000 points. Anything beyond plain
    references (resolvers, text around a reference, branches) is left to OmegaConf.
    """
    result = tree
    for path, text in _interpolations(tree, ()):
        try:
            if any(part.isdigit() for part in path):
                return _resolved_by_omegaconf(tree)
            value = _follow(tree, path, text, _LONGEST_CHAIN)
        except (LookupError, TypeError, ValueError):
            return _resolved_by_omegaconf(tree)
        result = with_value(result, ".".join(path), value)
    return result


def followers(tree: JsonTree, keys: Collection[str]) -> dict[str, str]:
    """Return config key -> the first of `keys` that its reference leads to, for the settings that lead to one."""
    found = {}
    for path, text in _interpolations(tree, ()):
        if (key := _leads_to(tree, path, text, keys)) is not None:
            found[".".join(path)] = key
    return found


def _leads_to(tree: JsonTree, path: tuple[str, ...], text: str, keys: Collection[str]) -> str | None:
    for _ in range(_LONGEST_CHAIN):
        target = _target(path, text)
        if target is None or (key := ".".join(target)) in keys:
            return None if target is None else key
        if not has_key(tree, key) or not isinstance(value_at(tree, key), str):
            return None
        path, text = target, value_at(tree, key)
    return None


_LONGEST_CHAIN = 20
"""References to references: more than this is a circle."""

_REFERENCE = re.compile(r"\$\{(\.*)([A-Za-z_]\w*(?:\.\w+)*)\}")


def _follow(tree: JsonTree, path: tuple[str, ...], text: str, left: int) -> Any:
    """Return the value that the reference `text`, standing at `path`, leads to."""
    target = _target(path, text)
    if target is None or left == 0:
        raise ValueError
    value = value_at(tree, ".".join(target))
    if isinstance(value, str) and "${" in value:
        return _follow(tree, target, value, left - 1)
    if isinstance(value, dict | list):
        raise TypeError
    return value


def _target(path: tuple[str, ...], text: str) -> tuple[str, ...] | None:
    """Return where a plain reference that stands at `path` points; None for anything else."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    dots, key = match.groups()
    return (*path[: len(path) - len(dots)], *key.split(".")) if dots else tuple(key.split("."))


def _interpolations(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Find the places where interpolations stand."""
    if isinstance(node, Mapping):
        for name, inner in node.items():
            yield from _interpolations(inner, (*path, str(name)))
    elif isinstance(node, list | tuple):
        for i, inner in enumerate(node):
            yield from _interpolations(inner, (*path, str(i)))
    elif isinstance(node, str) and ("${" in node or node == "???"):
        yield path, node


def _resolved_by_omegaconf(tree: JsonTree) -> JsonTree:
    try:
        plain = OmegaConf.to_container(OmegaConf.create(tree), resolve=True, throw_on_missing=True)
    except (OmegaConfBaseException, RecursionError) as error:
        raise UsageError(first_lines(error)[:1000]) from error
    if not isinstance(plain, dict):
        raise TypeError
    return {str(name): node for name, node in plain.items()}
