"""Runs an instance minute by minute: orders and ready times are known from placement, couriers never refuse.

A courier comes on at the start place at on-time, takes nothing over after off-time, and otherwise does as the market's
bundled dispatch decides.
"""

from bisect import insort
from dataclasses import dataclass, field

import numpy as np

from galleria.agents.dispatch.bundled import BundledDispatch
from galleria.agents.dispatch.rules import RULES
from galleria.agents.dispatch.settings import DispatchSettings
from galleria.agents.dispatch.trips import NONE, AvailableDrivers, Jobs, Stops, UnderWay, departure_s
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.experiments.mdrp.instance import Instance

MINUTE_S = 60.0


@dataclass
class Trip:
    """What one courier collects at one restaurant and delivers; times in minutes, `orders` in the order of doors.

    `assigned_min` is when the last of the orders was assigned, `leaves_min` when the courier sets out from `origin`.
    """

    courier: int
    orders: list[int]
    assigned_min: float
    origin: int
    leaves_min: float
    arrives_min: float
    pickup_min: float = 0.0
    dropoff_min: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Delivered:
    """All trips of an instance, in the order in which they began."""

    instance: Instance
    trips: list[Trip]

    def times(self) -> tuple[Floats, Floats, Ints]:
        """Return pick-up and drop-off time of each order, nan for none, min, and its courier, -1 for none."""
        n = len(self.instance.order)
        picked, dropped, courier = np.full(n, np.nan), np.full(n, np.nan), np.full(n, -1)
        for trip in self.trips:
            picked[trip.orders] = trip.pickup_min
            dropped[trip.orders] = trip.dropoff_min
            courier[trip.orders] = trip.courier
        return picked, dropped, courier


def referee_of(instance: Instance, settings: DispatchSettings) -> BundledDispatch:
    """Make the dispatcher for an instance; a rule for single orders pairs bundles of one."""
    rule, bundling = RULES[settings.rule], settings.bundling
    pickup_s, dropoff_s = instance.pickup_min * MINUTE_S / 2, instance.dropoff_min * MINUTE_S / 2
    return BundledDispatch(
        roads=instance.roads(),
        stops=Stops(pickup_s, pickup_s, bundling.extra_parcel_min * MINUTE_S, dropoff_s, dropoff_s),
        settings=bundling if rule.bundles else bundling.model_copy(update={"max_orders": 1}),
        match=rule.match,
        max_pickup_s=settings.max_pickup_min * MINUTE_S,
        candidates=settings.candidates,
    )


def run_instance(instance: Instance, settings: DispatchSettings) -> Delivered:
    """Run one instance to the end of the last shift."""
    return _Run(instance, settings).to_the_end()


class _Run:
    """The state of a run; all times in seconds."""

    def __init__(self, instance: Instance, settings: DispatchSettings) -> None:
        self.instance, self.settings = instance, settings
        self.dispatch = referee_of(instance, settings)
        ready_s: Floats = np.asarray(instance.ready_min * MINUTE_S)
        due_s: Floats = np.asarray((instance.placed_min + instance.target_min) * MINUTE_S)
        self.jobs = Jobs(instance.restaurant_of, instance.door, ready_s, due_s)
        self.place = instance.start.copy()
        self.free_s: Floats = np.asarray(instance.on_min * MINUTE_S)
        self.until_s: Floats = np.asarray(instance.off_min * MINUTE_S)
        self.placed = np.argsort(instance.placed_min, kind="stable").tolist()
        self.known = 0
        self.waiting: list[int] = []
        self.trips: list[Trip] = []
        self.under_way: list[Trip] = []

    def to_the_end(self) -> Delivered:
        instance, step = self.instance, max(1, round(self.settings.interval_s / MINUTE_S))
        ahead_s = self.settings.bundling.lookahead_min * MINUTE_S
        minute, last = int(instance.placed_min.min()), int(instance.off_min.max())
        while minute <= last:
            self._hear(minute)
            if not self.waiting:
                if self.known == len(self.placed):
                    break
                minute = int(instance.placed_min[self.placed[self.known]])
                continue
            due = [row for row in self.waiting if self.jobs.ready_s[row] <= minute * MINUTE_S + ahead_s]
            if due:
                self._decide(np.array(due), float(minute))
            minute += step
        return Delivered(instance, self.trips)

    def _hear(self, minute: int) -> None:
        """Take the orders placed by now."""
        while self.known < len(self.placed) and self.instance.placed_min[self.placed[self.known]] <= minute:
            insort(self.waiting, self.placed[self.known])
            self.known += 1

    def _decide(self, due: Ints, minute: float) -> None:
        now_s = minute * MINUTE_S
        soon_s = self.settings.bundling.soon_free_min * MINUTE_S
        couriers = np.flatnonzero((self.free_s <= now_s + soon_s) & (self.until_s >= now_s))
        hands = AvailableDrivers(self.place[couriers], self.free_s[couriers], self.until_s[couriers])
        self.under_way = [trip for trip in self.under_way if trip.pickup_min > minute]
        decision = self.dispatch.decide(self.jobs, due, hands, self._joinable(), now_s)
        for number, orders in decision.joined:
            trip = self.under_way[number]
            if self._taken_min(orders, trip.arrives_min) <= self.instance.off_min[trip.courier]:
                trip.assigned_min = minute
                self._follow(trip, orders)
        for mission in decision.missions:
            courier = int(couriers[mission.driver])
            if self.free_s[courier] > now_s or mission.leave_s >= now_s + self.settings.interval_s:
                continue
            origin = int(self.place[courier])
            leaves = max(minute, mission.leave_s / MINUTE_S)
            there = int(self.jobs.origin[mission.orders[0]])
            trip = Trip(courier, [], minute, origin, leaves, leaves + int(self.instance.travel_min[origin, there]))
            self.trips.append(trip)
            self.under_way.append(trip)
            self._follow(trip, mission.orders)

    def _joinable(self) -> UnderWay:
        sizes = [len(trip.orders) for trip in self.under_way]
        member = np.array([row for trip in self.under_way for row in trip.orders], np.int64)
        arrives_s = np.array([trip.arrives_min * MINUTE_S for trip in self.under_way])
        return UnderWay(np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]), member, arrives_s)

    def _taken_min(self, orders: Ints, arrives_min: float) -> float:
        stops = self.dispatch.stops
        leaves_s = departure_s(stops, self.jobs, orders, NONE, arrives_min * MINUTE_S)
        return (leaves_s - stops.after_pickup_s - stops.extra_parcel_s * (len(orders) - 1)) / MINUTE_S

    def _follow(self, trip: Trip, orders: Ints) -> None:
        """Work out a trip's times, and take its orders off the list."""
        instance = self.instance
        trip.orders = orders.tolist()
        trip.pickup_min = self._taken_min(orders, trip.arrives_min)
        here = int(self.jobs.origin[orders[0]])
        clock = trip.pickup_min + instance.pickup_min / 2
        clock += (len(orders) - 1) * self.settings.bundling.extra_parcel_min
        trip.dropoff_min = []
        for row in trip.orders:
            clock += float(instance.travel_min[here, self.jobs.destination[row]]) + instance.dropoff_min / 2
            trip.dropoff_min.append(clock)
            clock += instance.dropoff_min / 2
            here = int(self.jobs.destination[row])
        self.place[trip.courier], self.free_s[trip.courier] = here, clock * MINUTE_S
        taken = set(trip.orders)
        self.waiting = [row for row in self.waiting if row not in taken]
