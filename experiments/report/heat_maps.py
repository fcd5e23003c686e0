"""Heat maps of the report: metrics over both factors of a two-factor design."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from galleria.experiments.figures import HeatMap, plot_heat_map
from galleria.experiments.report.charts import Chart, Section, slug, span
from galleria.experiments.report.study import Factor, Study
from galleria.experiments.report.words import decimals_for, level, metric_title, number, unit_of
from galleria.experiments.statistics import t_interval

HEAT_METRICS = ("orders_mall_direct", "orders_rivals", "driver_net_usd_per_online_h", "delivery_min_mean")


def heat_section(study: Study) -> Section | None:
    """Draw metrics over both factors of a two-factor design."""
    if len(study.factors) != 2 or study.shape != "factorial":
        return None
    measured = [metric for metric in HEAT_METRICS if metric in study.cube]
    metrics = [metric for metric in measured if np.isfinite(study.cube.of(metric)).any()]
    empty = [metric_title(metric, study.cube.unit(metric)) for metric in measured if metric not in metrics]
    named = study.baseline is not None
    return Section(
        key="heat-maps",
        title="Both factors together",
        paragraphs=(
            "Each cell is the mean of one design point"
            + ("; the framed cell is the baseline point." if named else "."),
            *(f"{title}: not shown, since no point has a value." for title in empty),
        ),
        charts=tuple(_heat(study, metric, study.factors) for metric in metrics),
    )


def _heat(study: Study, metric: str, factors: Sequence[Factor]) -> Chart:
    across, up = factors
    estimate = t_interval(study.cube.of(metric))
    unit = unit_of(study.cube.unit(metric), metric)
    frame = pd.DataFrame(
        {
            across.key: study.settings[across.key].to_numpy(),
            up.key: study.settings[up.key].to_numpy(),
            "mean": estimate.mean,
            "low": estimate.low,
            "high": estimate.high,
        }
    ).sort_values(
        [up.key, across.key],
        key=lambda c: c.map({v: i for f in factors if f.key == c.name for i, v in enumerate(f.levels)}),
    )
    labels = frame.assign(
        x=[level(v, across.unit) for v in frame[across.key]], y=[level(v, up.unit) for v in frame[up.key]]
    )
    title = metric_title(metric, study.cube.unit(metric))
    half = float(np.nanmax((frame["high"] - frame["low"]) / 2)) if frame["high"].notna().any() else np.nan
    mean = frame["mean"].abs().max() * unit.scale
    decimals = min(decimals_for(np.nan, mean), 2)
    data = HeatMap(
        frame=labels[["x", "y", "mean", "low", "high"]],
        title=title,
        x_label=across.axis_label(),
        y_label=up.axis_label(),
        scale=unit.scale,
        decimals=decimals,
        baseline=_baseline_cell(study, across, up),
    )
    width = half * unit.scale
    widest = (
        f" The widest 95 % interval is \u00b1 {number(width, decimals_for(width, mean))} "
        f"(n\u00a0=\u00a0{len(study.cube.replications)})."
        if np.isfinite(half)
        else ""
    )
    return Chart(
        name=f"heat-{slug(metric)}",
        draw=partial(plot_heat_map, data),
        frame=frame,
        caption=f"{title}.{widest}",
        alt=f"Heat map of {title} over {across.label} and {up.label}: {span(frame, unit.scale)}.",
    )


def _baseline_cell(study: Study, across: Factor, up: Factor) -> tuple[str, str] | None:
    if study.baseline is None:
        return None
    at = study.settings.loc[study.baseline]
    return level(at[across.key], across.unit), level(at[up.key], up.unit)
