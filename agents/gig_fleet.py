"""A gig courier's dispatcher: waiting orders, offers to drivers, quotes by moving averages (model 7.4, 7.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf, sqrt
from typing import NamedTuple

import numpy as np

from agents.arrays import Bools, Floats, Ints
from agents.contracts import NOBODY
from agents.courier import GigCourierSettings, pay
from agents.dispatch import DispatchSettings, pickup_cost, rule_named
from agents.driver import Drivers, DriverSettings, Trips, accept
from agents.noise import hashed_integer, to_uniform, uniform_pairs
from agents.order import Orders, Status
from agents.roads import Roads, drives_to, itineraries

TIE_S = 1e-3
"""Ties between drivers are broken by noise of at most so many seconds."""


@dataclass(frozen=True)
class Surroundings:
    """What all gig fleets share.

    Attributes
    ----------
    orders, drivers
        The market's populations.
    roads
        Of the city.
    dispatch, driver_settings
        How to match; what driving costs.
    handover_s
        Time at the store from arrival (or readiness) to departure, s.
    policy
        Pay after policies, from pay, km and minutes from acceptance to the door.
    tie_key, accept_key
        Keys of the noise of (occasion, driver) and of (occasion, driver, number of the offer).
    """

    orders: Orders
    drivers: Drivers
    roads: Roads
    dispatch: DispatchSettings
    driver_settings: DriverSettings
    handover_s: float
    policy: Callable[[Floats, Floats, Floats], Floats]
    tie_key: int
    accept_key: int


class Waiting(NamedTuple):
    """What the dispatcher keeps at hand of an order that waits for a driver."""

    sendable_s: float
    deadline_s: float
    tie_seed: int
    paused: dict[int, float]


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
        self._waiting: dict[int, Waiting] = {}
        self._rule = rule_named(around.dispatch.rule).match
        self._departures: list[tuple[float, float]] = []
        sd_s = settings.quote.initial_sd_min * 60
        self._mean_s = settings.observed.preparation_min * 60 - settings.quote.safety * sd_s
        self._variance_s2 = sd_s**2

    @property
    def _works_here(self) -> Bools:
        """Which drivers have the courier's app: they may take it up or drop it."""
        return self.around.drivers.on(self.number)

    @property
    def waiting(self) -> list[int]:
        """Orders that nobody carries yet, in order of placement."""
        return list(self._waiting)

    @property
    def is_matching(self) -> bool:
        """Whether orders wait for a driver."""
        return bool(self._waiting)

    def take(self, rows: list[int]) -> None:
        """Take orders that were just placed."""
        orders, around = self.around.orders, self.around
        for row in rows:
            self._waiting[row] = Waiting(
                sendable_s=float(orders.ready_s[row]) - around.dispatch.lookahead_min * 60,
                deadline_s=float(orders.promised_s[row]) + self.settings.patience_h * 3600,
                tie_seed=hashed_integer(around.tie_key, int(orders.occasion[row])),
                paused={},
            )

    def dispatch(self, now_s: float) -> None:
        """Cancel what has waited too long, match what is ready soon with idle drivers, and make the offers."""
        self._cancel_overdue(now_s)
        sendable = [row for row, order in self._waiting.items() if order.sendable_s <= now_s]
        if not sendable:
            return
        orders, drivers, settings = self.around.orders, self.around.drivers, self.around.dispatch
        idle = np.flatnonzero(drivers.idle & self._works_here)
        contract = drivers.captive_of(idle, now_s)
        idle = idle[(contract == NOBODY) | (contract == self.number)]
        if not len(idle):
            return
        rows = np.array(sendable)
        drive_s = drives_to(self.around.roads, drivers.place[idle], orders.origin[rows], now_s)
        cost = pickup_cost(
            drive_s,
            orders.ready_s[rows] - now_s,
            now_s - orders.placed_s[rows],
            settings.wait_weight,
            settings.age_weight,
            settings.max_pickup_min * 60,
            settings.candidates,
        )
        seeds = np.array([self._waiting[row].tie_seed for row in sendable], dtype=np.uint64)
        cost += TIE_S * uniform_pairs(seeds, idle)
        self._skip_paused(cost, sendable, idle, now_s)
        which, who = self._rule(cost)
        if len(which):
            self._offer(rows[which], idle[who], now_s)

    def next_event_s(self, now_s: float) -> float:
        """Give the next time at which an order is ready soon or overdue, or a declined offer may be repeated."""
        times: list[float] = []
        for order in self._waiting.values():
            times += [order.sendable_s, order.deadline_s, *order.paused.values()]
        return min((time for time in times if time > now_s), default=inf)

    def requote(self, now_s: float) -> float:
        """Average the times from order to departure of what has departed; refuse service when overloaded."""
        rate = self.settings.quote.rate
        while self._departures and self._departures[0][0] <= now_s:
            _, took_s = heappop(self._departures)
            deviation = took_s - self._mean_s
            self._mean_s += rate * deviation
            self._variance_s2 = (1 - rate) * (self._variance_s2 + rate * deviation**2)
        online = int(np.count_nonzero(self.around.drivers.online & self._works_here))
        if len(self._waiting) > self.settings.pending_per_driver * online:
            return inf
        return (self._mean_s + self.settings.quote.safety * sqrt(self._variance_s2)) / 3600

    def close_day(self, day: int) -> float:
        """Let orders go on through the night; drivers bring their own cars."""
        del day
        return 0.0

    def _offer(self, rows: Ints, asked: Ints, now_s: float) -> None:
        """Make one offer a driver; those who accept start at once, the others are not asked again for a while."""
        around, orders, drivers = self.around, self.around.orders, self.around.drivers
        destination, tip_usd = orders.destination[rows], orders.tip_usd[rows]
        course = itineraries(
            around.roads,
            drivers.place[asked],
            orders.origin[rows],
            destination,
            orders.ready_s[rows],
            now_s,
            around.handover_s,
            around.driver_settings.door_min * 60,
        )
        loaded_km = orders.loaded_km[rows]
        km = course.pickup_km + loaded_km
        hours = (course.delivered_s - now_s) / 3600
        pay_usd = pay(self.settings.pay, loaded_km, (course.at_door_s - course.picked_s) / 60)
        pay_usd = around.policy(pay_usd, km, hours * 60)
        cost_usd_per_km = around.driver_settings.cost_usd_per_km
        yes = accept(
            pay_usd + tip_usd,
            km,
            hours,
            drivers.reservation_usd_per_h[asked],
            cost_usd_per_km,
            around.driver_settings.acceptance_scale_usd,
            self._acceptance_noise(rows, asked),
        )
        captive = drivers.captive_of(asked, now_s) == self.number
        yes |= captive
        pay_usd = np.where(captive, 0.0, pay_usd)
        orders.offers[rows] += 1
        trips = Trips(
            driver=asked,
            order=rows,
            accepted_s=np.full(len(rows), now_s),
            arrived_s=course.arrived_s,
            picked_s=course.picked_s,
            at_door_s=course.at_door_s,
            delivered_s=course.delivered_s,
            pickup_km=course.pickup_km,
            loaded_km=loaded_km,
            destination=destination,
            pay_usd=pay_usd,
            net_usd=pay_usd + tip_usd - cost_usd_per_km * km,
        )
        if not yes.all():
            for row, driver in zip(rows[~yes].tolist(), asked[~yes].tolist(), strict=True):
                self._waiting[row].paused[driver] = now_s + around.dispatch.decline_pause_s
            trips = trips.only(yes)
        if len(trips.order):
            drivers.depart(trips)
            self._hand_over(trips)

    def _acceptance_noise(self, rows: Ints, asked: Ints) -> Floats:
        orders = self.around.orders
        questions = zip(orders.occasion[rows].tolist(), asked.tolist(), orders.offers[rows].tolist(), strict=True)
        return np.array([to_uniform(hashed_integer(self.around.accept_key, *question)) for question in questions])

    def _hand_over(self, trips: Trips) -> None:
        """Write trips on their orders and take these off the list."""
        orders, rows = self.around.orders, trips.order
        orders.driver[rows] = trips.driver
        orders.accepted_s[rows] = trips.accepted_s
        orders.arrived_s[rows] = trips.arrived_s
        orders.picked_s[rows] = trips.picked_s
        orders.delivered_s[rows] = trips.delivered_s
        orders.pickup_km[rows] = trips.pickup_km
        orders.pay_usd[rows] = trips.pay_usd
        for row, picked_s in zip(rows.tolist(), trips.picked_s.tolist(), strict=True):
            del self._waiting[row]
            heappush(self._departures, (picked_s, picked_s - float(orders.placed_s[row])))

    def _skip_paused(self, cost: Floats, sendable: list[int], idle: Ints, now_s: float) -> None:
        for k, row in enumerate(sendable):
            for driver, until_s in self._waiting[row].paused.items():
                column = int(idle.searchsorted(driver))
                if until_s > now_s and column < len(idle) and idle[column] == driver:
                    cost[k, column] = np.inf

    def _cancel_overdue(self, now_s: float) -> None:
        overdue = [row for row, order in self._waiting.items() if order.deadline_s <= now_s]
        self.around.orders.close(overdue, Status.CANCELLED)
        for row in overdue:
            del self._waiting[row]
