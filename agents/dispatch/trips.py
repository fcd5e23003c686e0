"""Trips as dispatchers weigh them: orders, drivers, what bounds and values a plan, and a trip's course (model 7.5)."""

from typing import NamedTuple

import numpy as np
from numba import njit

from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.roads import Roads, arrival_s

NONE = -1
"""In the place of an order: none."""


class Jobs(NamedTuple):
    """Orders by row, arrays [m]: places int, times float64 in s."""

    origin: Ints
    destination: Ints
    ready_s: Floats
    due_s: Floats


class AvailableDrivers(NamedTuple):
    """Drivers to be had, [I]: where and when each is free, and until when parcels may be taken over, s."""

    place: Ints
    free_s: Floats
    until_s: Floats


class Fleet(NamedTuple):
    """What the drivers to be had go by: the vehicle of each, [I]; and by vehicle its roads and what it can hold."""

    vehicle: Ints
    roads: tuple[Roads, ...]
    parcels: Ints


def by_vehicle(vehicle: Ints) -> list[tuple[int, Ints]]:
    """List the vehicles that occur and the entries that have them."""
    return [(kind, np.flatnonzero(vehicle == kind)) for kind in np.unique(vehicle).tolist()]


class UnderWay(NamedTuple):
    """Trips whose drivers have not left the store: `member[first[t] : first[t + 1]]`, and when they are there, s."""

    first: Ints
    member: Ints
    arrives_s: Floats


NOTHING_UNDER_WAY = UnderWay(np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0))


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
        Of the sum of arrivals against the length of a route, see `galleria.agents.dispatch.routing`.
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


class Scene(NamedTuple):
    """What a dispatcher's plans depend on at all times: roads, times of service, weights and limits."""

    roads: Roads
    stops: Stops
    weights: Weights
    limits: Limits


class Moment(NamedTuple):
    """What they depend on now: the time, s, and the price of a driver's second in seconds of customers' delay."""

    now_s: float
    price: float


@njit(cache=True, inline="always")
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


@njit(cache=True, inline="always")
def ride(scene: Scene, jobs: Jobs, members: Ints, new: int, at: int, leaves_s: float) -> tuple[float, float, float]:
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
        clock_s = arrival_s(scene.roads, here, jobs.destination[n], clock_s) + scene.stops.door_s
        early_s = jobs.due_s[n] - clock_s
        total_s += clock_s - jobs.ready_s[n] + scene.weights.lateness * max(0.0, -early_s)
        spare_s = min(spare_s, early_s)
        clock_s += scene.stops.leave_door_s
        here = jobs.destination[n]
    return total_s, clock_s, spare_s
