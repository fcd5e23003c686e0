"""Descents to the parameters at which simulated moments are nearest to those seen, by Gauss-Newton steps.

Simulated means jump where a single order changes, so slopes are taken over a part of the range that stands out of this,
and steps end where settings are no longer told apart. The same random numbers at every point keep the noise out of the
differences.
"""

from dataclasses import dataclass, field

import numpy as np

from galleria.experiments.calibration.evaluations import Evaluated, Evaluations
from galleria.experiments.statistics.intervals import Floats

_LEAST_STEP, _LEAST_GAIN = 2e-3, 1e-3
"""Share of the range, and share of the distance, below which a further step is not worth its runs."""
_FAILED = 10.0
"""How much farther than the start of a descent a point counts whose runs failed."""


@dataclass
class Descent:
    """One descent.

    Attributes
    ----------
    evaluations
        Looks points up.
    start
        float64[p], shares of the ranges.
    step
        Share of a range over which slopes are taken.
    name
        Of the descent, for those who wait.
    """

    evaluations: Evaluations
    start: Floats
    step: float
    name: str
    _looked: int = field(default=0)

    def run(self, steps: int) -> tuple[Floats, float]:
        """Descend; return where it ended, float64[p], and the squared distance there.

        Parameters
        ----------
        steps
            Steps at most.
        """
        from scipy.optimize import least_squares  # noqa: PLC0415 (slow to import)

        ended = least_squares(
            self._residuals,
            self.start,
            self._slopes,
            bounds=(0.0, 1.0),
            xtol=_LEAST_STEP,
            ftol=_LEAST_GAIN,
            gtol=None,
            max_nfev=steps,
        )
        return np.asarray(ended.x), float(2 * ended.cost)

    def _residuals(self, share: Floats) -> Floats:
        self._looked += 1
        found = self.evaluations.at(share[None, :], f"{self.name}, step {self._looked}")
        off = self.evaluations.problem.residuals(found.means[0])
        if np.isfinite(off).all():
            return off
        first = self.evaluations.at(self.start[None, :], self.name)
        return _FAILED * np.abs(self.evaluations.problem.residuals(first.means[0])) + 1.0

    def _slopes(self, share: Floats) -> Floats:
        return slopes(self.evaluations, share, self.step, f"{self.name}, slopes after step {self._looked}")[0]


def slopes(
    evaluations: Evaluations, share: Floats, step: float, stage: str, *, both: bool = False
) -> tuple[Floats, Evaluated]:
    """Return slopes float64[k, p] of the weighted moments over the shares of the ranges, and the point itself.

    Parameters
    ----------
    evaluations
        Looks points up.
    share
        float64[p], where.
    step
        Share of the range to the points they are taken from.
    stage
        What they are for, in words.
    both
        Take them to both sides where the range allows, not only towards its middle.
    """
    inwards = np.where(share <= 0.5, step, -step)
    sides = [share + inwards, np.clip(share - inwards, 0.0, 1.0)][: 1 + both]
    around = [_moved(share, i, float(side[i])) for i in range(len(share)) for side in sides]
    found = evaluations.at(np.vstack([share[None, :], *around]), stage)
    off = evaluations.problem.residuals(found.means)
    columns = []
    for i in range(len(share)):
        rows = np.arange(1 + i * len(sides), 1 + (i + 1) * len(sides))
        rows = rows[np.isfinite(off[rows]).all(axis=1)]
        columns.append(_slope(np.append(found.shares[rows, i], found.shares[0, i]), np.vstack([off[rows], off[0]])))
    return np.column_stack(columns), Evaluated(found.shares[:1], found.values[:1])


def _moved(share: Floats, i: int, value: float) -> Floats:
    moved = share.copy()
    moved[i] = value
    return moved


def _slope(x: Floats, y: Floats) -> Floats:
    """Return the slopes of straight lines through points, float64[k]; 0 where there is one only."""
    centred = x - x.mean()
    spread = float(centred @ centred)
    return np.zeros(y.shape[1]) if spread == 0 else np.asarray(centred @ (y - y.mean(axis=0)) / spread)
