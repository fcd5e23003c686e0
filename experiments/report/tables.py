"""Tables of the report: every metric at one point, and between two."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from galleria.experiments.report.study import Study
from galleria.experiments.report.words import decimals_for, metric_title, number, signed, unit_of
from galleria.experiments.statistics import bootstrap_interval, paired_difference, paired_values, t_interval


@dataclass(frozen=True)
class Table:
    """Cells ready to be set.

    Attributes
    ----------
    head
        Headings.
    rows
        (name of the metric in the files, cells).
    holds
        What is in the cells after the first: numbers, set one below the other, or words.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    holds: Literal["numbers", "words"] = "numbers"


def level_table(study: Study, point: int) -> Table:
    """Set every metric at one point with its interval."""
    rows = []
    for metric in study.cube.metrics:
        estimate = t_interval(study.cube.at(point, metric))
        scale = unit_of(study.cube.unit(metric), metric).scale
        mean, low, high = (float(v) * scale for v in (estimate.mean, estimate.low, estimate.high))
        decimals = decimals_for((high - low) / 2, mean)
        rows.append((metric, (_name(study, metric), number(mean, decimals), _range(low, high, decimals))))
    return Table(("Metric", "Mean", "95 % interval"), tuple(rows))


def comparison_table(study: Study, before: int, after: int) -> Table:
    """Set every metric at two points with the paired difference, its t and its bootstrap interval."""
    ends = [study.cube.data[study.cube.row(point)] for point in (before, after)]
    difference = paired_difference(ends[1], ends[0])
    lows, highs = bootstrap_interval(paired_values(ends[1], ends[0]), study.seed)
    rows = []
    for i, metric in enumerate(study.cube.metrics):
        scale = unit_of(study.cube.unit(metric), metric).scale
        mean, low, high = (float(of[i]) * scale for of in (difference.mean, difference.low, difference.high))
        decimals = decimals_for((high - low) / 2, mean)
        levels = (number(float(t_interval(values[i]).mean) * scale, decimals) for values in ends)
        resampled = _range(float(lows[i]) * scale, float(highs[i]) * scale, decimals)
        cells = (*levels, signed(mean, decimals), _range(low, high, decimals), resampled)
        rows.append((metric, (_name(study, metric), *cells)))
    return Table(("Metric", "Before", "After", "Difference", "95 % t interval", "95 % bootstrap"), tuple(rows))


def _name(study: Study, metric: str) -> str:
    return metric_title(metric, study.cube.unit(metric))


def _range(low: float, high: float, decimals: int) -> str:
    if not np.isfinite(low):
        return "\u2013"
    return "exact" if low == high else f"{number(low, decimals)} to {number(high, decimals)}"
