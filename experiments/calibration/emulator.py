"""Where an emulator expects the moments to be met: Gaussian processes of the moments over the parameters."""

import numpy as np

from galleria.experiments.calibration.evaluations import Evaluated
from galleria.experiments.calibration.problem import Problem
from galleria.experiments.statistics.intervals import Floats
from galleria.experiments.statistics.optimum import Response

_CANDIDATES = 11
"""Binary logarithm of how many points the emulator is asked about."""
_APART = 0.1
"""Distance, root mean square over the parameters in shares of their ranges, that two chosen points keep."""


def expected_best(problem: Problem, seen: Evaluated, count: int, seed: tuple[int, ...]) -> Floats:
    """Return points float64[n, p], n <= count, where the weighted distance is expected to be smallest.

    Parameters
    ----------
    problem
        What is to be met.
    seen
        Points that were run.
    count
        How many are wanted; they keep apart from each other, as the distance may have several valleys.
    seed
        Of the candidates.
    """
    from scipy.stats import qmc  # noqa: PLC0415 (slow to import)

    ran = np.isfinite(seen.means).all(axis=1)
    shares, residuals = seen.shares[ran], problem.residuals(seen.means[ran])
    noise = _noise(problem, seen.values[ran])
    dimensions = shares.shape[1]
    rng = np.random.default_rng(list(seed))
    candidates = qmc.Sobol(dimensions, scramble=True, rng=rng).random_base2(_CANDIDATES)
    distance = np.zeros(len(candidates))
    for moment in range(residuals.shape[1]):
        process = Response.fit(shares, residuals[:, moment], np.full(len(shares), noise[moment]))
        distance += process.at(candidates)[0] ** 2
    return apart(candidates[np.argsort(distance, kind="stable")], count)


def apart(ranked: Floats, count: int) -> Floats:
    """Return the first of ranked points float64[n, p] that keep apart from those before them, at most `count`."""
    chosen = [ranked[0]]
    for point in ranked[1:]:
        if len(chosen) == count:
            break
        if min(float(np.sqrt(np.mean((point - other) ** 2))) for other in chosen) >= _APART:
            chosen.append(point)
    return np.array(chosen)


def _noise(problem: Problem, values: Floats) -> Floats:
    """Return variances float64[k] of weighted mean distances, pooled over the points."""
    spread = values.var(axis=1, ddof=1).mean(axis=0)
    return np.asarray(spread / values.shape[1] * problem.scales**2)
