"""Pauses: who has declined which order, and is not asked for it again for a while (model 7.4)."""

import numpy as np
from numba import njit

from galleria.agents.dispatch.costs import PausedPairs
from galleria.agents.kernel.arrays import Bools, Floats, Ints

NO_PAIRS = PausedPairs(np.empty(0, np.int64), np.empty(0, np.int64))


class Pauses:
    """Pairs of an order and a driver, and until when each is not to be offered, s."""

    def __init__(self) -> None:
        self._pairs, self._until_s = NO_PAIRS, np.empty(0)

    def add(self, orders: Ints, drivers: Ints, until_s: float) -> None:
        """Let drivers not be asked for orders until a time: pairs of rows, int64 [p] each."""
        pairs = self._pairs
        self._pairs = PausedPairs(np.concatenate([pairs.order, orders]), np.concatenate([pairs.driver, drivers]))
        self._until_s = np.concatenate([self._until_s, np.full(len(orders), until_s)])

    def keep(self, waiting: Ints) -> None:
        """Forget the pauses of orders that wait no longer."""
        if len(self._until_s):
            self._only(among(self._pairs.order, waiting))

    def pairs(self, now_s: float) -> PausedPairs:
        """Return the pairs that must not be offered now, and forget those that may."""
        if len(self._until_s):
            self._only(self._until_s > now_s)
        return self._pairs

    def who_declined(self, rows: Ints) -> set[int]:
        """Return the drivers who must not be offered one of the orders; of the pauses left by `pairs`."""
        if not len(self._until_s):
            return set()
        return set(self._pairs.driver[among(self._pairs.order, rows)].tolist())

    def ends_s(self) -> Floats:
        """Return the times at which pauses end, float64 [p], s."""
        return self._until_s

    def _only(self, kept: Bools) -> None:
        if not kept.all():
            self._pairs = PausedPairs(self._pairs.order[kept], self._pairs.driver[kept])
            self._until_s = self._until_s[kept]


@njit(cache=True)
def among(values: Ints, those: Ints) -> Bools:
    """Return which of n values are among those, bool [n]; for few values faster than `numpy.isin`."""
    rising = np.sort(those)
    found = np.zeros(len(values), np.bool_)
    for k in range(len(values)):
        at = np.searchsorted(rising, values[k])
        found[k] = at < len(rising) and rising[at] == values[k]
    return found
