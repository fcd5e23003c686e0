"""Why an outcome changed: its difference shared between the causes that were switched one by one."""

import math

import numpy as np
from numpy.typing import ArrayLike

from galleria.experiments.statistics.intervals import Floats


def shapley(outcomes: ArrayLike) -> Floats:
    """Share a difference between its causes, averaged over all orders in which they can come in.

    Parameters
    ----------
    outcomes
        float64[2**k, ...]: the outcome with every set of the k causes at work, in the order of a factorial design: the
        first without any, the last cause varying fastest.

    Returns
    -------
    float64[k, ...], in the outcome's unit. They add up to the last outcome less the first; a cause that changes nothing
    beside any others has 0, and two that are interchangeable have the same.

    Raises
    ------
    ValueError
        The number of outcomes is no power of two above one.

    Notes
    -----
    Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games II, 307-317. Shorrocks,
    A. F. (2013). Decomposition procedures for distributional analysis. Journal of Economic Inequality 11, 99-126.
    """
    y = np.asarray(outcomes, np.float64)
    k = len(y).bit_length() - 1
    if len(y) < 2 or len(y) != 2**k:
        raise ValueError(f"{len(y)} outcomes are not those of all sets of some causes")
    sets = np.arange(len(y))
    sizes = np.array([int(each).bit_count() for each in sets])
    shares = []
    for cause in range(k):
        bit = 1 << (k - 1 - cause)
        without = sets[sets & bit == 0]
        # In how many of the k! orders exactly these come before the cause.
        weights = np.array([math.factorial(s) * math.factorial(k - 1 - s) for s in sizes[without]]) / math.factorial(k)
        shares.append(np.tensordot(weights, y[without | bit] - y[without], axes=1))
    return np.array(shares)
