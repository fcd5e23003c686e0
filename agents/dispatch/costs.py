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
from galleria.agents.kernel.roads import Roads, arrival_s

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
def pickup_costs(roads: Roads, place: Ints, parcels: Parcels, now_s: float, reach: Reach) -> Floats:
    """Compute what it costs to send each of I drivers, who are at `place`, for each of P single orders.

    Returns
    -------
    float64 [P, I], inf where the driver is beyond reach or not among the order's nearest candidates.
    """
    origin, drivers = parcels.origin, len(place)
    cost = np.full((len(origin), drivers), np.inf)
    drive_s = np.empty(drivers)
    reach_s = reach.max_pickup_s
    for p in range(len(origin)):
        if p == 0 or origin[p] != origin[p - 1]:
            for i in range(drivers):
                drive_s[i] = arrival_s(roads, place[i], origin[p], now_s) - now_s
            reach_s = reach.max_pickup_s
            if drivers > reach.candidates:
                reach_s = min(reach_s, np.partition(drive_s, reach.candidates - 1)[reach.candidates - 1])
        worth_s = reach.age_weight * (now_s - parcels.placed_s[p])
        for i in range(drivers):
            if drive_s[i] <= reach_s:
                wait_s = max(0.0, parcels.ready_s[p] - now_s - drive_s[i])
                cost[p, i] = dispatch_cost_s(0.0, drive_s[i] + reach.wait_weight * wait_s, 1.0, worth_s)
    return cost


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
    at_store_s, reach_s, store = np.empty(count), np.inf, NONE
    for b in range(bundles):
        members = member[first[b] : first[b + 1]]
        if jobs.origin[members[0]] != store:
            store = jobs.origin[members[0]]
            for i in range(count):
                at_store_s[i] = arrival_s(scene.roads, drivers.place[i], store, max(now_s, drivers.free_s[i]))
            if count > limits.candidates:
                reach_s = np.partition(at_store_s, limits.candidates - 1)[limits.candidates - 1]
        worth_s, oldest_s = worth(weights, jobs, members, now_s)
        handling_s = stops.after_pickup_s + stops.extra_parcel_s * (len(members) - 1)
        for i in range(count):
            drive_s = at_store_s[i] - max(now_s, drivers.free_s[i])
            if at_store_s[i] > reach_s or drive_s > limits.max_pickup_s:
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
            cost[b, i] += TIE_S * paired_uniform(tie_seed[member[first[b]]], drivers[i])
        for k in range(len(paused.order)):
            if np.any(member[first[b] : first[b + 1]] == paused.order[k]):
                cost[b, drivers == paused.driver[k]] = np.inf
