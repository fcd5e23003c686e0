"""Forecasts: how many drivers couriers need in the hours of a day, by what customers want of them (model 8).

What is wanted counts also those to whom a courier did not quote, so that a day on which few drivers were let in is no
reason to let in fewer.
"""

import numpy as np

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.order import Orders
from galleria.models.demand.day import ShoppingDay


class Forecast:
    """The mean of the days seen, and of what was expected before the first, as if that had been one of them.

    Parameters
    ----------
    orders
        float64 [J, 24], expected orders.
    engaged_h
        Expected hours of a driver on the trip of an order.
    """

    def __init__(self, orders: Floats, engaged_h: float) -> None:
        self.orders = orders.copy()
        self.engaged_h = np.full(len(orders), engaged_h)
        self._days = 1

    @property
    def need(self) -> Floats:
        """Drivers engaged on average, float64 [J, 24]: by its orders, or half of those of two hours."""
        left_over = (self.orders + np.roll(self.orders, 1, axis=1)) / 2
        return np.asarray(np.maximum(self.orders, left_over) * self.engaged_h[:, None])

    def learn(self, wanted: Floats, engaged_h: Floats, delivered: Ints) -> None:
        """Count a day: orders wanted [J, 24], nan where nobody can tell, hours on trips and orders delivered [J]."""
        self._days += 1
        self.orders += np.where(np.isfinite(wanted), wanted - self.orders, 0.0) / self._days
        seen = delivered > 0
        each_h = engaged_h / np.where(seen, delivered, 1)
        self.engaged_h += np.where(seen, each_h - self.engaged_h, 0.0) / self._days


def wanted_orders(today: ShoppingDay, couriers: int) -> Floats:
    """Return the orders wanted of each courier in each hour of the day, float64 [J, 24].

    Those that were placed, times the occasions within the courier's reach by those that had a quote; nan where there
    were some within reach and none had one.
    """
    occasions = today.occasions
    hour = (occasions.arrive_s % DAY_S // HOUR_S).astype(np.int64)
    wanted = np.zeros((couriers, 24))
    for number in range(couriers):
        could = np.isfinite(today.choices.utility[:, number])
        quoted = could & np.isfinite(occasions.utility[:, number])
        within, had, chose = (
            np.bincount(hour[which], minlength=24) for which in (could, quoted, quoted & (occasions.choice == number))
        )
        factor = np.where(had > 0, within / np.maximum(had, 1), np.where(within > 0, np.nan, 0.0))
        wanted[number] = chose * factor
    return wanted


def wanted_meals(meals: Orders, day: int, couriers: int) -> Floats:
    """Return the meals wanted of each courier in each hour of the day, float64 [J, 24], those refused included."""
    rows = np.flatnonzero((meals.day[: meals.count] == day) & (meals.courier[: meals.count] >= 0))
    wanted = np.zeros((couriers, 24))
    np.add.at(wanted, (meals.courier[rows], (meals.placed_s[rows] % DAY_S // HOUR_S).astype(np.int64)), 1.0)
    return wanted
