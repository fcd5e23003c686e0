"""Channels that all but vanish at some points: what is said of those points is said of another market."""

import numpy as np

from galleria.experiments.report.study import Study
from galleria.experiments.report.words import channel_label, number

LEAST_SHARE = 0.25
"""Part of its baseline orders below which a channel's loss is told before anything else."""
_MOST_TOLD = 6
_FEWEST_ORDERS = 1.0
"""Orders a day at the baseline below which a channel is too small to lose them."""


def collapsed(study: Study) -> list[str]:
    """Say where a channel keeps less than a quarter of the orders that it has at the baseline point.

    Channels that a point does not have (switched off, merged) are no collapse.
    """
    if study.baseline is None or not study.factors:
        return []
    told = []
    for metric in study.cube.metrics:
        channel = metric.removeprefix("orders_")
        if channel == metric or f"share_{channel}" not in study.cube:
            continue
        before = _mean(study, study.baseline, metric)
        if not before >= _FEWEST_ORDERS:
            continue
        kept = {int(point): _mean(study, int(point), metric) for point in study.cube.points}
        low = {point: orders for point, orders in kept.items() if orders < LEAST_SHARE * before}
        if low:
            told.append(_sentence(study, channel, before, low))
    more = [f"{len(told) - _MOST_TOLD} further channels do."] if len(told) > _MOST_TOLD else []
    return told[:_MOST_TOLD] + more


def _mean(study: Study, point: int, metric: str) -> float:
    values = study.cube.at(point, metric)
    return float(values[np.isfinite(values)].mean()) if np.isfinite(values).any() else float("nan")


def _sentence(study: Study, channel: str, before: float, low: dict[int, float]) -> str:
    point = min(low, key=lambda each: low[each])
    where = study.held(point, but=[])
    others = f" and at {len(low) - 1} further points" if len(low) > 1 else ""
    return (
        f"{channel_label(channel)} keeps {number(100 * low[point] / before, 0)} % of its baseline orders "
        f"({number(low[point], 1)} of {number(before, 1)} a day) at {where}{others}: results there are of a market "
        "that has all but lost it."
    )
