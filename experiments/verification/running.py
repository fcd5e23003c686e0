"""Running rows, two at a time, into one table."""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from math import nan
from pathlib import Path
from typing import Literal, NamedTuple

from joblib import Parallel, delayed

from galleria.experiments.verification.findings import Finding
from galleria.experiments.verification.registry import Row
from galleria.experiments.verification.suite import ROWS, in_order
from galleria.models.errors import UsageError

type Verdict = Literal["holds", "fails", "error", "skipped"]


class Line(NamedTuple):
    """One line of the table; `remark` says why a row could not be run."""

    id: str
    what: str
    regime: str
    oracle_is: str
    side: str
    oracle: float
    estimate: float
    standard_error: float
    tolerance: float
    verdict: Verdict
    seconds: float
    remark: str

    @property
    def is_bad(self) -> bool:
        """Whether the row says that something is wrong."""
        return self.verdict in {"fails", "error"}


def chosen(only: Sequence[str], *, quick: bool) -> list[Row]:
    """Return the rows asked for, those that take longest first.

    Parameters
    ----------
    only
        Identifiers, or their beginnings up to a dot; empty for all.
    quick
        Leave out what takes longer than a second or two.

    Raises
    ------
    UsageError
        If one names no row.
    """
    for name in only:
        if not any(_is_of(each, name) for each in ROWS.values()):
            try:
                ROWS[name]
            except ValueError as error:
                raise UsageError(str(error)) from error
    asked = [each for each in in_order() if not only or any(_is_of(each, name) for name in only)]
    return [each for each in asked if each.quick or not quick]


def _is_of(row: Row, name: str) -> bool:
    return row.id == name or row.id.startswith(f"{name}.") or row.subject == name


def run_row(name: str, data: Path | None) -> Line:
    """Run one row; an exception in it is a line that says so.

    Parameters
    ----------
    name
        Its identifier.
    data
        Folder of outside data, if there is one.
    """
    row = ROWS[name]
    folder = None if data is None else data / row.data
    if row.data and (folder is None or not folder.exists()):
        where = "--data FOLDER names no folder" if folder is None else f"{folder} is not there"
        return _line(row, None, "skipped", 0.0, f"needs {row.data}: {where}")
    began = time.perf_counter()
    try:
        found = row.function(**row.arguments, **({"data": folder} if row.data else {}))
    except Exception as error:  # noqa: BLE001 (a row that cannot be run is a row that fails)
        return _line(row, None, "error", time.perf_counter() - began, f"{type(error).__name__}: {error}")
    return _line(row, found, "holds" if found.holds else "fails", time.perf_counter() - began, "")


def run_rows(rows: Sequence[Row], data: Path | None, workers: int, tell: Callable[[Line], None]) -> list[Line]:
    """Run rows in processes of their own and return their lines in the order of the registry.

    Parameters
    ----------
    rows, data
        See `chosen`, `run_row`.
    workers
        Processes; with one, everything runs in this.
    tell
        Called with each line as it comes.
    """
    longest_first = sorted(rows, key=lambda row: (row.quick, row.id.partition(".")[0]))
    lines = {}
    for line in _lines([row.id for row in longest_first], data, workers):
        tell(line)
        lines[line.id] = line
    return [lines[row.id] for row in rows]


def _lines(names: list[str], data: Path | None, workers: int) -> Iterator[Line]:
    if workers == 1:
        yield from (run_row(name, data) for name in names)
        return
    parallel = Parallel(n_jobs=workers, return_as="generator_unordered", batch_size=1)
    families = [[*names] for _, names in groupby(names, key=lambda name: name.partition(".")[0])]
    for lines in parallel(delayed(_run_family)(family, data) for family in families):
        yield from lines


def _run_family(names: list[str], data: Path | None) -> list[Line]:
    """Run rows of one number in one process: they look at the same runs."""
    return [run_row(name, data) for name in names]


def _line(row: Row, found: Finding | None, verdict: Verdict, seconds: float, remark: str) -> Line:
    found = found or Finding(nan, nan, nan)
    return Line(
        row.id,
        row.what,
        row.regime,
        row.oracle,
        found.side,
        found.oracle,
        found.estimate,
        found.standard_error,
        found.tolerance,
        verdict,
        seconds,
        remark,
    )
