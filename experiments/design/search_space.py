"""The space a search moves in: factors as columns of numbers, and levels to be tried."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from galleria.experiments.design.factors import FactorSettings, Point, Value
from galleria.experiments.statistics.intervals import Floats

_SPREAD, _NEAR = 2048, 256
_REACHES = (0.15, 0.03)
"""How far from the best point the near candidates lie, as shares of a factor's range."""
_STEPS = 1000
"""Steps in which a range is searched: levels nobody can tell apart are not worth a run, and are hard to read."""


@dataclass(frozen=True)
class Space:
    """Factors of a search.

    Attributes
    ----------
    factors
        By config key: ranges, lists of numbers, or lists of choices.
    """

    factors: Mapping[str, FactorSettings]

    def encode(self, points: Sequence[Mapping[str, Value]]) -> Floats:
        """Write points as numbers, float64[points, columns].

        A range or a list of numbers is a column from 0 to 1; a list of choices is a column for each of them, so that
        any two of them are equally far apart.
        """
        columns = [
            column
            for key, factor in self.factors.items()
            for column in _columns(factor, [point[key] for point in points])
        ]
        return np.column_stack(columns)

    def candidates(self, near: Mapping[str, Value], seed: Sequence[int]) -> list[Point]:
        """Draw points to choose from: spread over the space, and near one of its points."""
        from scipy.stats import qmc  # noqa: PLC0415 (slow to import)

        dimensions = len(self.factors)
        rng = np.random.default_rng(list(seed))
        spread = qmc.Sobol(dimensions, scramble=True, rng=rng).random_base2(_SPREAD.bit_length() - 1)
        centre = np.array([_share(factor, near[key]) for key, factor in self.factors.items()])
        steps = [centre + reach * rng.standard_normal((_NEAR, dimensions)) for reach in _REACHES]
        shares = np.clip(np.vstack([spread, *steps]), 0.0, 1.0)
        found = [
            {key: tidy(factor, float(share)) for (key, factor), share in zip(self.factors.items(), row, strict=True)}
            for row in shares
        ]
        return list({tuple(point.values()): point for point in found}.values())


def tidy(factor: FactorSettings, share: float) -> Value:
    """Return the level at a share of a factor's range or list, rounded to a thousandth of the range."""
    value = factor.at(share)
    if factor.low is None or factor.high is None or not isinstance(value, float):
        return value
    step = (value if factor.scale == "log" else factor.high - factor.low) / _STEPS
    digits = max(0, math.ceil(-math.log10(step)))
    return min(max(round(value, digits), factor.low), factor.high)


def _numeric(factor: FactorSettings) -> bool:
    values = factor.values or ()
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _columns(factor: FactorSettings, levels: Sequence[Value]) -> list[Floats]:
    if factor.values is not None and not _numeric(factor):
        # Half the square on each of two columns: choices are 1 apart, as are the ends of a range.
        return [np.array([math.sqrt(0.5) * (level == choice) for level in levels]) for choice in factor.values]
    low, high = _ends(factor)
    numbers = np.array([float(level) for level in levels])  # type: ignore[arg-type]
    if factor.scale == "log":
        low, high, numbers = math.log(low), math.log(high), np.log(numbers)
    return [(numbers - low) / ((high - low) or 1.0)]


def _ends(factor: FactorSettings) -> tuple[float, float]:
    if factor.low is not None and factor.high is not None:
        return factor.low, factor.high
    numbers = [float(value) for value in factor.values or ()]  # type: ignore[arg-type]
    return min(numbers), max(numbers)


def _share(factor: FactorSettings, level: Value) -> float:
    """Return the share at which a factor has a level, the middle of its part for one of a list."""
    if factor.values is not None:
        place = factor.values.index(level) if level in factor.values else 0
        return (place + 0.5) / len(factor.values)
    return float(np.clip(_columns(factor, [level])[0][0], 0.0, 1.0))
