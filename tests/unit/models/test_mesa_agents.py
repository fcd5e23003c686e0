"""What a Mesa user does to agents holds: values written count, and who is removed has left the market."""

import numpy as np

from agents.couriers.courier import Courier
from agents.customers.households import Customer
from agents.drivers.driver import Driver
from agents.drivers.shifts import asks_usd_per_h
from agents.kernel.clock import HOUR_S
from agents.kernel.handles import Handles
from agents.regulator.regulator import Regulator
from agents.retailers.retailer import Retailer
from models.market import Market
from models.measures.invariants import check_clocks
from tests.market_worlds import BUSY_TOY, market_of, run_of


def until(market: Market, hour: float) -> None:
    """Open the market if need be, and step to an hour of its first day."""
    if not hasattr(market, "today"):
        market.open_day(0)
    while market.world.clock.now_s < hour * HOUR_S:
        market.step()


def finish(market: Market) -> None:
    """Go on to the end of a market of one day, and check all identities."""
    until(market, 24)
    market.close_day(0)
    market.run_out()


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
    until(market, 15)
    assert np.flatnonzero(market.world.drivers.online).tolist() == [5]


def test_drivers_who_are_logged_off_end_their_trip_and_stay_at_home() -> None:
    market = market_of(*BUSY_TOY)
    until(market, 15)
    drivers = market.world.drivers
    busy, online = drivers.busy.copy(), drivers.online.copy()
    assert 0 < busy.sum() < online.sum()
    carried = drivers.orders[busy].sum() + drivers.parcels[busy].sum()
    market.agents_by_type[Driver].set("online", value=False)
    assert not drivers.online.any()
    assert not drivers.idle.any()
    np.testing.assert_array_equal(drivers.busy, busy)
    until(market, 16.5)
    assert not drivers.busy.any()
    assert drivers.orders[busy].sum() == carried
    finish(market)
    check_clocks(drivers)


def test_a_driver_who_is_logged_on_gets_offers_until_a_shift_ends() -> None:
    market = market_of(*BUSY_TOY, "drivers.reservation.median_usd_per_h=500", "drivers.reservation.sd_log=0")
    until(market, 12)
    assert not market.world.drivers.online.any()
    market.world.drivers[[0, 1, 2], "online"] = True
    market.world.drivers[:, "reservation_usd_per_h"] = 0.0
    until(market, 18)
    assert market.world.drivers.orders[:3].sum() > 0
    assert market.world.drivers.log_ons[:4].tolist() == [1, 1, 1, 0]
    finish(market)
    check_clocks(market.world.drivers)


def test_a_driver_who_is_removed_leaves_for_good() -> None:
    market = market_of(*BUSY_TOY, "run.days=2")
    until(market, 13)
    busy = int(np.flatnonzero(market.world.drivers.busy)[0])
    market.agents_by_type[Driver].select(lambda driver: driver.row == busy).do("remove")
    others = np.flatnonzero(market.world.drivers.online)
    market.world.drivers.remove(others)
    assert len(market.agents_by_type[Driver]) == len(market.world.drivers) - 1 - len(others)
    until(market, 15)
    orders = market.world.orders.count
    rest = np.flatnonzero(market.world.drivers.removed)
    done = market.world.drivers.orders[rest].sum()
    until(market, 24)
    market.close_day(0)
    market.open_day(1)
    while market.world.clock.now_s < 48 * HOUR_S:
        market.step()
    market.close_day(1)
    market.run_out()
    assert market.world.orders.count > orders + 100
    assert market.world.drivers.orders[rest].sum() == done
    assert not market.world.drivers.online[rest].any()
    check_clocks(market.world.drivers)


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
    until(market, 24)
    placed = market.world.orders.occasion[: market.world.orders.count]
    assert (market.world.households.zone[market.today.occasions.household[placed]] != 0).all()
