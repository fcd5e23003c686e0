"""Sign stability: at how many points of a design a difference has the same sign."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from galleria.experiments.statistics.intervals import LEVEL, paired_difference


@dataclass(frozen=True)
class SignStability:
    """Signs of a difference over the points of a design.

    Attributes
    ----------
    points
        Points at which the difference was measured.
    positive, negative
        Points whose interval lies above or below zero.
    unclear
        Points whose interval covers zero.
    share
        Share of the points whose mean difference has the more frequent sign.
    low, high
        Interval of that share, as the points are a sample of the parameter space.
    sign
        The more frequent sign, +1 or -1; 0 when no mean differs from zero.
    """

    points: int
    positive: int
    negative: int
    unclear: int
    share: float
    low: float
    high: float
    sign: int


def sign_stability(values: ArrayLike, baseline: ArrayLike, level: float = LEVEL) -> SignStability:
    """Count the signs of a paired difference.

    Parameters
    ----------
    values, baseline
        float64[points, replications], the same measure with and without what is judged.
    level
        Coverage of the intervals; that of the share is Wilson's (1927, JASA 22, 209-212).
    """
    difference = paired_difference(values, baseline, level)
    mean = difference.mean[np.isfinite(difference.mean)]
    up, down = int((mean > 0).sum()), int((mean < 0).sum())
    positive, negative = int((difference.low > 0).sum()), int((difference.high < 0).sum())
    most = max(up, down)
    low, high = wilson(most, mean.size, level)
    return SignStability(
        points=mean.size,
        positive=positive,
        negative=negative,
        unclear=mean.size - positive - negative,
        share=most / mean.size if mean.size else np.nan,
        low=low,
        high=high,
        sign=0 if up == down == 0 else (1 if up >= down else -1),
    )


def wilson(successes: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's interval of a proportion; NaN without trials."""
    if trials == 0:
        return (np.nan, np.nan)
    z = float(ndtri((1 + level) / 2))
    share, shrink = successes / trials, 1 + z**2 / trials
    centre = (share + z**2 / (2 * trials)) / shrink
    reach = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2)) / shrink
    return (max(float(centre - reach), 0.0), min(float(centre + reach), 1.0))
