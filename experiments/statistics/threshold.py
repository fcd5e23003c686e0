"""Thresholds: the level of a factor at which an outcome begins to behave differently."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from galleria.experiments.statistics.intervals import LEVEL, Floats

Shape = Literal["kink", "jump"]

_FEWEST_LEVELS = 5
_RESAMPLES = 999


@dataclass(frozen=True)
class Threshold:
    """Where a straight line breaks.

    Attributes
    ----------
    shape
        "kink": the slope changes; "jump": the level does.
    at
        Level of the factor.
    low, high
        95 % interval of it, from resampled replications; inside the levels that were run.
    change
        Change of the slope, or height of the jump.
    p
        Chance that a straight line with the same noise looks as broken as this.
    explained
        Share of the straight line's squared errors that the break removes.
    """

    shape: Shape
    at: float
    low: float
    high: float
    change: float
    p: float
    explained: float


def find_threshold(levels: ArrayLike, values: ArrayLike, seed: int, level: float = LEVEL) -> Threshold:
    """Find the break that explains most, and judge it against no break.

    Parameters
    ----------
    levels
        float64[k], increasing, at least five.
    values
        float64[k, replications], the outcome; the same replications at every level, incomplete ones are left out.
    seed
        Of the resampling.
    level
        Coverage of the interval.

    Raises
    ------
    ValueError
        Fewer than five levels, or fewer than three complete replications.

    Notes
    -----
    Every kink at an inner level or midway between two, and every jump midway, is tried (least squares). The p-value is
    of the largest gain over all of them (Andrews 1993), simulated: whole replications' residuals around the straight
    line are drawn with replacement and random signs, which keeps what levels share through common random numbers.
    """
    x, y = np.asarray(levels, np.float64), np.asarray(values, np.float64)
    y = y[:, np.isfinite(y).all(axis=0)]
    if len(x) < _FEWEST_LEVELS or y.shape[1] < 3:
        raise ValueError("a threshold needs five levels and three complete replications")
    candidates = _candidates(x)
    mean = y.mean(axis=1)
    best, gain = _best(x, mean[None], candidates)
    rng = np.random.default_rng(seed)
    n = y.shape[1]
    straight = _fit(x, None, mean[None])[0]
    residual = y - y.mean(axis=1, keepdims=True)
    drawn = rng.integers(0, n, (_RESAMPLES, n))
    # Means of n resampled residuals have (n - 1) / n of the variance of means of n replications.
    luck = (residual[:, drawn] * rng.choice([-1.0, 1.0], (_RESAMPLES, n))).mean(axis=2).T * np.sqrt(n / (n - 1))
    _, by_chance = _best(x, straight[None] + luck, candidates)
    again, _ = _best(x, y[:, drawn].mean(axis=2).T, candidates)
    low, high = np.quantile([candidates[i][1] for i in again], [(1 - level) / 2, (1 + level) / 2])
    shape, at = candidates[int(best[0])]
    coefficients = np.linalg.lstsq(_terms(x, candidates[int(best[0])]), mean, rcond=None)[0]
    error = float(((mean - straight) ** 2).sum())
    return Threshold(
        shape=shape,
        at=at,
        low=float(low),
        high=float(high),
        change=float(coefficients[-1]),
        p=float((1 + (by_chance >= gain[0]).sum()) / (_RESAMPLES + 1)),
        explained=float(gain[0]) / error if error else 0.0,
    )


Candidate = tuple[Shape, float]


def _candidates(x: Floats) -> list[Candidate]:
    between = (x[:-1] + x[1:]) / 2
    kinks: list[Candidate] = [("kink", float(at)) for at in np.sort(np.concatenate([x[1:-1], between[1:-1]]))]
    jumps: list[Candidate] = [("jump", float(at)) for at in between[1:-1]]
    return kinks + jumps


def _terms(x: Floats, candidate: Candidate | None) -> Floats:
    straight = [np.ones_like(x), x]
    if candidate is None:
        return np.column_stack(straight)
    shape, at = candidate
    return np.column_stack([*straight, np.maximum(x - at, 0.0) if shape == "kink" else (x > at).astype(float)])


def _fit(x: Floats, candidate: Candidate | None, outcomes: Floats) -> Floats:
    """Return the least-squares fit of each outcome, float64[m, k]."""
    q, _ = np.linalg.qr(_terms(x, candidate))
    return np.asarray(outcomes @ q @ q.T)


def _best(x: Floats, outcomes: Floats, candidates: list[Candidate]) -> tuple[np.ndarray, Floats]:
    """Return the number of the best break and its gain in squared error for each outcome, float64[m, k]."""
    straight = ((outcomes - _fit(x, None, outcomes)) ** 2).sum(axis=1)
    gains = np.stack([straight - ((outcomes - _fit(x, c, outcomes)) ** 2).sum(axis=1) for c in candidates])
    return gains.argmax(axis=0), gains.max(axis=0)
