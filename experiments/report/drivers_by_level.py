"""The drivers of each level of a factor, all replications together, for figures of how they fare."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from galleria.experiments.design.figure_names import CannotBeDrawnError
from galleria.experiments.report.study import Factor, Study
from galleria.experiments.report.words import spaced


def drivers_by_level(study: Study, factor: Factor, at: Mapping[str, Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each level in words, and its drivers' rows of the table; other factors stand as `at` says.

    Raises
    ------
    CannotBeDrawnError
        When the results have no such table.
    """
    if "drivers" not in study.results.tables:
        raise CannotBeDrawnError("it needs the table of drivers: run.tables=all")
    drivers = study.results.table("drivers").merge(study.results.plan[["run_key", "point"]], on="run_key")
    for value in factor.levels:
        point = study.find({**at, factor.key: value})
        yield spaced(factor.words(value)), drivers[drivers["point"] == point]
