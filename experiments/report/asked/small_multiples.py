"""Small multiples of measures along `x`: one column a level of `columns`, one line a level of `lines`.

What is shown are paired differences from the level of `x` at the baseline point, in the same column and line.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from galleria.experiments.design.figure_names import CannotBeDrawnError, figure, need_factor
from galleria.experiments.figures.panels import Panels, plot_panels
from galleria.experiments.report.charts import Chart, slug
from galleria.experiments.report.line_colours import line_colours
from galleria.experiments.report.study import Factor, Study
from galleria.experiments.report.words import metric_title, spaced, unit_of, upper_first
from galleria.experiments.statistics import Estimate, paired_difference, t_interval
from galleria.experiments.statistics.intervals import Floats

Measured = Callable[[Floats, Floats], Estimate]

_ONE = "all"


@figure("small_multiples")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart with a row a measure."""
    return panels(study, entry, "small-multiples", _difference)


def panels(study: Study, entry: Mapping[str, Any], name: str, measured: Measured | None) -> list[Chart]:
    """Draw one chart with a row a measure.

    Parameters
    ----------
    study, entry
        The results, and what is asked for.
    name
        First part of the file's name.
    measured
        Gives the estimate shown at a point, from the point and the one at the baseline level of `x`; None for levels.
    """
    keys = {factor.key for factor in study.factors}
    metrics = [metric for metric in entry["metrics"] if metric in study.cube]
    need_factor(study, entry, "x")
    if not metrics:
        raise CannotBeDrawnError("none of its `metrics` was measured")
    x = study.factor(entry["x"])
    columns, lines = (study.factor(entry[key]) if entry[key] in keys else None for key in ("columns", "lines"))
    home: Any = study.settings.loc[study.centre, x.key]
    rows = [
        {
            "row": metric,
            "column": _word(columns, column),
            "line": _word(lines, line),
            "x": level,
            **_ends(study, metric, [{**base, x.key: each} for each in (level, home)], measured or _level),
        }
        for metric in metrics
        for column in (columns.levels if columns else (None,))
        for line in (lines.levels if lines else (None,))
        for base in [{**entry["at"], **{f.key: v for f, v in ((columns, column), (lines, line)) if f is not None}}]
        for level in x.levels
    ]
    frame = pd.DataFrame(rows).dropna(subset="mean")
    names = list(dict.fromkeys(frame["line"]))
    data = Panels(
        frame=frame,
        colours=line_colours(lines, names),
        rows={metric: metric_title(metric, study.cube.unit(metric)) for metric in metrics},
        columns={
            _word(columns, level): f"{columns.label}: {_word(columns, level)}" if columns else ""
            for level in (columns.levels if columns else (None,))
        },
        x_label=x.axis_label(),
        line_label=lines.label if lines else "",
        percent_x=x.percent,
        percent_rows=tuple(m for m in metrics if unit_of(study.cube.unit(m), m).scale != 1),
        zero=measured is not None,
    )
    shown = "means" if measured is None else f"paired differences from {x.words(home)}, column by column"
    chart = Chart(
        name=f"{name}-{slug(x.key)}",
        draw=partial(plot_panels, data),
        frame=frame,
        caption=f"{upper_first(x.label)}: {shown}.",
        alt=f"Small multiples of {len(metrics)} measures along {x.label}: {shown}.",
    )
    return [chart]


def _word(factor: Factor | None, level: Any) -> str:
    return _ONE if factor is None else spaced(factor.words(level))


def _ends(study: Study, metric: str, wheres: Sequence[Mapping[str, Any]], measured: Measured) -> dict[str, float]:
    here, home = (study.find(where) for where in wheres)
    if here is None or home is None:
        return dict.fromkeys(_ENDS, float("nan"))
    estimate = measured(study.cube.at(here, metric), study.cube.at(home, metric))
    return {name: float(getattr(estimate, name)) for name in _ENDS}


def _difference(here: Floats, home: Floats) -> Estimate:
    return paired_difference(here, home)


def _level(here: Floats, _: Floats) -> Estimate:
    return t_interval(here)


_ENDS = ("mean", "low", "high")
