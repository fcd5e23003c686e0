"""Pooled dispatch: a brand whose orders another courier's dispatcher and drivers deliver (model 8, mergers)."""

import numpy as np
from numpy.typing import NDArray

from galleria.agents.couriers.fleet import Fleet
from galleria.agents.kernel.arrays import Ints


class PooledFleet(Fleet):
    """Passes a brand's orders on; whoever runs the pool counts and dispatches them.

    Parameters
    ----------
    pool
        The fleet that delivers.
    """

    def __init__(self, pool: Fleet) -> None:
        self.pool = pool

    @property
    def pending(self) -> int:
        """None: they wait in the pool."""
        return 0

    def take(self, rows: Ints) -> None:
        """Pass orders on."""
        self.pool.take(rows)

    def requote(self, now_s: float) -> float:
        """Quote what the pool quotes, h."""
        return self.pool.requote(now_s)


def join_pool(apps: NDArray[np.int64], brand: int, leader: int) -> NDArray[np.int64]:
    """Let those who work for a brand get the pool's offers too.

    Parameters
    ----------
    apps
        int64 [n], bit masks of couriers.
    brand, leader
        Numbers of the brand and of the courier that runs the pool.

    Returns
    -------
    int64 [n].
    """
    return apps | ((apps >> brand & 1) << leader)
