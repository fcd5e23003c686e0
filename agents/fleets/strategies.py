"""The two ways in which a dispatcher matches its backlog with drivers: order by order, and in bundles (model 7.5)."""

from itertools import accumulate
from math import inf
from typing import Protocol

import numpy as np

from galleria.agents.dispatch.bundled import BundledDispatch
from galleria.agents.dispatch.costs import Parcels, break_ties, pickup_costs
from galleria.agents.dispatch.rules import DispatchRule, Match, among_possible
from galleria.agents.dispatch.trips import NOTHING_UNDER_WAY, AvailableDrivers, Fleet, UnderWay, by_vehicle
from galleria.agents.fleets.commons import Commons
from galleria.agents.fleets.offering import Offering
from galleria.agents.fleets.offers import Offers
from galleria.agents.kernel.arrays import Floats, Ints


class Strategy(Protocol):
    """Decides which of the orders that may be offered are offered to whom."""

    def match(self, rows: Ints, now_s: float) -> None:
        """Match orders with drivers, and make the offers."""


def strategy_of(rule: DispatchRule, number: int, offering: Offering, commons: Commons) -> Strategy:
    """Return the strategy of a courier, by its number and rule."""
    strategy = Bundled if rule.bundles else Single
    return strategy(rule.match, number, offering, commons)


class Single:
    """One order a trip, to drivers who are idle.

    Parameters
    ----------
    pair
        Pairs orders with drivers by cost.
    number
        The courier's.
    offering
        Makes its offers.
    commons
        What it shares with the others.
    """

    def __init__(self, pair: Match, number: int, offering: Offering, commons: Commons) -> None:
        self.pair, self.number, self.offering, self.commons = pair, number, offering, commons

    def match(self, rows: Ints, now_s: float) -> None:
        """Match orders with idle drivers, and make the offers."""
        orders, drivers = self.commons.orders, self.commons.drivers
        idle, _ = drivers.available_for(self.number, now_s, -inf)
        if not len(idle):
            return
        parcels = Parcels(orders.origin[rows], orders.ready_s[rows], orders.placed_s[rows])
        cost, idle = self._costs(idle, parcels, now_s)
        alone = np.arange(len(rows) + 1)
        break_ties(cost, alone, rows, orders.tie_seed, idle, self.offering.pauses.pairs(now_s))
        which, who = self.pair(cost)
        if len(which):
            self.offering.make(np.arange(len(which) + 1), rows[which], idle[who], now_s)

    def _costs(self, idle: Ints, parcels: Parcels, now_s: float) -> tuple[Floats, Ints]:
        """Price idle drivers for parcels, float64 [P, C], each by the vehicle's own roads; and their rows, int64 [C].

        An order's candidates are the nearest of each vehicle.
        """
        commons, drivers = self.commons, self.commons.drivers
        if commons.vehicles.alike:
            roads, place = commons.vehicles.roads[commons.vehicles.commonest], drivers.place[idle]
            cost, asked = pickup_costs(roads, place, parcels, now_s, commons.dispatch.reach)
            return cost, idle[asked]
        priced = []
        for kind, which in by_vehicle(drivers.vehicle[idle]):
            roads, place = commons.vehicles.roads[kind], drivers.place[idle[which]]
            cost, asked = pickup_costs(roads, place, parcels, now_s, commons.dispatch.reach)
            priced.append((cost, idle[which[asked]]))
        rows = np.concatenate([rows for _, rows in priced])
        order = np.argsort(rows)
        return np.ascontiguousarray(np.concatenate([cost for cost, _ in priced], axis=1)[:, order]), rows[order]


class Bundled:
    """Bundles, to drivers who are idle or soon free; orders may join trips until these leave the store.

    Parameters are those of `Single`.
    """

    def __init__(self, pair: Match, number: int, offering: Offering, commons: Commons) -> None:
        self.number, self.offering, self.commons = number, offering, commons
        settings, vehicles = commons.dispatch, commons.vehicles
        most = min(settings.bundling.max_orders, int(vehicles.parcels[vehicles.commonest]))
        self.planner = BundledDispatch(
            vehicles.roads[vehicles.commonest],
            commons.stops,
            settings.bundling.model_copy(update={"max_orders": most}),
            among_possible(pair),
            settings.max_pickup_min * 60,
            settings.candidates,
        )
        self._under_way: dict[int, Offers] = {}

    def match(self, rows: Ints, now_s: float) -> None:
        """Plan all trips anew, and make those offers that cannot wait."""
        commons, drivers, vehicles = self.commons, self.commons.drivers, self.commons.vehicles
        soon_s = now_s + commons.dispatch.bundling.soon_free_min * 60
        able, free_s = drivers.available_for(self.number, now_s, soon_s)
        paused = self.offering.pauses.pairs(now_s)
        trips, under_way = self._joinable(rows, now_s)
        decision = self.planner.decide(
            commons.jobs,
            rows,
            AvailableDrivers(drivers.place[able], free_s, np.full(len(able), inf)),
            under_way,
            now_s,
            lambda cost, first, member: break_ties(cost, first, member, commons.orders.tie_seed, able, paused),
            None if vehicles.alike else Fleet(drivers.vehicle[able], vehicles.roads, vehicles.parcels),
        )
        for number, members in decision.joined:
            longer = self.offering.extend(trips[number], members, now_s)
            if longer is not None:
                self._under_way[int(longer.trips.driver[0])] = longer
        latest_s = now_s + commons.dispatch.interval_s
        starting = [each for each in decision.missions if free_s[each.driver] <= now_s and each.leave_s <= latest_s]
        if starting:
            first = np.array([0, *accumulate(len(each.orders) for each in starting)])
            asked = able[[each.driver for each in starting]]
            member = np.concatenate([each.orders for each in starting])
            offers, yes = self.offering.make(first, member, asked, now_s)
            for trip in np.flatnonzero(yes).tolist():
                self._under_way[int(asked[trip])] = offers.one(trip)

    def _joinable(self, rows: Ints, now_s: float) -> tuple[list[Offers], UnderWay]:
        """List the trips whose drivers have not left the store and have not just declined one of the orders."""
        self._under_way = {driver: trip for driver, trip in self._under_way.items() if trip.trips.picked_s[0] > now_s}
        if not self._under_way:
            return [], NOTHING_UNDER_WAY
        declined = self.offering.pauses.who_declined(rows)
        trips = [trip for driver, trip in self._under_way.items() if driver not in declined]
        if not trips:
            return [], NOTHING_UNDER_WAY
        first = np.array([0, *accumulate(len(trip.member) for trip in trips)])
        member = np.concatenate([trip.member for trip in trips])
        return trips, UnderWay(first, member, np.array([self.offering.at_store_s(trip) for trip in trips]))
