"""Two measures against each other: `metrics` names the one to the right and the one upwards, one dot a point.

What is shown are paired differences from the baseline level of `x`; colours are the levels of `x`, marks those of
`lines`.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from galleria.experiments.design.figure_names import CannotBeDrawnError, figure, need_factor, need_measure
from galleria.experiments.figures.plane import Plane, plot_plane
from galleria.experiments.report.charts import Chart, slug
from galleria.experiments.report.line_colours import line_colours
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import lower_first, metric_title, spaced, unit_of
from galleria.experiments.statistics import paired_difference

_MARKS = ("o", "s", "^", "D", "v", "P", "X")


@figure("plane")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart."""
    keys = {factor.key for factor in study.factors}
    metrics = list(entry["metrics"])
    need_factor(study, entry, "x")
    for metric in metrics:
        need_measure(study, metric)
    if len(metrics) != 2:
        raise CannotBeDrawnError("a plane has two `metrics`")
    x = study.factor(entry["x"])
    lines = study.factor(entry["lines"]) if entry["lines"] in keys else None
    home: Any = study.settings.loc[study.centre, x.key]
    rows = []
    for other in lines.levels if lines else (None,):
        where = {**entry["at"], **({lines.key: other} if lines else {})}
        before = study.find({**where, x.key: home})
        for value in x.levels:
            point = study.find({**where, x.key: value})
            if point is None or before is None or value == home:
                continue
            row: dict[str, Any] = {
                "group": spaced(x.words(value)),
                "mark": "" if lines is None or other is None else spaced(lines.words(other)),
            }
            for end, metric in zip("xy", metrics, strict=True):
                estimate = paired_difference(study.cube.at(point, metric), study.cube.at(before, metric))
                scale = unit_of(study.cube.unit(metric), metric).scale
                names = {"mean": end, "low": f"{end}_low", "high": f"{end}_high"}
                row |= {name: scale * float(getattr(estimate, field)) for field, name in names.items()}
            rows.append(row)
    if not rows:
        raise CannotBeDrawnError("no point lies at the levels of `at`")
    frame = pd.DataFrame(rows)
    marks = list(dict.fromkeys(frame["mark"]))
    titles = [metric_title(metric, study.cube.unit(metric)) for metric in metrics]
    data = Plane(
        frame=frame,
        colours=line_colours(x, list(dict.fromkeys(frame["group"]))),
        marks={mark: _MARKS[i % len(_MARKS)] for i, mark in enumerate(marks)},
        x_label=titles[0],
        title=titles[1],
    )
    by = f", by {lower_first(lines.label)}" if lines else ""
    chart = Chart(
        name=f"plane-{slug(metrics[0])}-{slug(metrics[1])}",
        draw=partial(plot_plane, data),
        frame=frame,
        caption=f"{titles[1]} against {lower_first(titles[0])}: paired differences from {lower_first(x.label)} "
        f"{spaced(x.words(home))}{by}.",
        alt=f"Scatter of differences in {titles[1]} against those in {titles[0]}, {len(frame)} points.",
    )
    return [chart]
