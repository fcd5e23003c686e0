"""Wild goose chases and backlogs: more demand, fewer served; two steady states (model 10.3)."""

from functools import lru_cache

import numpy as np

from galleria.agents.drivers.labour import idle_at_most_throughput, throughput_per_h
from galleria.experiments.verification.findings import Finding, bound, near
from galleria.experiments.verification.registry import row
from galleria.experiments.verification.space import DRIVERS, SIDE_KM, SIMULATED, TAU_H, V
from galleria.experiments.verification.towns import at_random, laboratory, town

Y_MAX = 312.199
"""Oracle A of 10.3: the most requests an hour that 120 drivers serve on 100 km2 at 30 km/h and 0.3 h each."""

LOADS = (1.1, 1.6, 3.0)
PICKUP_H = 0.5 * SIDE_KM / V


@row("G0.idle", "mean field, 120 drivers on 100 km2, 30 km/h, .3 h after the pick-up")
def idle_at_peak() -> Finding:
    """Idle drivers where most are served."""
    return near(idle_at_most_throughput(DRIVERS, TAU_H, PICKUP_H), 8.7801, by=1e-4)


@row("G0", "mean field, 120 drivers on 100 km2, 30 km/h, .3 h after the pick-up")
def most_throughput() -> Finding:
    """Most orders an hour, the peak of the backward-bending curve."""
    peak = idle_at_most_throughput(DRIVERS, TAU_H, PICKUP_H)
    return near(float(throughput_per_h(np.array(peak), DRIVERS, TAU_H, PICKUP_H)), Y_MAX, by=1e-3)


@lru_cache
def goose_chase(load: float, reach_min: float) -> tuple[float, float]:
    """Serve by first dispatch, losing who finds nobody in reach; give served an hour and minutes to the pick-up."""
    lab = laboratory(town(SIDE_KM, V, euclid=True), TAU_H, reach_min=reach_min, loses=True)
    seen = at_random(lab, DRIVERS, load * Y_MAX, int(load * 4000), seed=5)
    return seen.served_per_h(3.0), float(seen.pickup_min(3.0).mean())


def at_loads(name: str, values: tuple[float, ...]) -> dict[str, dict[str, float]]:
    """Make a case a load."""
    return {f"load {load}": {"load": load, name: value} for load, value in zip(LOADS, values, strict=True)}


@row(
    "G1",
    "first dispatch from anywhere, 120 drivers, lost if none is idle",
    oracle=SIMULATED,
    quick=False,
    cases=at_loads("served", (302, 294, 286)),
)
def served(load: float, served: float) -> Finding:
    """Served an hour at multiples of the most throughput."""
    return near(goose_chase(load, 1e6)[0], served, share=0.03)


@row("G1.falls", "first dispatch from anywhere, 120 drivers", oracle="backward-bending curve", quick=False)
def more_demand_serves_fewer() -> Finding:
    """Served at 1.1 of the most throughput over served at 3.0."""
    return bound(goose_chase(1.1, 1e6)[0] / goose_chase(3.0, 1e6)[0], "at least", 1.03)


@row("G1.far", "first dispatch from anywhere, load 3.0", oracle=SIMULATED, quick=False)
def long_way() -> Finding:
    """Minutes to the pick-up."""
    return near(goose_chase(3.0, 1e6)[1], 7.1, share=0.05)


@row(
    "G1.radius",
    "reach of 1.5 km, 120 drivers",
    oracle=SIMULATED,
    quick=False,
    cases=at_loads("served", (275, 314, 341)),
)
def served_in_reach(load: float, served: float) -> Finding:
    """Served an hour where a radius ends the chase."""
    return near(goose_chase(load, 3.0)[0], served, share=0.03)


@row("G1.near", "reach of 1.5 km, load 3.0", oracle=SIMULATED, quick=False)
def short_way() -> Finding:
    """Minutes to the pick-up within a reach."""
    return bound(goose_chase(3.0, 3.0)[1], "at most", 1.9)


@lru_cache
def backlog_after(rule: str, per_h: float, backlog: int) -> tuple[float, float]:
    """Return the mean number waiting in the second and in the last fifth of six hours on 400 km2."""
    lab = laboratory(town(20.0, V, euclid=True), TAU_H, rule=rule)
    waiting = at_random(lab, DRIVERS, per_h, round(6 * per_h), 7, backlog).waiting[backlog:]
    fifth = len(waiting) // 5
    return float(waiting[fifth : 2 * fifth].mean()), float(waiting[-fifth:].mean())


BETWEEN = (
    "240 orders an hour, between the 216 of a backlog and the most of 273; 120 drivers on 400 km2, nobody gives up"
)


@row("G2.clear", f"{BETWEEN}; started empty, oldest order first", oracle="two steady states", quick=False)
def stays_clear() -> Finding:
    """Orders waiting at the end."""
    return bound(backlog_after("fcfs", 240.0, 0)[1], "at most", 20)


@row("G2.stuck", f"{BETWEEN}; started with 300, oldest order first", oracle="two steady states", quick=False)
def stays_stuck() -> Finding:
    """Growth of a backlog from the second to the last fifth of the run."""
    early, late = backlog_after("fcfs", 240.0, 300)
    return bound(late - early if early > 150 else -np.inf, "at least", 0)


@row(
    "G2.below", "180 orders an hour, below both; started with 300, oldest order first", oracle="one state", quick=False
)
def recovers_below() -> Finding:
    """Fall of a backlog from the second to the last fifth of the run."""
    early, late = backlog_after("fcfs", 180.0, 300)
    return bound(early - late, "at least", 40)


@row("G2.nearest", f"{BETWEEN}; started with 300, drivers take the nearest", oracle="one steady state", quick=False)
def recovers_by_nearest() -> Finding:
    """Orders waiting at the end where drivers take the nearest."""
    return bound(backlog_after("nearest_waiting", 240.0, 300)[1], "at most", 20)
