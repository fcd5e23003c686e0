"""What a row finds: an estimate beside its oracle, and how far apart they may be."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, nan, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

type Side = Literal["equal", "at most", "at least"]

ERRORS = 4.0
"""Standard errors by which a simulated mean may be off (model 10)."""


@dataclass(frozen=True)
class Finding:
    """An estimate beside its oracle.

    Attributes
    ----------
    estimate, oracle
        In the unit of the row.
    tolerance
        How far apart they may be, in the same unit; standard errors and a stated bias are counted in.
    standard_error
        Of the estimate; not a number where nothing is drawn.
    side
        Whether the estimate must equal the oracle, or be at most or at least so much.
    """

    estimate: float
    oracle: float
    tolerance: float
    standard_error: float = nan
    side: Side = "equal"

    @property
    def holds(self) -> bool:
        """Whether the estimate is where it must be; what is not a number is nowhere."""
        off = self.estimate - self.oracle
        if not isfinite(self.estimate):
            return False
        worst = {"equal": abs(off), "at most": off, "at least": -off}[self.side]
        return bool(worst <= self.tolerance)


def near(estimate: float, oracle: float, *, share: float = 0.0, by: float = 0.0, error: float = nan) -> Finding:
    """Ask for an estimate within a share of the oracle and an amount beside it."""
    return Finding(float(estimate), float(oracle), share * abs(oracle) + by, error)


def bound(estimate: float, side: Side, oracle: float, *, share: float = 0.0, by: float = 0.0) -> Finding:
    """Ask for an estimate on one side of the oracle, but for a share of it and an amount."""
    return Finding(float(estimate), float(oracle), share * abs(oracle) + by, side=side)


def of_sample(values: ArrayLike, oracle: float, *, bias: float = 0.0, error_below: float = 0.05) -> Finding:
    """Ask for a mean of independent values within four standard errors and a stated bias, a share of the oracle.

    Parameters
    ----------
    values
        Independent draws or replications.
    oracle
        What their mean must be.
    bias
        Share of the oracle by which the mean may be off for reasons that the row states.
    error_below
        Largest standard error, as a share of the oracle: a mean that could be anything proves nothing.

    Raises
    ------
    ValueError
        If the standard error is larger.
    """
    sample = np.asarray(values, np.float64)
    error = float(sample.std(ddof=1) / sqrt(sample.size))
    if error > error_below * abs(oracle):
        raise ValueError(f"the standard error {error:.3g} is more than {error_below:.0%} of {oracle:.6g}: draw more")
    return Finding(float(sample.mean()), oracle, ERRORS * error + bias * abs(oracle), error)


def of_chance(hits: ArrayLike, chance: float, *, error_below: float = 0.05) -> Finding:
    """Ask for a frequency within four standard errors of a chance, bool [n]."""
    sample = np.asarray(hits, np.float64)
    error = sqrt(chance * (1 - chance) / sample.size)
    if error > error_below * chance:
        raise ValueError(f"the standard error {error:.3g} is more than {error_below:.0%} of {chance:.6g}: draw more")
    return Finding(float(sample.mean()), chance, ERRORS * error, error)


def worst(found: ArrayLike, oracle: ArrayLike, *, by: float) -> Finding:
    """Ask for numbers that all equal their oracles to an amount; the estimate is the largest distance."""
    gap = np.abs(np.asarray(found, np.float64) - np.asarray(oracle, np.float64))
    return Finding(float(np.max(gap)) if gap.size else nan, 0.0, by)


def none_of(broken: ArrayLike) -> Finding:
    """Ask that nothing is broken, bool or counts; an empty list of cases is itself a failure."""
    cases = np.asarray(broken)
    return Finding(float(np.count_nonzero(cases)) if cases.size else nan, 0.0, 0.0)


def p_value(test: Callable[[], float], *, least: float = 1e-3) -> Finding:
    """Ask for the p value of a test of fit that is not below a limit."""
    return bound(test(), "at least", least)
