"""A gig courier's dispatcher: waiting orders, offers to drivers, quotes by moving averages (model 7.4, 7.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf, sqrt
from typing import Protocol

import numpy as np

from agents.arrays import Floats, Ints
from agents.courier import GigCourierSettings, pay
from agents.dispatch import DispatchSettings, pickup_cost, rule_named
from agents.driver import Drivers, DriverSettings, Trips, accept
from agents.order import Orders, Status

TIE_S = 1e-3


class Travel(Protocol):
    """What a dispatcher needs of the roads; arguments broadcast."""

    def arrival_s(self, origin: Ints, destination: Ints, depart_s: Floats | float) -> Floats:
        """Give arrival times, s."""

    def km(self, origin: Ints, destination: Ints) -> Floats:
        """Give distances, km."""


@dataclass(frozen=True)
class Surroundings:
    """What all gig fleets share.

    Attributes
    ----------
    orders, drivers
        The market's populations.
    travel
        The roads.
    dispatch, driver_settings
        How to match; what driving costs.
    handover_s
        Time at the store from arrival (or readiness) to departure, s.
    policy
        Pay after policies, from pay, km and minutes from acceptance to the door.
    tie, noise
        Uniform numbers that belong to (occasion, driver) and (occasion, driver, number of the offer).
    """

    orders: Orders
    drivers: Drivers
    travel: Travel
    dispatch: DispatchSettings
    driver_settings: DriverSettings
    handover_s: float
    policy: Callable[[Floats, Floats, Floats], Floats]
    tie: Callable[..., Floats]
    noise: Callable[..., Floats]


class GigFleet:
    """Offers a courier's waiting orders to the drivers who work for it.

    Parameters
    ----------
    number
        The courier's number.
    settings
        Its pay, quotes and patience.
    around
        What it shares with the others.
    """

    def __init__(self, number: int, settings: GigCourierSettings, around: Surroundings) -> None:
        self.number = number
        self.settings = settings
        self.around = around
        self.waiting: list[int] = []
        self._rule = rule_named(around.dispatch.rule)
        self._paused: dict[int, dict[int, float]] = {}
        self._departures: list[tuple[float, float]] = []
        sd_s = settings.quote.initial_sd_min * 60
        self._mean_s = settings.observed.preparation_min * 60 - settings.quote.safety * sd_s
        self._variance_s2 = sd_s**2

    @property
    def is_matching(self) -> bool:
        """Whether orders wait for a driver."""
        return bool(self.waiting)

    def take(self, rows: list[int]) -> None:
        """Take orders that were just placed."""
        self.waiting += rows

    def dispatch(self, now_s: float) -> None:
        """Cancel what has waited too long, match what is ready soon with idle drivers, and make the offers."""
        if not self.waiting:
            return
        self._cancel_overdue(now_s)
        orders, drivers, settings = self.around.orders, self.around.drivers, self.around.dispatch
        ready_s = orders.ready_s
        horizon_s = now_s + settings.lookahead_min * 60
        rows = np.array([row for row in self.waiting if ready_s[row] <= horizon_s], np.int64)
        idle = drivers.idle_on(self.number) if len(rows) else rows
        if not len(idle):
            return
        arrive_s = self.around.travel.arrival_s(drivers.place[idle], orders.origin[rows][:, None], now_s)
        cost = pickup_cost(arrive_s - now_s, ready_s[rows] - now_s, now_s - orders.placed_s[rows], settings)
        cost += TIE_S * self.around.tie(orders.occasion[rows][:, None], idle)
        self._skip_paused(cost, rows, idle, now_s)
        which, who = self._rule(cost)
        if len(which):
            self._offer(rows[which], idle[who], arrive_s[which, who], now_s)

    def next_event_s(self, now_s: float) -> float:
        """Give the next time at which an order is ready soon or overdue, or a declined offer may be repeated."""
        lookahead_s = self.around.dispatch.lookahead_min * 60
        times = [float(self.around.orders.ready_s[row]) - lookahead_s for row in self.waiting]
        times += [self._deadline_s(row) for row in self.waiting]
        times += [until_s for drivers in self._paused.values() for until_s in drivers.values()]
        return min((time for time in times if time > now_s), default=inf)

    def requote(self, now_s: float) -> float:
        """Average the times from order to departure of what has departed; refuse service when overloaded."""
        rate = self.settings.quote.rate
        while self._departures and self._departures[0][0] <= now_s:
            _, took_s = heappop(self._departures)
            deviation = took_s - self._mean_s
            self._mean_s += rate * deviation
            self._variance_s2 = (1 - rate) * (self._variance_s2 + rate * deviation**2)
        limit = self.settings.pending_per_driver * self.around.drivers.online_on(self.number)
        if len(self.waiting) > limit:
            return inf
        return (self._mean_s + self.settings.quote.safety * sqrt(self._variance_s2)) / 3600

    def close_day(self, day: int) -> float:
        """Let orders go on through the night; drivers bring their own cars."""
        del day
        return 0.0

    def _offer(self, rows: Ints, asked: Ints, arrive_s: Floats, now_s: float) -> None:
        """Make one offer a driver; those who accept start at once, the others are not asked again for a while."""
        around, orders, drivers = self.around, self.around.orders, self.around.drivers
        origin, destination = orders.origin[rows], orders.destination[rows]
        picked_s = np.maximum(arrive_s, orders.ready_s[rows]) + around.handover_s
        at_door_s = around.travel.arrival_s(origin, destination, picked_s)
        delivered_s = at_door_s + around.driver_settings.door_min * 60
        pickup_km = around.travel.km(drivers.place[asked], origin)
        loaded_km = orders.loaded_km[rows]
        hours = (delivered_s - now_s) / 3600
        pay_usd = pay(self.settings.pay, loaded_km, (at_door_s - picked_s) / 60)
        pay_usd = around.policy(pay_usd, pickup_km + loaded_km, hours * 60)
        cost_usd_per_km = around.driver_settings.cost_usd_per_km
        yes = accept(
            pay_usd + orders.tip_usd[rows],
            pickup_km + loaded_km,
            hours,
            drivers.reservation_usd_per_h[asked],
            cost_usd_per_km,
            around.driver_settings.acceptance_scale_usd,
            around.noise(orders.occasion[rows], asked, orders.offers[rows]),
        )
        orders.offers[rows] += 1
        for row, driver in zip(rows[~yes].tolist(), asked[~yes].tolist(), strict=True):
            self._paused.setdefault(row, {})[driver] = now_s + around.dispatch.decline_pause_s
        if not yes.any():
            return
        net_usd = pay_usd + orders.tip_usd[rows] - cost_usd_per_km * (pickup_km + loaded_km)
        trips = Trips(
            driver=asked[yes],
            order=rows[yes],
            accepted_s=np.full(int(yes.sum()), now_s),
            arrived_s=arrive_s[yes],
            picked_s=picked_s[yes],
            at_door_s=at_door_s[yes],
            delivered_s=delivered_s[yes],
            pickup_km=pickup_km[yes],
            loaded_km=loaded_km[yes],
            destination=destination[yes],
            net_usd=net_usd[yes],
        )
        drivers.depart(trips)
        self._hand_over(trips, pay_usd[yes])

    def _hand_over(self, trips: Trips, pay_usd: Floats) -> None:
        """Write accepted trips on the orders and take these off the list."""
        orders, rows = self.around.orders, trips.order
        orders.driver[rows] = trips.driver
        orders.accepted_s[rows] = trips.accepted_s
        orders.arrived_s[rows] = trips.arrived_s
        orders.picked_s[rows] = trips.picked_s
        orders.delivered_s[rows] = trips.delivered_s
        orders.pickup_km[rows] = trips.pickup_km
        orders.pay_usd[rows] = pay_usd
        for row, picked_s in zip(rows.tolist(), trips.picked_s.tolist(), strict=True):
            self.waiting.remove(row)
            self._paused.pop(row, None)
            heappush(self._departures, (picked_s, picked_s - float(orders.placed_s[row])))

    def _skip_paused(self, cost: Floats, rows: Ints, idle: Ints, now_s: float) -> None:
        if not self._paused:
            return
        column = {driver: k for k, driver in enumerate(idle.tolist())}
        for k, row in enumerate(rows.tolist()):
            for driver, until_s in self._paused.get(row, {}).items():
                if until_s > now_s and driver in column:
                    cost[k, column[driver]] = np.inf

    def _deadline_s(self, row: int) -> float:
        return float(self.around.orders.promised_s[row]) + self.settings.patience_h * 3600

    def _cancel_overdue(self, now_s: float) -> None:
        overdue = [row for row in self.waiting if self._deadline_s(row) <= now_s]
        if overdue:
            self.around.orders.close(overdue, Status.CANCELLED)
            self.waiting = [row for row in self.waiting if row not in overdue]
            for row in overdue:
                self._paused.pop(row, None)
