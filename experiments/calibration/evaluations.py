"""What simulated points gave, and the wish for more of them.

The fit is a plain function that asks for points as it needs them. Where one has not been run it stops by `NeedsRuns`;
the sweep runs what is asked for and calls the fit again, which comes as far by what is known. So nothing of the fit has
to be saved, and a calibration that was killed goes on to the same result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from galleria.experiments.calibration.problem import Problem
from galleria.experiments.design.factors import Point, Value
from galleria.experiments.statistics.intervals import Floats

Known = Mapping[tuple[Value, ...], Floats]
"""Levels of a point -> float64[replications, k], its moments; NaN where a run failed or had nothing to measure."""


class NeedsRuns(Exception):  # noqa: N818 (a request, no error)
    """Points that have to be run before the fit can go on.

    Parameters
    ----------
    points
        What is to be run.
    stage
        How far the fit is, in words.
    """

    def __init__(self, points: list[Point], stage: str) -> None:
        self.points = points
        self.stage = stage
        super().__init__(stage)


@dataclass(frozen=True)
class Evaluated:
    """Points as they were run.

    Attributes
    ----------
    shares
        float64[n, p], where they lie; settings are rounded, so not just where they were asked for.
    values
        float64[n, replications, k], their moments.
    """

    shares: Floats
    values: Floats

    @property
    def means(self) -> Floats:
        """float64[n, k], means over replications; NaN where any is missing, as the others would be unlike the rest."""
        return np.asarray(self.values.mean(axis=1))


@dataclass(frozen=True)
class Evaluations:
    """Looks points up.

    Attributes
    ----------
    problem
        What is calibrated.
    known
        What points gave.
    proposed
        Points that the emulator named in each round, remembered from call to call: they hang on points known before.
    """

    problem: Problem
    known: Known
    proposed: dict[int, Floats] = field(default_factory=dict)

    def at(self, shares: Floats, stage: str) -> Evaluated:
        """Return what points gave.

        Parameters
        ----------
        shares
            float64[n, p], shares of the ranges.
        stage
            What they are for, in words.

        Raises
        ------
        NeedsRuns
            Some of them have not been run.
        """
        points = self.problem.points(shares)
        if new := [point for point in points if tuple(point.values()) not in self.known]:
            raise NeedsRuns(list({tuple(point.values()): point for point in new}.values()), stage)
        values = np.stack([self.known[tuple(point.values())] for point in points])
        return Evaluated(self.problem.shares(points), values)
