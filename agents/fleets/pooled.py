"""Pooled dispatch: a brand whose orders another courier's dispatcher and drivers deliver (model 8, mergers)."""

from math import inf

import numpy as np
from numpy.typing import NDArray

from agents.couriers.courier import Fleet
from agents.kernel.arrays import Ints


class PooledFleet:
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

    @property
    def is_matching(self) -> bool:
        """Never: the pool is."""
        return False

    @property
    def can_send(self) -> bool:
        """Never: the pool can."""
        return False

    def take(self, rows: Ints) -> None:
        """Pass orders on."""
        self.pool.take(rows)

    def dispatch(self, now_s: float) -> None:
        """Do nothing: the pool does."""

    def next_event_s(self, now_s: float) -> float:
        """Return inf: the pool has the events."""
        del now_s
        return inf

    def requote(self, now_s: float) -> float:
        """Quote what the pool quotes, h."""
        return self.pool.requote(now_s)

    def close_day(self, day: int) -> float:
        """Nothing to pay: the pool's vehicles are booked there."""
        del day
        return 0.0


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
