"""Bundled dispatch: at each interval all waiting orders and drivers are planned anew, and only what cannot wait starts.

Drivers who will soon be free are planned with, and so are orders that will soon be packed; a pair of a driver and a
bundle starts when the driver has to leave so that the parcels do not wait. Until then the plan may change, and until
the driver leaves the store further orders may join (model 7.5; rolling horizon with late commitment as in Reyes et al.
2018, The meal delivery routing problem). The market's couriers and the meal-delivery referee decide by this code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import njit

from galleria.agents.dispatch.bundles import bundle, order_doors
from galleria.agents.dispatch.costs import trip_costs
from galleria.agents.dispatch.rules import Match
from galleria.agents.dispatch.settings import BundlingSettings
from galleria.agents.dispatch.trips import (
    AvailableDrivers,
    Fleet,
    Jobs,
    Limits,
    Moment,
    Scene,
    Stops,
    UnderWay,
    by_vehicle,
)
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.roads import Roads

type ExtraCost = Callable[[Floats, Ints, Ints], None]


class Mission(NamedTuple):
    """A driver (column of `AvailableDrivers`), orders in the order of their doors, and when to leave for the store."""

    driver: int
    orders: Ints
    leave_s: float


class Decision(NamedTuple):
    """What is decided now.

    Attributes
    ----------
    joined
        (trip, its orders anew) for trips under way that further orders join.
    missions
        Drivers and bundles; those with a driver who is free start once their time to leave has come.
    """

    joined: list[tuple[int, Ints]]
    missions: list[Mission]


class Plan(NamedTuple):
    """Bundles at a moment, and what each driver costs for each.

    Attributes
    ----------
    trips, trip_member
        The trips under way anew: trip t has `trip_member[trips[t] : trips[t + 1]]`.
    first, member
        The fresh bundles likewise.
    cost, leave_s
        float64 [B, I], see `trip_costs`.
    """

    trips: Ints
    trip_member: Ints
    first: Ints
    member: Ints
    cost: Floats
    leave_s: Floats


@dataclass(frozen=True)
class BundledDispatch:
    """Decides who collects what with what else.

    Attributes
    ----------
    roads, stops
        Travel times and times of service.
    settings
        How to bundle.
    match
        Pairs bundles with drivers by cost.
    max_pickup_s, candidates
        Reach of a drive to the store, and the number of drivers considered for a bundle.
    """

    roads: Roads
    stops: Stops
    settings: BundlingSettings
    match: Match
    max_pickup_s: float
    candidates: int

    @cached_property
    def scene(self) -> Scene:
        """What plans depend on at all times."""
        settings = self.settings
        limits = Limits(
            settings.max_orders,
            settings.pickup_min * 60,
            self.max_pickup_s,
            self.candidates,
            settings.driver_price,
            settings.driver_price_per_load,
            settings.driver_price_most,
        )
        return Scene(self.roads, self.stops, settings.weights(), limits)

    def decide(
        self,
        jobs: Jobs,
        waiting: Ints,
        drivers: AvailableDrivers,
        under_way: UnderWay,
        now_s: float,
        extra_cost: ExtraCost | None = None,
        fleet: Fleet | None = None,
    ) -> Decision:
        """Plan for the waiting orders.

        Parameters
        ----------
        jobs
            All orders.
        waiting
            int64 [n], rows of those that wait, soon packed ones included.
        drivers, under_way
            Drivers to be had, and trips that others may join.
        now_s
            Time of the decision.
        extra_cost
            Changes the cost, float64 [B, I], of bundles `(first, member)` in place; inf forbids a pair.
        fleet
            What drivers go by, where that is not one vehicle for all, whose roads are `roads`.
        """
        if fleet is None:
            planned = plan(self.scene, jobs, waiting, drivers, under_way, now_s)
        else:
            planned = self._plan_by_vehicle(jobs, waiting, drivers, under_way, now_s, fleet)
        before, after = under_way.first.tolist(), planned.trips.tolist()
        joined = [
            (t, planned.trip_member[after[t] : after[t + 1]])
            for t in range(len(after) - 1)
            if after[t + 1] - after[t] > before[t + 1] - before[t]
        ]
        cost, first, member = planned.cost, planned.first, planned.member
        if not cost.size:
            return Decision(joined, [])
        if extra_cost is not None:
            extra_cost(cost, first, member)
        rows, columns = self._match(cost, jobs, planned, drivers, now_s)
        missions = [
            Mission(i, member[first[b] : first[b + 1]], float(planned.leave_s[b, i]))
            for b, i in zip(rows.tolist(), columns.tolist(), strict=True)
        ]
        return Decision(joined, missions)

    def _plan_by_vehicle(
        self,
        jobs: Jobs,
        waiting: Ints,
        drivers: AvailableDrivers,
        under_way: UnderWay,
        now_s: float,
        fleet: Fleet,
    ) -> Plan:
        """Plan as `plan` does, drivers priced by their own vehicles' roads; what these cannot hold is forbidden."""
        moment = moment_at(self.scene, jobs, waiting, drivers, now_s)
        trips, trip_member, first, member = bundles_now(self.scene, jobs, waiting, under_way, moment)
        cost = np.full((len(first) - 1, len(drivers.place)), np.inf)
        leave_s = np.full_like(cost, np.inf)
        for kind, mine in by_vehicle(fleet.vehicle):
            able = AvailableDrivers(drivers.place[mine], drivers.free_s[mine], drivers.until_s[mine])
            scene = self.scene._replace(roads=fleet.roads[kind])
            price, leave = trip_costs(scene, jobs, first, member, able, moment)
            price[np.diff(first) > fleet.parcels[kind]] = np.inf
            cost[:, mine], leave_s[:, mine] = price, leave
        return Plan(trips, trip_member, first, member, cost, leave_s)

    def _match(
        self, cost: Floats, jobs: Jobs, planned: Plan, drivers: AvailableDrivers, now_s: float
    ) -> tuple[Ints, Ints]:
        """Pair bundles with drivers; while long packed ones outnumber the drivers who are free, these choose first."""
        if self.settings.urgent_after_min is None:
            return self.match(cost)
        oldest_s = np.minimum.reduceat(jobs.ready_s[planned.member], planned.first[:-1])
        urgent = oldest_s <= now_s - self.settings.urgent_after_min * 60
        if urgent.sum() <= (drivers.free_s <= now_s).sum():
            return self.match(cost)
        return match_in_groups(self.match, cost, urgent)


