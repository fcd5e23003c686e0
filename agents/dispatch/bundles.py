"""Bundles: which waiting orders travel together (model 7.5).

A further order saves a driver most of a trip and delays customers. It joins the bundle where the delay, in customers'
seconds, exceeds the driver's time that is saved, at its price, by the least, and travels for itself if nowhere less
than nothing is lost. The price rises with the number of orders for each driver to be had: in a thin market nobody waits
for a partner, scarce drivers are filled.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from galleria.agents.dispatch.costs import nth_least
from galleria.agents.dispatch.routing import best_route
from galleria.agents.dispatch.trips import NONE, Jobs, Moment, Scene, UnderWay, departure_s, ride
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.roads import arrival_s

type Table = NDArray[np.uint16]


class Growing(NamedTuple):
    """Bundles in the making, at most B: those under way come first.

    Attributes
    ----------
    row, size
        int64 [B, most] orders of each bundle in the order of their doors, and int64 [B] how many.
    delay_s, end_s
        float64 [B], the customers' summed delay and the end of the trip.
    """

    row: Ints
    size: Ints
    delay_s: Floats
    end_s: Floats


@njit(cache=True, inline="always")
def insertion(
    scene: Scene, jobs: Jobs, members: Ints, new: int, leaves_s: float, price: float
) -> tuple[int, float, float, float]:
    """Find the stop at which one more order costs a trip least.

    Returns
    -------
    The stop's number, the cost (the customers' summed delay, and the end of the trip at the price of a driver's
    second), the delay and the end, s.
    """
    best_at, best_cost_s, best_s, best_end_s = 0, np.inf, 0.0, 0.0
    for at in range(len(members) + 1):
        total_s, end_s, _ = ride(scene, jobs, members, new, at, leaves_s)
        if total_s + price * end_s < best_cost_s:
            best_at, best_cost_s, best_s, best_end_s = at, total_s + price * end_s, total_s, end_s
    return best_at, best_cost_s, best_s, best_end_s


@njit(cache=True)
def nearness(scene: Scene, jobs: Jobs, growing: Growing, trips: int, sequence: Ints) -> Table:
    """Return how far each waiting order's door is from the nearest one of each bundle, uint16 [n, B].

    Units are those of `Roads.free`. Bundles that are still empty are as far as can be; `bring_near` counts an order in.
    """
    near = np.full((len(sequence), len(growing.size)), np.iinfo(np.uint16).max, np.uint16)
    for b in range(trips):
        for k in range(growing.size[b]):
            bring_near(near, scene, jobs, b, growing.row[b, k], sequence, 0)
    return near


@njit(cache=True)
def bring_near(near: Table, scene: Scene, jobs: Jobs, b: int, joined: int, sequence: Ints, begin: int) -> None:
    """Count the door of an order that is in bundle b now, for the waiting orders from number `begin` on.

    One row of the table of times serves them all: where it is read column by column, memory is what takes the time.
    """
    row = scene.roads.free[jobs.destination[joined]]
    for k in range(begin, len(sequence)):
        near[k, b] = min(near[k, b], row[jobs.destination[sequence[k]]])


@njit(cache=True)
def reach(near: Table, k: int, count: int, candidates: int) -> int:
    """Return how far bundles may be from waiting order k, of the first `count`: as the last of the nearest."""
    if count <= candidates:
        return int(np.iinfo(np.uint16).max)
    return int(nth_least(near[k, :count], candidates))


@njit(cache=True)
def bundle(scene: Scene, jobs: Jobs, under_way: UnderWay, sequence: Ints, moment: Moment) -> tuple[Ints, Ints]:
    """Put waiting orders together, and add them to trips whose drivers have not left the store yet.

    Parameters
    ----------
    scene, jobs, under_way, moment
        See their classes; trips under way have their orders in the order of the doors.
    sequence
        int64 [n], rows of waiting orders; each is the seed of a bundle or joins one before it.

    Returns
    -------
    `first` int64 [B + 1] and `member` int64 of all bundles; the first T are the trips under way.
    """
    trips, most, now_s, price = len(under_way.arrives_s), scene.limits.most, moment.now_s, moment.price
    growing = start(scene, jobs, under_way, len(sequence))
    count, nobody = trips, np.empty(0, np.int64)
    near, store = nearness(scene, jobs, growing, trips, sequence), np.empty(len(growing.size), np.int64)
    for b in range(trips):
        store[b] = jobs.origin[growing.row[b, 0]]
    for k in range(len(sequence)):
        new = sequence[k]
        leaves_s = departure_s(scene.stops, jobs, nobody, new, now_s)
        own_s, own_end_s, _ = ride(scene, jobs, nobody, new, 0, leaves_s)
        approach_s = scene.limits.pickup_s + scene.stops.before_pickup_s + scene.stops.after_pickup_s
        lone_s = approach_s + own_end_s - leaves_s
        best, best_at, best_net_s, best_s, best_end_s = count, 0, 0.0, own_s, own_end_s
        here, furthest = jobs.origin[new], reach(near, k, count, scene.limits.candidates)
        for b in range(count):
            size = growing.size[b]
            if store[b] != here or near[k, b] > furthest or size == most:
                continue
            members = growing.row[b, :size]
            arrives_s = under_way.arrives_s[b] if b < trips else now_s
            new_leaves_s = departure_s(scene.stops, jobs, members, new, arrives_s)
            at, cost_s, total_s, end_s = insertion(scene, jobs, members, new, new_leaves_s, price)
            net_s = cost_s - growing.delay_s[b] - own_s - price * (lone_s + growing.end_s[b])
            if net_s < best_net_s:
                best, best_at, best_net_s, best_s, best_end_s = b, at, net_s, total_s, end_s
        insert(growing, best, best_at, new)
        store[best] = here
        growing.delay_s[best], growing.end_s[best] = best_s, best_end_s
        bring_near(near, scene, jobs, best, new, sequence, k + 1)
        count = max(count, best + 1)
    return flat(growing, count)


@njit(cache=True)
def start(scene: Scene, jobs: Jobs, under_way: UnderWay, room: int) -> Growing:
    """Begin with the trips under way, and leave room for so many bundles more."""
    trips, most, first = len(under_way.arrives_s), scene.limits.most, under_way.first
    growing = Growing(
        np.empty((trips + room, max(most, 1)), np.int64),
        np.zeros(trips + room, np.int64),
        np.zeros(trips + room),
        np.zeros(trips + room),
    )
    for t in range(trips):
        size = min(most, first[t + 1] - first[t])
        growing.size[t] = size
        growing.row[t, :size] = under_way.member[first[t] : first[t] + size]
        leaves_s = departure_s(scene.stops, jobs, growing.row[t, :size], NONE, under_way.arrives_s[t])
        growing.delay_s[t], growing.end_s[t], _ = ride(scene, jobs, growing.row[t, :size], NONE, 0, leaves_s)
    return growing


@njit(cache=True)
def insert(growing: Growing, b: int, at: int, new: int) -> None:
    """Put an order into a bundle as stop number `at`."""
    for k in range(growing.size[b], at, -1):
        growing.row[b, k] = growing.row[b, k - 1]
    growing.row[b, at] = new
    growing.size[b] += 1


@njit(cache=True)
def flat(growing: Growing, count: int) -> tuple[Ints, Ints]:
    """Return the first `count` bundles as `first`, int64 [count + 1], and `member`, int64."""
    first = np.zeros(count + 1, np.int64)
    for b in range(count):
        first[b + 1] = first[b] + growing.size[b]
    member = np.empty(first[count], np.int64)
    for b in range(count):
        member[first[b] : first[b + 1]] = growing.row[b, : growing.size[b]]
    return first, member


@njit(cache=True)
def order_doors(scene: Scene, jobs: Jobs, first: Ints, member: Ints, before: Ints, now_s: float) -> None:
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
                leg_s[k, n + 1] = arrival_s(scene.roads, here, jobs.destination[members[n]], now_s) - now_s
        member[first[b] : first[b + 1]] = members[best_route(leg_s, scene.weights.latency) - 1]
