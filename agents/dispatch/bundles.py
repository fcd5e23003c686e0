"""Bundles: which waiting orders travel together (model 7.5).

A further order saves a driver most of a trip and delays customers. It joins the bundle where the delay, in customers'
seconds, exceeds the driver's time that is saved, at its price, by the least, and travels for itself if nowhere less
than nothing is lost. The price rises with the number of orders for each driver to be had: in a thin market nobody waits
for a partner, scarce drivers are filled.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from agents.dispatch.routing import best_route
from agents.kernel.arrays import Floats, Ints
from agents.kernel.roads import Roads, arrival_s

NONE = -1


class Jobs(NamedTuple):
    """Orders by row, arrays [m]: places int, times float64 in s."""

    origin: Ints
    destination: Ints
    ready_s: Floats
    due_s: Floats


class Stops(NamedTuple):
    """Times where parcels change hands, s.

    At the store `before_pickup_s` pass from arrival to taking over, which needs all parcels packed, then
    `after_pickup_s` and for each parcel after the first `extra_parcel_s` to leaving; at a door `door_s` to the
    hand-over and `leave_door_s` from there to leaving.
    """

    before_pickup_s: float
    after_pickup_s: float
    extra_parcel_s: float
    door_s: float
    leave_door_s: float


class Weights(NamedTuple):
    """What counts for how much, in seconds of a customer's delay after the parcel is packed.

    Attributes
    ----------
    lateness
        A second after the promised time counts as 1 + so many.
    latency
        Of the sum of arrivals against the length of a route, see `agents.dispatch.routing`.
    worth_s, age
        Serving an order now rather than another is worth so many seconds, and so many more for each second since it
        was packed.
    hold_s
        A bundle with room waits for partners until so long after its first parcel is packed, if none gets late.
    """

    lateness: float
    latency: float
    worth_s: float
    age: float
    hold_s: float


@njit(cache=True)
def departure_s(stops: Stops, jobs: Jobs, members: Ints, new: int, arrives_s: float) -> float:
    """Return the time of leaving the store with all members and one more order (`NONE` for none)."""
    taken_s = arrives_s + stops.before_pickup_s
    parcels = len(members)
    for n in members:
        taken_s = max(taken_s, jobs.ready_s[n])
    if new != NONE:
        taken_s = max(taken_s, jobs.ready_s[new])
        parcels += 1
    return taken_s + stops.after_pickup_s + stops.extra_parcel_s * (parcels - 1)


@njit(cache=True)
def ride(
    roads: Roads, stops: Stops, lateness: float, jobs: Jobs, members: Ints, new: int, at: int, leaves_s: float
) -> tuple[float, float, float]:
    """Follow a trip to all doors in order, with one more order as stop number `at` unless it is `NONE`.

    Returns
    -------
    The customers' summed delay, the end of the trip, and the least time by which a hand-over is early (negative when
    one is late), s.
    """
    stop_count = len(members) + (1 if new != NONE else 0)
    here = jobs.origin[members[0] if len(members) else new]
    clock_s, total_s, spare_s = leaves_s, 0.0, np.inf
    for k in range(stop_count):
        n = new if new != NONE and k == at else members[k - (1 if new != NONE and k > at else 0)]
        clock_s = arrival_s(roads, here, jobs.destination[n], clock_s) + stops.door_s
        early_s = jobs.due_s[n] - clock_s
        total_s += clock_s - jobs.ready_s[n] + lateness * max(0.0, -early_s)
        spare_s = min(spare_s, early_s)
        clock_s += stops.leave_door_s
        here = jobs.destination[n]
    return total_s, clock_s, spare_s


@njit(cache=True)
def insertion(
    roads: Roads, stops: Stops, lateness: float, jobs: Jobs, members: Ints, new: int, leaves_s: float, price: float
) -> tuple[int, float, float, float]:
    """Find the stop at which one more order costs a trip least.

    Returns
    -------
    The stop's number, the cost (the customers' summed delay, and the end of the trip at the price of a driver's
    second), the delay and the end, s.
    """
    best_at, best_cost_s, best_s, best_end_s = 0, np.inf, 0.0, 0.0
    for at in range(len(members) + 1):
        total_s, end_s, _ = ride(roads, stops, lateness, jobs, members, new, at, leaves_s)
        if total_s + price * end_s < best_cost_s:
            best_at, best_cost_s, best_s, best_end_s = at, total_s + price * end_s, total_s, end_s
    return best_at, best_cost_s, best_s, best_end_s


@njit(cache=True)
def nearness(
    roads: Roads, jobs: Jobs, row: Ints, size: Ints, count: int, new: int, candidates: int
) -> tuple[Ints, int]:
    """Return how far an order's door is from the nearest one of each bundle, and how far bundles it may join are.

    Bundles are the first `count` rows of `row` [B, most], with `size` [B] orders each; units are those of `Roads.free`.
    """
    near = np.zeros(count, np.int64)
    if count <= candidates:
        return near, 0
    for b in range(count):
        near[b] = roads.free[jobs.destination[row[b, 0]], jobs.destination[new]]
        for k in range(1, size[b]):
            near[b] = min(near[b], roads.free[jobs.destination[row[b, k]], jobs.destination[new]])
    return near, np.partition(near, candidates - 1)[candidates - 1]


@njit(cache=True)
def bundle(
    roads: Roads,
    stops: Stops,
    weights: Weights,
    jobs: Jobs,
    first: Ints,
    member: Ints,
    arrives_s: Floats,
    sequence: Ints,
    now_s: float,
    most: int,
    price: float,
    pickup_s: float,
    candidates: int,
) -> tuple[Ints, Ints]:
    """Put waiting orders together, and add them to trips whose drivers have not left the store yet.

    Parameters
    ----------
    roads, stops, weights, jobs
        See their classes.
    first, member, arrives_s
        int64 [T + 1], int64, float64 [T]: trip t has the orders `member[first[t] : first[t + 1]]` in the order of their
        doors, and its driver arrives at the store then.
    sequence
        int64 [n], rows of waiting orders; each is the seed of a bundle or joins one before it.
    now_s, most
        Time, and the most orders of a bundle.
    price
        Of a driver's second, in seconds of delay.
    pickup_s
        What a driver needs to reach a store, as a rule.
    candidates
        Number of bundles, those with the nearest doors, that an order may join.

    Returns
    -------
    `first` int64 [B + 1] and `member` int64 of all bundles; the first T are the trips.
    """
    trips, n = len(arrives_s), len(sequence)
    row = np.empty((trips + n, max(most, 1)), np.int64)
    size = np.zeros(trips + n, np.int64)
    for t in range(trips):
        size[t] = min(most, first[t + 1] - first[t])
        row[t, : size[t]] = member[first[t] : first[t] + size[t]]
    old_s, old_end_s = np.zeros(trips + n), np.zeros(trips + n)
    for t in range(trips):
        leaves_s = departure_s(stops, jobs, row[t, : size[t]], NONE, arrives_s[t])
        old_s[t], old_end_s[t], _ = ride(roads, stops, weights.lateness, jobs, row[t, : size[t]], NONE, 0, leaves_s)
    count, nobody = trips, np.empty(0, np.int64)
    for new in sequence:
        leaves_s = departure_s(stops, jobs, nobody, new, now_s)
        own_s, own_end_s, _ = ride(roads, stops, weights.lateness, jobs, nobody, new, 0, leaves_s)
        lone_s = pickup_s + stops.before_pickup_s + stops.after_pickup_s + own_end_s - leaves_s
        best, best_at, best_net_s, best_s, best_end_s = count, 0, 0.0, own_s, own_end_s
        near, reach = nearness(roads, jobs, row, size, count, new, candidates)
        for b in range(count):
            if near[b] > reach or size[b] == most or jobs.origin[row[b, 0]] != jobs.origin[new]:
                continue
            members = row[b, : size[b]]
            new_leaves_s = departure_s(stops, jobs, members, new, arrives_s[b] if b < trips else now_s)
            at, cost_s, total_s, end_s = insertion(
                roads, stops, weights.lateness, jobs, members, new, new_leaves_s, price
            )
            net_s = cost_s - old_s[b] - own_s - price * (lone_s + old_end_s[b])
            if net_s < best_net_s:
                best, best_at, best_net_s, best_s, best_end_s = b, at, net_s, total_s, end_s
        for k in range(size[best], best_at, -1):
            row[best, k] = row[best, k - 1]
        row[best, best_at] = new
        size[best] += 1
        old_s[best], old_end_s[best] = best_s, best_end_s
        count = max(count, best + 1)
    first = np.zeros(count + 1, np.int64)
    for b in range(count):
        first[b + 1] = first[b] + size[b]
    member = np.empty(first[count], np.int64)
    for b in range(count):
        member[first[b] : first[b + 1]] = row[b, : size[b]]
    return first, member


@njit(cache=True)
def order_doors(
    roads: Roads, latency: float, jobs: Jobs, first: Ints, member: Ints, before: Ints, now_s: float
) -> None:
    """Put the orders of each bundle of three and more into the best order of their doors, in place.

    The first bundles are trips under way, which had `before[t + 1] - before[t]` orders; where none joined, nothing has
    to be done.
    """
    for b in range(len(first) - 1):
        members = member[first[b] : first[b + 1]].copy()
        stops = len(members)
        if stops < 3 or (b < len(before) - 1 and stops == before[b + 1] - before[b]):
            continue
        leg_s = np.zeros((stops + 1, stops + 1))
        for k in range(stops + 1):
            here = jobs.origin[members[0]] if k == 0 else jobs.destination[members[k - 1]]
            for n in range(stops):
                leg_s[k, n + 1] = arrival_s(roads, here, jobs.destination[members[n]], now_s) - now_s
        member[first[b] : first[b + 1]] = members[best_route(leg_s, latency) - 1]


@njit(cache=True)
def trip_costs(
    roads: Roads,
    stops: Stops,
    weights: Weights,
    jobs: Jobs,
    first: Ints,
    member: Ints,
    place: Ints,
    free_s: Floats,
    until_s: Floats,
    now_s: float,
    most: int,
    price: float,
    max_pickup_s: float,
    candidates: int,
) -> tuple[Floats, Floats]:
    """Compute what it costs to send each of I drivers for each of B bundles, and when the driver has to leave for it.

    Parameters
    ----------
    roads, stops, weights, jobs, first, member, now_s, most, price
        As for `bundle`.
    place, free_s, until_s
        [I], where and when each driver is free, and until when parcels may be taken over.
    max_pickup_s, candidates
        Longest drive to a store, and the number of drivers, the first who can be there, among whom a bundle's is.

    Returns
    -------
    float64 [B, I], the customers' delay and the driver's time at its price less the worth of the orders, s, inf for
    pairs that cannot be; and float64 [B, I], when the driver leaves for the store.
    """
    bundles, drivers = len(first) - 1, len(place)
    cost, leave_s = np.full((bundles, drivers), np.inf), np.full((bundles, drivers), np.inf)
    at_store_s, reach_s, store = np.empty(drivers), np.inf, NONE
    for b in range(bundles):
        members = member[first[b] : first[b + 1]]
        if jobs.origin[members[0]] != store:
            store = jobs.origin[members[0]]
            for i in range(drivers):
                at_store_s[i] = arrival_s(roads, place[i], store, max(now_s, free_s[i]))
            if drivers > candidates:
                reach_s = np.partition(at_store_s, candidates - 1)[candidates - 1]
        worth_s, oldest_s = 0.0, np.inf
        for n in members:
            worth_s += weights.worth_s + weights.age * max(0.0, now_s - jobs.ready_s[n])
            oldest_s = min(oldest_s, jobs.ready_s[n])
        handling_s = stops.after_pickup_s + stops.extra_parcel_s * (len(members) - 1)
        for i in range(drivers):
            drive_s = at_store_s[i] - max(now_s, free_s[i])
            if at_store_s[i] > reach_s or drive_s > max_pickup_s:
                continue
            leaves_s = departure_s(stops, jobs, members, NONE, at_store_s[i])
            taken_s = leaves_s - handling_s
            if taken_s > until_s[i]:
                continue
            total_s, end_s, spare_s = ride(roads, stops, weights.lateness, jobs, members, NONE, 0, leaves_s)
            leave_s[b, i] = taken_s - stops.before_pickup_s - drive_s
            cost[b, i] = total_s + price * (end_s - leave_s[b, i]) - worth_s
            if weights.hold_s > 0 and len(members) < most:
                partner_s = oldest_s + weights.hold_s - taken_s
                leave_s[b, i] += max(0.0, min(partner_s, spare_s))
    return cost, leave_s