@njit(cache=True)
def driver_price(limits: Limits, orders: int, drivers: int) -> float:
    """Return the price of a driver's time in customers' time, by the number of orders for each driver."""
    return min(limits.price_most, limits.price + limits.price_per_load * orders / max(1, drivers))


@njit(cache=True)
def moment_at(scene: Scene, jobs: Jobs, waiting: Ints, drivers: AvailableDrivers, now_s: float) -> Moment:
    """Return what plans depend on now, by the orders and drivers to be had soon."""
    soon_s = now_s + scene.limits.pickup_s
    orders, free = int(np.sum(jobs.ready_s[waiting] <= soon_s)), int(np.sum(drivers.free_s <= soon_s))
    return Moment(now_s, driver_price(scene.limits, orders, free))


@njit(cache=True)
def plan(scene: Scene, jobs: Jobs, waiting: Ints, drivers: AvailableDrivers, under_way: UnderWay, now_s: float) -> Plan:
    """Bundle the waiting orders, and price each driver for each bundle; see `BundledDispatch.decide`."""
    moment = moment_at(scene, jobs, waiting, drivers, now_s)
    trips, trip_member, first, member = bundles_now(scene, jobs, waiting, under_way, moment)
    cost, leave_s = trip_costs(scene, jobs, first, member, drivers, moment)
    return Plan(trips, trip_member, first, member, cost, leave_s)


@njit(cache=True)
def bundles_now(
    scene: Scene, jobs: Jobs, waiting: Ints, under_way: UnderWay, moment: Moment
) -> tuple[Ints, Ints, Ints, Ints]:
    """Bundle the waiting orders; return the trips under way anew and the fresh bundles, as `Plan` has them."""
    sequence = waiting[np.argsort(jobs.ready_s[waiting], kind="mergesort")]
    trips = len(under_way.arrives_s)
    first, member = bundle(scene, jobs, under_way, sequence, moment)
    order_doors(scene, jobs, first, member, under_way.first, moment.now_s)
    return first[: trips + 1], member[: first[trips]], first[trips:] - first[trips], member[first[trips] :]


def match_in_groups(match: Match, cost: Floats, urgent: Bools) -> tuple[Ints, Ints]:
    """Pair the urgent rows first, and the others with the drivers who are left; rows and columns, rows in order."""
    if urgent.all() or not urgent.any():
        return match(cost)
    first, others = np.flatnonzero(urgent), np.flatnonzero(~urgent)
    rows, columns = match(np.ascontiguousarray(cost[first]))
    left = np.setdiff1d(np.arange(cost.shape[1]), columns)
    more_rows, more_columns = match(np.ascontiguousarray(cost[np.ix_(others, left)]))
    rows = np.concatenate([first[rows], others[more_rows]])
    columns = np.concatenate([columns, left[more_columns]])
    order = np.argsort(rows)
    return rows[order], columns[order]
