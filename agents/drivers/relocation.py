"""Relocation: where drivers go who have waited long for an offer (model 7.4).

What an hour of waiting in a zone is worth is learnt from the pay of the orders collected there and from the drivers who
waited there. Only zones with stores have any; the others are not gone to.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.drivers.vehicles import Vehicles
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.noise import hashed_uniform
from galleria.agents.kernel.order import Orders
from galleria.agents.kernel.roads import Roads


class ZoneRates:
    """Moving averages of what is paid for orders from each zone, and of how long drivers wait there.

    Parameters
    ----------
    zones
        Their number.
    rate
        Weight of the last period.
    """

    def __init__(self, zones: int, rate: float) -> None:
        self.rate = rate
        self.paid_usd, self.idle_h = np.zeros(zones), np.zeros(zones)

    def learn(self, paid_usd: Floats, idle_h: Floats) -> None:
        """Take in one period, float64 [Z] each: pay and tips of orders accepted, and hours of idle drivers."""
        self.paid_usd += self.rate * (paid_usd - self.paid_usd)
        self.idle_h += self.rate * (idle_h - self.idle_h)

    def usd_per_idle_h(self, period_h: float) -> Floats:
        """Return what one more driver who waits in a zone for a period would earn an hour, float64 [Z], e_hat_z."""
        return np.asarray(self.paid_usd / (self.idle_h + period_h))


def choose_zone(
    stay_usd: Floats, usd_per_idle_h: Floats, drive_h: Floats, drive_usd: Floats, theta: float, uniform: Floats
) -> Ints:
    """Choose a zone with probabilities softmax(theta (e_hat_z (1 - tau_iz / 1 h) - c d_iz)), staying included.

    Parameters
    ----------
    stay_usd
        float64 [m], e_hat of the zones where drivers are.
    usd_per_idle_h
        float64 [K], e_hat of the zones one can go to.
    drive_h, drive_usd
        float64 [m, K], time and cost of going there; inf where a driver already is.
    theta
        Sensitivity, 1/$.
    uniform
        float64 [m], in (0, 1).

    Returns
    -------
    int64 [m], entry of the zone, or -1 for staying.
    """
    worth = theta * np.column_stack([stay_usd, usd_per_idle_h * (1 - drive_h) - drive_usd])
    weight = np.exp(worth - worth.max(axis=1, keepdims=True))
    cumulated = weight.cumsum(axis=1)
    return np.asarray((cumulated < uniform[:, None] * cumulated[:, -1:]).sum(axis=1) - 1)


class Sites(NamedTuple):
    """Where one may go: int [P], zone of each place, and int [s], places of the stores."""

    zone: Ints
    store: Ints


class Relocation:
    """Sends idle drivers to other zones.

    Parameters
    ----------
    settings, theta
        Of drivers, and the sensitivity of relocation; at 0 drivers stay.
    drivers, orders, roads
        Who, for what, all populations of orders, on which ways.
    sites
        Zones and stores.
    period_s
        Time between decisions.
    key
        Of the noise of (driver, moment).
    """

    def __init__(
        self,
        settings: DriverSettings,
        theta: float,
        drivers: Drivers,
        orders: Sequence[Orders],
        roads: Roads,
        sites: Sites,
        period_s: float,
        key: int,
    ) -> None:
        self.settings, self.theta = settings.relocation, theta
        self.drivers, self.orders, self.vehicles = drivers, orders, Vehicles.of(settings, roads)
        self.zone, self.period_s, self.key = sites.zone, period_s, key
        self.goal = _busiest_places(sites)
        self.rates = ZoneRates(int(sites.zone.max()) + 1, settings.relocation.rate)
        self._since_s = -np.inf

    def decide(self, now_s: float) -> None:
        """Learn what the last period was worth where, and let those go who have been idle long enough."""
        drivers = self.drivers
        self._learn(now_s)
        if self.theta == 0:
            return
        rows = np.flatnonzero(drivers.idle & (now_s - drivers.idle_since_s >= self.settings.after_min * 60))
        if not len(rows):
            return
        here, vehicle, vehicles = drivers.place[rows], drivers.vehicle[rows], self.vehicles
        cost_usd_per_km = vehicles.cost_usd_per_km[vehicle]
        rate = self.rates.usd_per_idle_h(self.period_s / HOUR_S)
        drive_h = vehicles.drive_s(vehicle, here, self.goal, np.array(now_s)) / HOUR_S
        drive_km = vehicles.roads[0].km(here[:, None], self.goal)
        drive_usd = cost_usd_per_km[:, None] * drive_km
        drive_usd[self.zone[here][:, None] == self.zone[self.goal]] = np.inf
        drive_usd[drivers.driven_today_km(rows)[:, None] + drive_km > vehicles.range_km[vehicle][:, None]] = np.inf
        uniform = hashed_uniform(self.key, rows, round(now_s * 1000))
        chosen = choose_zone(rate[self.zone[here]], rate[self.zone[self.goal]], drive_h, drive_usd, self.theta, uniform)
        goes = chosen >= 0
        if goes.any():
            goal = self.goal[chosen[goes]]
            arrives_s, km = vehicles.approaches(vehicle[goes], here[goes], goal, now_s)
            drivers.relocate(rows[goes], goal, now_s, arrives_s, km, cost_usd_per_km[goes])

    def _learn(self, now_s: float) -> None:
        drivers, zones = self.drivers, len(self.rates.paid_usd)
        idle = np.bincount(self.zone[drivers.place[drivers.idle]], minlength=zones)
        paid_usd = np.sum([self._paid_usd(orders, now_s) for orders in self.orders], axis=0)
        self.rates.learn(paid_usd, idle * np.float64(self.period_s / HOUR_S))
        self._since_s = now_s

    def _paid_usd(self, orders: Orders, now_s: float) -> Floats:
        """Return pay and tips of the orders accepted since the last time, by zone of the store, float64 [Z]."""
        accepted_s = orders.accepted_s[: orders.count]
        new = np.flatnonzero((accepted_s > self._since_s) & (accepted_s <= now_s))
        paid_usd = orders.pay_usd[new] + orders.tip_usd[new]
        return np.bincount(self.zone[orders.origin[new]], paid_usd, len(self.rates.paid_usd))


def _busiest_places(sites: Sites) -> Ints:
    """Return for each zone with stores the place of most of them, in the order of the zones."""
    zone, (place, stores) = sites.zone, np.unique(sites.store, return_counts=True)
    order = np.lexsort((place, -stores, zone[place]))
    _, first = np.unique(zone[place[order]], return_index=True)
    return np.asarray(place[order[first]])
