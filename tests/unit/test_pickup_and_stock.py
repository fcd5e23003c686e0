"""Customers collect when the order is packed, empty shelves close a channel, wrong records cancel orders."""

import numpy as np

from agents.courier import PickupCourierSettings
from tests.market_worlds import BUSY_TOY, run_of

FULL = (
    "market=full",
    "city=toy",
    "city.households=400",
    "customers.occasions_per_household_day=1.0",
    "drivers.pool=60",
)


def test_collected_orders_are_packed_first_and_need_no_driver() -> None:
    market, outcome = run_of(*FULL)
    orders = outcome.tables["orders"]
    collected = orders[(orders["courier"] == "walmart_pickup") & (orders["status"] == "delivered")]
    assert len(collected)
    assert (collected["driver"] == -1).all()
    pickup = market.settings.couriers["walmart_pickup"]
    assert isinstance(pickup, PickupCourierSettings)
    visit_s = pickup.visit_min * 60
    way_s = market.roads.drive_s(
        collected["destination"].to_numpy(), collected["origin"].to_numpy(), collected["ready_s"].to_numpy()
    )
    gap = collected["delivered_s"].to_numpy() - collected["ready_s"].to_numpy() - way_s - visit_s
    assert np.abs(gap).max() < 1e-6


def test_a_chain_sells_from_its_own_boxes() -> None:
    market, outcome = run_of(*FULL)
    orders = outcome.tables["orders"]
    chains = market.settings.retailers.big_box.chains
    there = set(market.stores.chain[market.stores.chain >= 0].tolist())
    for name in ("walmart_pickup", "target_pickup"):
        number = chains.index(name.removesuffix("_pickup"))
        sold_by = market.stores.chain[orders.loc[orders["courier"] == name, "store"].to_numpy()]
        if number in there:
            assert (sold_by == number).all()


def test_no_mall_store_sells_more_than_it_has_through_couriers() -> None:
    market, outcome = run_of(*BUSY_TOY, "retailers.stock.units=1")
    orders = outcome.tables["orders"]
    stores = orders.loc[orders["store"] >= 0, "store"].to_numpy()
    in_mall = stores[market.stores.mall[stores] >= 0]
    plenty = run_of(*BUSY_TOY)[1].tables["orders"]["store"].to_numpy()
    plenty = plenty[plenty >= 0]
    plenty = plenty[market.stores.mall[plenty] >= 0]
    interval_sales = 3  # shoppers of one interval choose on the same shelves
    assert np.bincount(in_mall).max() <= 1 + interval_sales
    assert len(in_mall) < len(plenty)


def test_wrong_records_cancel_orders_and_refund_them() -> None:
    right, wrong = (run_of(*BUSY_TOY, f"retailers.stock.record_error={p}") for p in (0.0, 0.5))
    cancelled = wrong[1].tables["orders"]["status"] == "cancelled"
    assert cancelled.sum() > (right[1].tables["orders"]["status"] == "cancelled").sum()
    before, after = (each[1].metrics.set_index("metric").value["consumer_surplus_usd"] for each in (right, wrong))
    assert after < before
