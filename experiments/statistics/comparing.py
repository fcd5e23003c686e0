"""Two results side by side: paired where the same replication of the same seed was run in both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from galleria.experiments.statistics.intervals import (
    LEVEL,
    Floats,
    bootstrap_interval,
    holm,
    paired_difference,
    paired_values,
    t_interval,
    t_p_value,
)

COMPARE_COLUMNS = (
    "point_a",
    "point_b",
    "metric",
    "unit",
    "paired",
    "n_a",
    "n_b",
    "mean_a",
    "mean_b",
    "diff",
    "diff_ci_low",
    "diff_ci_high",
    "boot_ci_low",
    "boot_ci_high",
    "p_adjusted",
)

_RUN_COLUMNS = ("run_key", "point", "replication")


@dataclass(frozen=True)
class Runs:
    """The frames of one results folder that a comparison reads.

    Attributes
    ----------
    plan
        run_key, point, replication, one column a factor.
    runs
        run_key, seed (more are ignored).
    metrics
        run_key, point, replication, metric, unit, value.
    """

    plan: pd.DataFrame
    runs: pd.DataFrame
    metrics: pd.DataFrame

    def settings(self, keys: Sequence[str]) -> dict[tuple[object, ...], int]:
        """Return levels -> point, the levels in the order of the keys."""
        points = self.plan.drop_duplicates("point")
        rows = zip(*(points[key].tolist() for key in keys), strict=True) if keys else ((),) * len(points)
        return dict(zip(rows, points["point"].astype(int).tolist(), strict=True))

    def factors(self) -> list[str]:
        """List the factors."""
        return [column for column in self.plan.columns if column not in _RUN_COLUMNS]


def match_points(a: Runs, b: Runs) -> list[tuple[int, int]]:
    """Pair the points of two designs that stand at the same levels of the factors both have.

    Two single points are compared whatever was changed between them. A factor that only one design has must have one
    level there.

    Raises
    ------
    ValueError
        No point is in both, or a factor varies in one of them only.
    """
    only_a, only_b = a.plan["point"].unique(), b.plan["point"].unique()
    if len(only_a) == len(only_b) == 1:
        return [(int(only_a[0]), int(only_b[0]))]
    shared = [key for key in a.factors() if key in b.factors()]
    for runs, other in ((a, b), (b, a)):
        alone = [k for k in runs.factors() if k not in other.factors() and len(runs.plan[k].unique()) > 1]
        if alone:
            raise ValueError(f"{', '.join(alone)} varies in one of the results only")
    first, second = a.settings(shared), b.settings(shared)
    pairs = [(point, second[levels]) for levels, point in first.items() if levels in second]
    if not pairs:
        raise ValueError("no point has the same levels in both results")
    return pairs


def compare(a: Runs, b: Runs) -> pd.DataFrame:
    """Compare two results, b less a.

    Parameters
    ----------
    a, b
        The results. Runs of matched points are paired by replication and seed; runs that have no partner are then left
        out. Where fewer than two runs agree, all are compared as independent samples.

    Returns
    -------
    Frame with `COMPARE_COLUMNS`, a row a matched point and metric that both measured. Intervals are 95 % t intervals
    of the paired differences, or Welch's; `boot_ci_low` and `boot_ci_high` are those of the studentised bootstrap of
    paired differences, seeded by the seed of the runs (NaN with fewer than five pairs); `p_adjusted` is Holm-adjusted
    over the points of a metric.
    """
    left, right = _by_run(a), _by_run(b)
    metrics = [metric for metric in left.metrics if metric in right.units]
    rows = [
        _row(left, right, point_a, point_b, metric) for point_a, point_b in match_points(a, b) for metric in metrics
    ]
    frame = pd.DataFrame(rows, columns=[*COMPARE_COLUMNS[:-3], "p"])
    frame["boot_ci_low"], frame["boot_ci_high"] = _bootstrap(left, right, frame)
    frame["p_adjusted"] = frame.groupby("metric", sort=False)["p"].transform(lambda p: holm(p.to_numpy(float)))
    return frame[list(COMPARE_COLUMNS)]


@dataclass(frozen=True)
class _ByRun:
    metrics: list[str]
    units: dict[str, str]
    value: pd.Series  # index: metric, point, replication, seed


def _by_run(runs: Runs) -> _ByRun:
    long = runs.metrics.merge(runs.runs[["run_key", "seed"]], on="run_key")
    units = dict(zip(long["metric"], long["unit"], strict=True))
    values = long.set_index(["metric", "point", "replication", "seed"])["value"].sort_index()
    return _ByRun(list(units), units, values)


def _row(left: _ByRun, right: _ByRun, point_a: int, point_b: int, metric: str) -> tuple[object, ...]:
    first, second = _at(left, metric, point_a), _at(right, metric, point_b)
    common = first.index.intersection(second.index)
    # One common run of several says less than all of them apart.
    paired = len(common) >= min(2, len(first), len(second)) > 0
    if paired:
        first, second = first.loc[common], second.loc[common]
    x, y = first.to_numpy(float), second.to_numpy(float)
    mean_a, mean_b = t_interval(x), t_interval(y)
    if paired:
        difference = paired_difference(y, x)
        mean, low, high = float(difference.mean), float(difference.low), float(difference.high)
        p = float(t_p_value(difference))
    else:
        mean, low, high, p = welch(x, y)
    ends = (int(mean_a.n), int(mean_b.n), float(mean_a.mean), float(mean_b.mean))
    return (point_a, point_b, metric, left.units[metric], paired, *ends, mean, low, high, p)


def _bootstrap(left: _ByRun, right: _ByRun, frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the ends of the bootstrap intervals of the rows of a comparison, NaN where runs are not paired."""
    ends = [
        side.value.reset_index().pivot_table("value", ["metric", "point"], ["replication", "seed"])
        for side in (left, right)
    ]
    common = ends[0].columns.intersection(ends[1].columns).sort_values()
    if frame.empty or common.empty:
        return (np.full(len(frame), np.nan), np.full(len(frame), np.nan))
    before, after = (
        end[common].reindex(pd.MultiIndex.from_frame(frame[["metric", point]])).to_numpy(float)
        for end, point in zip(ends, ("point_a", "point_b"), strict=True)
    )
    differences = paired_values(after, before)
    differences[~frame["paired"].to_numpy(bool)] = np.nan
    return bootstrap_interval(differences, seed=int(common[0][1]))


def _at(runs: _ByRun, metric: str, point: int) -> pd.Series:
    if (metric, point) not in runs.value.index:
        return pd.Series([], dtype=float)
    at: pd.Series = runs.value.loc[(metric, point)]
    return at


def welch(x: np.ndarray, y: np.ndarray, level: float = LEVEL) -> tuple[float, float, float, float]:
    """Return difference of means (y less x), interval ends and p-value of two independent samples (Welch 1947)."""
    first, second = t_interval(x, level), t_interval(y, level)
    mean = float(second.mean - first.mean)
    if first.n < 2 or second.n < 2:
        return (mean, np.nan, np.nan, np.nan)
    a, b = float(first.sd**2 / first.n), float(second.sd**2 / second.n)
    if a + b == 0:
        return (mean, mean, mean, 1.0 if mean == 0 else 0.0)
    freedom = (a + b) ** 2 / (a**2 / (first.n - 1) + b**2 / (second.n - 1))
    error = np.sqrt(a + b)
    reach = float(stdtrit(freedom, (1 + level) / 2)) * error
    return (mean, mean - reach, mean + reach, float(2 * stdtr(freedom, -abs(mean) / error)))
