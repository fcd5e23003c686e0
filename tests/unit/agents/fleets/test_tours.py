"""Searched van tours against all orders of a few stops, a world whose best routes are known, and the approximation."""

from itertools import permutations
from math import sqrt

import numpy as np
import pytest

from galleria.agents.fleets.tours import plan_routes, route_km, saving_km
from galleria.agents.fleets.vans import VanFleet
from galleria.agents.kernel.arrays import Floats
from tests.market_worlds import run_of


def between(xy: Floats, *, euclid: bool) -> Floats:
    gap = np.abs(xy[:, None] - xy)
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]) if euclid else gap.sum(axis=2))


@pytest.mark.parametrize("stops", [1, 2, 4, 6])
def test_few_stops_are_toured_as_short_as_can_be(stops: int) -> None:
    for seed in range(4):
        km = between(np.random.default_rng(seed).random((stops + 1, 2)), euclid=True)
        (found,) = plan_routes(km, np.ones(stops, np.int64), stops, 50)
        assert sorted(found.tolist()) == list(range(1, stops + 1))
        least = min(route_km(km, np.array(route)) for route in permutations(range(1, stops + 1)))
        assert route_km(km, found) == pytest.approx(least, rel=1e-6)


def test_villages_that_fill_a_van_are_served_one_by_one() -> None:
    """Five villages of three doors around a depot: no route is shorter than there and back, 2 sum of d / C in all."""
    turn = np.repeat(np.arange(5) * 2 * np.pi / 5, 3)
    xy = np.vstack([[0, 0], 10 * np.stack([np.cos(turn), np.sin(turn)], axis=1)])
    routes = plan_routes(between(xy, euclid=True), np.ones(15, np.int64), 3, 100)
    assert sorted(sorted((route - 1) // 3) for route in routes) == [[village] * 3 for village in range(5)]


def test_no_van_carries_more_than_it_can_and_the_same_parcels_make_the_same_tours() -> None:
    km = between(np.random.default_rng(4).random((31, 2)) * 10, euclid=False)
    load = np.random.default_rng(5).integers(1, 5, 30)
    once, again = (plan_routes(km, load, 15, 60) for _ in range(2))
    assert sorted(np.concatenate(once).tolist()) == list(range(1, 31))
    assert max(load[route - 1].sum() for route in once) <= 15
    assert [route.tolist() for route in once] == [route.tolist() for route in again]


def test_the_approximation_holds_within_its_stated_error() -> None:
    """2 rho N / C + k sqrt(N A): at most 12 % off, and a search that is cut short lies above rather than below."""
    xy = np.vstack([[8.0, 20.0], np.random.default_rng(0).random((150, 2)) * 20])
    km = between(xy, euclid=False)
    routes = plan_routes(km, np.ones(150, np.int64), 50, 300)
    near = 2 * km[0, 1:].mean() * 150 / 50 + 0.77 * sqrt(150 * 400)
    assert sum(route_km(km, route) for route in routes) / near == pytest.approx(1, abs=0.12)


def test_a_stop_saves_what_its_detour_takes() -> None:
    km = between(np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.0, 3.0]]), euclid=False)
    assert saving_km(km, np.array([1, 2, 3])).tolist() == [0, 0, 6]


def test_a_market_ships_by_explicit_tours() -> None:
    """A few parcels in one small town: one route, every door within its hours, one saving a stop."""
    world = ("city=toy", "city.households=300", "customers.occasions_per_household_day=1.0", "drivers.pool=40")
    searched = ("couriers.warehouse.tours.routes=pyvrp", "couriers.warehouse.tours.search_iterations=100")
    market, outcome = run_of(*world, *searched)
    orders = outcome.tables["orders"]
    shipped = orders[orders["courier"] == "warehouse"]
    fleet = next(each.fleet for each in market.world.couriers if each.name == "warehouse")
    assert isinstance(fleet, VanFleet)
    plan = fleet.tours[0]
    assert plan.routes == 1
    assert plan.stops <= len(shipped)
    out_h = (shipped["delivered_s"] - shipped["picked_s"]) / 3600
    assert out_h.min() > 0.5
    assert out_h.max() <= plan.hours + 1e-9
    assert 0 <= plan.marginal_km <= plan.km
