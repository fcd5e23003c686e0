"""The fast model against the slow one: the same decisions, the same money to the last unit, the same times."""

from math import nan
from typing import Any

import numpy as np
import pytest

from agents.kernel.order import Orders, Status
from models.market import Market
from tests.market_worlds import BUSY_TOY, market_of
from tests.reference.drawn import world_of
from tests.reference.market import SlowMarket
from tests.reference.world import Parcel

SMALL_GRID = (
    "city=grid",
    "city.nodes_per_side=9",
    "city.spacing_km=1.0",
    "city.households=150",
    "city.home_places=60",
    "city.big_boxes.rows=2",
    "city.big_boxes.columns=1",
    "city.big_boxes.spacing_km=4.0",
    "customers.occasions_per_household_day=2.0",
    "drivers.pool=60",
    "couriers.mall_direct.service_radius_km=5.0",
)
CROWDED = (
    "customers.observed_share.mall_direct=0.20",
    "customers.observed_share.warehouse=0.10",
    "customers.observed_share.rival_a=0.20",
    "customers.observed_share.rival_b=0.15",
    "customers.observed_share.store_mall=0.10",
    "customers.observed_share.store_big_box=0.10",
    "customers.observed_share.none=0.15",
    "retailers.big_box.pickers=6",
    "dispatch.candidates=2",
    "dispatch.age_weight=2.0",
)
"""Half of all shoppers want a gig driver: couriers compete for drivers, orders for the nearest."""

IMPATIENT = (
    "couriers.rival_a.patience_h=0.05",
    "couriers.rival_b.patience_h=0.05",
    "couriers.rival_a.observed.preparation_min=12.0",
    "couriers.rival_b.observed.preparation_min=12.0",
    "couriers.rival_a.longest_wait_min=1500",
    "couriers.rival_b.longest_wait_min=1500",
    "drivers.acceptance_scale_usd=6.0",
    "retailers.big_box.pickers=1",
)
"""Customers give up soon, drivers decline often, one picker a big box: orders queue and are cancelled."""

MEALS = (
    "meals=us_2024",
    "meals.orders_per_household_day=0.5",
    "meals.restaurants_per_1000_households=20",
    "drivers.pool=60",
)
"""Restaurant meals on the same drivers."""

WORLDS = {
    "a day of toy": BUSY_TOY,
    "two days of toy, learnt and remembered": (*BUSY_TOY, *CROWDED, *IMPATIENT, "run.days=2"),
    "two days of a grid": (*SMALL_GRID, "run.days=2"),
    "few drivers, crowded": (
        *SMALL_GRID,
        *CROWDED,
        "drivers.pool=25",
        "drivers.multi_homing_share=0.9",
        "customers.occasions_per_household_day=4.0",
    ),
    "many drivers, crowded": (*SMALL_GRID, *CROWDED, "drivers.pool=150"),
    "rivals by purpose": (
        *SMALL_GRID,
        "customers.occasions_per_household_day=6.0",
        "couriers.rival_a.serves=[stock_up]",
        "couriers.rival_b.serves=[whenever,today]",
    ),
    "first dispatch": (*SMALL_GRID, *CROWDED, *IMPATIENT, "dispatch=nearest_immediate"),
    "strictly in turn": (*SMALL_GRID, *CROWDED, "drivers.pool=30", "dispatch=fcfs"),
    "drivers choose": (*SMALL_GRID, *CROWDED, "dispatch=nearest_waiting", "drivers.pool=30"),
    "cheapest pair first": (*SMALL_GRID, *CROWDED, "dispatch=greedy", "drivers.pool=30"),
    "at each event": (*SMALL_GRID, *CROWDED, *IMPATIENT, "dispatch.interval_s=0", "dispatch=nearest_immediate"),
    "offered again at once": (*BUSY_TOY, *CROWDED, *IMPATIENT, "dispatch.interval_s=0", "dispatch.offer_expiry_s=0"),
    "lap at each event": (*BUSY_TOY, *CROWDED, *IMPATIENT, "dispatch.interval_s=0", "run.days=2"),
    "sharp drivers, no congestion": (*BUSY_TOY, "drivers.acceptance_scale_usd=0.0", "traffic=free_flow"),
    "two slots at the kerb": (
        *SMALL_GRID,
        *CROWDED,
        "retailers.kerb.slots=2",
        "couriers.mall_direct.fee_usd=0.0",
        "drivers.acceptance_scale_usd=4.0",
        "retailers.handover_min=12.0",
    ),
    "dear commissions": (*BUSY_TOY, "couriers.rival_a.commission=0.3", "couriers.rival_b.commission=0.1"),
    "tips asked for afterwards": (*BUSY_TOY, "couriers.rival_a.tip_prompt=after", "couriers.rival_b.tip_prompt=after"),
    "meals beside": (*BUSY_TOY, *MEALS, "run.days=2"),
    "meals, crowded and impatient": (
        *SMALL_GRID,
        *CROWDED,
        *IMPATIENT,
        *MEALS,
        "drivers.pool=25",
        "couriers.rival_b.longest_wait_min=10",
    ),
    "meals at each event": (
        *BUSY_TOY,
        *IMPATIENT,
        *MEALS,
        "couriers.rival_a.tip_prompt=after",
        "dispatch.interval_s=0",
        "dispatch=nearest_immediate",
    ),
    "few kinds of store, slow": (*SMALL_GRID, "retailers.picking.mean_min=28.0", "retailers.mall.stores=6"),
}


def both(*overrides: str) -> tuple[Market, SlowMarket]:
    given = any(override.startswith("dispatch=") for override in overrides)
    market = market_of("run.tables=all", *(() if given else ("dispatch=lap",)), *overrides)
    slow = SlowMarket(world_of(market))
    market.run()
    slow.run()
    return market, slow


