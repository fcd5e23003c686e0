"""How well moments tell parameters: standard errors, what identifies what, and the posterior.

With weights W, slopes G of the moments and V the variance of the moments about their targets (that of the data and that
of the simulated means), parameters have variance A V A' with A = (G'WG)^-1 G'W (McFadden 1989; Gourieroux, Monfort and
Renault 1993). A itself says how far each parameter moves when a moment does (Andrews, Gentzkow and Shapiro 2017).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from galleria.experiments.calibration.fit import Fit
from galleria.experiments.statistics.intervals import Floats

_Z = 1.959963984540054
"""The normal distribution's quantile of 97.5 %."""
_BURN_IN, _THIN = 200, 10
_RANGE_SD = float(np.sqrt(1 / 12))
"""Standard deviation of a parameter of which only the range is known, as a share of the range."""


@dataclass(frozen=True)
class Inference:
    """What a fit tells; all over shares of the ranges.

    Attributes
    ----------
    errors
        float64[p], standard errors.
    low, high
        float64[p], ends of 95 % intervals, within the ranges.
    influence
        float64[p, k], by how many of its standard errors each parameter moves with one standard error of a moment.
    singular
        float64[p], singular values of the weighted slopes, the largest first.
    weakest
        float64[p], the direction in which parameters move the moments least.
    precision
        float64[p, p], inverse of the variance that the moments leave.
    distance
        Of the moments from their targets, squared, in the metric of V: chi-squared with k - p degrees of freedom.
    p_value
        Of that distance; NaN where there are as many parameters as moments.
    """

    errors: Floats
    low: Floats
    high: Floats
    influence: Floats
    singular: Floats
    weakest: Floats
    precision: Floats
    distance: float
    p_value: float

    @property
    def condition(self) -> float:
        """Condition number of the weighted slopes."""
        least = float(self.singular[-1])
        return float(self.singular[0]) / least if least > 0 else float("inf")

    @property
    def blind(self) -> bool:
        """Whether moments tell less of the weakest direction than the ranges do."""
        return float(self.singular[-1]) < 1 / _RANGE_SD


def infer(fit: Fit) -> Inference:
    """Work out what a fit tells."""
    problem, slopes = fit.problem, fit.slopes
    scales = problem.scales
    variance = (np.diag(problem.errors**2) + _of_simulation(fit.values)) * np.outer(scales, scales)
    moved = np.linalg.pinv(slopes)
    errors = np.sqrt(np.diag(moved @ variance @ moved.T))
    _, singular, directions = np.linalg.svd(slopes)
    # A direction that no moment sees leaves its parameters as wide as their ranges.
    unseen = singular <= singular[0] * max(slopes.shape) * np.finfo(float).eps
    touched = (np.abs(directions[: len(singular)][unseen]) > _TOUCHED).any(axis=0)
    errors = np.where(touched, np.inf, errors)
    off = problem.residuals(fit.values.mean(axis=0))
    inverse = np.linalg.inv(variance)
    distance, freedom = float(off @ inverse @ off), slopes.shape[0] - slopes.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        influence = moved * np.sqrt(np.diag(variance)) / errors[:, None]
    return Inference(
        errors=errors,
        low=np.clip(fit.share - _Z * errors, 0, 1),
        high=np.clip(fit.share + _Z * errors, 0, 1),
        influence=np.nan_to_num(influence),
        singular=singular,
        weakest=directions[len(singular) - 1],
        precision=slopes.T @ inverse @ slopes,
        distance=distance,
        p_value=float(chdtrc(freedom, distance)) if freedom > 0 else float("nan"),
    )


_TOUCHED = 1e-6


def _of_simulation(values: Floats) -> Floats:
    """Return the variance float64[k, k] of means over replications."""
    return np.atleast_2d(np.cov(values, rowvar=False)) / len(values)


def draws(fit: Fit, inference: Inference, count: int, seed: int) -> Floats:
    """Draw from the posterior by Laplace's approximation, float64[count, p] shares of the ranges.

    It is normal about the fitted point with the precision that the moments leave, cut off at the ends of the ranges (a
    flat prior over them), so a parameter that no moment tells is drawn evenly from its range. Drawn by Gibbs' sampler,
    one parameter at a time from its truncated normal.

    Parameters
    ----------
    fit, inference
        What was fitted, and how well.
    count
        Draws.
    seed
        Of the draws.
    """
    rng = np.random.default_rng(seed)
    precision, centre = inference.precision, fit.share
    at = centre.copy()
    kept = []
    for sweep in range(_BURN_IN + count * _THIN):
        for i in range(len(at)):
            at[i] = _one(precision, centre, at, i, float(rng.uniform()))
        if sweep >= _BURN_IN and (sweep - _BURN_IN) % _THIN == 0:
            kept.append(at.copy())
    return np.array(kept)


def _one(precision: Floats, centre: Floats, at: Floats, i: int, u: float) -> float:
    """Return the value of a parameter at a quantile of its distribution given the others."""
    own = float(precision[i, i])
    if own <= 0:
        return u
    mean = centre[i] - (float(precision[i] @ (at - centre)) - own * (at[i] - centre[i])) / own
    sd = own**-0.5
    low, high = ndtr((0 - mean) / sd), ndtr((1 - mean) / sd)
    if high - low < 1e-12:  # far outside the range: its nearer end
        return 0.0 if mean < 0 else 1.0
    return float(np.clip(mean + sd * ndtri(low + u * (high - low)), 0, 1))
