"""Lorenz curves of drivers' net earnings, one for each level of `lines`; needs `run.tables=all`."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from galleria.experiments.design.figure_names import CannotBeDrawnError, figure, need_factor
from galleria.experiments.figures.lorenz import Lorenz, plot_lorenz
from galleria.experiments.report.charts import Chart
from galleria.experiments.report.drivers_by_level import drivers_by_level
from galleria.experiments.report.line_colours import line_colours
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import lower_first

_STEPS = 101


@figure("lorenz")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart; drivers of all replications are taken together."""
    need_factor(study, entry, "lines")
    factor = study.factor(entry["lines"])
    parts = []
    for name, drivers in drivers_by_level(study, factor, entry["at"]):
        earned = drivers.loc[drivers["online_s"] > 0, "net_usd"].to_numpy(float)
        if earned.size and earned.sum() > 0:
            parts.append(pd.DataFrame({"line": name, **_curve(earned)}))
    if not parts:
        raise CannotBeDrawnError("no driver earned anything")
    frame = pd.concat(parts)
    names = list(dict.fromkeys(frame["line"]))
    data = Lorenz(frame, line_colours(factor, names), "Share of all net earnings of drivers", factor.label)
    chart = Chart(
        name="lorenz-drivers",
        draw=partial(plot_lorenz, data),
        frame=frame,
        caption=f"Lorenz curves of the net earnings of drivers who were on line, by {lower_first(factor.label)}; on "
        "the dashed line all would earn the same. Drivers of all replications together.",
        alt=f"Lorenz curves of drivers' earnings for {len(names)} levels of {factor.label}.",
    )
    return [chart]


def _curve(earned: np.ndarray) -> dict[str, np.ndarray]:
    """Cumulate earnings from the lowest on, at hundredths of the drivers, float64[101] each."""
    total = np.concatenate([[0.0], np.cumsum(np.sort(earned))]) / earned.sum()
    shares = np.linspace(0, 1, _STEPS)
    return {"drivers": shares, "earnings": np.interp(shares, np.linspace(0, 1, len(total)), total)}
