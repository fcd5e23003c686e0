"""Laboratories for the laws of space: towns of points, one courier, drivers who take everything."""

from functools import lru_cache

import numpy as np

from galleria.agents.kernel.arrays import Ints
from galleria.agents.kernel.roads import Roads
from galleria.experiments.verification.space_laboratory import Laboratory, Observed, plane, poisson
from galleria.experiments.verification.worlds import settings_of

ROWS = 40
POINTS = ROWS**2
"""Places of idle drivers, and as many of requests: apart, so that no driver waits exactly where the next request is."""


@lru_cache
def town(side_km: float, km_per_h: float, *, euclid: bool, torus: bool = True) -> Roads:
    """Draw a square town; the first half of its places is where drivers are and drop, the other where requests are.

    Each cell of a lattice has one of either, so that neither is denser than the other anywhere.
    """
    cell = np.stack(np.divmod(np.tile(np.arange(POINTS), 2), ROWS))
    x_km, y_km = (cell + np.random.default_rng(1).random(cell.shape)) * side_km / ROWS
    roads = plane(x_km, y_km, km_per_h, euclid=euclid, torus_km=side_km if torus else None, days=40)
    free = roads.free.copy()
    free[POINTS:, :POINTS] = 0  # how long a driver is busy after the pick-up is the time at the door alone
    free.flags.writeable = False
    return roads._replace(free=free)


def laboratory(
    roads: Roads,
    door_h: float,
    *,
    rule: str = "nearest_immediate",
    reach_min: float = 1e6,
    redraw: Ints | None = None,
    loses: bool = False,
    brands: int = 1,
) -> Laboratory:
    """Open a laboratory in which time on the road is all that counts."""
    settings = settings_of("city=toy", "drivers.acceptance_scale_usd=0.0", "drivers.cost_usd_per_km=0.0")
    changes = {"rule": rule, "max_pickup_min": reach_min, "age_weight": 0.0, "lookahead_min": 0.0, "candidates": 10_000}
    courier = settings.couriers["mall_direct"]
    if courier.fulfilment != "gig":
        raise TypeError("the laboratory needs a courier of gig drivers")
    dispatch = settings.dispatch.model_copy(update=changes)
    return Laboratory(roads, courier, settings.drivers, dispatch, door_h, redraw, loses, brands)


def at_random(lab: Laboratory, drivers: int, per_h: float, requests: int, seed: int, backlog: int = 0) -> Observed:
    """Let requests come from anywhere and go anywhere in a `town`, after a backlog at time 0."""
    rng = np.random.default_rng(seed)
    request_s = np.concatenate([np.zeros(backlog), poisson(per_h, requests, rng)])
    origin = POINTS + rng.integers(POINTS, size=len(request_s))
    start = rng.integers(POINTS, size=drivers)
    return lab.run(start, request_s, origin, rng.integers(POINTS, size=len(request_s)), seed)
