"""Itineraries: the exact course of trips from the store to the last door (model 3, step 6)."""

from typing import NamedTuple

import numpy as np
from numba import njit

from galleria.agents.dispatch.trips import NONE, Jobs, Stops, departure_s
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.roads import Roads, arrival_s


class Courses(NamedTuple):
    """What becomes of m trips with k orders in all; times s, distances km.

    Attributes
    ----------
    picked_s, to_door_s, at_door_s, end_s, loaded_km
        float64 [m], departure from the store, driving and standing time until the end, the end, and distance.
    delivered_s, leg_km
        float64 [k], hand-over of each order, and distance to its door from the store or the door before.
    """

    picked_s: Floats
    to_door_s: Floats
    at_door_s: Floats
    end_s: Floats
    loaded_km: Floats
    delivered_s: Floats
    leg_km: Floats


@njit(cache=True)
def approaches(roads: Roads, place: Ints, origin: Ints, now_s: float) -> tuple[Floats, Floats]:
    """Compute when drivers who leave their places now are at their stores, and how far it is; float64 [m], s and km."""
    arrived_s, km = np.empty(len(place)), np.empty(len(place))
    for k in range(len(place)):
        arrived_s[k] = arrival_s(roads, place[k], origin[k], now_s)
        km[k] = roads.length[place[k], origin[k]] * roads.length_step_km
    return arrived_s, km


@njit(cache=True)
def courses(roads: Roads, stops: Stops, jobs: Jobs, first: Ints, member: Ints, arrived_s: Floats) -> Courses:
    """Follow trips from the arrival at the store; trip t has the orders `member[first[t] : first[t + 1]]` in turn."""
    m, k = len(arrived_s), len(member)
    picked_s, to_door_s, at_door_s = np.empty(m), np.zeros(m), np.zeros(m)
    end_s, loaded_km = np.empty(m), np.zeros(m)
    delivered_s, leg_km = np.empty(k), np.empty(k)
    for t in range(m):
        here = jobs.origin[member[first[t]]]
        picked_s[t] = departure_s(stops, jobs, member[first[t] : first[t + 1]], NONE, arrived_s[t])
        clock_s = picked_s[t]
        for n in range(first[t], first[t + 1]):
            door = jobs.destination[member[n]]
            there_s = arrival_s(roads, here, door, clock_s)
            delivered_s[n] = there_s + stops.door_s
            leg_km[n] = roads.length[here, door] * roads.length_step_km
            to_door_s[t] += there_s - clock_s
            at_door_s[t] += delivered_s[n] + stops.leave_door_s - there_s
            loaded_km[t] += leg_km[n]
            clock_s, here = delivered_s[n] + stops.leave_door_s, door
        end_s[t] = clock_s
    return Courses(picked_s, to_door_s, at_door_s, end_s, loaded_km, delivered_s, leg_km)
