"""What it costs to send a driver for orders (model 7.5), in seconds.

All rules weigh pairs of a driver d and a bundle b by one cost,

    c_bd = (delay_b + omega_l lateness_b) + omega_t (t_pick + t_wait + t_route) - M_b,

with customers' delay after packing, the driver's time at its price omega_t, and M_b, what serving these orders now
rather than others is worth, which grows with their age. Rules for single orders know neither delay nor route: theirs is
the driver's time to the store, a part of the wait there, less a part of the order's age.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from galleria.agents.dispatch.trips import NONE, AvailableDrivers, Jobs, Moment, Scene, Weights, departure_s, ride
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.noise import paired_uniform
from galleria.agents.kernel.roads import Roads, arrival_s, progress_at_s

type Values = Floats | NDArray[np.uint16]

TIE_S = 1e-3
"""Ties between drivers are broken by noise of at most so many seconds."""


@njit(cache=True)
def dispatch_cost_s(customers_s: float, driver_s: float, price: float, worth_s: float) -> float:
    """Return c_bd = (delay + omega_l lateness) + omega_t (t_pick + t_wait + t_route) - M, s."""
    return customers_s + price * driver_s - worth_s


class Parcels(NamedTuple):
    """Single orders that wait, [P]: the store's place, and when each is packed and was placed, s."""

    origin: Ints
    ready_s: Floats
    placed_s: Floats


class Reach(NamedTuple):
    """How far drivers are sent for single orders, and what counts for how much.

    Attributes
    ----------
    wait_weight, age_weight
        Seconds of driving that a second of waiting at the store is worth, and one since the order was placed.
    max_pickup_s, candidates
        Longest drive to a store, and the number of nearest drivers among whom an order's is.
    """

    wait_weight: float
    age_weight: float
    max_pickup_s: float
    candidates: int


class PausedPairs(NamedTuple):
    """Who has just declined what and is not asked again for a while: orders and drivers by row, int64 [p] each."""

    order: Ints
    driver: Ints


@njit(cache=True)
def pickup_costs(roads: Roads, place: Ints, parcels: Parcels, now_s: float, reach: Reach) -> tuple[Floats, Ints]:
    """Compute what it costs to send drivers, of I who are at `place`, for each of P single orders.

    Returns
    -------
    float64 [P, C], inf where the driver is beyond reach or not among the order's nearest candidates; and int64 [C],
    rising, the drivers who are a candidate of some order.
    """
    origin = parcels.origin
    first, near = candidates_by_store(roads, place, origin, reach.candidates)
    is_near = np.zeros(len(place), np.bool_)
    is_near[near] = True
    asked, column = np.flatnonzero(is_near), np.cumsum(is_near) - 1
    cost = np.full((len(origin), len(asked)), np.inf)
    for p in range(len(origin)):
        worth_s = reach.age_weight * (now_s - parcels.placed_s[p])
        for i in near[first[p, 0] : first[p, 1]]:
            drive_s = arrival_s(roads, place[i], origin[p], now_s) - now_s
            if drive_s <= reach.max_pickup_s:
                wait_s = max(0.0, parcels.ready_s[p] - now_s - drive_s)
                cost[p, column[i]] = dispatch_cost_s(0.0, drive_s + reach.wait_weight * wait_s, 1.0, worth_s)
    return cost, asked


@njit(cache=True)
def candidates_by_store(roads: Roads, place: Ints, origin: Ints, most: int) -> tuple[Ints, Ints]:
    """List the candidates of each of P orders once a store: all leave now, so the way decides who is nearest.

    Returns
    -------
    `first` int64 [P, 2] and `near`: order p has the drivers `near[first[p, 0] : first[p, 1]]`, in order.
    """
    first, listed, at = np.empty((len(origin), 2), np.int64), 0, -1
    near = np.empty(0, np.int64)
    stores = np.unique(origin)
    away = ways(roads, place, stores)
    for p in np.argsort(origin, kind="mergesort"):
        if at < 0 or origin[p] != stores[at]:
            at += 1
            here = nearest(away[at], most)
            near, listed = np.concatenate((near, here)), len(near)
        first[p, 0], first[p, 1] = listed, len(near)
    return first, near


@njit(cache=True)
def ways(roads: Roads, place: Ints, stores: Ints) -> Floats:
    """Return times at free flow from the places of I drivers to S stores, float64 [S, I], in steps of `Roads.free`.

    Driver by driver: the stores lie together in a row of the table of times, its rows far apart in memory.
    """
    away = np.empty((len(stores), len(place)))
    for i in range(len(place)):
        row = roads.free[place[i]]
        for s in range(len(stores)):
            away[s, i] = row[stores[s]]
    return away


@njit(cache=True)
def nearest(away: Floats, most: int) -> Ints:
    """Return the entries of so many who are nearest, and of those as near as the last of them, in order."""
    if len(away) <= most:
        return np.arange(len(away))
    return np.flatnonzero(away <= nth_least(away, most))


