"""Traffic: user equilibrium on networks small enough to solve by hand (model 7.8)."""

from collections.abc import Sequence

import numpy as np

from galleria.experiments.verification.findings import Finding, near, worst
from galleria.experiments.verification.registry import row
from galleria.models.traffic.assignment import CostFunction, Equilibrium, Loader, equilibrium

ZONES = np.arange(2, dtype=np.int32)
NONE = np.empty(0, dtype=np.int32)
REGIME = "linear costs, solved by hand"


def costs(free: Sequence[float], b: Sequence[float], fixed: Sequence[float]) -> CostFunction:
    """Return linear costs: free + b flow (a capacity of 1 and b relative to free) + fixed."""
    one = np.ones(len(free))
    return CostFunction(np.array(free), np.array(b) / np.array(free), one, one, np.array(fixed))


def two_roads(free: Sequence[float], b: Sequence[float], fixed: Sequence[float]) -> Equilibrium:
    """Let ten trips choose between two roads."""
    tail, head = np.array([0, 0], dtype=np.int32), np.array([1, 1], dtype=np.int32)
    loader = Loader(tail, head, 2, np.array([[0.0, 10.0], [0.0, 0.0]]), ZONES, ZONES, NONE)
    return equilibrium(loader, costs(free, b, fixed), gap=1e-10, iterations=200)


@row("T1", f"{REGIME}: 10 + x on one road, 15 + x / 2 on the other, 10 trips", oracle="20 / 3 and 10 / 3")
def wardrop() -> Finding:
    """Largest distance of flows on two roads from Wardrop's equilibrium."""
    return worst(two_roads([10, 15], [1, 0.5], [0, 0]).flow, [20 / 3, 10 / 3], by=1e-5)


@row("T1.costs", f"{REGIME}: the same two roads", oracle="nobody arrives sooner by the other")
def equal_costs() -> Finding:
    """Largest distance of costs on two roads from 50 / 3."""
    return worst(two_roads([10, 15], [1, 0.5], [0, 0]).cost, 50 / 3, by=1e-5)


@row("T1.Beckmann", f"{REGIME}: the same two roads", oracle="integrals of costs")
def beckmann() -> Finding:
    """Beckmann's objective of two roads."""
    x, y = 20 / 3, 10 / 3
    return near(two_roads([10, 15], [1, 0.5], [0, 0]).objective, 10 * x + x**2 / 2 + 15 * y + y**2 / 4, share=1e-6)


@row("T1.toll", f"{REGIME}: two equal roads, a toll of 4 on one", oracle="7 and 3")
def toll() -> Finding:
    """Largest distance of flows from where a toll moves them."""
    return worst(two_roads([10, 10], [1, 1], [0, 4]).flow, [7, 3], by=1e-5)


@row(
    "T2",
    f"{REGIME}: six trips, the classic costs",
    cases={
        "without the bridge": {"links": 4, "oracle": 83.0, "share": 1e-6},
        "with it": {"links": 5, "oracle": 92.0, "share": 1e-4},
    },
)
def braess(links: int, oracle: float, share: float) -> Finding:
    """What everyone pays in Braess's network."""
    tail, head = np.array([0, 0, 2, 3, 2], dtype=np.int32), np.array([2, 3, 1, 1, 3], dtype=np.int32)
    trips = np.array([[0.0, 6.0], [0.0, 0.0]])
    loader = Loader(tail[:links], head[:links], 4, trips, ZONES, ZONES, NONE)
    free, b = [1e-9, 50, 50, 1e-9, 10], [10, 1, 1, 10, 1]
    found = equilibrium(loader, costs(free[:links], b[:links], [0.0] * links), gap=1e-12, iterations=2000)
    return near(float(found.cost @ found.flow) / 6, oracle, share=share)
