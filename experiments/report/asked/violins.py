"""How drivers' net earnings of an hour are spread, one violin for each level of `x`; needs `run.tables=all`."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from galleria.agents.kernel.clock import HOUR_S
from galleria.experiments.design.figure_names import CannotBeDrawnError, figure, need_factor
from galleria.experiments.figures.violins import Violins, plot_violins
from galleria.experiments.report.charts import Chart, slug
from galleria.experiments.report.drivers_by_level import drivers_by_level
from galleria.experiments.report.line_colours import line_colours
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import lower_first

_FEWEST = 10
_QUARTILES = (0.25, 0.5, 0.75)
_ENDS = (0.005, 0.995)


@figure("violins")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart; drivers of all replications are taken together."""
    need_factor(study, entry, "x")
    factor = study.factor(entry["x"])
    parts = []
    for level, drivers in drivers_by_level(study, factor, entry["at"]):
        own = drivers[drivers["online_s"] >= HOUR_S]
        hourly = own["net_usd"].to_numpy(float) / (own["online_s"].to_numpy(float) / HOUR_S)
        if hourly.size >= _FEWEST:
            low, high = np.quantile(hourly, _ENDS)
            kept = hourly[(hourly >= low) & (hourly <= high)]
            parts.append(pd.DataFrame({"group": level, "value": kept}))
    if not parts:
        raise CannotBeDrawnError(f"no level has {_FEWEST} drivers who were on line for an hour")
    frame = pd.concat(parts, ignore_index=True)
    names = list(dict.fromkeys(frame["group"]))
    title = f"Net earnings of drivers by {lower_first(factor.label)}"
    values = [frame.loc[frame["group"] == name, "value"].to_numpy(float) for name in names]
    quartiles = pd.DataFrame([np.quantile(each, _QUARTILES) for each in values], names, ["25 %", "50 %", "75 %"])
    told = "; ".join(f"{row[0]} {row[1]:.2f}, {row[2]:.2f} and {row[3]:.2f}" for row in quartiles.itertuples())
    chart = Chart(
        name=f"violins-{slug(factor.key)}",
        draw=partial(plot_violins, Violins(frame, line_colours(factor, names), title, "$ an hour on line")),
        frame=quartiles.reset_index(names=factor.key),
        caption=f"{title}: those on line for an hour or more, all replications together, without half a per cent at "
        "either end. Dashes stand at the quartiles.",
        alt=f"Violins of drivers' net earnings an hour; quartiles in dollars: {told}.",
    )
    return [chart]
