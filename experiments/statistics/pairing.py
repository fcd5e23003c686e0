"""What common random numbers gain: the variance of differences with and without pairing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from galleria.experiments.statistics.intervals import Floats


@dataclass(frozen=True)
class PairingGain:
    """Variances of one difference between two points, each field of the shape of the data less the replications.

    Attributes
    ----------
    paired
        Variance of the differences within replications.
    unpaired
        Variance that differences of independent replications would have: the sum of both points' variances.
    """

    paired: Floats
    unpaired: Floats

    @property
    def ratio(self) -> Floats:
        """Say how many times more replications unpaired runs would need; inf when pairing leaves no variance."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.unpaired == 0, np.nan, self.unpaired / self.paired)


def pairing_gain(values: ArrayLike, baseline: ArrayLike) -> PairingGain:
    """Compare the variance of paired and of unpaired differences.

    Parameters
    ----------
    values, baseline
        float64[..., n], replications last and in the same order; a replication counts where both were observed.

    Returns
    -------
    PairingGain of shape [...], NaN with fewer than two pairs.
    """
    first, second = np.broadcast_arrays(np.asarray(values, np.float64), np.asarray(baseline, np.float64))
    both = np.isfinite(first) & np.isfinite(second)
    paired = _variance(first - second, both)
    return PairingGain(paired=paired, unpaired=_variance(first, both) + _variance(second, both))


def _variance(data: Floats, seen: np.ndarray) -> Floats:
    n = seen.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(seen, data, 0.0).sum(axis=-1) / n
        squares = np.where(seen, (data - mean[..., None]) ** 2, 0.0).sum(axis=-1)
        return np.where(n < 2, np.nan, squares / (n - 1))
