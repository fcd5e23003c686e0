"""Two measures against each other: `metrics` names the one to the right and the one upwards, one dot a point.

Points are coloured by the levels of `lines`, joined along `x`, and carry the level of `x`.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from experiments.figures.plane import Plane, plot_plane
from experiments.figures.theme import sequence
from experiments.report.charts import Chart, slug
from experiments.report.study import Study
from experiments.report.words import level, lower_first, metric_title, unit_of
from experiments.statistics import t_interval


def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart."""
    keys = {factor.key for factor in study.factors}
    metrics = list(entry["metrics"])
    if len(metrics) != 2 or any(metric not in study.cube for metric in metrics) or entry["x"] not in keys:
        return []
    x = study.factor(entry["x"])
    lines = study.factor(entry["lines"]) if entry["lines"] in keys else None
    order = {value: number for number, value in enumerate(x.levels)}
    shown = [
        int(point)
        for point in study.settings.sort_values(x.key, kind="stable", key=lambda column: column.map(order)).index
        if all(study.settings.loc[point, key] == value for key, value in entry["at"].items() if key in keys)
    ]
    rows = []
    for point in shown:
        row: dict[str, Any] = {
            "group": lines.words(study.settings.loc[point, lines.key]) if lines else "",  # type: ignore[arg-type]
            "label": level(study.settings.loc[point, x.key], x.unit),
        }
        for end, metric in zip("xy", metrics, strict=True):
            estimate = t_interval(study.cube.at(point, metric))
            scale = unit_of(study.cube.unit(metric), metric).scale
            names = {"mean": end, "low": f"{end}_low", "high": f"{end}_high"}
            row |= {name: scale * float(getattr(estimate, field)) for field, name in names.items()}
        rows.append(row)
    frame = pd.DataFrame(rows)
    groups = list(dict.fromkeys(frame["group"]))
    titles = [metric_title(metric, study.cube.unit(metric)) for metric in metrics]
    data = Plane(
        frame=frame,
        colours=dict(zip(groups, sequence(len(groups)), strict=True)),
        x_label=titles[0],
        title=titles[1],
        group_label=lines.label if lines else "",
    )
    chart = Chart(
        name=f"plane-{slug(metrics[0])}-{slug(metrics[1])}",
        draw=partial(plot_plane, data),
        frame=frame,
        caption=f"{titles[1]} against {lower_first(titles[0])}; at the dots: {lower_first(x.label)}.",
        alt=f"Scatter of {titles[1]} against {titles[0]} at {len(frame)} points.",
    )
    return [chart]
