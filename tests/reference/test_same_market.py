"""The fast model against the slow one: the same decisions, the same money to the last unit, the same times."""

from math import nan
from typing import Any

import numpy as np
import pytest

from galleria.agents.kernel.order import Orders, Status
from galleria.models.market import Market
from tests.reference.market import SlowMarket
from tests.reference.world import Parcel
from tests.reference.worlds import WORLDS, both


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


def test_orders_are_billed_alike(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    for name in ("fee", "service", "markup", "commission", "tax", "tip", "promotion", "pay", "raised"):
        billed = getattr(market.world.orders, f"{name}_usd")[: len(slow.parcels)]
        np.testing.assert_allclose(np.nan_to_num(billed), column(slow, name), rtol=1e-9, atol=1e-12, err_msg=name)


def test_stores_are_on_the_same_apps(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    listed = [[number in shop.listed for number in range(len(slow.couriers))] for shop in slow.world.shops]
    assert market.world.stores.listed.tolist() == listed
    believed = slow.membership.believed
    fast = market.membership._opt_in.believed_orders_per_week
    np.testing.assert_allclose(
        [believed[shop.number] for shop in slow.world.shops if shop.mall is not None],
        fast[market.world.stores.mall >= 0],
        rtol=1e-9,
    )


def test_couriers_know_and_set_the_same(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    fees = [courier.posted.fee_usd for courier in market.world.couriers]
    np.testing.assert_allclose(fees, slow.world.fees, rtol=1e-9)
    rates = [courier.posted.service_rate for courier in market.world.couriers]
    np.testing.assert_allclose(rates, slow.world.rates, rtol=1e-9, atol=1e-9)
    fast, weeks = market.strategy.weeks, slow.fees.weeks
    names = [courier.name for courier in market.world.couriers]
    assert [(each.week, names.index(each.courier)) for each in fast] == [each[:2] for each in weeks]
    known = [
        (
            each.fee_usd,
            each.service_rate,
            each.quote_h,
            each.unit_cost_usd,
            each.value_usd,
            each.share,
            each.profit_usd_per_day,
        )
        for each in fast
    ]
    found = [each[2:] for each in weeks]
    np.testing.assert_allclose(np.array(known, np.float64), np.array(found, np.float64), rtol=1e-8, atol=1e-9)


def test_couriers_pass_on_the_same(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    burden, couriers = market.world.memory.burden, range(len(slow.couriers))
    services = [("order", courier) for courier in couriers] + [("meal", courier) for courier in couriers]
    services = services[: len(burden.answer)]
    added = [slow.world.added.get(service, 0.0) for service in services]
    np.testing.assert_allclose(burden.added_usd, added, rtol=1e-9)
    np.testing.assert_allclose(burden.answer, [slow.world.answer.get(each, 1.0) for each in services], rtol=1e-9)
    short = [[any((kind, courier) in day for kind in ("order", "meal")) for courier in couriers] for day in slow.short]
    assert [record.unrecovered.tolist() for record in market.world.memory.days] == short


def test_meals_go_the_same_way(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    meals, n = market.world.meals.orders, market.world.meals.orders.count
    assert n == len(slow.meals)
    assert meals.occasion[:n].tolist() == [meal.noise_number for meal in slow.meals]
    for name in ("fee", "tax", "markup", "commission", "tip"):
        billed = [getattr(meal, name) for meal in slow.meals]
        np.testing.assert_allclose(getattr(meals, f"{name}_usd")[:n], billed, rtol=1e-9, err_msg=name)
    if slow.meal_gain_usd:
        gain_usd = [record.meal_gain_usd for record in market.world.memory.days]
        np.testing.assert_allclose(gain_usd, slow.meal_gain_usd, rtol=1e-9, atol=1e-7)
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


def test_the_same_persons_drive(pair: tuple[Market, SlowMarket]) -> None:
    market, slow = pair
    drivers, gigs = market.world.drivers, slow.world.gigs
    np.testing.assert_allclose(drivers.reservation_usd_per_h, [gig.reservation for gig in gigs], rtol=1e-12)
    np.testing.assert_allclose(drivers.hourly_taste, [gig.taste for gig in gigs], rtol=1e-12)
    assert (drivers.orders - drivers.orders_before).tolist() == [gig.record for gig in gigs]


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
