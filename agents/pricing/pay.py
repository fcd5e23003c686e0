"""What a courier's pay desk decides: base pay on a small grid, with the supply curve of drivers (model 7.6, 10.4).

Pay does not enter utility; it works through time. Dearer offers bring drivers on line until the hourly rate is what
the last of them asks; more idle drivers are nearer to a store; quicker pick-ups shorten the quotes of all couriers
whose drivers they are, and quicker couriers get more orders. With too few drivers, couriers refuse orders.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from galleria.agents.drivers.contracts import NOBODY
from galleria.agents.drivers.labour import (
    LabourSupply,
    equilibrium_rate,
    idle_at_most_throughput,
    idle_drivers,
    throughput_per_h,
)
from galleria.agents.kernel.arrays import Floats, Ints

HALF_GRID = 2
"""Steps of the grid to either side of the present pay: five levels in all."""

LOWEST_RATE_USD_PER_H = 1e-6
FEWEST_DRIVERS = 1e-6
SHORTEST_PICKUP_H, LONGEST_PICKUP_H = 1e-4, 24.0
"""Limits between which the time to the nearest of one idle driver is fitted."""


class Service(NamedTuple):
    """How long pick-ups take on average, h, and the share of orders that drivers can serve at all."""

    pickup_h: float
    served_share: float


class Levels(NamedTuple):
    """Distance of the levels of pay that are tried, and the limits between which they lie, $."""

    step_usd: float
    lowest_usd: float
    highest_usd: float


@dataclass(frozen=True)
class PayGame:
    """Couriers who set the base pay of trips for one pool of drivers, as deviations from what was seen.

    Attributes
    ----------
    delay_h
        float64 [D], increasing; changes of the mean pick-up time at which demand was worked out, 0 among them.
    share
        float64 [D, J], shares of occasions.
    profit_usd
        float64 [D, J], profits per occasion at the pay that was seen, $.
    pay_usd
        float64 [J], base pay of a trip that was seen, $; read where a courier pays.
    payer
        int [J], courier whose base pay drivers get for an order: itself or the leader of its pool; NOBODY where they
        are not paid by the offer.
    trips_per_order
        float64 [J], below 1 with bundles; a dollar of base pay costs so many dollars an order.
    net_usd
        float64 [J], pay and tips less driving that an order brought drivers, $.
    ownership
        float64 [J, J], as in `galleria.agents.pricing.fees.FeeGame`.
    occasions_per_h
        float64 [24], by hour of day.
    supply
        24 supply curves, by hour of day.
    busy_h, pickup_h
        Time of a trip after the pick-up; time to the nearest of one idle driver, so that with I idle drivers
        a pick-up takes pickup_h / sqrt(I).
    levels
        The grid of base pay.
    """

    delay_h: Floats
    share: Floats
    profit_usd: Floats
    pay_usd: Floats
    payer: Ints
    trips_per_order: Floats
    net_usd: Floats
    ownership: Floats
    occasions_per_h: Floats
    supply: tuple[LabourSupply, ...]
    busy_h: float
    pickup_h: float
    levels: Levels

    def fitted(self, seen_h: float) -> "PayGame":
        """Return the game whose mean pick-up time at the pay that was seen is the one that was seen, h."""

        def excess(pickup_h: float) -> float:
            return replace(self, pickup_h=pickup_h).service(self.pay_usd, 0.0).pickup_h - seen_h

        lowest, highest = SHORTEST_PICKUP_H, LONGEST_PICKUP_H
        if excess(highest) <= 0:
            return replace(self, pickup_h=highest)
        return replace(self, pickup_h=lowest if excess(lowest) >= 0 else float(brentq(excess, lowest, highest)))

    @property
    def sets_pay(self) -> Ints:
        """Numbers of the couriers that set a base pay."""
        return np.flatnonzero(self.payer == np.arange(len(self.payer)))

    def service(self, pay_usd: Floats, delay_h: float) -> Service:
        """Return how orders are served at some base pay, float64 [J], if quotes are longer by a delay, h."""
        share = np.where(self.payer != NOBODY, self._at(self.share, delay_h), 0.0)
        earned_usd = float(share @ (self.net_usd + self._dearer_usd(pay_usd)))
        trips = float(share @ self.trips_per_order)
        pickup_h = served = 0.0
        for supply, occasions in zip(self.supply, self.occasions_per_h.tolist(), strict=True):
            if occasions > 0 and trips > 0:
                hour = self._hour(supply, occasions * max(0.0, earned_usd), occasions * trips)
                pickup_h += occasions * hour.pickup_h
                served += occasions * hour.served_share
        total = float(self.occasions_per_h.sum())
        return Service(pickup_h / total, served / total)

    def delay_at(self, pay_usd: Floats) -> float:
        """Solve for the change of the pick-up time that some base pay leads to, with the demand it leads to, h."""

        def excess(delay_h: float) -> float:
            return self.service(pay_usd, delay_h).pickup_h - self._seen_h - delay_h

        shortest, longest = float(self.delay_h[0]), float(self.delay_h[-1])
        if excess(shortest) <= 0:
            return shortest
        return longest if excess(longest) >= 0 else float(brentq(excess, shortest, longest, xtol=1e-6))

    def profits(self, pay_usd: Floats) -> Floats:
        """Return the expected profit of each courier from one occasion at some base pay, float64 [J], $."""
        delay_h = self.delay_at(pay_usd)
        earned = self._at(self.profit_usd, delay_h) - self._dearer_usd(pay_usd) * self._at(self.share, delay_h)
        served = np.where(self.payer != NOBODY, self.service(pay_usd, delay_h).served_share, 1.0)
        return np.asarray(earned * served)

    def grid(self, pay_usd: float) -> Floats:
        """List five levels around a pay, within the limits, float64, $."""
        step_usd, lowest_usd, highest_usd = self.levels
        return np.unique(np.clip(pay_usd + step_usd * np.arange(-HALF_GRID, HALF_GRID + 1), lowest_usd, highest_usd))

    def best_pay(self, courier: int, pay_usd: Floats) -> tuple[float, float]:
        """Try all levels around one courier's pay, all others fixed.

        Returns
        -------
        The best level, and what it gains its firm over the present one, $ per occasion; the present one and 0 if none
        is better.
        """
        present = self._objective(courier, pay_usd, float(pay_usd[courier]))
        levels = self.grid(float(pay_usd[courier])).tolist()
        gain, best = max((self._objective(courier, pay_usd, level) - present, level) for level in levels)
        return (best, gain) if gain > 0 else (float(pay_usd[courier]), 0.0)

    def respond(self, pay_usd: Floats) -> Floats:
        """Let each courier that sets its pay take its best level, one after the other, float64 [J], $."""
        now = pay_usd.copy()
        for courier in self.sets_pay.tolist():
            now[courier] = self.best_pay(courier, now)[0]
        return now

    def _dearer_usd(self, pay_usd: Floats) -> Floats:
        """Return what an order costs more than was seen, float64 [J], $."""
        raised = (pay_usd - self.pay_usd)[self.payer]
        return np.where(self.payer != NOBODY, self.trips_per_order * raised, 0.0)

    def _objective(self, courier: int, pay_usd: Floats, level: float) -> float:
        other = pay_usd.copy()
        other[courier] = level
        return float(self.ownership[courier] @ self.profits(other))

    def _hour(self, supply: LabourSupply, income_usd: float, trips_per_h: float) -> Service:
        """Return how trips are served in an hour; above drivers' highest throughput, orders are refused."""
        rate = equilibrium_rate(supply, income_usd, 0.0, LOWEST_RATE_USD_PER_H, income_usd / trips_per_h / self.busy_h)
        drivers = supply.drivers(max(rate, LOWEST_RATE_USD_PER_H))
        if drivers < FEWEST_DRIVERS:
            return Service(self.pickup_h, 0.0)
        idle = idle_at_most_throughput(drivers, self.busy_h, self.pickup_h)
        most = float(throughput_per_h(np.array(idle), drivers, self.busy_h, self.pickup_h))
        if most >= trips_per_h:
            idle = idle_drivers(trips_per_h, drivers, self.busy_h, self.pickup_h)
        return Service(self.pickup_h / float(np.sqrt(idle)), min(1.0, most / trips_per_h))

    def _at(self, values: Floats, delay_h: float) -> Floats:
        """Read values, float64 [D, J], between the delays at which they were worked out."""
        upper = int(np.clip(self.delay_h.searchsorted(delay_h), 1, len(self.delay_h) - 1))
        first, second = self.delay_h[upper - 1], self.delay_h[upper]
        weight = float(np.clip((delay_h - first) / (second - first), 0.0, 1.0))
        return np.asarray((1 - weight) * values[upper - 1] + weight * values[upper])

    @cached_property
    def _seen_h(self) -> float:
        return self.service(self.pay_usd, 0.0).pickup_h
