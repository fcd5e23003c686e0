"""Values that nobody has seen: told where they leave the range that conf/ calls plausible, refused far beyond it.

What is impossible (a negative wage, a share of two) the settings' own types refuse. A number may still be a slip of
units or of the keyboard: it is compared with what the comments of conf/ say of its key in any file of its group.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from galleria.experiments.design.compose import CONF
from galleria.experiments.design.stated_ranges import Stated, names_above, statements

FAR = 1000.0
"""Beyond the plausible range by this factor a value is refused."""

_GROUPS = (
    "city",
    "customers",
    "retailers",
    "drivers",
    "courier",
    "meals",
    "policy",
    "dispatch",
    "strategy",
    "traffic",
    "run",
)
_REFERENCE = re.compile(r"\$\{\.+(observed\.\w+)\}")


@dataclass
class Seen:
    """What conf/ knows of a key.

    Attributes
    ----------
    values
        Numbers that it has in some file, and ends of the ranges stated of it.
    stated
        Whether any file states a range.
    """

    values: list[float]
    stated: bool

    @property
    def ends(self) -> tuple[float, float]:
        """The widest range that is plausible."""
        return min(self.values), max(self.values)

    def is_far(self, value: float) -> bool:
        """Say whether a value is beyond anything that can be meant; 0 switches off, and is for the types to refuse."""
        low, high = self.ends
        sizes = [abs(each) for each in self.values if each]
        if value == 0 or low <= value <= high or not sizes:
            return False
        return not min(sizes) / FAR <= abs(value) <= max(sizes) * FAR


def far_from_plausible(tree: Mapping[str, Any]) -> list[str]:
    """List the values of a tree of settings that are refused, with key and plausible range."""
    return [
        f"{key} = {value:g} is out of range (plausible: {_words(seen)}, and {FAR:.0f} times as far is refused)"
        for key, value, seen in _known(tree)
        if seen.stated and seen.is_far(value)
    ]


def implausible(trees: Iterable[Mapping[str, Any]]) -> list[str]:
    """List the values of trees of settings outside what conf/ calls plausible, each key once."""
    found: dict[str, str] = {}
    for tree in trees:
        for key, value, seen in _known(tree):
            low, high = seen.ends
            if seen.stated and not low <= value <= high:
                found.setdefault(key, f"{key} = {value:g} is outside what is plausible ({_words(seen)})")
    return list(found.values())


def _words(seen: Seen) -> str:
    low, high = seen.ends
    return f"{low:g} to {high:g}"


def _known(tree: Mapping[str, Any]) -> Iterator[tuple[str, float, Seen]]:
    """Yield key, number and what is known of it, for the numbers of which something is known."""
    seen = _seen(CONF)
    kinds = {name: node.get("kind") for name, node in (tree.get("policy") or {}).items()}
    for path, value in _numbers(tree, ()):
        names = [name for name in path if not name.isdigit()]
        if names[0] == "couriers":
            names[1] = "NAME"
        elif names[0] == "policy":
            names[1:2] = [str(kinds[names[1]])]
        if (known := seen.get(".".join(names))) is not None:
            yield ".".join(path), value, known


def _numbers(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    if isinstance(node, Mapping):
        for name, inner in node.items():
            yield from _numbers(inner, (*path, str(name)))
    elif isinstance(node, list | tuple):
        for i, inner in enumerate(node):
            yield from _numbers(inner, (*path, str(i)))
    elif isinstance(node, int | float) and not isinstance(node, bool) and path[-1] != "seed":
        yield path, node


@cache
def _seen(conf: Path) -> dict[str, Seen]:
    """Collect what conf/ says by key; couriers share theirs whatever their name, policies by their kind."""
    found: dict[str, Seen] = {}
    for group in _GROUPS:
        for path in sorted((conf / group).rglob("*.yaml")):
            for key, values, stated in _said(path, conf):
                each = found.setdefault(key, Seen([], stated=False))
                each.values += values
                each.stated |= stated
    return {key: each for key, each in found.items() if each.values}


def _said(path: Path, conf: Path) -> Iterator[tuple[str, list[float], bool]]:
    """Yield key, numbers and whether they are a range's ends, for each statement of a file."""
    all_of = list(statements(path))
    kinds = {each.names[0]: each.value for each in all_of if len(each.names) == 2 and each.names[1] == "kind"}
    ends = {each.names: each.ends for each in all_of}
    node = names_above(path, conf)
    for each in all_of:
        names = each.names
        if node == ("policy",):
            if names[0] not in kinds:  # it changes a policy of another file
                continue
            names = (str(kinds[names[0]]), *names[1:])
        said = each.ends or ends.get(_referred(each))
        values = [*(said or ()), *([] if each.number is None else [each.number])]
        yield ".".join((*node, *names)), values, said is not None


def _referred(each: Stated) -> tuple[str, ...]:
    """Return the names of the observed value that a courier's own is, if it is one."""
    match = _REFERENCE.fullmatch(each.value or "")
    return tuple(match[1].split(".")) if match else ()
