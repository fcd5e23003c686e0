"""Bundles: what they cost and save, and the way to a door with partners chosen and at random (model 12, x4)."""

import re
from functools import partial

import numpy as np
import pandas as pd

from galleria.experiments.figures.pareto import Pareto, plot_pareto, unbeaten
from galleria.experiments.figures.response import Response, plot_response
from galleria.experiments.figures.theme import PLAYERS, QUIET
from galleria.experiments.report.charts import Chart, Section, span
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import level
from galleria.experiments.statistics import t_interval

SIZE = "dispatch.bundling.max_orders"
CHOSEN, RANDOM = "hub_loaded_km_per_order_", "random_loaded_km_per_order_"
DELIVERY, KM, PAY = "delivery_min_mean", "gig_km_per_order", "pay_usd_per_order"

_HOW_TO_READ = (
    "No design point is faster, shorter and cheaper at once than those with a dark edge. Partners at random do not "
    "shorten the way to a door until trips are large; what is driven below that line is what the dispatcher's choice "
    "of partners saves."
)


def bundling_section(study: Study) -> Section | None:
    """Show the trade-off of time, kilometres and pay, and kilometres by size of trip, where sizes are varied."""
    if SIZE not in [factor.key for factor in study.factors] or {DELIVERY, KM, PAY} - set(study.cube.metrics):
        return None
    made = [_front(study), _by_size(study)]
    return Section(
        key="bundling",
        title="Bundles",
        paragraphs=(_HOW_TO_READ,),
        charts=tuple(chart for chart in made if chart is not None),
    )


def _front(study: Study) -> Chart:
    rows = [study.cube.row(int(point)) for point in study.settings.index]
    x, y, colour = (np.nanmean(study.cube.of(metric)[rows], axis=1) for metric in (DELIVERY, KM, PAY))
    frame = study.settings.assign(x=x, y=y, colour=colour)
    frame["front"] = unbeaten(frame[["x", "y", "colour"]])
    best = frame[frame["front"]].sort_values("x")
    data = Pareto(frame, "Gig drivers' km per order", "Mean delivery time (min)", "Drivers' pay per order ($)")
    named = ", ".join(f"{f.label} {level(best[f.key].iloc[0], f.unit)}" for f in study.factors)
    return Chart(
        name="delivery-time-kilometres-pay",
        draw=partial(plot_pareto, data),
        frame=frame.rename(columns={"x": DELIVERY, "y": KM, "colour": PAY}),
        caption=f"Kilometres per order against delivery time, pay in colour; {len(best)} of {len(frame)} points, with "
        f"dark edges, are beaten by none on all three. The fastest of them: {named}.",
        alt=f"Scatter of kilometres per order ({y.min():.3g} to {y.max():.3g}) against delivery time ({x.min():.3g} to "
        f"{x.max():.3g} min), {len(best)} points unbeaten.",
    )


def _by_size(study: Study) -> Chart | None:
    lines = {"chosen partners": CHOSEN, "partners at random": RANDOM}
    parts = []
    for name, prefix in lines.items():
        for metric in (m for m in study.cube.metrics if re.fullmatch(rf"{prefix}\d+", m)):
            values = _overall(study, metric)
            if not len(values):
                continue
            mean = t_interval(values.mean(axis=0))
            parts.append({"line": name, "x": int(metric.removeprefix(prefix)), "mean": float(mean.mean)})
            parts[-1] |= {"low": float(mean.low), "high": float(mean.high)}
    if not parts:
        return None
    frame = pd.DataFrame(parts).sort_values(["line", "x"]).reset_index(drop=True)
    data = Response(
        frame=frame,
        colours={"chosen partners": PLAYERS["mall_direct"], "partners at random": QUIET},
        title="Km with parcels per order, from the busiest place",
        x_label="Orders in the trip",
        line_label="",
    )
    return Chart(
        name="loaded-km-by-size-of-trip",
        draw=partial(plot_response, data),
        frame=frame,
        caption="Kilometres with parcels per order by size of trip, simulated and for partners at random on the "
        "shortest route through the same doors (open routes, model 10.2 S5 and S6); means over the design points with "
        "such trips, bands are 95 % intervals.",
        alt=f"Kilometres with parcels per order by size of trip, {span(frame)}.",
    )


def _overall(study: Study, metric: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return a measure by point and replication of the points in which it is defined in every replication."""
    values = study.cube.of(metric)[[study.cube.row(int(point)) for point in study.settings.index]]
    return np.asarray(values[~np.isnan(values).any(axis=1)].reshape(-1, values.shape[1]))
