"""The measurements of an experiment as one array: point x metric x replication."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Cube:
    """Every measurement of an experiment.

    Attributes
    ----------
    points
        int64[p], sorted.
    replications
        int64[r], sorted.
    metrics
        Names, in the order in which the model reports them.
    units
        Unit of each metric, as `metrics`.
    data
        float64[p, m, r]; NaN where a run failed or a metric is not defined.
    """

    points: NDArray[np.int64]
    replications: NDArray[np.int64]
    metrics: tuple[str, ...]
    units: tuple[str, ...]
    data: NDArray[np.float64]

    @classmethod
    def of_frames(cls, metrics: pd.DataFrame, plan: pd.DataFrame) -> Self:
        """Arrange the long table of metrics.

        Parameters
        ----------
        metrics
            Columns point, replication, metric, unit, value.
        plan
            Columns point, replication; runs that gave no metrics leave NaN.
        """
        points = np.unique(plan["point"].to_numpy(np.int64))
        replications = np.unique(plan["replication"].to_numpy(np.int64))
        code, names = pd.factorize(metrics["metric"])
        first = ~metrics["metric"].duplicated()
        data = np.full((points.size, len(names), replications.size), np.nan)
        data[
            np.searchsorted(points, metrics["point"].to_numpy(np.int64)),
            code,
            np.searchsorted(replications, metrics["replication"].to_numpy(np.int64)),
        ] = metrics["value"].to_numpy(np.float64)
        return cls(
            points=points,
            replications=replications,
            metrics=tuple(str(name) for name in names),
            units=tuple(str(unit) for unit in metrics.loc[first, "unit"]),
            data=data,
        )

    @cached_property
    def _column(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.metrics)}

    def __contains__(self, metric: str) -> bool:
        """Say whether a metric was measured."""
        return metric in self._column

    def of(self, metric: str) -> NDArray[np.float64]:
        """Return one metric, float64[p, r]."""
        layer: NDArray[np.float64] = self.data[:, self._column[metric], :]
        return layer

    def at(self, point: int, metric: str) -> NDArray[np.float64]:
        """Return one metric at one point, float64[r]."""
        row: NDArray[np.float64] = self.of(metric)[self.row(point)]
        return row

    def unit(self, metric: str) -> str:
        """Return the unit of a metric."""
        return self.units[self._column[metric]]

    def row(self, point: int) -> int:
        """Return the row of a point.

        Raises
        ------
        KeyError
            The point is not in the plan.
        """
        row = int(np.searchsorted(self.points, point))
        if row == self.points.size or self.points[row] != point:
            raise KeyError(f"point {point} is not in the plan")
        return row
