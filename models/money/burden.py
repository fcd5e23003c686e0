"""The burden: what policies cost couriers by the order, as far as it was seen."""

import numpy as np

from agents.kernel.arrays import Floats, Ints


class Burden:
    """Averages over all orders since policies began to cost anything: dearer pay, top-ups, commissions forgone.

    Parameters
    ----------
    couriers
        Number of them.
    """

    def __init__(self, couriers: int) -> None:
        self._cost_usd, self._orders = np.zeros(couriers), np.zeros(couriers)

    def learn(self, cost_usd: Floats, orders: Ints) -> None:
        """Count a day's cost and delivered orders, float64 [J] and int [J]; days without cost do not count."""
        dear = cost_usd > 0
        self._cost_usd += np.where(dear, cost_usd, 0.0)
        self._orders += np.where(dear, orders, 0)

    @property
    def usd_per_order(self) -> Floats:
        """Mean cost of an order, float64 [J], $; 0 before anything was seen."""
        return np.asarray(self._cost_usd / np.maximum(self._orders, 1))
