"""Open routes: the exact ones against all orders of the stops, the others against the exact (model 10.2 S5)."""

from itertools import pairwise, permutations

import numpy as np
import pytest

from galleria.agents.dispatch.routing import best_route, exact_route, improved_route, nearest_route, route_cost
from galleria.agents.kernel.arrays import Floats


def legs(seed: int, stops: int) -> Floats:
    x, y = np.random.default_rng(seed).random((2, stops + 1))
    return np.asarray(np.abs(x[:, None] - x) + np.abs(y[:, None] - y))


def price(leg: Floats, latency: float, route: tuple[int, ...]) -> float:
    """Walk the route: length, and latency times the sum of the arrivals."""
    clock, arrivals = 0.0, 0.0
    for here, there in pairwise((0, *route)):
        clock += float(leg[here, there])
        arrivals += clock
    return clock + latency * arrivals


@pytest.mark.parametrize("latency", [0.0, 0.5, 10.0])
@pytest.mark.parametrize("stops", [1, 2, 3, 4, 5, 6])
def test_the_best_route_is_the_cheapest_of_all(stops: int, latency: float) -> None:
    for seed in range(8):
        leg = legs(seed, stops)
        cheapest = min(price(leg, latency, route) for route in permutations(range(1, stops + 1)))
        found = best_route(leg, latency)
        assert sorted(found.tolist()) == list(range(1, stops + 1))
        assert price(leg, latency, tuple(found.tolist())) == pytest.approx(cheapest)
        assert route_cost(leg, latency, found) == pytest.approx(cheapest)


def test_improving_a_route_comes_close_to_the_best() -> None:
    better = []
    for seed in range(40):
        leg = legs(seed, 8)
        improved = improved_route(leg, 0.0, nearest_route(leg))
        better.append(route_cost(leg, 0.0, improved) / route_cost(leg, 0.0, exact_route(leg, 0.0)))
        assert route_cost(leg, 0.0, improved) <= route_cost(leg, 0.0, nearest_route(leg)) + 1e-12
    assert min(better) >= 1 - 1e-9
    assert np.mean(better) < 1.03


@pytest.mark.parametrize("stops", [9, 15])
def test_long_routes_visit_every_stop_once(stops: int) -> None:
    assert sorted(best_route(legs(1, stops), 1.0).tolist()) == list(range(1, stops + 1))


def test_without_stops_there_is_no_route() -> None:
    assert len(best_route(np.zeros((1, 1)), 0.0)) == 0
