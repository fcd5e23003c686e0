"""What customers remember of late parcels (model 7.2)."""

import numpy as np

from galleria.agents.kernel.arrays import Floats, Ints


def remember(memory_h: Floats, zone: Ints, channel: Ints, lateness_h: Floats, rate: float) -> Floats:
    """Update the remembered lateness, L <- (1 - rho) L + rho mean(lateness), where there was an order.

    Parameters
    ----------
    memory_h
        float64 [Z, C], h; not changed.
    zone, channel
        int [m], of each order that ended today.
    lateness_h
        float64 [m], max(0, realised - quoted), h.
    rate
        rho.

    Returns
    -------
    float64 [Z, C].
    """
    count = np.zeros_like(memory_h)
    total = np.zeros_like(memory_h)
    np.add.at(count, (zone, channel), 1)
    np.add.at(total, (zone, channel), lateness_h)
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    return np.where(count > 0, (1 - rate) * memory_h + rate * mean, memory_h)
