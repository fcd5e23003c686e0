"""The burden: what policies cost couriers by the order, and what they pass on of it."""

import numpy as np

from agents.kernel.arrays import Bools, Floats, Ints

RATE = 1 / 7
"""Weight of a day: about the last week counts."""


class Burden:
    """Averages over the days on which policies cost anything: dearer pay, dearer hours, commissions forgone.

    Parameters
    ----------
    couriers
        Number of them.

    Attributes
    ----------
    beyond
        bool [J], where today more would have to be passed on than the most that is.
    """

    def __init__(self, couriers: int) -> None:
        self._cost_usd, self._orders = np.zeros(couriers), np.zeros(couriers)
        self.beyond: Bools = np.zeros(couriers, np.bool_)

    def learn(self, cost_usd: Floats, orders: Ints) -> None:
        """Count a day's cost and delivered orders, float64 [J] and int [J]; days without cost do not count."""
        dear = cost_usd > 0
        self._cost_usd += np.where(dear, RATE * (cost_usd - self._cost_usd), 0.0)
        self._orders += np.where(dear, RATE * (orders - self._orders), 0.0)

    @property
    def usd_per_order(self) -> Floats:
        """Mean cost of an order, float64 [J], $; 0 before anything was seen."""
        return np.asarray(self._cost_usd / np.where(self._orders > 0, self._orders, 1.0))

    def passed_on(self, share: float, most_usd: float) -> Floats:
        """Return what couriers add to their fees, min(share x burden, most), float64 [J], $."""
        return np.minimum(share * self.usd_per_order, most_usd)
