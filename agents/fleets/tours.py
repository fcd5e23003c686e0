"""Explicit van tours: which stops make a route, and in which order (model 7.7).

The search is PyVRP's iterated local search. It ends after a number of iterations and not after a time, so that the same
parcels give the same tours on every machine.
"""

from typing import Any

import numpy as np

from galleria.agents.kernel.arrays import Floats, Ints

_LONGEST = 10_000
"""Whole units of the longest way: PyVRP counts in integers, and a stop too many costs it at most 100,000."""

_MOST = 10 * _LONGEST
"""Whole units of the cost of a route, at most: any more would be the same."""

_SEED = 1
"""Of the search: nothing is drawn for a market here."""


def plan_routes(km: Floats, load: Ints, capacity: int, iterations: int, start_km: float = 0.0) -> list[Ints]:
    """Search for the cheapest routes from the depot to all stops.

    Parameters
    ----------
    km
        float64 [n + 1, n + 1], between the depot (0) and the stops (1 to n).
    load
        int64 [n], room that each stop takes in a van, at most `capacity`.
    capacity
        Room in a van.
    iterations
        How long is searched.
    start_km
        How many km cost as much as one more route.

    Returns
    -------
    For each route int64, its stops in the order of the visits.

    Raises
    ------
    ValueError
        If no routes were found in which every van carries what it can.

    Notes
    -----
    Wouda, Lan, Kool 2024, PyVRP: a high-performance VRP solver package.
    """
    # read here: most markets approximate their tours, and start sooner without
    from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve  # noqa: PLC0415
    from pyvrp.stop import MaxIterations  # noqa: PLC0415

    number = len(load)
    unit_km = max(float(km.max()), 1e-9) / _LONGEST
    units: Any = np.rint(km / unit_km).astype(np.int64)  # PyVRP's own types leave out the shape
    np.fill_diagonal(units, 0)
    data = ProblemData(
        [Location(0, 0)] * (number + 1),
        [Client(place, delivery=[room]) for place, room in enumerate(load.tolist(), start=1)],
        [Depot(0)],
        [VehicleType(number, capacity=[capacity], fixed_cost=round(min(start_km / unit_km, _MOST)))],
        [units],
        [np.zeros_like(units)],
    )
    found = solve(data, MaxIterations(iterations), seed=_SEED, collect_stats=False, display=False)
    if not found.is_feasible():
        raise ValueError(f"no tours of vans with room for {capacity} found in {iterations} iterations: search longer")
    visits = [[visit.idx + 1 for visit in route.schedule() if visit.is_client()] for route in found.best.routes()]
    return [np.array(route, np.int64) for route in visits]


def route_km(km: Floats, route: Ints) -> float:
    """Measure a route from the depot and back."""
    walk = np.concatenate([[0], route, [0]])
    return float(km[walk[:-1], walk[1:]].sum())


def saving_km(km: Floats, route: Ints) -> Floats:
    """Measure for each stop what the route would save without it, float64 [k]."""
    walk = np.concatenate([[0], route, [0]])
    before, after = walk[:-2], walk[2:]
    return np.asarray(km[before, route] + km[route, after] - km[before, after])
