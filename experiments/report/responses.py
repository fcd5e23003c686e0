"""Response curves, heat maps and scatters: metrics against the factors of the design."""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from galleria.experiments.figures import (
    Response,
    Scatter,
    plot_response,
    plot_scatter,
)
from galleria.experiments.figures.theme import PLAYERS, colours
from galleria.experiments.report.charts import Chart, Section, slug, span
from galleria.experiments.report.line_colours import line_colours
from galleria.experiments.report.study import NO_COURIER, Factor, Study, Value
from galleria.experiments.report.words import (
    channel_label,
    level,
    lower_first,
    metric_phrase,
    metric_title,
    unit_of,
)
from galleria.experiments.statistics import t_interval

RESPONSE_METRICS = ("driver_net_usd_per_online_h", "delivery_min_mean", "orders_rivals", "orders_mall_direct")

_MOST_LINES = 6
_CHARTS_A_FACTOR = ((2, 6), (4, 4), (10**6, 2))
_MOST_FACTORS = 12
_BINS = 5
_MOST_LEVELS = 8


def response_section(study: Study) -> Section | None:
    """Draw how shares, earnings, delivery time and rivals' orders answer to each factor."""
    if study.shape == "single":
        return None
    metrics = [metric for metric in RESPONSE_METRICS if metric in study.cube]
    per_factor = next(charts for most, charts in _CHARTS_A_FACTOR if len(study.factors) <= most)
    charts: list[Chart] = []
    shown = study.factors[:1] if study.shape == "together" else study.factors[:_MOST_FACTORS]
    for factor in shown:
        if study.shape == "scattered":
            charts += [_scatter(study, factor, metric) for metric in metrics[:per_factor] if factor.numeric]
            charts += [_averaged(study, factor, m) for m in metrics[:per_factor] if not factor.numeric]
        else:
            made = [*_shares(study, factor), *(_curve(study, factor, m) for m in metrics)]
            # Where only some fit, the channels that need no courier go first.
            charts += made if len(made) <= per_factor else [made[0], *made[2:]][:per_factor]
    return Section(
        key="responses",
        title="Responses",
        paragraphs=(_how_to_read(study),),
        charts=tuple(charts),
        note=_interval_note(study),
    )


def _how_to_read(study: Study) -> str:
    if study.shape == "scattered":
        return (
            "Every point of the design varies all factors at once. A faint dot is the mean of a point; the dark "
            "line joins the means of the points at each level, or in each fifth where there are many, with 95 % "
            "intervals over points."
        )
    if len(study.factors) == 2 and study.shape == "factorial":
        return (
            "Each curve joins the means of the design points. Curves of shares hold the other factor at the baseline "
            "point; the others show its levels from faint to strong, with interval bands for the lowest and the "
            "highest. Bands tell how surely the level of a curve is known. Neighbouring points share the luck of "
            "their replications, so differences between them are known far better than overlapping bands suggest: "
            "the comparisons above are paired."
        )
    if study.shape == "together":
        return "All factors change together along the design; the axis shows the first of them."
    if study.shape == "factorial" and len(study.factors) > 2:
        return "Each curve is averaged over all levels of the other factors; its band is the 95 % interval."
    return "Each curve varies one factor and holds the others at the baseline point; bands are 95 % intervals."


def _interval_note(study: Study) -> str:
    n = len(study.cube.replications)
    if study.shape == "scattered":
        return "Bars are 95 % t intervals over points."
    if n < 2:
        return "One replication a point: no intervals can be given."
    return f"Student's t intervals of 95 % over n\u00a0=\u00a0{n} replications a point."


