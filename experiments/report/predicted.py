"""Simulated beside predicted: the empty way of drivers against what flow balance leaves (model 7.7, 10.2 H1)."""

from functools import partial

import numpy as np
import pandas as pd

from galleria.experiments.figures.predicted import Predicted, plot_predicted
from galleria.experiments.report.charts import Chart, Section
from galleria.experiments.report.line_colours import line_colours
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import level
from galleria.experiments.statistics import t_interval

SIMULATED, LEAST, STATIC = "deadhead_km_per_order", "least_deadhead_km_per_order", "nearest_deadhead_km_per_order"
FACTORS = ("drivers.multi_homing_share", "dispatch.bundling.max_orders")
"""Factors of which the law speaks; the first that an experiment varies colours the dots."""

_LAW = (
    "Drivers have to get from the last doors of their trips to the next stores. What that takes at least, were all "
    "trips known at once, follows from the places alone (flow balance: the Kantorovich distance between them, for "
    "drivers with the same apps). What it takes at most is that and the way of the nearest of as many idle drivers at "
    "random places as there were on average (the static formula). Flow balance falls with pooling only where one "
    "courier's doors are another's stores; the static part falls because more drivers are to be had for each order."
)


def predicted_section(study: Study) -> Section | None:
    """Show kilometres without a parcel beside the prediction, where bundles or multi-homing are varied."""
    factor = next((each for key in FACTORS for each in study.factors if each.key == key), None)
    if factor is None or {SIMULATED, LEAST, STATIC} - set(study.cube.metrics):
        return None
    rows = [study.cube.row(int(point)) for point in study.settings.index]
    simulated = t_interval(study.cube.of(SIMULATED)[rows])
    least, static = (np.nanmean(study.cube.of(metric)[rows], axis=1) for metric in (LEAST, STATIC))
    groups = [level(at, factor.unit) for at in factor.levels]
    frame = pd.DataFrame(
        {
            "group": [level(at, factor.unit) for at in study.settings[factor.key]],
            "predicted": least,
            "most": least + static,
            "mean": simulated.mean,
            "low": simulated.low,
            "high": simulated.high,
        }
    )
    data = Predicted(
        frame=frame,
        colours=line_colours(factor, groups),
        title="Kilometres without a parcel per order",
        unit="km",
        group_label=factor.label,
    )
    inside = int(((frame["mean"] >= least) & (frame["mean"] <= least + static)).sum())
    sentence = f"{inside} of {len(frame)} design points are inside the predicted range. {_by_group(frame, groups)}"
    chart = Chart(
        name="deadhead-simulated-and-predicted",
        draw=partial(plot_predicted, data),
        frame=frame.rename(columns={"group": factor.key}),
        caption="Drivers' kilometres without a parcel per order, one dot a design point: simulated against what flow "
        "balance leaves; a line to the right reaches to the most that is predicted; bars are 95 % intervals.",
        alt=f"Scatter of simulated against predicted kilometres without a parcel per order: {sentence}",
    )
    return Section(
        key="predicted",
        title="Simulated and predicted",
        paragraphs=(_LAW, sentence),
        charts=(chart,),
    )


def _by_group(frame: pd.DataFrame, groups: list[str]) -> str:
    """Say for each level of the factor what was predicted and simulated on average."""
    parts = []
    for group in groups:
        here = frame[frame["group"] == group]
        least, most, simulated = (float(here[name].mean()) for name in ("predicted", "most", "mean"))
        parts.append(f"at {group} between {least:.2f} and {most:.2f} km, simulated {simulated:.2f}")
    return f"Predicted {'; '.join(parts)}."
