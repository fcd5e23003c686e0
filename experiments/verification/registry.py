"""The registry of rows.

A row is a function that returns a finding; the first line of its docstring says what is compared. `@row` registers it
under an identifier that begins with the number the model's section 10 gives it. With cases, it is one row a case.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from galleria.agents.kernel.registry import Registry
from galleria.experiments.verification.findings import Finding

type Function = Callable[..., Finding]


class Row(NamedTuple):
    """One row of the table.

    Attributes
    ----------
    id, what, regime
        As they are printed; the regime says under which conditions the oracle holds.
    oracle
        Where the oracle comes from.
    quick
        Whether `--quick` runs it.
    data
        Folder below `--data` that it reads; empty if none. The row's function takes its path.
    function, arguments
        What is called.
    """

    id: str
    what: str
    regime: str
    oracle: str
    quick: bool
    data: str
    function: Function
    arguments: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """The module in which it stands."""
        return self.function.__module__.rpartition(".")[2]


ROWS = Registry[Row]("row")


def row(
    id: str,  # noqa: A002 (its name in the table)
    regime: str,
    *,
    oracle: str = "closed form",
    quick: bool = True,
    data: str = "",
    cases: Mapping[str, Mapping[str, Any]] | None = None,
) -> Callable[[Function], Function]:
    """Register a row, or one a case.

    Parameters
    ----------
    id, regime, oracle, quick, data
        See `Row`.
    cases
        From the rest of each identifier to the function's arguments.
    """

    def register(function: Function) -> Function:
        what = (function.__doc__ or "").strip().splitlines()[0].rstrip(".")
        for name, arguments in (cases or {"": {}}).items():
            full = _slug(f"{id}.{name}" if name else id)
            said = f"{what}: {name}" if name else what
            if full in ROWS:
                raise ValueError(f"there is a row {full!r} already")
            ROWS.add(full, Row(full, said, regime, oracle, quick, data, function, arguments))
        return function

    return register


def _slug(name: str) -> str:
    """Write a name without what a shell would take apart."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")
