"""Open routes: in which order the doors of one trip are visited (model 7.5).

A route starts where the parcels are collected and ends at the last door. A leg towards the first of r doors that are
still to be served delays all r of them; its price is its length times (1 + latency r), so latency 0 asks for the
shortest route and a large one for the least sum of arrival times.
"""

import numpy as np
from numba import njit

from galleria.agents.kernel.arrays import Floats, Ints

EXACT_STOPS = 8
"""Up to so many stops the best route is found exactly; 8 stops are 2,048 states."""

_GAIN = 1e-9
"""Improvements below this are rounding."""


@njit(cache=True)
def best_route(leg: Floats, latency: float) -> Ints:
    """Find in which order to visit all stops, exactly for up to `EXACT_STOPS`, otherwise a good one.

    Parameters
    ----------
    leg
        float64 [k + 1, k + 1], time or length between the start (0) and the stops (1 to k).
    latency
        Weight of delay against length, see above.

    Returns
    -------
    int64 [k], stops 1 to k in the order of the visits.
    """
    stops = len(leg) - 1
    if stops < 2:
        return np.arange(1, stops + 1)
    if stops <= EXACT_STOPS:
        return exact_route(leg, latency)
    return improved_route(leg, latency, nearest_route(leg))


@njit(cache=True)
def exact_route(leg: Floats, latency: float) -> Ints:
    """Find the cheapest open route by dynamic programming over sets of stops (Held and Karp 1962)."""
    stops = len(leg) - 1
    full = 1 << stops
    cost = np.full((full, stops), np.inf)
    before = np.zeros((full, stops), np.int64)
    for j in range(stops):
        cost[1 << j, j] = leg[0, j + 1] * (1 + latency * stops)
    for visited in range(1, full):
        left = stops
        for j in range(stops):
            left -= visited >> j & 1
        for j in range(stops):
            if not visited >> j & 1:
                continue
            for n in range(stops):
                if visited >> n & 1:
                    continue
                new = cost[visited, j] + leg[j + 1, n + 1] * (1 + latency * left)
                both = visited | 1 << n
                if new < cost[both, n]:
                    cost[both, n] = new
                    before[both, n] = j
    route = np.empty(stops, np.int64)
    visited, last = full - 1, int(np.argmin(cost[full - 1]))
    for k in range(stops - 1, -1, -1):
        route[k] = last + 1
        last, visited = before[visited, last], visited & ~(1 << last)
    return route


@njit(cache=True)
def nearest_route(leg: Floats) -> Ints:
    """Go to the nearest stop that is left, again and again."""
    stops = len(leg) - 1
    route = np.empty(stops, np.int64)
    left = np.ones(stops + 1, np.bool_)
    here = 0
    for k in range(stops):
        nearest, length = -1, np.inf
        for j in range(1, stops + 1):
            if left[j] and leg[here, j] < length:
                nearest, length = j, leg[here, j]
        route[k] = here = nearest
        left[nearest] = False
    return route


@njit(cache=True)
def route_cost(leg: Floats, latency: float, route: Ints) -> float:
    """Add up the prices of a route's legs."""
    cost, here = 0.0, 0
    for k in range(len(route)):
        cost += leg[here, route[k]] * (1 + latency * (len(route) - k))
        here = route[k]
    return cost


@njit(cache=True)
def improved_route(leg: Floats, latency: float, route: Ints) -> Ints:
    """Reverse and move parts of a route while that makes it cheaper (2-opt, and or-opt of up to three stops)."""
    best, cost = route.copy(), route_cost(leg, latency, route)
    improving = True
    while improving:
        improving = False
        for i in range(len(best)):
            for j in range(i + 1, len(best)):
                trial = best.copy()
                trial[i : j + 1] = best[i : j + 1][::-1]
                new = route_cost(leg, latency, trial)
                if new < cost - _GAIN:
                    best, cost, improving = trial, new, True
        for length in range(1, min(4, len(best))):
            for i in range(len(best) - length + 1):
                part = best[i : i + length].copy()
                rest = np.concatenate((best[:i], best[i + length :]))
                for j in range(len(rest) + 1):
                    trial = np.concatenate((rest[:j], part, rest[j:]))
                    new = route_cost(leg, latency, trial)
                    if new < cost - _GAIN:
                        best, cost, improving = trial, new, True
                        break
    return best
