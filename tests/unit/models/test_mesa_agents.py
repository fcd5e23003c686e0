"""What a Mesa user does to agents holds: values written count, and who is removed has left the market."""

import numpy as np
import pytest

from galleria.agents.couriers.courier import Courier
from galleria.agents.customers.households import Customer
from galleria.agents.drivers.driver import Driver
from galleria.agents.drivers.shifts import asks_usd_per_h
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.handles import Handles
from galleria.agents.regulator.regulator import Regulator
from galleria.agents.retailers.retailer import Retailer
from tests.market_worlds import BUSY_TOY, market_of, run_of


def test_all_five_kinds_are_agents_and_nobody_is_made_by_a_run() -> None:
    market, _ = run_of(*BUSY_TOY)
    assert set(market.agent_types) == {Customer, Retailer, Driver, Courier, Regulator}
    sizes = {kind: len(each) for kind, each in market.agents_by_type.items()}
    assert sizes[Customer] == len(market.world.households)
    assert sizes[Retailer] == len(market.world.stores)
    assert sizes[Driver] == len(market.world.drivers)
    assert sizes[Courier] == len(market.world.couriers)
    assert sizes[Regulator] == 1
    assert len(market.agents) == sum(sizes.values())
    handles = [each for each in market.agents_by_type.values() if isinstance(each, Handles)]
    assert len(handles) == 3
    assert all(each._made is None for each in handles)
    ids = [agent.unique_id for agent in market.agents]
    assert len(set(ids)) == len(ids)


def test_a_handle_calls_the_rule_of_all_for_its_own_row() -> None:
    """Costs of further apps count for the one as for all."""
    market = market_of(*BUSY_TOY, "drivers.app_cost_usd_per_h=3", "drivers.multi_homing_share=0.5")
    drivers, settings = market.world.drivers, market.settings.drivers
    of_all = drivers.belief_usd_per_h >= asks_usd_per_h(drivers, settings)
    without = drivers.belief_usd_per_h >= drivers.reservation_usd_per_h[:, None] * drivers.hourly_taste
    one_by_one = [[driver.is_willing(hour) for hour in range(24)] for driver in market.agents_by_type[Driver]]
    np.testing.assert_array_equal(one_by_one, of_all)
    assert (of_all != without).sum() > 20


def test_a_wage_that_is_written_decides_who_works() -> None:
    market = market_of(*BUSY_TOY)
    market.agents_by_type[Driver].set("reservation_usd_per_h", 1000.0)
    market.agents_by_type[Driver].to_list()[5].reservation_usd_per_h = 0.01
    market.run_until(15 * HOUR_S)
    assert np.flatnonzero(market.world.drivers.online).tolist() == [5]


def test_drivers_who_are_logged_off_end_their_trip_and_stay_at_home() -> None:
    market = market_of(*BUSY_TOY)
    market.run_until(15 * HOUR_S)
    drivers = market.world.drivers
    busy, online = drivers.busy.copy(), drivers.online.copy()
    assert 0 < busy.sum() < online.sum()
    carried = drivers.orders[busy].sum() + drivers.parcels[busy].sum()
    market.agents_by_type[Driver].set("online", value=False)
    assert not drivers.online.any()
    assert not drivers.idle.any()
    np.testing.assert_array_equal(drivers.busy, busy)
    market.run_until(16.5 * HOUR_S)
    assert not drivers.busy.any()
    assert drivers.orders[busy].sum() == carried
    market.run()


def test_a_driver_who_is_logged_on_gets_offers_until_a_shift_ends() -> None:
    market = market_of(*BUSY_TOY, "drivers.reservation.median_usd_per_h=500", "drivers.reservation.sd_log=0")
    market.run_until(12 * HOUR_S)
    assert not market.world.drivers.online.any()
    market.world.drivers[[0, 1, 2], "online"] = True
    market.world.drivers[:, "reservation_usd_per_h"] = 0.0
    market.run_until(18 * HOUR_S)
    assert market.world.drivers.orders[:3].sum() > 0
    assert market.world.drivers.log_ons[:4].tolist() == [1, 1, 1, 0]
    market.run()


def test_a_driver_who_is_removed_leaves_for_good() -> None:
    market = market_of(*BUSY_TOY, "run.days=2")
    market.run_until(14 * HOUR_S)
    busy = int(np.flatnonzero(market.world.drivers.busy)[0])
    market.agents_by_type[Driver].select(lambda driver: driver.row == busy).do("remove")
    others = np.flatnonzero(market.world.drivers.online)
    market.world.drivers.remove(others)
    assert len(market.agents_by_type[Driver]) == len(market.world.drivers) - 1 - len(others)
    market.run_until(15 * HOUR_S)
    orders = market.world.orders.count
    rest = np.flatnonzero(market.world.drivers.removed)
    done = market.world.drivers.orders[rest].sum()
    market.run()
    assert market.world.orders.count > orders + 100
    assert market.world.drivers.orders[rest].sum() == done
    assert not market.world.drivers.online[rest].any()


