"""Figures of distributions that several measures share."""

import numpy as np
from scipy.special import xlogy

from galleria.agents.kernel.arrays import Floats


def mean(values: Floats) -> float:
    """Average, nan of nothing."""
    return float(values.mean()) if len(values) else float("nan")


def quantile(values: Floats, q: float) -> float:
    """Quantile by linear interpolation, nan of nothing."""
    return float(np.quantile(values, q)) if len(values) else float("nan")


def ratio(part: float, whole: float) -> float:
    """Part of a whole, nan of nothing."""
    return part / whole if whole else float("nan")


def gini(values: Floats) -> float:
    """Gini coefficient, half the mean absolute difference over the mean; nan where the mean is not positive."""
    ordered = np.sort(values)
    n, total = len(ordered), float(ordered.sum())
    if n == 0 or total <= 0:
        return float("nan")
    rank = np.arange(1, n + 1)
    return float((2 * rank - n - 1) @ ordered) / (n * total)


def theil(values: Floats) -> float:
    """Theil index, the mean of x/mu ln(x/mu); nan where a value is negative or the mean is not positive."""
    if len(values) == 0 or values.min() < 0 or values.mean() <= 0:
        return float("nan")
    relative = values / values.mean()
    return float(xlogy(relative, relative).mean())


def atkinson(values: Floats, aversion: float) -> float:
    """Atkinson index, the part of the mean one would give up to have it spread evenly; nan as for `theil`.

    1 - (mean of x^(1 - e))^(1 / (1 - e)) / mu, and with the geometric mean at e = 1.
    """
    if len(values) == 0 or values.min() < 0 or values.mean() <= 0:
        return float("nan")
    if aversion == 1:
        even = float(np.exp(np.log(values).mean())) if values.min() > 0 else 0.0
    else:
        even = float((values ** (1 - aversion)).mean() ** (1 / (1 - aversion)))
    return 1 - even / float(values.mean())
