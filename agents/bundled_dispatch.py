"""Bundled dispatch: at each interval all waiting orders and drivers are planned anew, and only what cannot wait starts.

Drivers who will soon be free are planned with, and so are orders that will soon be packed; a pair of a driver and a
bundle starts when the driver has to leave so that the parcels do not wait. Until then the plan may change, and until
the driver leaves the store further orders may join (model 7.5; rolling horizon with late commitment as in Reyes et al.
2018, The meal delivery routing problem). The market's couriers and the meal-delivery referee decide by this code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from agents.arrays import Floats, Ints
from agents.bundling import Jobs, Stops, Weights, bundle, order_doors, store_times, trip_costs
from agents.parameters import NonNegative, Parameters, Positive
from agents.roads import Roads

type Match = Callable[[Floats], tuple[Ints, Ints]]
type ExtraCost = Callable[[Ints, Ints], Floats]


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

    def weights(self) -> Weights:
        """Give them as the kernels take them."""
        return Weights(
            self.lateness_weight, self.latency_weight, self.order_worth_min * 60, self.age_weight, self.hold_min * 60
        )


class Hands(NamedTuple):
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
    """A driver (column of `Hands`) for orders in the order of their doors, and when to leave for the store, s."""

    hand: int
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

    def price(self, orders: int, drivers: int) -> float:
        """Give the price of a driver's time in customers' time, by the number of orders for each driver."""
        settings = self.settings
        load = orders / max(1, drivers)
        return min(settings.driver_price_most, settings.driver_price + settings.driver_price_per_load * load)

    def decide(
        self,
        jobs: Jobs,
        waiting: Ints,
        hands: Hands,
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
        hands, under_way
            Drivers to be had, and trips that others may join.
        now_s
            Time of the decision.
        extra_cost
            Gives float64 [B, I], what is added to the cost of bundles `(first, member)`; inf forbids a pair.
        """
        settings = self.settings
        weights = settings.weights()
        load = int(np.count_nonzero(jobs.ready_s[waiting] <= now_s + settings.pickup_min * 60))
        price = self.price(load, int(np.count_nonzero(hands.free_s <= now_s + settings.pickup_min * 60)))
        sequence = waiting[np.argsort(jobs.ready_s[waiting], kind="stable")]
        most, trips = settings.max_orders, len(under_way.arrives_s)
        first, member = bundle(
            self.roads, self.stops, weights, jobs, *under_way, sequence, now_s, most, price, settings.pickup_min * 60
        )
        order_doors(self.roads, settings.latency_weight, jobs, first, member, now_s)
        size, before = np.diff(first[: trips + 1]), np.diff(under_way.first)
        joined = [(t, member[first[t] : first[t + 1]]) for t in np.flatnonzero(size > before).tolist()]
        first = first[trips:]
        if len(first) < 2 or not len(hands.place):
            return Decision(joined, [])
        first, member = first - first[0], member[first[0] :]
        at_store_s = store_times(self.roads, jobs, first, member, hands.place, hands.free_s, now_s)
        reach_s = np.full(len(at_store_s), np.inf)
        if at_store_s.shape[1] > self.candidates:
            reach_s = np.partition(at_store_s, self.candidates - 1, axis=1)[:, self.candidates - 1].copy()
        cost, leave_s = trip_costs(
            self.roads,
            self.stops,
            weights,
            jobs,
            first,
            member,
            hands.free_s,
            hands.until_s,
            at_store_s,
            reach_s,
            now_s,
            most,
            price,
            self.max_pickup_s,
        )
        if extra_cost is not None:
            cost += extra_cost(first, member)
        pairs = zip(*(each.tolist() for each in self.match(cost)), strict=True)
        return Decision(joined, [Mission(i, member[first[b] : first[b + 1]], float(leave_s[b, i])) for b, i in pairs])
