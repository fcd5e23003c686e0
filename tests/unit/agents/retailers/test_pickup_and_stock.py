"""Customers collect when the order is packed, empty shelves close a channel, wrong records cancel orders."""

import numpy as np

from galleria.agents.couriers.settings import PickupCourierSettings
from galleria.agents.customers.channels import STORE_MALL
from galleria.agents.kernel.clock import DAY_S
from tests.market_worlds import BUSY_TOY, market_of, run_of

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
    way_s = market.world.roads.drive_s(
        collected["destination"].to_numpy(), collected["origin"].to_numpy(), collected["ready_s"].to_numpy()
    )
    gap = collected["delivered_s"].to_numpy() - collected["ready_s"].to_numpy() - way_s - visit_s
    assert np.abs(gap).max() < 1e-6


def test_a_chain_sells_from_its_own_boxes() -> None:
    market, outcome = run_of(*FULL)
    orders = outcome.tables["orders"]
    chains = market.settings.retailers.big_box.chains
    there = set(market.world.stores.chain[market.world.stores.chain >= 0].tolist())
    for name in ("walmart_pickup", "target_pickup"):
        number = chains.index(name.removesuffix("_pickup"))
        sold_by = market.world.stores.chain[orders.loc[orders["courier"] == name, "store"].to_numpy()]
        if number in there:
            assert (sold_by == number).all()


def test_what_a_mall_store_had_is_what_it_sold_and_what_is_left() -> None:
    """Model L1, day by day: couriers sell nothing from an empty shelf, and every day begins with a full one."""
    market = market_of(*BUSY_TOY, "retailers.stock.units=2", "run.days=2")
    in_mall, sold_out = market.world.stores.mall >= 0, 0
    for _ in range(2):
        first = market.world.orders.count
        market.run_for(DAY_S)
        occasions = market.today.occasions
        seller = market.world.orders.store[first : market.world.orders.count]
        delivered = np.bincount(seller[seller >= 0], minlength=len(market.world.stores))
        home = market.world.households.home[occasions.household]
        walked_in = occasions.choice == market.world.channels.number(STORE_MALL)
        visited = np.bincount(
            market.world.shopping.store_visited(occasions, home)[walked_in], minlength=len(market.world.stores)
        )
        left = market.today.shelves._left
        assert left is not None
        assert (delivered + visited + left == 2)[in_mall].all()
        assert delivered[in_mall].max() <= 2
        sold_out += int((left[in_mall] <= 0).sum())
    assert sold_out > 0
    placed = np.isin(market.world.orders.store[: market.world.orders.count], np.flatnonzero(in_mall)).sum()
    plenty = run_of(*BUSY_TOY, "run.days=2")[1].tables["orders"]["store"]
    assert placed < np.isin(plenty, np.flatnonzero(in_mall)).sum()


def test_wrong_records_cancel_orders_and_refund_them() -> None:
    right, wrong = (run_of(*BUSY_TOY, f"retailers.stock.record_error={p}") for p in (0.0, 0.5))
    cancelled = wrong[1].tables["orders"]["status"] == "cancelled"
    assert cancelled.sum() > (right[1].tables["orders"]["status"] == "cancelled").sum()
    before, after = (each[1].metrics.set_index("metric").value["consumer_surplus_usd"] for each in (right, wrong))
    assert after < before
