"""The burden: what policies cost couriers by the order, and what they pass on of it."""

from typing import NamedTuple, Protocol

import numpy as np

from galleria.agents.couriers.top_up import order_cost_usd
from galleria.agents.kernel.arrays import Bools, Floats


class Floors(Protocol):
    """Floors on the pay of time."""

    @property
    def hourly_pay_usd(self) -> float:
        """Least mean pay of an hour on line, $; 0 for none."""

    @property
    def trip_pay_usd(self) -> float:
        """Least pay of each driver's hour on trips, $; 0 for none."""


class DayOfCosts(NamedTuple):
    """What a day has shown.

    Attributes
    ----------
    cost_usd
        float64 [J], what policies cost by the order: dearer offers, commissions forgone.
    orders, engaged_h, paid_usd
        float64 [J], orders delivered, hours on their trips, their pay without top-ups.
    other_h, online_h
        Hours of drivers on other trips, and on line.

    Meals are a service of their own: where there are any, J counts those of all couriers after their other orders.
    """

    cost_usd: Floats
    orders: Floats
    engaged_h: Floats
    paid_usd: Floats
    other_h: float
    online_h: float


class Burden:
    """Moving averages over the days on which policies cost anything, and the additions to fees in force.

    Parameters
    ----------
    couriers
        Number J of them, twice that where they carry meals too.

    Attributes
    ----------
    added_usd
        float64 [J], what couriers add to their fees today.
    answer
        float64 [J], orders that are expected with that, as a part of those without.
    beyond
        bool [J], where no addition recovers what policies cost.
    """

    def __init__(self, couriers: int) -> None:
        self._mean, self._weight = np.zeros((len(DayOfCosts._fields), couriers)), np.zeros(couriers)
        self.added_usd, self.answer = np.zeros(couriers), np.ones(couriers)
        self.beyond: Bools = np.zeros(couriers, np.bool_)

    def learn(self, day: DayOfCosts, floors: Floors, rate: float) -> None:
        """Count a day with its weight; orders and their hours and pay as they would have been without additions."""
        dear = (day.cost_usd > 0) | (floors.hourly_pay_usd + floors.trip_pay_usd > 0)
        without = np.concatenate([1 / np.tile(self.answer, (4, 1)), np.ones((2, len(dear)))])
        seen = np.stack([np.broadcast_to(each, dear.shape) for each in day]) * without
        self._mean += np.where(dear, rate * (seen - self._mean), 0.0)
        self._weight += np.where(dear, rate * (1 - self._weight), 0.0)

    @property
    def known(self) -> bool:
        """Whether a cost has been seen."""
        return bool((self._weight > 0).any())

    @property
    def day(self) -> DayOfCosts:
        """The mean day, without additions to fees; hours on other trips and on line as last averaged by anybody."""
        mean = self._mean / np.where(self._weight > 0, self._weight, 1.0)
        return DayOfCosts(mean[0], mean[1], mean[2], mean[3], float(mean[4].max()), float(mean[5].max()))

    def usd_per_order(self, orders: Floats, online_h: float, floors: Floors) -> Floats:
        """Return what policies cost of each order beyond its pay, float64 [J], $, with so many hours on line in all.

        An hour on trips costs the larger of the floor on trips and of that on all time on line over the part of it that
        drivers are engaged.
        """
        engaged = self._engaged_h(orders)
        return self._at(floors, online_h / engaged if engaged > 0 else 0.0)

    def usd_per_further_order(
        self, orders: Floats, online_h: float, fewer: Floats, fewer_online_h: float, floors: Floors
    ) -> Floats:
        """Return what policies cost of one more order beyond its pay, float64 [J], $.

        An hour on trips costs the larger of the floor on trips and of that on the time on line that goes with it: the
        difference of hours on line between `orders` and `fewer`, float64 [J], by that of engaged hours.
        """
        engaged = self._engaged_h(orders) - self._engaged_h(fewer)
        return self._at(floors, (online_h - fewer_online_h) / engaged if engaged > 0 else 0.0)

    def _engaged_h(self, orders: Floats) -> float:
        """Return the hours of drivers on all trips of a day with these orders."""
        day = self.day
        return float(np.divide(day.engaged_h, day.orders, out=np.zeros_like(orders), where=day.orders > 0) @ orders) + (
            day.other_h
        )

    def _at(self, floors: Floors, online_h_per_engaged_h: float) -> Floats:
        day = self.day
        least_usd = max(floors.trip_pay_usd, floors.hourly_pay_usd * online_h_per_engaged_h)
        cost_usd, engaged_h, paid_usd = np.stack([day.cost_usd, day.engaged_h, day.paid_usd]) / np.where(
            day.orders > 0, day.orders, 1.0
        )
        return np.asarray(cost_usd + order_cost_usd(paid_usd, engaged_h, least_usd) - paid_usd)
