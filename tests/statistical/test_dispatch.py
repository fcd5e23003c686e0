"""The odds of acceptance, and what pairing is worth (model 7.4, M6)."""

import numpy as np
import pytest

from agents.drivers.acceptance import accept
from tests.market_worlds import run_of


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
