"""Pauses: who has declined which order, and is not asked for it again for a while (model 7.4)."""

import numpy as np

from galleria.agents.dispatch.costs import PausedPairs
from galleria.agents.kernel.arrays import Ints

NO_PAIRS = PausedPairs(np.empty(0, np.int64), np.empty(0, np.int64))


class Pauses:
    """Pairs of an order and a driver, and until when each is not to be offered, s."""

    def __init__(self) -> None:
        self._pauses: list[tuple[float, int, int]] = []

    def add(self, rows: Ints, driver: int, until_s: float) -> None:
        """Let a driver not be asked for some orders until a time."""
        self._pauses += [(until_s, row, driver) for row in rows.tolist()]

    def keep(self, waiting: Ints) -> None:
        """Forget the pauses of orders that wait no longer."""
        if self._pauses:
            left = set(waiting.tolist())
            self._pauses = [each for each in self._pauses if each[1] in left]

    def pairs(self, now_s: float) -> PausedPairs:
        """Return the pairs that must not be offered now, and forget those that may."""
        if not self._pauses:
            return NO_PAIRS
        self._pauses = [each for each in self._pauses if each[0] > now_s]
        _, order, driver = np.array(self._pauses, np.int64).reshape(-1, 3).T
        return PausedPairs(np.ascontiguousarray(order), np.ascontiguousarray(driver))

    def who_declined(self, rows: Ints) -> set[int]:
        """Return the drivers who must not be offered one of the orders; of the pauses left by `pairs`."""
        asked = set(rows.tolist())
        return {driver for _, row, driver in self._pauses if row in asked}

    def ends_s(self) -> list[float]:
        """Return the times at which pauses end."""
        return [until_s for until_s, _, _ in self._pauses]
