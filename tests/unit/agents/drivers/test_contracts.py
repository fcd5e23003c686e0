"""Blocks are filled by those who ask the least, captive drivers take every offer, and firms pay for the hours."""

import numpy as np
import pytest

from galleria.agents.drivers.contracts import ContractSettings, drivers_needed, hire
from tests.market_worlds import BUSY_TOY, run_of

BLOCK = ContractSettings(kind="block", block_h=3, usd_per_h=20.0, orders_per_driver_h=2.0, log_in_cap=None)


def test_a_block_needs_drivers_for_its_busiest_hour() -> None:
    orders = np.zeros(24)
    orders[9:12] = [1.0, 5.0, 2.0]
    needed = drivers_needed(orders, BLOCK)
    assert needed[9] == 3
    assert needed.sum() == 3
    assert drivers_needed(orders, BLOCK.model_copy(update={"log_in_cap": 2}))[9] == 2
    hourly = drivers_needed(orders, BLOCK.model_copy(update={"kind": "hourly"}))
    assert hourly[9:12].tolist() == [1, 3, 1]


def test_those_who_ask_the_least_are_hired_and_none_above_the_pay() -> None:
    needed = np.zeros(24, np.int64)
    needed[9] = 2
    asks = np.full((4, 24), 15.0)
    asks[0, 10] = 25.0  # one hour of the block is too dear
    asks[1] = 12.0
    free = np.ones((4, 24), np.bool_)
    free[2, 11] = False  # not to be had for the whole block
    hired = hire(needed, asks, free, 20.0, 3)
    assert np.flatnonzero(hired.any(axis=1)).tolist() == [1, 3]
    assert hired[1].nonzero()[0].tolist() == [9, 10, 11]


@pytest.mark.parametrize("kind", ["block", "hourly"])
def test_firms_pay_for_the_hours_and_nothing_for_the_offers(kind: str) -> None:
    market, outcome = run_of(
        *BUSY_TOY,
        f"couriers.rival_a.contract.kind={kind}",
        "couriers.rival_a.contract.orders_per_driver_h=1",
        "couriers.rival_a.contract.usd_per_h=30",
    )
    number = list(market.settings.couriers).index("rival_a")
    hours = int((market.world.drivers.hired_by == number).sum())
    assert hours > 0
    assert market.world.ledger.posted_usd("contract pay") == pytest.approx(30 * hours)
    orders = outcome.tables["orders"]
    delivered = orders[(orders["courier"] == "rival_a") & (orders["status"] == "delivered")]
    free_of_pay = delivered["pay_usd"] == 0
    assert free_of_pay.any()
    hired = (market.world.drivers.hired_by[delivered.loc[free_of_pay, "driver"].to_numpy()] == number).any(axis=1)
    assert hired.all()
