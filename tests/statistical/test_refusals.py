"""Couriers that share drivers refuse in time, so that exclusive drivers deliver more slowly, not faster (model 7.5)."""

from functools import lru_cache

import pandas as pd
import pytest

from tests.market_worlds import run_of

SCARCE = (
    "city=grid",
    "city.households=6000",
    "customers.occasions_per_household_day=1.0",
    "customers.calibration.sample=2000",
    "market=rivals_4",
    "dispatch=lap",
    "drivers.pool=100",
    "run.days=2",
    "run.warmup_days=1",
)
"""Five couriers in a town with too few drivers: some orders have to be refused."""


@lru_cache
def values(policy: str, replication: int) -> pd.Series:
    """Measure the second day."""
    _, outcome = run_of(*SCARCE, f"policy={policy}", replication=replication)
    return outcome.metrics.set_index("metric")["value"]


@pytest.mark.parametrize("replication", range(3))
def test_exclusive_drivers_deliver_more_slowly_than_shared_ones(replication: int) -> None:
    """Counted in full at every courier, shared drivers let five backlogs grow: 91 min instead of 47, against 56."""
    shared, exclusive = (values(policy, replication) for policy in ("exclusivity_ban", "exclusive_drivers"))
    assert exclusive["delivery_min_mean"] > shared["delivery_min_mean"] + 3
    assert exclusive["orders_rivals"] < shared["orders_rivals"]


@pytest.mark.parametrize("replication", range(3))
def test_sharing_does_not_make_orders_wait(replication: int) -> None:
    """Nobody who is served waits much longer than drive, hand-overs and the quarter of an hour that is allowed."""
    assert values("exclusivity_ban", replication)["delivery_min_mean"] < 60
