"""Response surfaces: an outcome as a smooth function of the factors, with its cross-validated error.

Two families are fitted, a full quadratic polynomial and a Gaussian process, and judged by leaving out each point in
turn; both have closed forms for that, so nothing is fitted twice.
"""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from galleria.experiments.statistics.intervals import Floats

_MOST_POINTS = 1024
"""The Gaussian process needs n^3 operations; larger designs are given to the polynomial alone."""


class Surface(Protocol):
    """A fitted surface."""

    @property
    def left_out(self) -> Floats:
        """The prediction of each fitted point from all others, float64[n]."""
        ...

    def predict(self, shares: ArrayLike) -> Floats:
        """Return the outcome at points of the unit cube, float64[n, factors] -> float64[n]."""
        ...


@dataclass(frozen=True)
class Quadratic:
    """A quadratic polynomial with all interactions.

    Attributes
    ----------
    coefficients
        float64[terms].
    left_out
        float64[n], the prediction of each point from all others.
    """

    coefficients: Floats
    left_out: Floats

    @classmethod
    def fit(cls, shares: Floats, values: Floats) -> Self:
        """Fit by least squares; left-out predictions by the hat matrix."""
        terms = _quadratic_terms(shares)
        if len(terms) <= terms.shape[1]:
            raise ValueError(f"{len(terms)} points are too few for the {terms.shape[1]} terms of a quadratic")
        q, r = np.linalg.qr(terms)
        if np.abs(np.diag(r)).min() < 1e-10 * np.abs(np.diag(r)).max():
            raise ValueError("the points do not determine a quadratic")
        coefficients = np.linalg.solve(r, q.T @ values)
        leverage = np.minimum((q**2).sum(axis=1), 1 - 1e-12)
        residual = values - terms @ coefficients
        return cls(coefficients, values - residual / (1 - leverage))

    def predict(self, shares: ArrayLike) -> Floats:
        """Return the polynomial at points of the unit cube."""
        return np.asarray(_quadratic_terms(np.asarray(shares, np.float64)) @ self.coefficients)


def _quadratic_terms(x: Floats) -> Floats:
    rows, columns = np.triu_indices(x.shape[1])
    return np.column_stack([np.ones(len(x)), x, x[:, rows] * x[:, columns]])


@dataclass(frozen=True)
class GaussianProcess:
    """A Gaussian process with a squared-exponential kernel, one length scale a factor, and noise.

    Attributes
    ----------
    shares
        float64[n, factors], the points.
    logs
        Logarithms of the length scales, of the signal's and of the noise's standard deviation, in units of the
        outcome's spread.
    centre, spread
        Mean and standard deviation of the outcome.
    weights
        float64[n], the inverse covariance times the standardised outcome.
    left_out
        float64[n], the prediction of each point from all others.

    Notes
    -----
    Hyper-parameters by maximum likelihood (Rasmussen and Williams 2006, chapter 5); left-out predictions by their
    equation 5.12.
    """

    shares: Floats
    logs: Floats
    centre: float
    spread: float
    weights: Floats
    left_out: Floats

    @classmethod
    def fit(cls, shares: Floats, values: Floats) -> Self:
        """Fit from two starts, smooth and rough, and keep the likelier."""
        centre, spread = float(values.mean()), float(values.std()) or 1.0
        y = (values - centre) / spread
        squares = (shares[:, None, :] - shares[None, :, :]) ** 2
        bounds = [*[(np.log(0.05), np.log(20.0))] * shares.shape[1], (np.log(0.05), np.log(20.0)), (-7.0, 0.7)]
        starts = ([np.log(length)] * shares.shape[1] + [0.0, -2.0] for length in (1.0, 0.3))
        fits = [minimize(_cost, start, (squares, y), jac=True, method="L-BFGS-B", bounds=bounds) for start in starts]
        logs = np.asarray(min(fits, key=lambda fit: float(fit.fun)).x)
        kernel = _kernel(squares, logs)
        inverse = np.linalg.inv(kernel + np.exp(2 * logs[-1]) * np.eye(len(y)))
        weights = inverse @ y
        left_out = y - weights / np.diag(inverse)
        return cls(shares, logs, centre, spread, weights, centre + spread * left_out)

    def predict(self, shares: ArrayLike) -> Floats:
        """Return the process' mean at points of the unit cube."""
        squares = (np.asarray(shares, np.float64)[:, None, :] - self.shares[None, :, :]) ** 2
        return np.asarray(self.centre + self.spread * (_kernel(squares, self.logs) @ self.weights))


def _kernel(squares: Floats, logs: Floats) -> Floats:
    return np.asarray(np.exp(2 * logs[-2] - 0.5 * squares @ np.exp(-2 * logs[:-2])))


def _cost(logs: Floats, squares: Floats, y: Floats) -> tuple[float, Floats]:
    """Return the negative log likelihood and its gradient."""
    kernel, noise = _kernel(squares, logs), np.exp(2 * logs[-1])
    factor = cho_factor(kernel + noise * np.eye(len(y)), lower=True)
    weights = cho_solve(factor, y)
    cost = 0.5 * float(y @ weights) + float(np.log(np.diag(factor[0])).sum())
    pull = np.outer(weights, weights) - cho_solve(factor, np.eye(len(y)))
    shared = pull * kernel
    lengths = np.einsum("ij,ijk->k", shared, squares) * np.exp(-2 * logs[:-2])
    return cost, -0.5 * np.concatenate([lengths, [2 * shared.sum(), 2 * noise * np.trace(pull)]])


@dataclass(frozen=True)
class FittedSurface:
    """The better of the surfaces.

    Attributes
    ----------
    kind
        "quadratic" or "Gaussian process".
    surface
        The fit itself.
    error
        Root mean square error of left-out points, in the outcome's unit.
    explained
        Share of the variance that left-out predictions explain (predictive R^2; below zero: worse than the mean).
    tried
        Kind -> error of all that could be fitted.
    """

    kind: str
    surface: Surface
    error: float
    explained: float
    tried: dict[str, float]


def fit_surface(shares: ArrayLike, values: ArrayLike, enough: float = 1.0) -> FittedSurface:
    """Fit both families and keep the one that predicts left-out points better.

    Parameters
    ----------
    shares
        float64[n, factors], points in the unit cube.
    values
        float64[n], the outcome, replications averaged; points with NaN are left out.
    enough
        Share of the variance that a quadratic has to explain of left-out points for the Gaussian process not to be
        tried, which takes longer.

    Raises
    ------
    ValueError
        Too few points for any of them.
    """
    x, y = np.asarray(shares, np.float64), np.asarray(values, np.float64)
    seen = np.isfinite(y)
    x, y = x[seen], y[seen]
    fitted: dict[str, Surface] = {}
    try:
        fitted["quadratic"] = Quadratic.fit(x, y)
    except ValueError:
        fitted = {}
    done = "quadratic" in fitted and np.mean((y - fitted["quadratic"].left_out) ** 2) <= (1 - enough) * np.var(y)
    if not done and 2 * x.shape[1] + 2 < len(y) <= _MOST_POINTS:
        fitted["Gaussian process"] = GaussianProcess.fit(x, y)
    if not fitted:
        raise ValueError(f"{len(y)} points are too few for a surface over {x.shape[1]} factors")
    errors = {kind: float(np.sqrt(np.mean((y - fit.left_out) ** 2))) for kind, fit in fitted.items()}
    kind = min(errors, key=lambda name: errors[name])
    variance = float(np.var(y))
    explained = 1 - errors[kind] ** 2 / variance if variance else np.nan
    return FittedSurface(kind, fitted[kind], errors[kind], explained, errors)
