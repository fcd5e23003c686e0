"""Flow balance and nearest drivers against independent solvers, and against markets where the answer is known."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from galleria.models.measures.space import (
    least_deadhead_km_per_order,
    least_pickup_min,
    nearest_deadhead_km_per_order,
    nearest_of,
    nearest_pickup_min,
)
from galleria.models.measures.transport import transport_cost
from tests.market_worlds import BUSY_TOY, run_of


@pytest.mark.parametrize("seed", range(30))
def test_transport_costs_what_an_assignment_to_repeated_places_costs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, h = int(rng.integers(1, 60)), int(rng.integers(1, 9))
    cost = rng.integers(0, 12, (n, h)).astype(np.float64) if seed % 2 else rng.random((n, h))
    quota = np.bincount(rng.integers(h, size=n), minlength=h)
    repeated = np.repeat(cost, quota, axis=1)
    assert transport_cost(cost, quota) == pytest.approx(repeated[linear_sum_assignment(repeated)].sum())


def test_the_nearest_of_drivers_at_random_places() -> None:
    """One driver is at the mean way; of two of three places, the shorter way counts 1 with chance 5/9, 2 with 3/9."""
    way = np.array([[2.0], [1.0], [6.0]])
    assert nearest_of(way, 1.0) == pytest.approx([3.0])
    assert nearest_of(way, 2.0) == pytest.approx([(5 * 1 + 3 * 2 + 1 * 6) / 9])
    assert nearest_of(way, 1e6) == pytest.approx([1.0])


def test_a_lone_mall_brings_drivers_back_as_far_as_they_drove_out() -> None:
    """With one hub there is nothing to choose: the least empty way is the way from every door back (model 10.2 H1)."""
    town = (*BUSY_TOY, "city.households=800")
    market, _ = run_of(*town, "market=monopoly", "couriers.mall_direct.quality_usd=10", "dispatch=lap")
    evidence = market.evidence()
    orders, rows = evidence.orders, evidence.gig
    back_km = evidence.roads.km(orders.destination[rows], orders.origin[rows])
    assert len(rows) > 40
    assert len(np.unique(orders.origin[rows])) == 1
    assert least_deadhead_km_per_order(evidence) == pytest.approx(back_km.mean())


def test_pooling_the_same_trips_never_lengthens_the_least_empty_way() -> None:
    """One group of drivers can do what several did, so the bound over all is at most the bound by groups."""
    market, _ = run_of(*BUSY_TOY, "drivers.multi_homing_share=0.0")
    apart = least_deadhead_km_per_order(market.evidence())
    apps = market.world.drivers.apps.copy()
    market.world.drivers.apps[:] = np.bitwise_or.reduce(apps)
    together = least_deadhead_km_per_order(market.evidence())
    market.world.drivers.apps[:] = apps
    assert 0 < together < apart


def test_more_idle_drivers_are_nearer() -> None:
    market, _ = run_of(*BUSY_TOY)
    evidence = market.evidence()
    minutes = list(nearest_pickup_min(evidence).values())
    assert minutes == sorted(minutes, reverse=True)
    assert 0 < least_pickup_min(evidence) < minutes[0]
    assert nearest_deadhead_km_per_order(evidence) > 0