@pytest.fixture(scope="module", params=WORLDS)
def pair(request: pytest.FixtureRequest) -> tuple[Market, SlowMarket]:
    return both(*WORLDS[request.param])


def column(slow: SlowMarket, name: str) -> list[Any]:
    return [getattr(order, name) for order in slow.parcels]


def test_shoppers_choose_the_same(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    fast = np.concatenate([record.choice for record in market.world.memory.days]).tolist()
    assert fast == [shopper.choice for day in slow.world.days for shopper in day]


def test_orders_go_the_same_way(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    orders: Orders = market.world.orders
    placed = slice(0, orders.count)

    def driver(order: Parcel) -> int:
        return order.driver.number if order.driver else -1

    def store(order: Parcel) -> int:
        return order.shop.number if order.shop else -1

    assert orders.count == len(slow.parcels)
    assert orders.courier[placed].tolist() == column(slow, "courier")
    assert orders.occasion[placed].tolist() == [order.shopper.number for order in slow.parcels]
    assert orders.store[placed].tolist() == [store(order) for order in slow.parcels]
    assert orders.driver[placed].tolist() == [driver(order) for order in slow.parcels]
    assert orders.offers[placed].tolist() == column(slow, "offers")
    assert [Status(status).name.lower() for status in orders.status[placed]] == column(slow, "status")


def test_meals_go_the_same_way(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    meals, n = market.world.meals.orders, market.world.meals.orders.count
    assert n == len(slow.meals)
    for name in ("courier", "offers", "origin"):
        assert getattr(meals, name)[:n].tolist() == [getattr(meal, name) for meal in slow.meals], name
    assert meals.driver[:n].tolist() == [meal.driver.number if meal.driver else -1 for meal in slow.meals]
    assert [Status(status).name.lower() for status in meals.status[:n]] == [meal.status for meal in slow.meals]
    for name in ("placed_s", "ready_s", "promised_s", "accepted_s", "arrived_s", "picked_s", "delivered_s"):
        expected = np.array([getattr(meal, name) or nan for meal in slow.meals])
        np.testing.assert_allclose(getattr(meals, name)[:n], expected, rtol=1e-9, err_msg=name)


@pytest.mark.parametrize(
    "name", ["placed", "ready", "promised", "expected", "accepted", "arrived", "picked", "delivered"]
)
def test_times_agree(pair: tuple[Market, SlowMarket], name: str) -> None:
    market, slow = pair
    fast = getattr(market.world.orders, f"{name}_s")[: market.world.orders.count]
    expected = np.array([getattr(order, f"{name}_s") or nan for order in slow.parcels])
    if name == "arrived":
        expected[[order.shop is None for order in slow.parcels]] = nan
    np.testing.assert_allclose(fast, expected, rtol=1e-9)


def test_every_account_holds_the_same(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    blocks = market.world.ledger._block
    for name, block in blocks.items():
        keys = market.settings.firms if name == "firm" else range(block.stop - block.start)
        expected = [slow.accounts.balance.get((name, key), 0) for key in keys]
        assert market.world.ledger.balance[block].tolist() == expected, name
    assert {name for name, _ in slow.accounts.balance} <= set(blocks)


def test_drivers_spend_their_time_alike(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    for state in ("online", "idle", "to_pickup", "at_store", "to_door", "at_door"):
        expected = [gig.clock.get(state, 0.0) for gig in slow.world.gigs]
        np.testing.assert_allclose(getattr(market.world.drivers, f"{state}_s"), expected, rtol=1e-9, atol=1e-4)


def test_people_remember_and_learn_alike(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    np.testing.assert_allclose(market.world.memory.lateness_h, slow.memory_h, rtol=1e-9, atol=1e-12)
    beliefs = [gig.belief for gig in slow.world.gigs]
    np.testing.assert_allclose(market.world.drivers.belief_usd_per_h, beliefs, rtol=1e-9, atol=1e-9)


def test_drivers_wait_at_the_kerb_of_its_world() -> None:
    market, _ = both(*WORLDS["two slots at the kerb"])
    assert market.kerb is not None
    assert market.kerb.waited_s > 600


def test_the_worlds_have_what_they_are_for() -> None:
    """A comparison of empty days would prove nothing."""
    market, slow = both(*WORLDS["two days of toy, learnt and remembered"])
    orders, placed = market.world.orders, slice(0, market.world.orders.count)
    assert set(orders.courier[placed].tolist()) == {0, 1, 2, 3}
    assert set(orders.status[placed].tolist()) == {Status.DELIVERED, Status.CANCELLED}
    assert orders.offers[placed].max() > 2
    assert (market.world.memory.lateness_h > 0).any()
    assert (np.array([gig.belief for gig in slow.world.gigs]) != slow.world.gigs[0].belief[0]).any()
    queued_s = [order.ready_s - order.placed_s - order.shopper.picking_s for order in slow.parcels if order.shop]
    assert max(queued_s) > 60


def test_the_worlds_with_meals_have_what_they_are_for() -> None:
    """Meals of both kinds of end beside the other orders, and drivers who carry both."""
    market, slow = both(*WORLDS["meals, crowded and impatient"])
    assert {meal.status for meal in slow.meals} >= {"delivered", "refused", "cancelled"}
    assert max(meal.offers for meal in slow.meals) > 1
    drives = {
        kind: {each.driver.number for each in rows if each.driver}
        for kind, rows in (("order", slow.parcels), ("meal", slow.meals))
    }
    assert drives["order"] & drives["meal"]
    assert market.world.meals.orders.count > 50
