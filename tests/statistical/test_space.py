"""Laws of space that the real dispatcher obeys: hubs, nearest drivers, lattices, wild geese (model 10.2, 10.3).

Oracles are closed forms, or simulations of others' code (marked so); tolerances are those of the model's tables, and
seeds are fixed.
"""

import numpy as np
import pytest

from agents.dispatch.itinerary import approaches
from agents.dispatch.routing import best_route
from agents.kernel.arrays import Floats
from tests.oracles.space_laboratory import Observed, plane, poisson
from tests.statistical.space import POINTS, at_random, laboratory, town

SIDE_KM, V, TAU_H, DRIVERS = 10.0, 30.0, 0.3, 120
Y_MAX = 312.199
"""Oracle A of 10.3: the most requests an hour that 120 drivers serve on 100 km2 at 30 km/h and 0.3 h each."""


def scaled(observed: Observed, warm_up_h: float) -> float:
    """Return the mean way to the nearest driver in units of 1 / sqrt(idle drivers per km2)."""
    idle = observed.idle[observed.after(warm_up_h)]
    return float((observed.pickup_km(warm_up_h) * np.sqrt(idle / SIDE_KM**2)).mean())


@pytest.mark.parametrize(("euclid", "constant"), [(True, 0.5), (False, np.sqrt(np.pi / 8))])
def test_s1_the_nearest_of_drivers_at_random_places(euclid: bool, constant: float) -> None:  # noqa: FBT001
    """The closed form of a Poisson field; idle drivers are drawn anew at each request."""
    lab = laboratory(town(SIDE_KM, V, euclid=euclid), TAU_H, redraw=np.arange(POINTS))
    assert scaled(at_random(lab, DRIVERS, 156.0, 4000, seed=1), 1.0) == pytest.approx(constant, rel=0.02)


@pytest.mark.parametrize(("euclid", "constant"), [(True, 0.61), (False, 0.76)])
def test_s1d_drivers_who_idle_where_they_dropped_are_farther(euclid: bool, constant: float) -> None:  # noqa: FBT001
    """Idle places cluster, because the near ones are taken; the oracle is a simulation (10.2 S1d), 3 %."""
    lab = laboratory(town(SIDE_KM, V, euclid=euclid), TAU_H)
    runs = [scaled(at_random(lab, DRIVERS, 156.0, 5000, seed), 3.0) for seed in (0, 1, 2)]
    assert np.mean(runs) == pytest.approx(constant, rel=0.03)


