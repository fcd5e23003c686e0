"""Power: how many replications show a difference of a given size."""

import math

from scipy.special import nctdtr, stdtrit

from galleria.experiments.statistics.intervals import LEVEL

POWER = 0.8
"""Chance of seeing the difference that is asked for when nothing else is said."""

_MOST_REPLICATIONS = 10_000_000
_NO_OTHER_TAIL = 5.0


def power(n: int, sd: float, difference: float, level: float = LEVEL) -> float:
    """Return the chance that n replications show a difference: that the t interval leaves zero out.

    Parameters
    ----------
    n
        Replications, at least 2.
    sd
        Standard deviation of the paired differences over replications.
    difference
        True mean difference, of either sign.
    level
        Coverage of the interval.
    """
    if n < 2:
        raise ValueError(f"power needs at least two replications, not {n}")
    if sd == 0:
        return 1.0 if difference else 0.0
    critical = float(stdtrit(n - 1, (1 + level) / 2))
    shift = abs(difference) / sd * math.sqrt(n)
    # Far out the non-central t is one to the last digit, and its series gives up.
    if shift > critical + 40:
        return 1.0
    # So does that of the other tail, which is not a millionth beyond a shift of five.
    other = float(nctdtr(n - 1, shift, -critical)) if shift < _NO_OTHER_TAIL else 0.0
    return float(1 - nctdtr(n - 1, shift, critical)) + other


def replications_needed(sd: float, difference: float, chance: float = POWER, level: float = LEVEL) -> int:
    """Return the fewest replications that show a difference with a given chance.

    Parameters
    ----------
    sd
        Standard deviation of the paired differences, as a pilot measured it.
    difference
        The difference that should be seen, not zero.
    chance
        Wanted power in (0, 1).
    level
        Coverage of the interval.

    Raises
    ------
    ValueError
        A difference of zero, or one that ten million replications would not show.
    """
    if difference == 0:
        raise ValueError("no number of replications shows a difference of zero")
    low, high = 1, 2
    while power(high, sd, difference, level) < chance:
        low, high = high, 2 * high
        if high > _MOST_REPLICATIONS:
            raise ValueError(f"a difference of {difference:g} against a spread of {sd:g} cannot be shown")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle, sd, difference, level) >= chance else (middle, high)
    return high


def detectable_difference(n: int, sd: float, chance: float = POWER, level: float = LEVEL) -> float:
    """Return the smallest difference that n replications show with a given chance.

    Found by bisection to one part in a million.
    """
    if sd == 0:
        return 0.0
    low, high = 0.0, sd
    while power(n, sd, high, level) < chance:
        high *= 2
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if power(n, sd, middle, level) >= chance else (middle, high)
    return high
