"""How precise the experiment is: what pairing gained, what it could have seen, where curves bend."""

import numpy as np

from galleria.experiments.report.charts import Section
from galleria.experiments.report.comparing import Comparison
from galleria.experiments.report.study import Factor, Study
from galleria.experiments.report.tables import Table
from galleria.experiments.report.words import NARROW, decimals_for, metric_title, number, signed, unit_of, upper_first
from galleria.experiments.statistics import (
    detectable_difference,
    find_threshold,
    holm,
    paired_difference,
    pairing_gain,
    replications_needed,
    t_interval,
)

BENDING_METRICS = ("orders_mall_direct", "orders_rivals", "retailer_profit_usd", "driver_net_usd_per_online_h")
_READING = (
    "Both points of a comparison meet the same shoppers in the same replication. The first column tells how many times "
    "more replications it would have taken without that: the variance of a difference between independent runs over "
    "the variance of the paired one (below 1, pairing did not help). The next tells the smallest difference that {n} "
    "replications show with a chance of 80 %; the last, how many replications would show a difference of one per cent "
    "of the metric's mean. Spreads from few replications are themselves uncertain: take these as orders of magnitude."
)
_SEED = 1
_SMALL = 0.01
_CLEAR = 0.05
_FEWEST_LEVELS = 5


def precision_section(study: Study, compared: list[Comparison]) -> Section | None:
    """Tabulate, for each comparison, what pairing gained and which differences could have been seen."""
    n = len(study.cube.replications)
    if n < 2 or not compared:
        return None
    tables = [(c.lead(study), _precision(study, c)) for c in compared]
    return Section(
        key="precision",
        title="How precise this experiment is",
        paragraphs=(_READING.format(n=n),),
        charts=(),
        tables=tuple((lead, table) for lead, table in tables if table.rows),
    )


def _precision(study: Study, c: Comparison) -> Table:
    rows = []
    for metric in c.metrics:
        before, after = study.cube.at(c.before, metric), study.cube.at(c.after, metric)
        difference = paired_difference(after, before)
        if difference.n < 2:
            continue
        ratio, sd = float(pairing_gain(after, before).ratio), float(difference.sd)
        unit = unit_of(study.cube.unit(metric), metric)
        smallest = detectable_difference(int(difference.n), sd)
        mean = abs(float(t_interval(before).mean))
        shown = number(smallest * unit.scale, decimals_for(smallest * unit.scale / 2, smallest * unit.scale))
        title = metric_title(metric, study.cube.unit(metric))
        rows.append((metric, (title, _times(ratio), shown, _needed(sd, _SMALL * mean))))
    head = ("Metric", "Gain of pairing", "Smallest difference seen", f"Replications for 1{NARROW}%")
    return Table(head, tuple(rows))


def _times(ratio: float) -> str:
    if np.isnan(ratio):
        return "\u2013"
    return "exact" if np.isinf(ratio) else f"{ratio:.2g}\u00d7" if ratio < 100 else f"{ratio:,.0f}\u00d7"


def _needed(sd: float, difference: float) -> str:
    try:
        return f"{replications_needed(sd, difference):,}"
    except ValueError:
        return "\u2013"


def bending_table(study: Study) -> Table | None:
    """Look for thresholds along each factor with five levels or more, at the baseline point."""
    if study.shape in {"single", "scattered", "together"}:
        return None
    found = []
    for factor in (f for f in study.factors if f.numeric):
        points = study.slice(factor)
        if len(points) < _FEWEST_LEVELS:
            continue
        rows = [study.cube.row(point) for point in points.values()]
        for metric in (m for m in BENDING_METRICS if m in study.cube):
            try:
                threshold = find_threshold([float(x) for x in points], study.cube.of(metric)[rows], _SEED)
            except ValueError:
                continue
            found.append((factor, metric, threshold))
    if not found:
        return None
    adjusted = holm([threshold.p for _, _, threshold in found])
    bends = [
        (metric, (_bend(study, factor, metric), *_cells(factor, threshold.at, threshold.low, threshold.high), what))
        for (factor, metric, threshold), p in zip(found, adjusted, strict=True)
        if p <= _CLEAR
        for what in [_change(study, factor, metric, threshold.shape, threshold.change)]
    ]
    return Table(("Curve", "Bends at", "95 % interval", "Change"), tuple(bends))


def _bend(study: Study, factor: Factor, metric: str) -> str:
    title = metric_title(metric, study.cube.unit(metric)).split(" (", maxsplit=1)[0]
    return f"{upper_first(title)} by {factor.label[:1].lower()}{factor.label[1:]}"


def _cells(factor: Factor, at: float, low: float, high: float) -> tuple[str, str]:
    return factor.words(at), f"{factor.words(low)} to {factor.words(high)}"


def _change(study: Study, factor: Factor, metric: str, shape: str, change: float) -> str:
    unit = unit_of(study.cube.unit(metric), metric)
    step = 0.1 if factor.percent and shape == "kink" else 1.0
    value = change * unit.scale * step
    per = "" if shape == "jump" else f" per 10{NARROW}%" if factor.percent else f" per {factor.unit or 'unit'}"
    word = "jump" if shape == "jump" else "slope"
    return f"{word} {signed(value, decimals_for(np.nan, value))}{unit.after_difference}{per}"
