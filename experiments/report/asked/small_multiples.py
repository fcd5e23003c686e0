"""Small multiples of measures along `x`: one column a level of `columns`, one line a level of `lines`.

What is shown are paired differences from the level of `x` at the baseline point, in the same column and line.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from experiments.figures.panels import Panels, plot_panels
from experiments.figures.theme import sequence
from experiments.report.charts import Chart, slug
from experiments.report.study import Factor, Study
from experiments.report.words import metric_title, unit_of, upper_first
from experiments.statistics import paired_difference

_ONE = "all"


def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart with a row a measure."""
    keys = {factor.key for factor in study.factors}
    metrics = [metric for metric in entry["metrics"] if metric in study.cube]
    if entry["x"] not in keys or not metrics:
        return []
    x = study.factor(entry["x"])
    columns, lines = (study.factor(entry[name]) if entry[name] in keys else None for name in ("columns", "lines"))
    home: Any = study.settings.loc[study.centre, x.key]
    rows = [
        {
            "row": metric,
            "column": _word(columns, column),
            "line": _word(lines, line),
            "x": level,
            **_difference(study, metric, {**entry["at"], **where, x.key: level}, {**entry["at"], **where, x.key: home}),
        }
        for metric in metrics
        for column in (columns.levels if columns else (None,))
        for line in (lines.levels if lines else (None,))
        for where in [{f.key: v for f, v in ((columns, column), (lines, line)) if f is not None}]
        for level in x.levels
    ]
    frame = pd.DataFrame(rows).dropna(subset="mean")
    names = list(dict.fromkeys(frame["line"]))
    data = Panels(
        frame=frame,
        colours=dict(zip(names, sequence(len(names)), strict=True)),
        rows={metric: metric_title(metric, study.cube.unit(metric)) for metric in metrics},
        columns={
            _word(columns, level): f"{columns.label}: {_word(columns, level)}" if columns else ""
            for level in (columns.levels if columns else (None,))
        },
        x_label=x.axis_label(),
        line_label=lines.label if lines else "",
        percent_x=x.percent,
        percent_rows=tuple(m for m in metrics if unit_of(study.cube.unit(m), m).scale != 1),
        zero=True,
    )
    chart = Chart(
        name=f"small-multiples-{slug(x.key)}",
        draw=partial(plot_panels, data),
        frame=frame,
        caption=f"{upper_first(x.label)}: paired differences from {x.words(home)}, the same in each column and line.",
        alt=f"Small multiples of {len(metrics)} measures along {x.label}, as differences from {x.words(home)}.",
    )
    return [chart]


def _word(factor: Factor | None, level: Any) -> str:
    return _ONE if factor is None else factor.words(level)


def _difference(study: Study, metric: str, after: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, float]:
    points = study.find(after), study.find(before)
    if points[0] is None or points[1] is None:
        return dict.fromkeys(("mean", "low", "high"), float("nan"))
    estimate = paired_difference(study.cube.at(points[0], metric), study.cube.at(points[1], metric))
    return {name: float(getattr(estimate, name)) for name in ("mean", "low", "high")}
