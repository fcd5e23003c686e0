"""Which factors matter: Morris' elementary effects and Sobol indices, with intervals.

Both methods were made for models without chance. Here the elementary effects are those of averages over replications.
Sobol indices are made of products of different replications only, whose chance is independent, so that chance adds
nothing to them on average: neither to the variance of the outcome nor to the part of a factor. `noise_share` tells how
much of the variance between averages chance would have made.

The samples are SALib's (design/samples.py) and so are the estimators, to which tests hold these functions; its
`analyze` is not called, because it cannot leave out trajectories or base points with a failed run, gives no intervals
of `mu` and `sigma` and only symmetric ones of the rest, and takes first-order and total indices from half of a
second-order sample.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from galleria.experiments.statistics.intervals import LEVEL, Floats, t_interval

_RESAMPLES = 2000


@dataclass(frozen=True)
class Indices:
    """Indices of every factor for one outcome.

    Attributes
    ----------
    frame
        One row a factor and index: factor (column number of the sample), index (its name), value, low, high.
    noise_share
        Share of the variance between points that is chance of the replications; NaN with one replication.
    used
        Trajectories or base points without a failed run.
    """

    frame: pd.DataFrame
    noise_share: float
    used: int


def noise_share(values: ArrayLike) -> float:
    """Return the share of the variance between the points' means that is chance.

    What all points share in a replication (common random numbers) moves no point against another and is taken out.

    Parameters
    ----------
    values
        float64[points, replications]; points with a failed run are left out.
    """
    y = np.asarray(values, np.float64)
    y = y[np.isfinite(y).all(axis=1)]
    points, replications = y.shape
    if points < 2 or replications < 2:
        return np.nan
    own = y - y.mean(axis=1, keepdims=True) - y.mean(axis=0) + y.mean()
    chance = float((own**2).sum()) / ((points - 1) * (replications - 1)) / replications
    between = float(y.mean(axis=1).var(ddof=1))
    return min(chance / between, 1.0) if between else np.nan


def morris(shares: ArrayLike, values: ArrayLike, seed: int, level: float = LEVEL) -> Indices:
    """Summarise elementary effects along trajectories.

    Parameters
    ----------
    shares
        float64[trajectories * (factors + 1), factors], points in the unit cube; inside a trajectory each point
        differs from the one before in one factor.
    values
        float64[points, replications], the outcome.
    seed
        Of the bootstrap over trajectories.
    level
        Coverage of the intervals.

    Returns
    -------
    Indices `mu` (mean effect of moving a factor through its range), `mu_star` (mean size, Campolongo et al. 2007)
    and `sigma` (spread: non-linear or interacting), in the outcome's unit.

    Raises
    ------
    ValueError
        The points do not form trajectories.
    """
    x, y = np.asarray(shares, np.float64), t_interval(values).mean
    factors = x.shape[1]
    if len(x) % (factors + 1) or len(x) != len(y):
        raise ValueError(f"{len(x)} points do not form trajectories of {factors + 1}")
    walks, outcome = x.reshape(-1, factors + 1, factors), y.reshape(-1, factors + 1)
    step = np.diff(walks, axis=1)
    moved = step != 0
    if not (moved.sum(axis=2) == 1).all() or not (moved.sum(axis=1) == 1).all():
        raise ValueError("the points do not form trajectories that move each factor once")
    which = moved.argmax(axis=2)
    effects = np.empty((len(walks), factors))
    rows = np.arange(len(walks))[:, None]
    effects[rows, which] = np.diff(outcome, axis=1) / step[rows, np.arange(factors), which]
    effects = effects[np.isfinite(effects).all(axis=1)]
    drawn = _resample(len(effects), seed)
    mean = drawn @ effects
    measures = {
        "mu": (effects.mean(axis=0), mean),
        "mu_star": (np.abs(effects).mean(axis=0), drawn @ np.abs(effects)),
    }
    if len(effects) > 1:
        # The spread of n drawn effects, as that of the n effects themselves, with n - 1.
        spread = np.sqrt(np.maximum(drawn @ effects**2 - mean**2, 0.0) * len(effects) / (len(effects) - 1))
        measures["sigma"] = (effects.std(axis=0, ddof=1), spread)
    return Indices(_frame(measures, level), noise_share(values), len(effects))


def sobol(values: ArrayLike, factors: int, seed: int, *, second_order: bool = False, level: float = LEVEL) -> Indices:
    """Estimate first-order and total Sobol indices from Saltelli's sample.

    Parameters
    ----------
    values
        float64[base * (factors + 2), replications], or base * (2 factors + 2) with `second_order`, in the order of
        the sample: A, A with one column of B each, (B with one column of A each,) B, for every base point.
    factors
        Number of factors.
    seed
        Of the bootstrap over base points.
    second_order
        Whether the sample has the points for pairs of factors (they also sharpen the other indices).
    level
        Coverage of the intervals.

    Returns
    -------
    Indices `S1` (share of the variance by the factor alone; estimator of Saltelli et al. 2010, table 2 b) and `ST`
    (with all its interactions; Jansen 1999), of the mean over all chance and not of the average that was seen: an index
    of a factor without effect is 0 on average, and so may be below 0. With one replication chance stays in. NaN where
    no variance is left without it.
    """
    block = 2 * factors + 2 if second_order else factors + 2
    y = np.asarray(values, np.float64)
    if len(y) % block:
        raise ValueError(f"{len(y)} points are no Saltelli sample of {factors} factors")
    y = y.reshape(-1, block, y.shape[1])
    # A base point counts by the replications in which all of its points were finished.
    seen = np.isfinite(y).all(axis=1)
    enough = seen.sum(axis=1) >= min(2, y.shape[2])
    y = np.where(seen[:, None], y, np.nan)[enough]
    # What all points share in a replication moves none against another, and the estimators' errors grow with the mean.
    y = y - t_interval(y[:, [0, -1]].reshape(-1, y.shape[2]).T).mean if len(y) else y
    a, b, mixed = y[:, 0], y[:, -1], y[:, 1 : factors + 1]
    pairs = [(a, b, mixed)]
    if second_order:
        pairs.append((b, a, y[:, factors + 1 : 2 * factors + 1]))
    whole, drawn = np.full((1, len(y)), 1 / max(len(y), 1)), _resample(len(y), seed)
    measures = {name: (estimate(pairs, whole)[0], estimate(pairs, drawn)) for name, estimate in _SOBOL.items()}
    return Indices(_frame(measures, level), noise_share(values), len(y))


# Averages over base points are products with weights, float64[samples, base]: one row for the estimate, one for each
# bootstrap sample. a, b: float64[base, replications]; ab: float64[base, factors, replications].


def _first(pairs: list[tuple[Floats, Floats, Floats]], weights: Floats) -> Floats:
    parts = [weights @ _product(b[:, None], ab - a[:, None]) / _variance(a, b, weights) for a, b, ab in pairs]
    return np.asarray(np.mean(parts, axis=0))


def _total(pairs: list[tuple[Floats, Floats, Floats]], weights: Floats) -> Floats:
    moved = ((a[:, None] - ab, _variance(a, b, weights)) for a, b, ab in pairs)
    parts = [weights @ _product(step, step) / (2 * variance) for step, variance in moved]
    return np.asarray(np.mean(parts, axis=0))


_SOBOL = {"S1": _first, "ST": _total}


def _variance(a: Floats, b: Floats, weights: Floats) -> Floats:
    both = np.stack([a, b])
    square = weights @ _product(both, both).mean(axis=0)
    mean = weights @ np.nan_to_num(both).mean(axis=0)
    variance = square - _product(mean, mean)
    return np.where(variance > 0, variance, np.nan)[:, None]


def _product(x: Floats, y: Floats) -> Floats:
    """Return the mean product of two measures over pairs of different replications; of the same, where there is one.

    Its expectation is the product of expectations, as that of a product of averages is not.
    """
    seen = np.isfinite(x) & np.isfinite(y)
    x, y, n = np.where(seen, x, 0.0), np.where(seen, y, 0.0), seen.sum(axis=-1)
    if seen.shape[-1] == 1:
        return (x * y)[..., 0]
    return np.asarray((x.sum(axis=-1) * y.sum(axis=-1) - (x * y).sum(axis=-1)) / (n * (n - 1)))


def _resample(n: int, seed: int) -> Floats:
    """Return how often each of n rows is in each bootstrap sample, as weights, float64[samples, n]."""
    if n == 0:
        raise ValueError("every trajectory or base point has a failed run")
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), _RESAMPLES) / n


def _frame(measures: dict[str, tuple[Floats, Floats]], level: float) -> pd.DataFrame:
    frames = []
    for name, (value, resampled) in measures.items():
        low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2], axis=0)
        frames.append(
            pd.DataFrame({"factor": np.arange(value.size), "index": name, "value": value, "low": low, "high": high})
        )
    return pd.concat(frames, ignore_index=True)
