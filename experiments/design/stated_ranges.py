"""What conf/ says of its values: beside each, in its comment, with the plausible range after the unit.

A range is written `0.1-0.5`, `-20 to 20` or `1..364`, its thousands set apart by blanks if at all.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"^(?P<indent>\s*)(?P<name>[\w.]+):\s*(?P<value>[^\s#]+)?\s*(#\s*(?P<said>.*))?$")
_PACKAGE = re.compile(r"^# @package (\S+)", re.MULTILINE)
_ONE_NUMBER = re.compile(r"-?\d[\d_]*(\.\d+)?(e[+-]?\d+)?")
_MORE = re.compile(r"^\s*#\s*(?P<said>.*)$")
_NUMBER = r"\d+(?: \d{3})*(?:\.\d+)?(?:e-?\d+)?"
_RANGE = re.compile(rf"(?<![\w.])(-?{_NUMBER})(?:\s*-\s*|\s+to\s+|\.\.)(-?{_NUMBER})(?!\w|\.\d|\^)")

WIDEST = 20.0
"""Ratio of the ends beyond which a range says what the model accepts, and not what is believed."""

FILES: Mapping[str, str] = {name: f"{name}/base.yaml" for name in ("customers", "retailers", "drivers")}
"""Nodes whose files are read: what is believed of people. What couriers and cities are is a choice."""


@dataclass(frozen=True)
class Stated:
    """A key of a file and what its comment says.

    Attributes
    ----------
    names
        From the file's outermost key inwards.
    value
        As written; None for a key that holds others.
    said
        The comment, with the lines below that go on with it.
    """

    names: tuple[str, ...]
    value: str | None
    said: str

    @property
    def number(self) -> float | None:
        """The value, if it is one number."""
        return float(self.value) if self.value is not None and _ONE_NUMBER.fullmatch(self.value) else None

    @property
    def ends(self) -> tuple[float, float] | None:
        """The plausible range, if one is stated before the first semicolon."""
        found = _RANGE.search(self.said.partition(";")[0])
        return (_number(found[1]), _number(found[2])) if found else None


def names_above(path: Path, conf: Path) -> tuple[str, ...]:
    """Return the names above those of a file, as its package says; `NAME` stands for a courier's or vehicle's."""
    folders = path.relative_to(conf).parts[:-1]
    if folders[:1] == ("courier",):
        return ("couriers", "NAME")
    if folders[:1] == ("vehicle",):
        return ("drivers", "vehicles", "NAME")
    package = _PACKAGE.search(path.read_text(encoding="utf-8"))
    if package is None:
        return folders
    return () if package[1] == "_global_" else tuple(package[1].split("."))


def statements(path: Path) -> Iterator[Stated]:
    """Yield every key of a file of the configuration with its comment."""
    branch: list[tuple[int, str]] = []
    last: Stated | None = None
    column = -1
    for line in path.read_text(encoding="utf-8").splitlines():
        if last is not None and (more := _MORE.match(line)) and line.index("#") == column:
            last = Stated(last.names, last.value, f"{last.said} {more['said']}")
            continue
        if last is not None:
            yield last
        last, found = None, _LINE.match(line)
        if found is None:
            continue
        indent = len(found["indent"])
        branch = [*(each for each in branch if each[0] < indent), (indent, found["name"])]
        last, column = Stated(tuple(name for _, name in branch), found["value"], found["said"] or ""), line.find("#")
    if last is not None:
        yield last


@dataclass(frozen=True)
class StatedRange:
    """A default and the plausible range beside it."""

    value: float
    low: float
    high: float


def stated_ranges(conf: Path) -> dict[str, StatedRange]:
    """Return config key -> default and range of the values that have a plausible range.

    Left out are whole numbers, which say how large a market is and how long things last; values of 0, by which a part
    of the model is switched off; and ranges whose ends differ by more than a factor of twenty.

    Parameters
    ----------
    conf
        The folder of the configuration.
    """
    return {key: stated for node, name in FILES.items() for key, stated in _ranges_of(conf / name, node)}


def _ranges_of(path: Path, node: str) -> Iterator[tuple[str, StatedRange]]:
    for each in statements(path):
        if each.ends is None or not _is_real(each.value):
            continue
        value, (low, high) = float(each.value or 0), each.ends
        if low <= value <= high and value and (low == 0 or high <= WIDEST * low):
            yield ".".join([node, *each.names]), StatedRange(value, low, high)


def _number(text: str) -> float:
    return float(text.replace(" ", ""))


def _is_real(text: str | None) -> bool:
    return text is not None and re.fullmatch(r"\d+\.\d+(e-?\d+)?", text) is not None
