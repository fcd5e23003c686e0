"""Idle drivers who go to other zones: what they choose, what it costs, and what a radius does with and without them."""

from functools import cache

import numpy as np
import pytest

from galleria.agents.drivers.clocks import relocation_costs_usd
from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.relocation import ZoneRates, choose_zone
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.road import deadhead_km_per_order, relocation_km_per_order
from tests.market_worlds import BUSY_TOY, run_of, settings_of

SENT = (*BUSY_TOY, "drivers.relocation.theta_per_usd=2.0")
HOUR = 3600.0


def test_a_zone_is_worth_what_one_more_driver_would_earn_there() -> None:
    """30 $ a period of half an hour, for one driver who waits there already and one more: 30 $ an hour each."""
    rates = ZoneRates(2, rate=1.0)
    rates.learn(np.array([30.0, 0.0]), np.array([0.5, 0.5]))
    assert rates.usd_per_idle_h(0.5).tolist() == [30.0, 0.0]
    slow = ZoneRates(2, rate=0.1)
    slow.learn(np.array([30.0, 0.0]), np.array([0.5, 0.5]))
    assert slow.paid_usd.tolist() == pytest.approx([3.0, 0.0])


def test_zones_are_chosen_as_often_as_the_softmax_says() -> None:
    """Staying is worth 10 $, going there 20 (1 - 1/4) - 3 = 12 $; a place where one already is cannot be gone to."""
    n, theta = 40_000, 0.5
    uniform = (np.arange(n) + 0.5) / n
    drive_h, drive_usd = np.tile([0.25, 0.0], (n, 1)), np.tile([3.0, np.inf], (n, 1))
    chosen = choose_zone(np.full(n, 10.0), np.array([20.0, 99.0]), drive_h, drive_usd, theta, uniform)
    weight = np.exp([theta * 10, theta * 12])
    assert np.mean(chosen == 0) == pytest.approx(weight[1] / weight.sum(), abs=1e-4)
    assert np.mean(chosen == -1) == pytest.approx(weight[0] / weight.sum(), abs=1e-4)


def test_the_way_is_booked_and_the_driver_waits_at_its_end() -> None:
    drivers = Drivers(1)
    drivers.online[:] = drivers.idle[:] = True
    drivers.relocate(np.array([0]), np.array([7]), 600.0, np.array([1500.0]), np.array([9.0]), 0.2)
    assert (drivers.busy[0], drivers.idle[0], drivers.carried) == (True, False, 0)
    assert drivers.available_for(0, 700.0, -np.inf)[0].size == 0
    assert drivers.advance(1500.0) == []
    assert (drivers.busy[0], drivers.idle[0], drivers.place[0], drivers.orders[0]) == (False, True, 7, 0)
    assert (drivers.idle_s[0], drivers.relocate_s[0], drivers.relocate_km[0]) == (600.0, 900.0, 9.0)
    assert drivers.idle_since_s[0] == 1500.0
    assert drivers.net_usd_by_hour[0, 0] == pytest.approx(-1.8)
    assert relocation_costs_usd(drivers, 0.2).tolist() == pytest.approx([1.8])
    assert relocation_costs_usd(drivers, 0.2).tolist() == [0.0]


def test_who_wants_to_stop_on_the_way_stops_at_its_end() -> None:
    drivers = Drivers(1)
    drivers.online[:] = drivers.idle[:] = drivers.leaving[:] = True
    drivers.relocate(np.array([0]), np.array([7]), 600.0, np.array([1500.0]), np.array([9.0]), 0.2)
    drivers.advance(2000.0)
    assert not drivers.online[0]
    assert drivers.online_s[0] == drivers.idle_s[0] + drivers.relocate_s[0] == 1500.0


def test_a_run_ends_with_everybody_at_home() -> None:
    drivers = Drivers(1)
    drivers.online[:] = drivers.idle[:] = True
    drivers.relocate(np.array([0]), np.array([7]), 600.0, np.array([1500.0]), np.array([9.0]), 0.2)
    drivers.send_home(1000.0)
    assert not drivers.online[0]
    assert drivers.online_s[0] == 1500.0


@cache
def sent() -> Evidence:
    return run_of(*SENT)[0].evidence()


def test_kilometres_and_cost_are_in_the_measures_and_the_ledger() -> None:
    evidence = sent()
    drivers, orders = evidence.drivers, evidence.orders
    assert drivers.relocate_km.sum() > 0
    assert sum(km for _, km in drivers.relocations) == pytest.approx(drivers.relocate_km.sum())
    empty_km = relocation_km_per_order(evidence) + orders.pickup_km[evidence.gig].mean()
    assert deadhead_km_per_order(evidence) == pytest.approx(empty_km)
    cost_usd = evidence.settings.drivers.cost_usd_per_km * drivers.relocate_km.sum()
    assert evidence.ledger.posted_usd("relocation") == pytest.approx(cost_usd, abs=1e-4 * len(drivers))
    taken = orders.driver[: orders.count] >= 0
    on_trips_km = float((orders.pickup_km + orders.loaded_km)[: orders.count][taken].sum())
    assert evidence.gig_km_by_day.sum() == pytest.approx(on_trips_km + drivers.relocate_km.sum())


def test_nobody_goes_before_the_wait_is_over() -> None:
    market, _ = run_of(*BUSY_TOY, "drivers.relocation.theta_per_usd=2.0", "drivers.relocation.after_min=1440")
    assert market.world.drivers.relocations == []
    still, _ = run_of(*BUSY_TOY)
    orders = slice(0, still.world.orders.count)
    assert np.array_equal(market.world.orders.delivered_s[orders], still.world.orders.delivered_s[orders])


def test_where_a_radius_leaves_orders_to_nobody_drivers_who_go_where_they_are_serve_them() -> None:
    """Far orders starve under a radius as long as idle drivers stay where their last customer lives (model 13)."""
    narrow = (*BUSY_TOY, "dispatch=lap", "dispatch.max_pickup_min=1.0", "couriers.rival_a.patience_h=0.25")
    stays, goes = (run_of(*world)[1].metrics.set_index("metric")["value"] for world in (narrow, (*narrow, SENT[-1])))
    assert stays["orders_cancelled"] > 5
    assert goes["orders_cancelled"] < 0.7 * stays["orders_cancelled"]


def test_the_default_is_off() -> None:
    assert settings_of("city=toy").drivers.relocation.theta_per_usd is None
