"""Routes: open ways from a mall, tours of vans, and pairs of orders and drivers (model 10.2 S4 to S7)."""

from itertools import permutations

import numpy as np

from galleria.agents.dispatch.routing import best_route, exact_route
from galleria.agents.dispatch.rules import RULES
from galleria.agents.fleets.tours import plan_routes, route_km
from galleria.agents.kernel.arrays import Floats
from galleria.experiments.verification.findings import Finding, bound, near, none_of, of_sample, worst
from galleria.experiments.verification.registry import row

BHH = 0.7124
"""Constant of Beardwood, Halton and Hammersley: the best tour of many points is .7124 sqrt(n A) long, of n points on a
torus .33 / n longer (Percus, Martin 1996)."""


def gaps(xy: Floats, *, euclid: bool, torus: bool = False) -> Floats:
    """Return the distances between points of the unit square, round the back of a torus where that is shorter."""
    gap = np.abs(xy[:, None] - xy)
    gap = np.minimum(gap, 1 - gap) if torus else gap
    return np.asarray(np.hypot(*gap.transpose(2, 0, 1)) if euclid else gap.sum(axis=2))


def closed_length(leg: Floats) -> float:
    """Measure the best way from the start by all stops and back: an open one whose last stop is the start again."""
    number, far = len(leg), 1e3
    again = np.full((number + 1, number + 1), far)
    again[:-1, :-1] = leg
    again[1:-1, -1] = leg[1:, 0]
    return route_km(leg, exact_route(again, 0.0)[:-1])


def route_lengths(stops: int, draws: int, *, euclid: bool, closed: bool = False) -> Floats:
    """Measure the best routes from the middle of the unit square to doors at random."""
    rng = np.random.default_rng(stops)
    lengths = np.empty(draws)
    for n in range(draws):
        leg = gaps(np.vstack([[0.5, 0.5], rng.random((stops, 2))]), euclid=euclid)
        if closed:
            lengths[n] = closed_length(leg)
            continue
        walk = np.concatenate([[0], best_route(leg, 0.0)]).astype(np.int64)
        lengths[n] = leg[walk[:-1], walk[1:]].sum()
    return lengths


STRAIGHT = {1: 0.3826, 2: 0.822, 3: 1.178, 4: 1.463, 5: 1.699, 6: 1.895, 8: 2.237}
BLOCKS = {1: 0.500, 2: 1.051, 3: 1.478, 4: 1.825, 5: 2.101, 6: 2.356, 8: 2.763}


@row(
    "S5",
    "unit square, mall in the middle, doors uniform; 1 %",
    oracle="dynamic programming by others' code",
    cases={
        f"{stops} doors, {name}": {"stops": stops, "euclid": name == "straight", "oracle": length}
        for name, table in (("straight", STRAIGHT), ("blocks", BLOCKS))
        for stops, length in table.items()
    },
)
def open_route(stops: int, euclid: bool, oracle: float) -> Finding:  # noqa: FBT001 (a case)
    """Length of the best open route from a mall."""
    lengths = route_lengths(stops, 12_000 if stops < 5 else 5000, euclid=euclid)
    return near(lengths.mean(), oracle, share=0.01, error=float(lengths.std(ddof=1) / np.sqrt(len(lengths))))


@row("S6", "unit square, mall in the middle, pairs at random")
def random_pairs() -> Finding:
    """Loaded way per parcel of random pairs over that of one alone: the gain is the empty way back."""
    pair = route_lengths(2, 6000, euclid=True).mean() / 2
    return bound(pair / route_lengths(1, 6000, euclid=True).mean(), "at least", 1.05)


@row(
    "S6.tour",
    "unit square, mall in the middle, doors uniform, straight ways; 2 %",
    oracle="simulation by others' code",
    cases={f"{stops} parcels": {"stops": stops, "oracle": way} for stops, way in ((2, 0.643), (4, 0.486), (8, 0.337))},
)
def tour_per_parcel(stops: int, oracle: float) -> Finding:
    """Way of a closed tour per parcel."""
    per_parcel = route_lengths(stops, 4000, euclid=True, closed=True) / stops
    return near(per_parcel.mean(), oracle, share=0.02, error=float(per_parcel.std(ddof=1) / np.sqrt(len(per_parcel))))


@row(
    "S4",
    "torus, 200 uniform points, straight ways, one route; 3 % and four standard errors",
    oracle="constant of the optimal tour, .7124 (1 + .33 / n)",
    quick=False,
)
def tour_constant() -> Finding:
    """Length of a searched van tour by sqrt(n A)."""
    points, found = 200, np.empty(5)
    for seed in range(len(found)):
        km = gaps(np.random.default_rng([4, seed]).random((points, 2)), euclid=True, torus=True)
        (route,) = plan_routes(km, np.ones(points - 1, np.int64), points, 5000)
        found[seed] = route_km(km, route) / np.sqrt(points)
    return of_sample(found, BHH * (1 + 0.33 / points), bias=0.03)


def cheapest(cost: Floats) -> tuple[int, float]:
    """Return how many pairs can be made, and the least cost of so many, by trying all ways."""
    orders, drivers = cost.shape
    best = (0, 0.0)
    for drivers_of in permutations([*range(drivers), *[-1] * orders], orders):
        pairs = [(order, driver) for order, driver in enumerate(drivers_of) if driver >= 0]
        total = sum(float(cost[pair]) for pair in pairs)
        if np.isfinite(total):
            best = min(best, (-len(pairs), total))
    return -best[0], best[1]


@row("S7", "up to 4 x 4 pairs, some forbidden, 60 matrices")
def pairing() -> Finding:
    """Cost of pairing orders with drivers, against all ways of doing so."""
    rng, found, least = np.random.default_rng(7), [], []
    for _ in range(60):
        cost = rng.random(rng.integers(1, 5, 2)) * 100
        cost[rng.random(cost.shape) < 0.2] = np.inf
        order, driver = RULES["lap"].match(cost)
        found.append((len(order), cost[order, driver].sum()))
        least.append(cheapest(cost))
    return worst(found, least, by=1e-9)


@row("S7.greedy", "10 orders, 15 drivers, 200 matrices")
def greedy_pairing() -> Finding:
    """Batches in which pairing at once costs more than the cheapest pair first."""
    rng = np.random.default_rng(8)
    dearer = []
    for _ in range(200):
        cost = rng.random((10, 15))
        at_once, in_turn = (cost[RULES[name].match(cost)].sum() for name in ("lap", "greedy"))
        dearer.append(at_once > in_turn + 1e-9)
    return none_of(dearer)