def test_households_that_are_removed_shop_no_more_and_the_others_as_before() -> None:
    market, before = market_of(*BUSY_TOY, "run.days=2"), market_of(*BUSY_TOY, "run.days=2")
    market.world.households.remove(market.world.households.zone == 0)
    for each in (market, before):
        each.open_day(0)
    stay = ~market.world.households.removed[before.today.occasions.household]
    assert 0 < stay.sum() < len(stay)
    for name in ("household", "arrive_s", "basket_usd", "noise"):
        np.testing.assert_array_equal(
            getattr(market.today.occasions, name), getattr(before.today.occasions, name)[stay]
        )
    market.run_until(24 * HOUR_S)
    placed = market.world.orders.occasion[: market.world.orders.count]
    assert (market.world.households.zone[market.today.occasions.household[placed]] != 0).all()


def test_a_store_that_is_closed_is_on_no_app_and_sells_nothing() -> None:
    """Not over the counter, not on line, not to those who are there for something else; nor on policies' lists."""
    market = market_of(*BUSY_TOY, "run.days=2", "retailers.opt_in.share=1")
    stores = market.world.stores
    closed = np.flatnonzero(stores.mall >= 0)[1::2]
    market.run_for(DAY_S)
    before_usd = market.world.ledger.balance_usd("store")[closed]
    assert (before_usd != 0).all()
    placed = market.world.orders.count
    market.agents_by_type[Retailer].select(lambda store: store.row in closed).do("remove")
    assert len(market.agents_by_type[Retailer]) == len(stores) - len(closed)
    market.run_for(6 * HOUR_S)
    settled_usd = market.world.ledger.balance_usd("store")[closed]
    market.membership.relist()
    market.run()
    orders = market.world.orders
    assert not stores.listed[closed].any()
    assert not np.isin(orders.store[placed : orders.count], closed).any()
    after_usd = market.world.ledger.balance_usd("store")[closed]
    np.testing.assert_allclose(after_usd, settled_usd, atol=0.01)


def test_stores_that_people_drive_to_because_they_are_nearest_cannot_be_closed() -> None:
    market = market_of(*BUSY_TOY)
    stores = market.agents_by_type[Retailer].to_list()
    with pytest.raises(ValueError, match="a big box cannot be closed"):
        stores[-1].remove()
    with pytest.raises(ValueError, match="mall 0 would have no store left"):
        market.world.stores.remove(market.world.stores.mall == 0)
    assert market.world.stores.gone == 0
    assert stores[-1] in market.agents_by_type[Retailer]


def test_a_store_that_is_listed_by_hand_stays_on_the_app() -> None:
    market = market_of(*BUSY_TOY, "retailers.opt_in.share=0")
    store = market.agents_by_type[Retailer].to_list()[0]
    assert not store.listed[0]
    store.listed = np.ones(len(market.world.couriers), np.bool_)
    market.membership.relist()
    market.run()
    assert store.listed[0]


def test_a_courier_that_is_removed_takes_no_orders_from_the_next_day_on() -> None:
    market = market_of(*BUSY_TOY, "run.days=2", "couriers.rival_a.contract.kind=per_offer")
    market.run_for(DAY_S)
    orders, first = market.world.orders, market.world.orders.count
    rival = market.world.channels.number("rival_a")
    assert (orders.courier[:first] == rival).any()
    market.agents_by_type[Courier].select(lambda courier: courier.name == "rival_a").do("remove")
    market.run()
    assert not (orders.courier[first : orders.count] == rival).any()
    assert not market.world.drivers.on(rival).any()
    assert not market.world.stores.listed[:, rival].any()
    assert len(market.agents_by_type[Courier]) == len(market.world.couriers) - 1


def test_policies_end_when_the_regulator_is_removed() -> None:
    town = (*BUSY_TOY, "run.days=2", "policy=delivery_fee_co")
    market = market_of(*town)
    market.run_for(DAY_S)
    first = market.world.orders.count
    market.agents_by_type[Regulator].do("remove")
    market.run()
    tax_usd = market.world.orders.tax_usd[: market.world.orders.count]
    assert tax_usd[:first].sum() > 0
    assert tax_usd[first:].sum() == 0


def test_everybody_can_be_removed() -> None:
    """Nobody shops or works on the second day; big boxes stay, as somebody would have to drive elsewhere."""
    market = market_of(*BUSY_TOY, "run.days=2")
    market.run_for(DAY_S)
    first = market.world.orders.count
    for kind in (Customer, Driver, Courier, Regulator):
        market.agents_by_type[kind].do("remove")
    market.run()
    assert market.world.orders.count == first
    assert {type(agent) for agent in market.agents} == {Retailer}
