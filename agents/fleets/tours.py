"""Explicit van tours: stops are swept around the depot into routes, and each route is shortened (model 7.7).

Distances there and back are averaged while a tour is shortened, so that turning a part of it round changes nothing
else; lengths are measured as driven. `pyvrp` in the place of `own` has the routes searched by PyVRP (extra `routing`).
"""

from typing import Any, Literal

import numpy as np
from numba import njit

from galleria.agents.kernel.arrays import Floats, Ints

type Router = Literal["own", "pyvrp"]

_GAIN_KM = 1e-9
"""Improvements below this are rounding."""


def plan_routes(km: Floats, angle: Floats, most_stops: int, router: Router, iterations: int) -> list[Ints]:
    """Plan routes from the depot to all stops.

    Parameters
    ----------
    km
        float64 [n + 1, n + 1], between the depot (0) and the stops (1 to n).
    angle
        float64 [n], direction of each stop as seen from the depot.
    most_stops
        Of a route.
    router
        Who plans.
    iterations
        How long PyVRP searches.

    Returns
    -------
    For each route int64, its stops in the order of the visits.

    Raises
    ------
    ModuleNotFoundError
        If PyVRP is asked for but not installed.
    """
    if router == "pyvrp":
        return _searched(km, most_stops, iterations)
    mean_km = (km + km.T) / 2
    return [shorten(mean_km, part) for part in sweep(angle, most_stops)]


def sweep(angle: Floats, most_stops: int) -> list[Ints]:
    """Cut the stops, in the order of their directions, into routes of nearly equal size (Gillett and Miller 1974)."""
    routes = -(-len(angle) // most_stops)
    return [part + 1 for part in np.array_split(np.argsort(angle, kind="stable"), max(1, routes)) if len(part)]


def route_km(km: Floats, route: Ints) -> float:
    """Measure a route from the depot and back."""
    walk = np.concatenate([[0], route, [0]])
    return float(km[walk[:-1], walk[1:]].sum())


def saving_km(km: Floats, route: Ints) -> Floats:
    """Measure for each stop what the route would save without it, float64 [k]."""
    walk = np.concatenate([[0], route, [0]])
    before, after = walk[:-2], walk[2:]
    return np.asarray(km[before, route] + km[route, after] - km[before, after])


@njit(cache=True)
def shorten(km: Floats, stops: Ints) -> Ints:
    """Tour the stops from the depot: nearest neighbour, then 2-opt and or-opt until neither helps.

    Parameters
    ----------
    km
        float64 [n + 1, n + 1], symmetric.
    stops
        int64 [k], of the route.

    Returns
    -------
    int64 [k], in the order of the visits.
    """
    k = len(stops)
    tour = np.zeros(k + 2, np.int64)
    left = stops.copy()
    for n in range(1, k + 1):
        best = n - 1
        for j in range(n - 1, k):
            if km[tour[n - 1], left[j]] < km[tour[n - 1], left[best]]:
                best = j
        tour[n] = left[best]
        left[best] = left[n - 1]
    improving = True
    while improving:
        improving = _turn_parts(km, tour)
        improving = _move_parts(km, tour) or improving
    return tour[1:-1].copy()


@njit(cache=True)
def _turn_parts(km: Floats, tour: Ints) -> bool:
    """Turn parts of a tour round in place where that shortens it (2-opt); tell whether it did."""
    helped = False
    for i in range(1, len(tour) - 2):
        for j in range(i + 1, len(tour) - 1):
            a, b, c, d = tour[i - 1], tour[i], tour[j], tour[j + 1]
            if km[a, c] + km[b, d] < km[a, b] + km[c, d] - _GAIN_KM:
                tour[i : j + 1] = tour[i : j + 1][::-1].copy()
                helped = True
    return helped


@njit(cache=True)
def _move_parts(km: Floats, tour: Ints) -> bool:
    """Move up to three stops in a row to where they cost less, turned round or not (or-opt); tell whether it did."""
    helped = False
    for length in range(1, 4):
        i = 1
        while i + length < len(tour):
            a, b, c, d = tour[i - 1], tour[i], tour[i + length - 1], tour[i + length]
            saved = km[a, b] + km[c, d] - km[a, d]
            best, at, turned = _GAIN_KM, -1, False
            for j in range(len(tour) - 1):
                if i - 1 <= j < i + length:
                    continue
                e, f = tour[j], tour[j + 1]
                for turn in (False, True):
                    added = km[e, c] + km[b, f] if turn else km[e, b] + km[c, f]
                    if saved - added + km[e, f] > best:
                        best, at, turned = saved - added + km[e, f], j, turn
            if at >= 0:
                part = tour[i : i + length].copy()
                if turned:
                    part = part[::-1].copy()
                rest = np.concatenate((tour[:i], tour[i + length :]))
                at = at if at < i else at - length
                tour[:] = np.concatenate((rest[: at + 1], part, rest[at + 1 :]))
                helped = True
            i += 1
    return helped


def _searched(km: Floats, most_stops: int, iterations: int) -> list[Ints]:
    from pyvrp import Model  # noqa: PLC0415 (an extra)
    from pyvrp.stop import MaxIterations  # noqa: PLC0415

    model, stops = Model(), len(km) - 1
    places = [model.add_location(x=0, y=0) for _ in range(stops + 1)]
    depot = model.add_depot(places[0])
    for place in places[1:]:
        model.add_client(place, delivery=1)
    model.add_vehicle_type(num_available=stops, capacity=most_stops, start_depot=depot, end_depot=depot)
    metres = np.rint(km * 1000).astype(np.int64)
    for i, start in enumerate(places):
        for j, end in enumerate(places):
            if i != j:
                model.add_edge(start, end, distance=int(metres[i, j]))
    found = model.solve(stop=MaxIterations(iterations), seed=1, display=False)
    return [_stops_of(route) for route in found.best.routes()]


def _stops_of(route: Any) -> Ints:
    """Turn a PyVRP route's clients, who count from 0, into stops, which count from 1."""
    return np.array([visit.idx + 1 for visit in route.schedule() if visit.is_client()], np.int64)
