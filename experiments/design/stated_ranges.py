"""Plausible ranges as conf/ states them: beside the value, in its comment, as `low-high` after the unit."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_LINE = re.compile(r"^(?P<indent>\s*)(?P<name>[\w.]+):\s*(?P<value>[^\s#]+)?\s*(#\s*(?P<said>.*))?$")
_RANGE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)(?![\w.])")
_WIDEST = 20.0
"""Ratio of the ends beyond which a range says what the model accepts, and not what is believed."""

FILES: Mapping[str, str] = {name: f"{name}/base.yaml" for name in ("customers", "retailers", "drivers")}
"""Nodes whose files are read: what is believed of people. What couriers and cities are is a choice."""


def stated_ranges(conf: Path) -> dict[str, tuple[float, float]]:
    """Return config key -> (low, high) of the values that have a plausible range.

    Left out are whole numbers, which say how large a market is and how long things last; values of 0, by which a part
    of the model is switched off; and ranges whose ends differ by more than a factor of twenty.

    Parameters
    ----------
    conf
        The folder of the configuration.
    """
    return {key: ends for node, name in FILES.items() for key, ends in _ranges_of(conf / name, node)}


def _ranges_of(path: Path, node: str) -> Iterator[tuple[str, tuple[float, float]]]:
    branch: list[tuple[int, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        indent = len(found["indent"])
        branch = [*(each for each in branch if each[0] < indent), (indent, found["name"])]
        ends = _RANGE.search((found["said"] or "").partition(";")[0])
        if ends is None or not _is_real(found["value"]):
            continue
        value, low, high = float(found["value"]), float(ends[1]), float(ends[2])
        if low <= value <= high and value and (low == 0 or high <= _WIDEST * low):
            yield ".".join([node, *(name for _, name in branch)]), (low, high)


def _is_real(text: str | None) -> bool:
    return text is not None and re.fullmatch(r"\d+\.\d+(e-?\d+)?", text) is not None
