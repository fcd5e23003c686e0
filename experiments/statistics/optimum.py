"""Where an objective is largest, under noise and limits: Gaussian processes and expected improvement.

The objective and every limited measure get a Gaussian process of their own (scikit-learn), with the noise that
replications leave. The next points are those where the improvement to be expected, times the chance that all limits
are kept, is largest (Mockus 1975; Jones, Schonlau and Welch 1998; Gardner et al. 2014). The best so far is the best of
the processes' means and not of the measured ones, which chance may have raised.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import ndtr

from galleria.experiments.statistics.intervals import Floats

SMOOTHNESS = 2.5
"""Of the Matern kernel: functions with two derivatives."""

_LENGTHS = (0.05, 20.0)
_SIZES = (0.05, 20.0)
_LEAST_NOISE = 1e-6


@dataclass(frozen=True)
class Response:
    """A measure as a smooth function of the factors.

    Attributes
    ----------
    shares
        float64[n, columns], the points.
    values
        float64[n], what was measured there.
    noise
        float64[n], variances of `values` about the function.
    kernel
        Fitted kernel of the standardised values.
    """

    shares: Floats
    values: Floats
    noise: Floats
    kernel: Any

    @classmethod
    def fit(cls, shares: Floats, values: Floats, noise: Floats) -> Self:
        """Fit by maximum likelihood, from a smooth start and from a rough one."""
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern  # noqa: PLC0415 (slow to import)

        columns = shares.shape[1]
        size = ConstantKernel(1.0, tuple(end**2 for end in _SIZES))
        starts = (size * Matern(np.full(columns, length), _LENGTHS, nu=SMOOTHNESS) for length in (1.0, 0.3))
        fits = [_process(cls(shares, values, noise, start), optimizer="fmin_l_bfgs_b") for start in starts]
        best = max(fits, key=lambda fit: float(fit.log_marginal_likelihood_value_))
        return cls(shares, values, noise, best.kernel_)

    def with_guess(self, share: Floats, noise: float) -> "Response":
        """Return the response as if a point had been measured, and had given what is expected of it."""
        mean, _ = self.at(share[None, :])
        shares = np.vstack([self.shares, share])
        return Response(shares, np.append(self.values, mean), np.append(self.noise, noise), self.kernel)

    def at(self, shares: Floats) -> tuple[Floats, Floats]:
        """Return mean and standard deviation of the function, float64[n] each, at float64[n, columns]."""
        centre, spread = self.scale()
        mean, sd = _process(self, optimizer=None).predict(shares, return_std=True)
        return centre + spread * mean, spread * sd

    def scale(self) -> tuple[float, float]:
        """Return mean and spread of the values."""
        return float(self.values.mean()), float(self.values.std()) or 1.0


def _process(response: Response, optimizer: str | None) -> Any:
    """Condition scikit-learn's process on standardised values."""
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.gaussian_process import GaussianProcessRegressor  # noqa: PLC0415

    centre, spread = response.scale()
    noise = np.maximum(response.noise / spread**2, _LEAST_NOISE)
    process = GaussianProcessRegressor(response.kernel, alpha=noise, optimizer=optimizer)
    with warnings.catch_warnings():
        # A length at its bound says that a factor does not matter, which is no failure.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(response.shares, (response.values - centre) / spread)


@dataclass(frozen=True)
class Limited:
    """A measure that has to stay between two levels; NaN for no such end."""

    response: Response
    least: float
    most: float

    def chance(self, shares: Floats) -> Floats:
        """Return the chance that the limits are kept, float64[n]."""
        mean, sd = self.response.at(shares)
        sd = np.maximum(sd, 1e-12 + 1e-9 * np.abs(mean))
        below = np.zeros(len(mean)) if np.isnan(self.least) else ndtr((self.least - mean) / sd)
        above = np.zeros(len(mean)) if np.isnan(self.most) else ndtr((mean - self.most) / sd)
        return np.asarray(np.clip(1 - below - above, 0.0, 1.0))


def chance_of_all(limits: Sequence[Limited], shares: Floats) -> Floats:
    """Return the chance that every limit is kept, taken as independent, float64[n]."""
    product = np.ones(len(shares))
    for limited in limits:
        product *= limited.chance(shares)
    return product


def best_of(objective: Response, limits: Sequence[Limited], shares: Floats) -> int | None:
    """Return the row of the point with the largest expected objective among those that rather keep the limits."""
    mean, _ = objective.at(shares)
    kept = chance_of_all(limits, shares) >= _RATHER
    return int(np.argmax(np.where(kept, mean, -np.inf))) if kept.any() else None


_RATHER = 0.5


def propose(
    objective: Response, limits: Sequence[Limited], tried: Floats, candidates: Floats, count: int, noise: float
) -> list[int]:
    """Choose the candidates worth trying next.

    Parameters
    ----------
    objective
        To be made large.
    limits
        To be kept.
    tried
        float64[n, columns], points that were measured.
    candidates
        float64[m, columns]; those too near to a measured point are left out.
    count
        How many to choose; each after the first as if those before had given what is expected of them.
    noise
        Variance that a measurement of the objective will have.

    Returns
    -------
    Rows of candidates, the most promising first; fewer than `count` where there are no more.
    """
    chance = chance_of_all(limits, candidates)
    best = best_of(objective, limits, tried)
    left = _distance(candidates, tried) > APART
    chosen: list[int] = []
    while len(chosen) < count and left.any():
        if best is None:
            worth = chance
        else:
            worth = chance * expected_improvement(*objective.at(candidates), float(objective.at(tried)[0][best]))
        row = int(np.argmax(np.where(left, worth, -np.inf)))
        chosen.append(row)
        left &= _distance(candidates, candidates[[row]]) > APART
        objective = objective.with_guess(candidates[row], noise)
        if best is None:
            limits = [
                Limited(each.response.with_guess(candidates[row], each.response.noise.mean()), each.least, each.most)
                for each in limits
            ]
            chance = chance_of_all(limits, candidates) * _distance(candidates, candidates[chosen])
    return chosen


APART = 0.015
"""How far apart points are tried at least, in shares of the ranges: with common random numbers nearer ones meet the
same shoppers, who decide the same, so trying both teaches nothing."""


def expected_improvement(mean: Floats, sd: Floats, best: float) -> Floats:
    """Return the expectation of what exceeds the best so far, float64[n]."""
    sd = np.maximum(sd, 1e-12 * np.abs(mean - best) + 1e-300)
    z = (mean - best) / sd
    return np.asarray(sd * (z * ndtr(z) + np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)))


def _distance(points: Floats, others: Floats) -> Floats:
    """Return the distance to the nearest of some others, float64[n]."""
    return np.asarray(np.sqrt(((points[:, None, :] - others[None, :, :]) ** 2).sum(axis=2)).min(axis=1))
