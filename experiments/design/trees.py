"""Trees of plain settings: look up, set and list dotted keys, without changing the tree that is given."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

JsonTree = dict[str, Any]


def key_paths(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """List the dotted keys of a tree, branches and leaves."""
    for name, node in tree.items():
        yield f"{prefix}{name}"
        if isinstance(node, Mapping):
            yield from key_paths(node, f"{prefix}{name}.")


def has_key(tree: Mapping[str, Any], key: str) -> bool:
    """Say whether a dotted key stands in a tree."""
    node: Any = tree
    for part in key.split("."):
        if not isinstance(node, Mapping) or part not in node:
            return False
        node = node[part]
    return True


def value_at(tree: Mapping[str, Any], key: str) -> Any:
    """Return the value of a dotted key."""
    node: Any = tree
    for part in key.split("."):
        node = node[part]
    return node


def with_value(tree: JsonTree, key: str, value: Any) -> JsonTree:
    """Return a tree in which one key is set; a mapping is merged into a mapping, as Hydra does.

    Only the branch that changes is copied; the rest is shared with the given tree.
    """
    head, _, rest = key.partition(".")
    old = tree.get(head)
    if rest:
        return {**tree, head: with_value(old if isinstance(old, dict) else {}, rest, value)}
    return {**tree, head: _merged(old, value)}


def _merged(old: Any, new: Any) -> Any:
    """Put a value in the place of another; the names of a mapping are taken as they stand, dots and all."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{str(name): _merged(old.get(str(name)), node) for name, node in new.items()}}
    return copy.deepcopy(new)


def without_key(tree: JsonTree, key: str) -> JsonTree:
    """Return a tree in which one key is absent."""
    head, _, rest = key.partition(".")
    if rest:
        return {**tree, head: without_key(tree[head], rest)}
    return {name: node for name, node in tree.items() if name != head}
