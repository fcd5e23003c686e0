"""Bundled dispatch: at each interval all waiting orders and drivers are planned anew, and only what cannot wait starts.

Drivers who will soon be free are planned with, and so are orders that will soon be packed; a pair of a driver and a
bundle starts when the driver has to leave so that the parcels do not wait. Until then the plan may change, and until
the driver leaves the store further orders may join (model 7.5; rolling horizon with late commitment as in Reyes et al.
2018, The meal delivery routing problem). The market's couriers and the meal-delivery referee decide by this code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, NamedTuple

import numpy as np
from numba import njit
from pydantic import Field

from agents.dispatch.bundles import Jobs, Stops, Weights, bundle, order_doors, trip_costs
from agents.kernel.arrays import Bools, Floats, Ints
from agents.kernel.parameters import NonNegative, Parameters, Positive
from agents.kernel.roads import Roads

type Match = Callable[[Floats], tuple[Ints, Ints]]
type ExtraCost = Callable[[Floats, Ints, Ints], None]


class BundlingSettings(Parameters):
    """Which orders travel together; units and sources stand in conf/dispatch."""

    max_orders: Annotated[int, Field(ge=1, le=20)]
    extra_parcel_min: NonNegative
    lookahead_min: NonNegative
    soon_free_min: NonNegative
    pickup_min: NonNegative
    driver_price: NonNegative
    driver_price_per_load: NonNegative
    driver_price_most: NonNegative
    lateness_weight: NonNegative
    latency_weight: NonNegative
    order_worth_min: Positive
    age_weight: NonNegative
    hold_min: NonNegative
    urgent_after_min: NonNegative | None

    def weights(self) -> Weights:
        """Return them as the kernels take them."""
        return Weights(
            self.lateness_weight, self.latency_weight, self.order_worth_min * 60, self.age_weight, self.hold_min * 60
        )


class AvailableDrivers(NamedTuple):
    """Drivers to be had, [I]: where and when each is free, and until when parcels may be taken over, s."""

    place: Ints
    free_s: Floats
    until_s: Floats


class UnderWay(NamedTuple):
    """Trips whose drivers have not left the store: `member[first[t] : first[t + 1]]`, and when they are there, s."""

    first: Ints
    member: Ints
    arrives_s: Floats


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


NOTHING_UNDER_WAY = UnderWay(np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0))


class Limits(NamedTuple):
    """Numbers that bound a plan.

    Attributes
    ----------
    most
        Orders of a bundle.
    pickup_s, max_pickup_s
        What a driver needs to reach a store as a rule, and the longest drive there.
    candidates
        Drivers considered for a bundle, and bundles for an order to join: the nearest.
    price, price_per_load, price_most
        Of a driver's time in customers' time: at no load, for each order per driver, and at most.
    """

    most: int
    pickup_s: float
    max_pickup_s: float
    candidates: int
    price: float
    price_per_load: float
    price_most: float


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
    def weights(self) -> Weights:
        """What counts for how much."""
        return self.settings.weights()

    @cached_property
    def limits(self) -> Limits:
        """The numbers that bound a plan."""
        settings = self.settings
        return Limits(
            settings.max_orders,
            settings.pickup_min * 60,
            self.max_pickup_s,
            self.candidates,
            settings.driver_price,
            settings.driver_price_per_load,
            settings.driver_price_most,
        )

    def decide(
        self,
        jobs: Jobs,
        waiting: Ints,
        drivers: AvailableDrivers,
        under_way: UnderWay,
        now_s: float,
        extra_cost: ExtraCost | None = None,
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
        """
        before = under_way.first.tolist()
        first, member, fresh, fresh_member, cost, leave_s = plan(
            self.roads, self.stops, self.weights, self.limits, jobs, waiting, drivers, under_way, now_s
        )
        after = first.tolist()
        joined = [
            (t, member[after[t] : after[t + 1]])
            for t in range(len(after) - 1)
            if after[t + 1] - after[t] > before[t + 1] - before[t]
        ]
        if not cost.size:
            return Decision(joined, [])
        if extra_cost is not None:
            extra_cost(cost, fresh, fresh_member)
        pairs = zip(
            *(each.tolist() for each in self._match(cost, jobs, fresh, fresh_member, drivers, now_s)), strict=True
        )
        missions = [Mission(i, fresh_member[fresh[b] : fresh[b + 1]], float(leave_s[b, i])) for b, i in pairs]
        return Decision(joined, missions)

    def _match(
        self, cost: Floats, jobs: Jobs, first: Ints, member: Ints, drivers: AvailableDrivers, now_s: float
    ) -> tuple[Ints, Ints]:
        """Pair bundles with drivers; while long packed ones outnumber the drivers who are free, these choose first."""
        if self.settings.urgent_after_min is None:
            return self.match(cost)
        oldest_s = np.minimum.reduceat(jobs.ready_s[member], first[:-1])
        urgent = oldest_s <= now_s - self.settings.urgent_after_min * 60
        if urgent.sum() <= (drivers.free_s <= now_s).sum():
            return self.match(cost)
        return match_in_groups(self.match, cost, urgent)


@njit(cache=True)
def driver_price(limits: Limits, orders: int, drivers: int) -> float:
    """Return the price of a driver's time in customers' time, by the number of orders for each driver."""
    return min(limits.price_most, limits.price + limits.price_per_load * orders / max(1, drivers))


@njit(cache=True)
def plan(
    roads: Roads,
    stops: Stops,
    weights: Weights,
    limits: Limits,
    jobs: Jobs,
    waiting: Ints,
    drivers: AvailableDrivers,
    under_way: UnderWay,
    now_s: float,
) -> tuple[Ints, Ints, Ints, Ints, Floats, Floats]:
    """Bundle the waiting orders, and price each driver for each bundle; see `BundledDispatch.decide`.

    Returns
    -------
    The trips under way anew and the fresh bundles, `first` and `member` of either; and what `trip_costs` gives.
    """
    soon_s = now_s + limits.pickup_s
    orders, free = int(np.sum(jobs.ready_s[waiting] <= soon_s)), int(np.sum(drivers.free_s <= soon_s))
    price = driver_price(limits, orders, free)
    sequence = waiting[np.argsort(jobs.ready_s[waiting], kind="mergesort")]
    trips = len(under_way.arrives_s)
    first, member = bundle(
        roads,
        stops,
        weights,
        jobs,
        under_way.first,
        under_way.member,
        under_way.arrives_s,
        sequence,
        now_s,
        limits.most,
        price,
        limits.pickup_s,
        limits.candidates,
    )
    order_doors(roads, weights.latency, jobs, first, member, under_way.first, now_s)
    fresh, fresh_member = first[trips:] - first[trips], member[first[trips] :]
    cost, leave_s = trip_costs(
        roads,
        stops,
        weights,
        jobs,
        fresh,
        fresh_member,
        drivers.place,
        drivers.free_s,
        drivers.until_s,
        now_s,
        limits.most,
        price,
        limits.max_pickup_s,
        limits.candidates,
    )
    return first[: trips + 1], member[: first[trips]], fresh, fresh_member, cost, leave_s


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
