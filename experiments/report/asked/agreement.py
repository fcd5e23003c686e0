"""Vehicle kilometres that an order with mall-direct adds: simulated against the balance of its parts.

By order: the least empty way that flow balance leaves (H1) and the loaded way, less the marginal way of the vans for
parcels that the warehouse loses, less the own trips that are not made. Simulated is the paired difference of all
vehicle kilometres between the market with mall-direct and without.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from galleria.experiments.design.figure_names import CannotBeDrawnError, figure, need_factor, need_measure
from galleria.experiments.figures.predicted import Predicted, plot_predicted
from galleria.experiments.report.charts import Chart
from galleria.experiments.report.line_colours import line_colours
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import lower_first, spaced
from galleria.experiments.statistics import t_interval
from galleria.experiments.statistics.intervals import Floats

ACTIVE = "couriers.mall_direct.active"
NEEDED = (
    "vkt_km",
    "vkt_gig_loaded_km",
    "vkt_own_trip_km",
    "loaded_km_per_order",
    "least_deadhead_km_per_order",
    "orders_mall_direct",
    "warehouse_orders_displaced",
    "van_km_per_further_stop",
    "diversion_to_store_mall",
    "diversion_to_store_big_box",
    "mall_visits",
    "occasions",
    "share_store_big_box",
)


@figure("agreement")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart, a dot a pair of points with and without mall-direct; `lines` colours them."""
    need_factor(study, {"the factor": ACTIVE}, "the factor")
    need_factor(study, entry, "lines")
    for metric in NEEDED:
        need_measure(study, metric)
    factor = study.factor(entry["lines"])
    parcels = study.results.config["couriers"]["warehouse"]["tours"]["parcels_per_stop"]
    rows = []
    for point in study.settings.index[study.settings[ACTIVE] == True]:  # noqa: E712 (a column of levels, not a flag)
        levels = study.settings.loc[point].to_dict()
        without = study.find({**levels, ACTIVE: False})
        if without is None:
            continue
        simulated, predicted = _per_order(study, int(point), without, float(parcels))
        estimate = t_interval(simulated)
        rows.append(
            {
                "group": spaced(factor.words(levels[factor.key])),
                "predicted": float(np.nanmean(predicted)),
                **{name: float(getattr(estimate, name)) for name in ("mean", "low", "high")},
                "where": study.held(int(point), but=[ACTIVE]),
            }
        )
    if not rows:
        raise CannotBeDrawnError("no pair of points differs by mall-direct alone")
    frame = pd.DataFrame(rows)
    groups = list(dict.fromkeys(frame["group"]))
    same = int((np.sign(frame["predicted"]) == np.sign(frame["mean"])).sum())
    data = Predicted(
        frame=frame.assign(most=frame["predicted"]),
        colours=line_colours(factor, groups),
        title="Vehicle km that an order with mall-direct adds",
        unit="km",
        group_label=factor.label,
    )
    chart = Chart(
        name="vkt-simulated-and-predicted",
        draw=partial(plot_predicted, data),
        frame=frame,
        caption="Vehicle kilometres that an order with mall-direct adds, simulated against predicted from flow "
        f"balance, vans' marginal way and trips not made; the sign agrees at {same} of {len(frame)} points. Colours: "
        f"{lower_first(factor.label)}.",
        alt=f"Scatter of simulated against predicted kilometres with the line of agreement; signs agree at {same} of "
        f"{len(frame)} points.",
    )
    return [chart]


def _per_order(study: Study, point: int, without: int, parcels_per_stop: float) -> tuple[Floats, Floats]:
    """Return simulated and predicted km an order, float64[replications] each."""
    there = {metric: study.cube.at(point, metric) for metric in NEEDED}
    base = {metric: study.cube.at(without, metric) for metric in NEEDED}
    orders = there["orders_mall_direct"]
    simulated = there["vkt_km"] - base["vkt_km"]
    gig = _least_gig_km(there) - _least_gig_km(base)
    vans = there["warehouse_orders_displaced"] / parcels_per_stop * base["van_km_per_further_stop"]
    trips = base["mall_visits"] + base["share_store_big_box"] * base["occasions"]
    kept_home = orders * (there["diversion_to_store_mall"] + there["diversion_to_store_big_box"])
    predicted = gig - vans - kept_home * base["vkt_own_trip_km"] / trips
    return simulated / orders, predicted / orders


def _least_gig_km(of: Mapping[str, Floats]) -> Floats:
    """Return gig drivers' loaded km and the least empty ones, km/day."""
    delivered = of["vkt_gig_loaded_km"] / of["loaded_km_per_order"]
    return np.asarray(of["vkt_gig_loaded_km"] + delivered * of["least_deadhead_km_per_order"])
