"""The fit: points spread over the ranges, an emulator's proposals, descents from the best, slopes at the end."""

from dataclasses import dataclass

import numpy as np

from galleria.experiments.calibration.descent import Descent, slopes
from galleria.experiments.calibration.emulator import apart, expected_best
from galleria.experiments.calibration.evaluations import Evaluated, Evaluations, NeedsRuns
from galleria.experiments.calibration.problem import Problem
from galleria.experiments.design.designs import DesignSettings
from galleria.experiments.design.factors import Point
from galleria.experiments.statistics.intervals import Floats
from galleria.models.errors import UsageError


@dataclass(frozen=True)
class Fit:
    """Where a calibration ended.

    Attributes
    ----------
    problem
        What was asked.
    share
        float64[p], fitted shares of the ranges.
    values
        float64[replications, k], moments there.
    slopes
        float64[k, p], of the weighted moments over the shares of the ranges.
    ends
        float64[descents, p], where each descent ended.
    distances
        float64[descents], squared weighted distances there.
    """

    problem: Problem
    share: Floats
    values: Floats
    slopes: Floats
    ends: Floats
    distances: Floats

    @property
    def point(self) -> Point:
        """The fitted settings."""
        return self.problem.points(self.share[None, :])[0]


def fit(problem: Problem, evaluations: Evaluations, design: DesignSettings, first: list[Point]) -> Fit:
    """Fit the parameters.

    Parameters
    ----------
    problem
        Parameters and moments.
    evaluations
        What is known of points.
    design
        How much is done: rounds, batch, starts, steps, step, seed.
    first
        The points that the plan begins with.

    Raises
    ------
    NeedsRuns
        Points have to be run first.
    UsageError
        A moment was not measured at any point.
    """
    rounds, batch, starts, steps = (int(getattr(design, name)) for name in ("rounds", "batch", "starts", "steps"))
    step = float(design.step or 0)
    seen = evaluations.at(problem.shares(first), "points spread over the ranges")
    _check_measured(problem, seen)
    for number in range(1, rounds + 1):
        if number not in evaluations.proposed:
            seed = (int(design.seed or 0), number)
            evaluations.proposed[number] = expected_best(problem, seen, batch, seed)
        more = evaluations.at(evaluations.proposed[number], f"round {number} of {rounds} of the emulator")
        seen = Evaluated(np.vstack([seen.shares, more.shares]), np.concatenate([seen.values, more.values]))
    distance = np.square(problem.residuals(seen.means)).sum(axis=1)
    ranked = seen.shares[np.argsort(distance, kind="stable")][: int(np.isfinite(distance).sum())]
    begun = apart(ranked, starts)
    descents = [
        Descent(evaluations, start, step, f"descent {number} of {len(begun)}") for number, start in enumerate(begun, 1)
    ]
    ended = _side_by_side(descents, steps)
    distances = np.array([squared for _, squared in ended])
    ends = np.array([share for share, _ in ended])
    best = ends[int(distances.argmin())]
    gradient, there = slopes(evaluations, best, step, "slopes at the fitted point", both=True)
    return Fit(problem, there.shares[0], there.values[0], gradient, ends, distances)


def _side_by_side(descents: list[Descent], steps: int) -> list[tuple[Floats, float]]:
    """Run descents; what they wait for is asked for together."""
    ended, points, stages = [], [], []
    for descent in descents:
        try:
            ended.append(descent.run(steps))
        except NeedsRuns as needs:
            points += needs.points
            stages.append(needs.stage)
    if points:
        raise NeedsRuns(list({tuple(point.values()): point for point in points}.values()), "; ".join(stages))
    return ended


def _check_measured(problem: Problem, seen: Evaluated) -> None:
    nowhere = ~np.isfinite(seen.means).any(axis=0)
    if nowhere.any() or not np.isfinite(seen.means).all(axis=1).any():
        names = [name for name, absent in zip(problem.names, nowhere, strict=True) if absent] or list(problem.names)
        raise UsageError(
            f"design.moments: no point measured {', '.join(names)} in every replication: "
            "runs failed, or there was nothing to measure (no orders, no drivers)"
        )
