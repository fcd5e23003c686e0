"""What is to be calibrated: parameters with their ranges, moments with their values, and how far a simulation is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from galleria.experiments.design.designs import DesignSettings
from galleria.experiments.design.factors import FactorSettings, Point, Value
from galleria.experiments.design.search_space import Space, tidy
from galleria.experiments.statistics.intervals import Floats


@dataclass(frozen=True)
class Problem:
    """Parameters and moments.

    Attributes
    ----------
    factors
        Ranges of the parameters, by config key.
    names
        The measures, k of them.
    targets
        float64[k], what was seen.
    errors
        float64[k], standard errors of what was seen.
    weights
        float64[k], what squared distances count beside each other.
    """

    factors: Mapping[str, FactorSettings]
    names: tuple[str, ...]
    targets: Floats
    errors: Floats
    weights: Floats

    @classmethod
    def of(cls, design: DesignSettings, factors: Mapping[str, FactorSettings]) -> Self:
        """Read the problem from a design and the parameters as planned."""
        moments = design.moments
        return cls(
            dict(factors),
            tuple(moments),
            np.array([moment.value for moment in moments.values()]),
            np.array([moment.standard_error(float(design.relative_se or 0)) for moment in moments.values()]),
            np.array([moment.weight for moment in moments.values()]),
        )

    @property
    def scales(self) -> Floats:
        """float64[k], by which distances are multiplied: roots of the weights over the standard errors."""
        return np.asarray(np.sqrt(self.weights) / self.errors)

    def residuals(self, means: Floats) -> Floats:
        """Return weighted distances float64[..., k] of simulated means from what was seen."""
        return (means - self.targets) * self.scales

    def points(self, shares: Floats) -> list[Point]:
        """Return settings at shares float64[n, p] of the ranges, rounded to a thousandth of the range."""
        return [
            {key: tidy(factor, float(share)) for (key, factor), share in zip(self.factors.items(), row, strict=True)}
            for row in np.atleast_2d(shares)
        ]

    def shares(self, points: Sequence[Mapping[str, Value]]) -> Floats:
        """Return the shares float64[n, p] of the ranges at which points lie."""
        return np.asarray(np.clip(Space(self.factors).encode(points), 0.0, 1.0))
