"""Means, intervals and adjusted p-values of replicated measurements.

Arrays carry the replications on their last axis and may hold NaN where a run failed or a metric is not
defined (no delivery, no delivery time); a NaN counts as no observation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

Floats = NDArray[np.float64]

LEVEL = 0.95
"""Coverage of every interval that names no other."""

_ROUNDING = 1e-12
"""A spread under this share of the values' size is rounding of a constant, not variation."""

_FEWEST_FOR_BOOTSTRAP = 5
"""Below five replications the resamples are too few to say anything about a tail."""


@dataclass(frozen=True)
class Estimate:
    """A mean with its interval; every field has the shape of the data without the replications.

    Attributes
    ----------
    n
        Number of observations (int64).
    mean, sd
        Sample mean and standard deviation; `sd` is NaN with fewer than two observations.
    low, high
        Ends of the interval; NaN with fewer than two observations, both equal to `mean` when all agree.
    """

    n: NDArray[np.int64]
    mean: Floats
    sd: Floats
    low: Floats
    high: Floats


def t_interval(values: ArrayLike, level: float = LEVEL) -> Estimate:
    """Estimate a mean with Student's t interval.

    Parameters
    ----------
    values
        float64[..., n], replications last.
    level
        Coverage in (0, 1).

    Returns
    -------
    Estimate of shape [...]: no interval from one observation, an exact one when all observations agree.
    """
    data = np.asarray(values, dtype=np.float64)
    seen = np.isfinite(data)
    n = seen.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(seen, data, 0.0).sum(axis=-1) / n
        deviation = np.where(seen, data - mean[..., None], 0.0)
        sd = np.sqrt((deviation**2).sum(axis=-1) / (n - 1))
        size = np.where(seen, np.abs(data), 0.0).max(axis=-1, initial=0.0)
        sd = np.where(n < 2, np.nan, np.where(sd <= _ROUNDING * size, 0.0, sd))
        half = stdtrit(np.maximum(n - 1, 1), (1 + level) / 2) * sd / np.sqrt(n)
    return Estimate(n=n, mean=mean, sd=sd, low=mean - half, high=mean + half)


def paired_difference(values: ArrayLike, baseline: ArrayLike, level: float = LEVEL) -> Estimate:
    """Estimate the mean difference of two measurements paired by replication.

    A replication counts only where both were observed. Differences of the size of rounding count as zero.

    Parameters
    ----------
    values, baseline
        float64[..., n], broadcast against each other, replications in the same order.
    """
    return t_interval(paired_values(values, baseline), level)


def paired_values(values: ArrayLike, baseline: ArrayLike) -> Floats:
    """Return the differences of two measurements paired by replication, float64[..., n], those of rounding as zero."""
    value, base = np.asarray(values, dtype=np.float64), np.asarray(baseline, dtype=np.float64)
    difference = value - base
    with np.errstate(invalid="ignore"):
        rounding = np.abs(difference) <= _ROUNDING * (np.abs(value) + np.abs(base))
    return np.where(rounding, 0.0, difference)


def t_p_value(estimate: Estimate) -> Floats:
    """Return the two-sided p-value of "the mean is zero".

    NaN with fewer than two observations; without variation 1 for an exact zero and 0 for anything else.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(estimate.mean) / (estimate.sd / np.sqrt(estimate.n))
    p = 2 * stdtr(np.maximum(estimate.n - 1, 1), -t)
    p = np.where((estimate.sd == 0) & (estimate.mean == 0), 1.0, p)
    return np.where(estimate.n < 2, np.nan, p)


def holm(p_values: ArrayLike) -> Floats:
    """Adjust the p-values of one family of comparisons by Holm's step-down rule.

    Parameters
    ----------
    p_values
        float64[k]; NaN (nothing could be tested) stays NaN and does not count.

    Notes
    -----
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics 6, 65-70. Valid whatever the dependence between the comparisons.
    """
    p = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(p.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    steps = p[order] * np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if order.size else steps
    return adjusted


def bootstrap_interval(
    values: ArrayLike, seed: int, level: float = LEVEL, resamples: int = 4000
) -> tuple[Floats, Floats]:
    """Return the studentised bootstrap interval of a mean.

    Parameters
    ----------
    values
        float64[..., n], replications last (for a paired difference: `paired_values`).
    seed
        Of the resampling; the same data and seed give the same interval. Rows with as many observations share their
        resamples, as they share their replications.
    level
        Coverage in (0, 1).
    resamples
        Number of bootstrap samples.

    Returns
    -------
    Low and high ends, float64[...] each; NaN with fewer than five observations, both equal to the mean when all agree.

    Notes
    -----
    Studentised (Efron and Tibshirani 1993, chapter 12.5), because the plain percentile interval is far too
    short for the five to thirty replications of a simulation experiment. Unlike the t interval it follows
    the skewness of the data.
    """
    data = np.asarray(values, dtype=np.float64)
    rows = [row[np.isfinite(row)] for row in data.reshape(-1, data.shape[-1])]
    drawn = {
        n: np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), resamples) / n
        for n in {row.size for row in rows if row.size >= _FEWEST_FOR_BOOTSTRAP}
    }
    ends = [_studentised(row, drawn[row.size], level) if row.size in drawn else (np.nan, np.nan) for row in rows]
    low, high = np.array(ends, dtype=np.float64).reshape(-1, 2).T.reshape(2, *data.shape[:-1])
    return low, high


def _studentised(data: Floats, weights: Floats, level: float) -> tuple[float, float]:
    """Return the ends for float64[n] observations and their float64[resamples, n] shares in each resample."""
    whole = t_interval(data, level)
    if whole.sd == 0:
        return (float(whole.mean), float(whole.mean))
    n = data.size
    apart = data - whole.mean
    mean = weights @ apart
    # What rounding leaves of the variance of a resample of one value must not become a divisor.
    variance = np.maximum(weights @ apart**2 - mean**2, 0.0) * n / (n - 1)
    varied = variance > _ROUNDING * float(whole.sd) ** 2
    t = mean[varied] / np.sqrt(variance[varied] / n)
    low_t, high_t = np.quantile(t, [(1 - level) / 2, (1 + level) / 2])
    error = whole.sd / np.sqrt(n)
    return (float(whole.mean - high_t * error), float(whole.mean - low_t * error))
