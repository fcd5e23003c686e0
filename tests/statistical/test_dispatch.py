"""What the interval costs, and the odds of acceptance (model Q4, 7.4)."""

import numpy as np
import pytest
from scipy import stats

from agents.drivers.acceptance import accept
from tests.market_worlds import run_of

ALWAYS_A_DRIVER = (
    "city=toy",
    "city.households=400",
    "customers.occasions_per_household_day=3.0",
    "customers.observed_share.mall_direct=0.20",
    "customers.observed_share.warehouse=0.10",
    "customers.observed_share.rival_a=0.20",
    "customers.observed_share.rival_b=0.15",
    "customers.observed_share.store_mall=0.10",
    "customers.observed_share.store_big_box=0.10",
    "customers.observed_share.none=0.15",
    "drivers.pool=400",
    "drivers.reservation.median_usd_per_h=0.1",
    "drivers.acceptance_scale_usd=0.0",
    "dispatch.lookahead_min=600.0",
)
"""Drivers who work for next to nothing and are sent at once: an order waits for the interval and nothing else."""


@pytest.mark.parametrize("interval_s", [30, 60])
def test_an_order_waits_half_an_interval_on_average(interval_s: int) -> None:
    market, _ = run_of(*ALWAYS_A_DRIVER, "dispatch=lap", f"dispatch.interval_s={interval_s}")
    orders = market.world.orders
    rows = np.flatnonzero((orders.driver[: orders.count] >= 0) & (orders.offers[: orders.count] == 1))
    delay_s = orders.accepted_s[rows] - orders.placed_s[rows]
    assert len(rows) > 300
    assert delay_s.max() <= interval_s
    assert stats.kstest(delay_s, stats.uniform(0, interval_s).cdf).pvalue > 1e-3


def test_without_an_interval_it_does_not_wait_at_all() -> None:
    market, _ = run_of(*ALWAYS_A_DRIVER, "dispatch.interval_s=0", "dispatch=nearest_immediate")
    orders = market.world.orders
    rows = np.flatnonzero((orders.driver[: orders.count] >= 0) & (orders.offers[: orders.count] == 1))
    assert len(rows) > 300
    assert (orders.accepted_s[rows] == orders.placed_s[rows]).all()


@pytest.mark.parametrize("gain", [-2.0, 0.0, 1.0])
def test_offers_are_accepted_with_logistic_odds(gain: float) -> None:
    n = 200_000
    uniform = np.random.default_rng(31).random(n)
    zero = np.zeros(n)
    yes = accept(np.full(n, gain), zero, zero, zero, 0.2, 1.5, uniform)
    p = 1 / (1 + np.exp(-gain / 1.5))
    assert abs(yes.mean() - p) < 4 * np.sqrt(p * (1 - p) / n)


def test_pairing_runs_removes_most_of_the_noise() -> None:
    """The variance of a paired difference of consumer surplus is at least ten times below the unpaired (model M6)."""
    base: list[float] = []
    other: list[float] = []
    for replication in range(8):
        for fee, found in ((4.99, base), (3.99, other)):
            run = run_of(
                "city=toy", "city.households=300", f"couriers.mall_direct.fee_usd={fee}", replication=replication
            )
            found.append(float(run[1].metrics.set_index("metric")["value"]["consumer_surplus_quoted_usd"]))
    paired = np.var(np.array(other) - np.array(base), ddof=1)
    unpaired = np.var(base, ddof=1) + np.var(other, ddof=1)
    assert paired * 10 < unpaired
    assert np.mean(other) > np.mean(base)