def hub_run(rows: int, drivers: int, requests: int) -> float:
    """Collect at hubs in the middles of rows x rows squares of a town, drop anywhere; return the mean empty way."""
    side_km, cells = 20.0, 40
    middle = (np.arange(rows) + 0.5) * side_km / rows
    homes = (np.arange(cells) + 0.5) * side_km / cells
    x_km = np.concatenate([np.repeat(middle, rows), np.repeat(homes, cells)])
    y_km = np.concatenate([np.tile(middle, rows), np.tile(homes, cells)])
    roads = plane(x_km, y_km, 40.0, euclid=False, torus_km=None, days=10)
    rng = np.random.default_rng(rows)
    hubs, places = rows**2, np.arange(rows**2, len(x_km))
    seen = laboratory(roads, 0.1).run(
        rng.choice(places, drivers),
        poisson(100.0, requests, rng),
        rng.integers(hubs, size=requests),
        rng.choice(places, requests),
        seed=1,
    )
    return float(seen.pickup_km(seen.request_s[requests // 3] / 3600).mean())


@pytest.mark.parametrize("drivers", [120, 200])
def test_h1_to_a_lone_hub_drivers_drive_as_far_empty_as_loaded(drivers: int) -> None:
    """10 km, whatever the fleet; the static formula would say 1.96 and 1.14 km."""
    assert hub_run(1, drivers, 4500) == pytest.approx(10.0, rel=0.02)


@pytest.mark.parametrize(("rows", "least_km", "static_km"), [(2, 5.0, 1.96), (3, 10 / 3, 1.96)])
def test_h1_to_many_hubs_they_drive_what_moving_the_drops_back_takes(
    rows: int, least_km: float, static_km: float
) -> None:
    """The Kantorovich distance of drops and pick-ups bounds the empty way from below (10.2 H1)."""
    km = hub_run(rows, 120, 3500)
    assert 0.98 * least_km <= km <= 1.05 * (least_km + static_km)
    assert km <= 1.1 * least_km


def test_s2_the_nearest_of_forty_drivers_on_a_lattice() -> None:
    """A 41 x 41 torus of unit blocks: sum over k of the chance that nobody is within k blocks, 3.9766."""
    rows = 41
    x_km, y_km = np.divmod(np.arange(rows**2), rows)
    roads = plane(x_km.astype(np.float64), y_km.astype(np.float64), 60.0, euclid=False, torus_km=float(rows), days=2)
    rng = np.random.default_rng(2)
    nearest = [
        approaches(roads, rng.integers(rows**2, size=40), np.full(40, rng.integers(rows**2)), 0.0)[1].min()
        for _ in range(6000)
    ]
    within = np.arange(rows)
    nodes = 2 * within**2 + 2 * within + 1
    assert np.sum((1 - np.minimum(nodes[:20], rows**2) / rows**2) ** 40) == pytest.approx(3.9766, abs=1e-3)
    assert np.mean(nearest) == pytest.approx(3.9766, rel=0.02)


def route_lengths(stops: int, draws: int, *, euclid: bool, closed: bool = False, best: bool = True) -> Floats:
    """Measure routes from the middle of the unit square to doors at random."""
    rng = np.random.default_rng(stops)
    lengths = np.empty(draws)
    for n in range(draws):
        xy = np.vstack([[0.5, 0.5], rng.random((stops, 2))])
        gap = np.abs(xy[:, None] - xy)
        leg = np.hypot(*gap.transpose(2, 0, 1)) if euclid else gap.sum(axis=2)
        route = best_route(leg, 0.0) if best else np.arange(1, stops + 1)
        walk = np.concatenate([[0], route, [0] if closed else []]).astype(np.int64)
        lengths[n] = leg[walk[:-1], walk[1:]].sum()
    return lengths


@pytest.mark.parametrize(
    ("stops", "straight", "blocks"),
    [
        (1, 0.3826, 0.500),
        (2, 0.822, 1.051),
        (3, 1.178, 1.478),
        (4, 1.463, 1.825),
        (5, 1.699, 2.101),
        (6, 1.895, 2.356),
        (8, 2.237, 2.763),
    ],
)
def test_s5_open_routes_from_a_mall_in_the_middle(stops: int, straight: float, blocks: float) -> None:
    """Tabled by dynamic programming (10.2 S5); 1 %."""
    draws = 12_000 if stops < 5 else 5000
    assert route_lengths(stops, draws, euclid=True).mean() == pytest.approx(straight, rel=0.01)
    assert route_lengths(stops, draws, euclid=False).mean() == pytest.approx(blocks, rel=0.01)


def test_s6_random_partners_do_not_shorten_the_way_to_a_door() -> None:
    """Loaded way per parcel of a random pair is longer than that of one alone: the gain is the empty way back."""
    assert route_lengths(2, 6000, euclid=True).mean() / 2 > 1.05 * route_lengths(1, 6000, euclid=True).mean()


def goose_chase(load: float, reach_min: float, requests: int) -> tuple[float, float]:
    """Serve by first dispatch, losing who finds nobody in reach; give served an hour and minutes to the pick-up."""
    lab = laboratory(town(SIDE_KM, V, euclid=True), TAU_H, reach_min=reach_min, loses=True)
    seen = at_random(lab, DRIVERS, load * Y_MAX, requests, seed=5)
    return seen.served_per_h(3.0), float(seen.pickup_min(3.0).mean())


def test_g1_more_demand_serves_fewer_where_drivers_are_sent_from_anywhere() -> None:
    """Wild goose chase: served an hour at 1.1, 1.6, 3.0 times the maximum 302, 294, 286 (10.3 G1, simulated); 3 %."""
    chase = [goose_chase(load, 1e6, int(load * 4000)) for load in (1.1, 1.6, 3.0)]
    for (served, _), expected in zip(chase, (302, 294, 286), strict=True):
        assert served == pytest.approx(expected, rel=0.03)
    assert chase[0][0] > chase[2][0] * 1.03
    assert chase[0][1] < chase[1][1] < chase[2][1]
    assert chase[2][1] == pytest.approx(7.1, rel=0.05)


def test_g1_a_radius_ends_it() -> None:
    """With a reach of 1.5 km: 275, 314, 341 an hour and less than 1.9 minutes; 3 %."""
    capped = [goose_chase(load, 3.0, int(load * 4000)) for load in (1.1, 1.6, 3.0)]
    for (served, minutes), expected in zip(capped, (275, 314, 341), strict=True):
        assert served == pytest.approx(expected, rel=0.03)
        assert minutes < 1.9


def backlog_after(rule: str, per_h: float, backlog: int) -> tuple[float, float]:
    """Return the mean number waiting in the second and in the last fifth of six hours on 400 km2."""
    lab = laboratory(town(20.0, V, euclid=True), TAU_H, rule=rule)
    waiting = at_random(lab, DRIVERS, per_h, round(6 * per_h), 7, backlog).waiting[backlog:]
    fifth = len(waiting) // 5
    return float(waiting[fifth : 2 * fifth].mean()), float(waiting[-fifth:].mean())


def test_g2_a_backlog_stays_where_the_oldest_order_comes_first() -> None:
    """Between Y_b = 216 and Y_max = 273 an hour there are two steady states: one clear, one not (10.3 oracle B)."""
    assert backlog_after("fcfs", 240.0, 0)[1] < 20
    early, late = backlog_after("fcfs", 240.0, 300)
    assert late > early > 150
    early, late = backlog_after("fcfs", 180.0, 300)
    assert late < early - 40


def test_g2_it_goes_where_drivers_take_the_nearest() -> None:
    early, late = backlog_after("nearest_waiting", 240.0, 300)
    assert late < 20 < early
