"""Simulated beside predicted: the empty way of drivers against what flow balance leaves (model 7.7, 10.2 H1)."""

from functools import partial

import numpy as np
import pandas as pd

from experiments.figures.predicted import Predicted, plot_predicted
from experiments.figures.theme import sequence
from experiments.report.charts import Chart, Section
from experiments.report.study import Study
from experiments.report.words import level
from experiments.statistics import t_interval

SIMULATED, LEAST = "deadhead_km_per_order", "least_deadhead_km_per_order"
FACTORS = ("drivers.multi_homing_share", "dispatch.bundling.max_orders")
"""Factors of which the law speaks; the first that an experiment varies colours the dots."""

_LAW = (
    "Drivers have to get from the last doors of their trips to the next stores: what that takes at least, were all "
    "trips known at once, is predicted from the places alone (the Kantorovich distance between them, for drivers with "
    "the same apps)."
)


def predicted_section(study: Study) -> Section | None:
    """Show kilometres without a parcel beside the prediction, where bundles or multi-homing are varied."""
    factor = next((each for key in FACTORS for each in study.factors if each.key == key), None)
    if factor is None or SIMULATED not in study.cube or LEAST not in study.cube:
        return None
    rows = [study.cube.row(int(point)) for point in study.settings.index]
    simulated = t_interval(study.cube.of(SIMULATED)[rows])
    groups = [level(at, factor.unit) for at in factor.levels]
    frame = pd.DataFrame(
        {
            "group": [level(at, factor.unit) for at in study.settings[factor.key]],
            "predicted": np.nanmean(study.cube.of(LEAST)[rows], axis=1),
            "mean": simulated.mean,
            "low": simulated.low,
            "high": simulated.high,
        }
    )
    data = Predicted(
        frame=frame,
        colours=dict(zip(groups, sequence(len(groups)), strict=True)),
        title="Kilometres without a parcel per order",
        unit="km",
        group_label=factor.label,
    )
    ratio = float((frame["mean"] / frame["predicted"]).mean())
    chart = Chart(
        name="deadhead-simulated-and-predicted",
        draw=partial(plot_predicted, data),
        frame=frame.rename(columns={"group": factor.key}),
        caption="Drivers' kilometres without a parcel per order, simulated against predicted, one dot a design point; "
        "bars are 95 % intervals.",
        alt="Scatter of simulated against predicted kilometres without a parcel per order, with the line of agreement: "
        f"simulated values are {ratio:.2f} times the predicted ones on average.",
    )
    return Section(
        key="predicted",
        title="Simulated and predicted",
        paragraphs=(f"{_LAW} What was driven empty is {ratio:.2f} times as much on average.",),
        charts=(chart,),
    )