def estimates(values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return mean, low and high of measurements with the replications last."""
    estimate = t_interval(values)
    return {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}


def _line(study: Study, name: str, metric: str, points: Mapping[Value, int]) -> pd.DataFrame:
    rows = [study.cube.row(point) for point in points.values()]
    return pd.DataFrame({"line": name, "x": list(points), **estimates(study.cube.of(metric)[rows])})


def _curve(study: Study, factor: Factor, metric: str) -> Chart:
    others = [other for other in study.factors if other.key != factor.key]
    if study.shape == "factorial" and len(others) == 1:
        return _lines_by(study, factor, others[0], metric)
    if study.shape == "factorial" and len(others) > 1:
        return _averaged(study, factor, metric)
    frame = _line(study, metric_phrase(metric)[0], metric, study.slice(factor))
    held = study.held(study.centre, but=[factor.key])
    return _response_chart(study, factor, metric, frame, None, f"{lower_first(held)}" if held else "")


def _lines_by(study: Study, factor: Factor, other: Factor, metric: str) -> Chart:
    levels = list(other.levels)
    if len(levels) > _MOST_LINES:
        levels = [levels[i] for i in np.unique(np.linspace(0, len(levels) - 1, _MOST_LINES).round().astype(int))]
    frames = []
    for at in levels:
        point = study.find({other.key: at})
        if point is not None:
            frames.append(_line(study, level(at, other.unit), metric, study.slice(factor, at=point)))
    return _response_chart(study, factor, metric, pd.concat(frames), other, "")


def _averaged(study: Study, factor: Factor, metric: str) -> Chart:
    values = study.cube.of(metric)
    rows = [
        values[[study.cube.row(int(p)) for p in study.settings.index[study.settings[factor.key] == at]]]
        for at in factor.levels
    ]
    # A replication in which one point failed would compare other points: it is left out of the average.
    means = np.stack([row.mean(axis=0) for row in rows])
    frame = pd.DataFrame({"line": metric_phrase(metric)[0], "x": list(factor.levels), **estimates(means)})
    return _response_chart(study, factor, metric, frame, None, "averaged over the other factors")


def _response_chart(
    study: Study, factor: Factor, metric: str, frame: pd.DataFrame, lines: Factor | None, held: str
) -> Chart:
    names = list(dict.fromkeys(frame["line"]))
    tones = line_colours(lines, names) if lines is not None else {names[0]: PLAYERS["mall_direct"]}
    unit = unit_of(study.cube.unit(metric), metric)
    percent = unit.scale != 1
    title = metric_title(metric, study.cube.unit(metric))
    data = Response(
        frame=_axis_values(frame, factor),
        colours=tones,
        title=title,
        x_label=factor.axis_label(),
        line_label=None if lines is None else lines.label,
        bands="outer" if len(names) > 2 else "all",
        percent_x=factor.percent,
        percent_y=percent,
    )
    by = f", one line a level of {lower_first(lines.label)}" if lines is not None else ""
    where = f" ({held})" if held else ""
    return Chart(
        name=f"response-{slug(metric)}-by-{slug(factor.key)}",
        draw=partial(plot_response, data),
        frame=frame.rename(columns={"x": factor.key, "line": "line" if lines is None else lines.key}),
        caption=f"{_without_unit(title)} by {lower_first(factor.label)}{by}{where}.",
        group=_group(factor),
        alt=f"Line chart of {_without_unit(title)} against {factor.label}{by}: means {span(frame, unit.scale)}.",
    )


def _group(factor: Factor) -> str:
    return f"By {lower_first(factor.label)}"


def _axis_values(frame: pd.DataFrame, factor: Factor) -> pd.DataFrame:
    return frame if factor.numeric else frame.assign(x=[level(x, factor.unit) for x in frame["x"]])


def _without_unit(title: str) -> str:
    return title.split(" (", maxsplit=1)[0]


def _shares(study: Study, factor: Factor) -> Iterator[Chart]:
    channels = study.channels
    later = [channel for channel in channels if channel in NO_COURIER]
    couriers = _leading(study, [channel for channel in channels if channel not in NO_COURIER])
    tones = colours(channels)
    held = study.held(study.centre, but=[factor.key])
    for group, title in ((couriers, "couriers"), (later, "other channels")):
        if not group:
            continue
        frame = pd.concat(
            _line(study, channel_label(channel), f"share_{channel}", study.slice(factor)) for channel in group
        )
        data = Response(
            frame=_axis_values(frame, factor),
            colours={channel_label(channel): tones[channel] for channel in group},
            title=f"Share of shopping occasions, {title}",
            x_label=factor.axis_label(),
            line_label="",
            percent_x=factor.percent,
            percent_y=True,
        )
        where = f" ({held})" if held else ""
        yield Chart(
            group=_group(factor),
            name=f"shares-{slug(title)}-by-{slug(factor.key)}",
            draw=partial(plot_response, data),
            frame=frame.rename(columns={"x": factor.key, "line": "channel"}),
            caption=f"Shares of shopping occasions by {lower_first(factor.label)}, {title}{where}.",
            alt=f"Line chart of the shares of {', '.join(map(channel_label, group))} against {factor.label}.",
        )


def _leading(study: Study, couriers: list[str]) -> list[str]:
    """Keep mall-direct and the couriers with most orders at the centre, as many as can be told apart."""
    share = {name: t_interval(study.cube.at(study.centre, f"share_{name}")).mean for name in couriers}
    order = sorted(couriers, key=lambda name: (name != "mall_direct", -float(np.nan_to_num(share[name]))))
    return [name for name in couriers if name in order[:_MOST_LINES]]


def _scatter(study: Study, factor: Factor, metric: str) -> Chart:
    mean = t_interval(study.cube.of(metric)).mean
    x = study.settings[factor.key].to_numpy(float)
    frame = pd.DataFrame({"point": study.settings.index, "x": x, "mean": mean})
    unit = unit_of(study.cube.unit(metric), metric)
    title = metric_title(metric, study.cube.unit(metric))
    data = Scatter(
        frame=frame,
        trend=_trend(x, mean),
        title=title,
        x_label=factor.axis_label(),
        percent_x=factor.percent,
        percent_y=unit.scale != 1,
    )
    return Chart(
        name=f"response-{slug(metric)}-by-{slug(factor.key)}",
        draw=partial(plot_scatter, data),
        frame=frame.rename(columns={"x": factor.key}),
        caption=f"{_without_unit(title)} by {lower_first(factor.label)}, all {len(frame)} points.",
        group=_group(factor),
        alt=f"Scatter of {_without_unit(title)} against {factor.label}: means {span(frame, unit.scale)}.",
    )


def _trend(x: NDArray[np.float64], mean: NDArray[np.float64]) -> pd.DataFrame:
    levels = np.unique(x)
    order = (
        [np.flatnonzero(x == level) for level in levels]
        if levels.size <= min(_MOST_LEVELS, x.size / 3)
        else [rows for rows in np.array_split(np.argsort(x, kind="stable"), _BINS) if rows.size]
    )
    parts = [t_interval(mean[rows]) for rows in order]
    return pd.DataFrame(
        {
            "x": [float(x[rows].mean()) for rows in order],
            "mean": [float(p.mean) for p in parts],
            "low": [float(p.low) for p in parts],
            "high": [float(p.high) for p in parts],
        }
    )