@njit(cache=True)
def nth_least(values: Values, n: int) -> float:
    """Return the least value but n - 1, of n or more; for few of many values sooner than `numpy.partition`."""
    least = np.full(n, np.inf)
    for each in values:
        if each < least[-1]:
            k = n - 1
            while k > 0 and least[k - 1] > each:
                least[k] = least[k - 1]
                k -= 1
            least[k] = each
    return float(least[-1])


@njit(cache=True)
def trip_costs(
    scene: Scene, jobs: Jobs, first: Ints, member: Ints, drivers: AvailableDrivers, moment: Moment
) -> tuple[Floats, Floats]:
    """Compute what it costs to send each of I drivers for each of B bundles, and when the driver has to leave for it.

    Parameters
    ----------
    scene, jobs, drivers, moment
        See their classes.
    first, member
        int64 [B + 1], int64: bundle b has the orders `member[first[b] : first[b + 1]]`.

    Returns
    -------
    float64 [B, I], cost, inf for pairs that cannot be; and float64 [B, I], when the driver leaves for the store.
    """
    stops, weights, limits, now_s = scene.stops, scene.weights, scene.limits, moment.now_s
    bundles, count = len(first) - 1, len(drivers.place)
    cost, leave_s = np.full((bundles, count), np.inf), np.full((bundles, count), np.inf)
    departs_s = np.maximum(now_s, drivers.free_s)
    progress_s, at_store_s = np.empty(count), np.empty(count)
    for i in range(count):
        progress_s[i] = progress_at_s(scene.roads, departs_s[i])
    origin = jobs.origin[member[first[:-1]]]
    stores, at = np.unique(origin), -1
    away = ways(scene.roads, drivers.place, stores)
    near: Ints = np.empty(0, np.int64)
    for b in np.argsort(origin, kind="mergesort"):
        members = member[first[b] : first[b + 1]]
        if at < 0 or origin[b] != stores[at]:
            at += 1
            store = int(stores[at])
            near = nearest(progress_s + away[at] * scene.roads.free_step_s, limits.candidates)
            for n in near:
                at_store_s[n] = arrival_s(scene.roads, drivers.place[n], store, departs_s[n])
        worth_s, oldest_s = worth(weights, jobs, members, now_s)
        handling_s = stops.after_pickup_s + stops.extra_parcel_s * (len(members) - 1)
        for i in near:
            drive_s = at_store_s[i] - departs_s[i]
            if drive_s > limits.max_pickup_s:
                continue
            leaves_s = departure_s(stops, jobs, members, NONE, at_store_s[i])
            taken_s = leaves_s - handling_s
            if taken_s > drivers.until_s[i]:
                continue
            customers_s, end_s, spare_s = ride(scene, jobs, members, NONE, 0, leaves_s)
            sets_out_s = taken_s - stops.before_pickup_s - drive_s
            cost[b, i] = dispatch_cost_s(customers_s, end_s - sets_out_s, moment.price, worth_s)
            leave_s[b, i] = sets_out_s
            if len(members) < limits.most:
                leave_s[b, i] += held_s(weights, oldest_s, taken_s, spare_s)
    return cost, leave_s


@njit(cache=True)
def worth(weights: Weights, jobs: Jobs, members: Ints, now_s: float) -> tuple[float, float]:
    """Return what serving a bundle now is worth, M_b, and when its first parcel is packed, s."""
    worth_s, oldest_s = 0.0, np.inf
    for n in members:
        worth_s += weights.worth_s + weights.age * max(0.0, now_s - jobs.ready_s[n])
        oldest_s = min(oldest_s, jobs.ready_s[n])
    return worth_s, oldest_s


@njit(cache=True)
def held_s(weights: Weights, oldest_s: float, taken_s: float, spare_s: float) -> float:
    """Return how long a bundle with room is held for partners: none late by it, and `hold_s` after packing at most."""
    if weights.hold_s <= 0:
        return 0.0
    partner_s = oldest_s + weights.hold_s - taken_s
    return max(0.0, min(partner_s, spare_s))


@njit(cache=True)
def break_ties(
    cost: Floats, first: Ints, member: Ints, tie_seed: NDArray[np.uint64], drivers: Ints, paused: PausedPairs
) -> None:
    """Add noise to the cost of pairs, in place, so that none are equal, and forbid those that were just declined.

    Parameters
    ----------
    cost
        float64 [B, I], of bundles and drivers.
    first, member
        int64 [B + 1], int64: bundle b has the orders `member[first[b] : first[b + 1]]`.
    tie_seed
        uint64 [m], of all orders; a bundle has that of its first.
    drivers
        int64 [I], rows in order.
    paused
        Pairs that must not be.
    """
    for b in range(len(first) - 1):
        for i in range(len(drivers)):
            if cost[b, i] < np.inf:
                cost[b, i] += TIE_S * paired_uniform(tie_seed[member[first[b]]], drivers[i])
    for k in range(len(paused.order)):
        i = np.searchsorted(drivers, paused.driver[k])
        if i == len(drivers) or drivers[i] != paused.driver[k]:
            continue
        for b in range(len(first) - 1):
            for n in member[first[b] : first[b + 1]]:
                if n == paused.order[k]:
                    cost[b, i] = np.inf
