"""The table of verification, for a terminal and as a page of the documentation."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from itertools import groupby
from math import isfinite, isnan

import pandas as pd

from galleria.experiments.verification.registry import ROWS
from galleria.experiments.verification.running import Line

_SIGN = {"equal": "", "at most": "<= ", "at least": ">= "}


def frame_of(lines: Sequence[Line]) -> pd.DataFrame:
    """Return the columns that a terminal has room for."""
    rows = [
        {
            "id": line.id,
            "what": line.remark or line.what,
            "oracle": _oracle(line),
            "estimate": _number(line.estimate),
            "error": _number(line.standard_error),
            "tolerance": _number(line.tolerance),
            "verdict": line.verdict,
            "s": f"{line.seconds:.1f}",
        }
        for line in lines
    ]
    return pd.DataFrame(rows)


def json_of(lines: Sequence[Line]) -> str:
    """Return all columns as JSON; what is not a number is null."""

    def plain(value: object) -> object:
        return None if isinstance(value, float) and not isfinite(value) else value

    return json.dumps([{key: plain(value) for key, value in line._asdict().items()} for line in lines], indent=1)


def summary_of(lines: Sequence[Line], seconds: float) -> str:
    """Return one sentence: how many rows, and how they came out."""
    count = Counter(line.verdict for line in lines)
    parts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(count.items()))
    return f"{len(lines)} rows: {parts}; {seconds:.0f} s"


def page_of(lines: Sequence[Line], version: str, seconds: float) -> str:
    """Write the page docs/verification.md."""
    head = [
        "# Verification",
        "",
        f"Written by `galleria verify --page docs/verification.md` on {datetime.now(UTC):%Y-%m-%d} for {version}:",
        f"{summary_of(lines, seconds)}.",
        "",
        "Each row runs the code that users run and holds an estimate against its oracle. A row holds if the two are no",
        "further apart than the tolerance, which counts in four standard errors where something is drawn; `<=`",
        "and `>=` mark bounds. `galleria verify --only ID` runs one again, `--quick` those that take a second or two.",
        "",
    ]
    for subject, of_it in groupby(lines, key=_subject):
        head += [f"## {subject}", "", _HEAD, "|---|---|---|---|---|---|---|---|---|---|", *map(_row, of_it), ""]
    return "\n".join(head)


def _subject(line: Line) -> str:
    """Return what the file in which a row stands says of itself."""
    said = (import_module(ROWS[line.id].function.__module__).__doc__ or "").strip().splitlines()[0]
    return said.partition(" (")[0].rstrip(".")


_HEAD = "| id | what | regime | oracle is | oracle | estimate | standard error | tolerance | verdict | s |"


def _row(line: Line) -> str:
    cells = (
        f"`{line.id}`",
        line.remark or line.what,
        line.regime,
        line.oracle_is,
        _oracle(line),
        _number(line.estimate),
        _number(line.standard_error),
        _number(line.tolerance),
        line.verdict,
        f"{line.seconds:.1f}",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _oracle(line: Line) -> str:
    return _SIGN[line.side] + _number(line.oracle)


def _number(value: float) -> str:
    return "" if isnan(value) else f"{value:.6g}"
