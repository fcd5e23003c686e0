"""The legs of one sale of each kind, by hand."""

import numpy as np
import pytest

from galleria.agents.drivers.clocks import shift_costs_usd
from galleria.agents.kernel.order import Orders, Status
from galleria.agents.retailers.retailer import other_store
from galleria.models.money.settlement import SINKS, Settlement, open_ledger
from tests.market_worlds import market_of

BASKET = 100.0
RETURNED = 0.15 * 0.2 * BASKET


@pytest.fixture
def desk() -> tuple[Settlement, Orders]:
    """Open accounts and one order of each courier: basket 100 $, tax 1 $, driver 3, store 5 (a fifth comes back)."""
    market = market_of("city=toy")
    market.world.stores.return_rate[5] = 0.2
    orders = Orders(0)
    rows = orders.append(4)
    orders.courier[rows] = [0, 1, 2, 3]
    orders.store[rows] = [5, -1, 5, 5]
    orders.basket_usd[rows] = BASKET
    orders.fee_usd[rows] = [4.99, 0, 3.99, 4.99]
    orders.service_usd[rows] = [0, 0, 10, 10]
    orders.markup_usd[rows] = [0, 0, 12, 12]
    orders.commission_usd[rows] = [15, 15, 20, 20]
    orders.tip_usd[rows] = [0.5, 0, 3, 3]
    orders.tax_usd[rows] = [1, 0, 0, 0]
    orders.pay_usd[rows] = [10.5, 0, 9.5, 9.5]
    orders.driver[rows] = [3, -1, 3, 3]
    orders.pickup_km[rows], orders.loaded_km[rows] = 4, 6
    ledger = open_ledger(market.settings, market.world.stores)
    return Settlement.of(market.settings, ledger, market.world.stores, market.world.drivers), orders


def balances(settlement: Settlement) -> dict[str, float]:
    ledger = settlement.ledger
    blocks = ("customers", "firm", "store", "marketplace", "driver", "government", *SINKS)
    return {name: ledger.total_usd(name) for name in blocks if ledger.total_usd(name)}


def test_a_mall_direct_order(desk: tuple[Settlement, Orders]) -> None:
    settlement, orders = desk
    orders.close([0], Status.DELIVERED)
    settlement.settle_orders(orders)
    assert balances(settlement) == pytest.approx(
        {
            "customers": -(100 + 4.99 + 1 + 0.5),
            "firm": 4.99 + 15 - 10.5 - 2.9 - 0.5,
            "store": 100 - 15 - 55 - 2.5 - RETURNED,
            "driver": 10.5 + 0.5 - 0.19 * 10,
            "government": 1,
            "goods": 55,
            "picking": 2.5,
            "returns": RETURNED,
            "processing": 2.9,
            "support": 0.5,
            "driving": 1.9,
        }
    )
    assert settlement.ledger.balance_usd("driver")[3] == pytest.approx(9.1)
    assert settlement.ledger.is_balanced


def test_a_rivals_order_has_service_fee_and_mark_up(desk: tuple[Settlement, Orders]) -> None:
    settlement, orders = desk
    orders.close([2], Status.DELIVERED)
    settlement.settle_orders(orders)
    found = balances(settlement)
    assert found["customers"] == pytest.approx(-(100 + 12 + 10 + 3.99 + 3))
    assert found["firm"] == pytest.approx(3.99 + 10 + 20 - 9.5 - 2.9 - 0.8)
    assert found["store"] == pytest.approx(100 + 12 - 20 - 55 - 2.5 - RETURNED)
    assert settlement.ledger.is_balanced


def test_a_parcel_from_the_warehouse_is_a_sellers(desk: tuple[Settlement, Orders]) -> None:
    settlement, orders = desk
    orders.close([1], Status.DELIVERED)
    settlement.settle_orders(orders)
    found = balances(settlement)
    assert found["marketplace"] == pytest.approx(100 - 15 - 65 - 0.15 * 17.75)
    assert found["firm"] == pytest.approx(15 - 2.9 - 0.5)
    assert "driver" not in found
    assert "picking" not in found


def test_a_cancelled_order_costs_the_store_its_picking_and_nobody_else(desk: tuple[Settlement, Orders]) -> None:
    settlement, orders = desk
    orders.close([0], Status.CANCELLED)
    settlement.settle_orders(orders)
    assert balances(settlement) == {"store": -2.5, "picking": 2.5}


def test_orders_are_settled_once(desk: tuple[Settlement, Orders]) -> None:
    settlement, orders = desk
    orders.close([0], Status.DELIVERED)
    settlement.settle_orders(orders)
    before = balances(settlement)
    settlement.settle_orders(orders)
    assert balances(settlement) == before


def test_visitors_buy_and_buy_more_in_a_store_next_door() -> None:
    market = market_of("city=toy")
    settlement = market.settlement
    settlement.settle_visits(np.array([39]), np.array([80.0]), np.array([0.0]))
    settlement.settle_purchase("walk-in", np.array([40]), np.array([40.0]))
    stores = settlement.ledger.balance_usd("store")
    assert stores[39] == pytest.approx(0.45 * 80)
    assert stores[0] == pytest.approx(0.45 * 20)
    assert stores[40] == pytest.approx(0.30 * 40)
    assert settlement.ledger.total_usd("customers") == -140


def test_a_day_on_two_apps_costs_set_up_and_twice_integration_and_hands_on_call() -> None:
    market = market_of("city=toy")
    settlement = market.settlement
    market.world.stores.listed[:] = False
    market.world.stores.listed[7, [0, 2]] = True
    market.world.stores.listed[40, 0] = True
    settlement.settle_day(market.world.channels.gig)
    per_day = 120 / 7 + 2 * (60 / 7 + 0.1 * 17 * 10.5)
    assert settlement.ledger.balance_usd("store")[7] == pytest.approx(-per_day, abs=1e-4)
    assert settlement.ledger.total_usd("integration") == pytest.approx(per_day, abs=1e-4)


def test_another_store_is_never_the_same_and_in_the_same_mall() -> None:
    stores = market_of("city=toy").world.stores
    uniform = np.linspace(0, 1, 200, endpoint=False)
    others = other_store(stores, np.full(200, 12), uniform)
    assert set(others.tolist()) == set(range(40)) - {12}


def test_logging_on_and_further_apps_are_paid_by_the_driver() -> None:
    """Driver 0 logs on twice and works two hours on three apps, driver 1 once and one hour on one; asked twice."""
    market = market_of("city=toy", "drivers.log_on_cost_usd=1.5", "drivers.app_cost_usd_per_h=0.4")
    drivers, settings = market.world.drivers, market.settings.drivers
    drivers.apps[:2] = [0b1101, 0b0001]
    drivers.log_ons[:2] = [2, 1]
    drivers.online_s[:2] = [7200, 0]
    drivers.online[1], drivers.since_s[1] = True, 3600
    market.settlement.settle_shifts(*shift_costs_usd(drivers, 7200, settings))
    ledger = market.world.ledger
    assert ledger.balance_usd("driver")[:2] == pytest.approx([-(2 * 1.5 + 2 * 2 * 0.4), -1.5])
    market.settlement.settle_shifts(*shift_costs_usd(drivers, 7200, settings))
    assert ledger.total_usd("log-on") == pytest.approx(4.5)
    assert ledger.total_usd("apps") == pytest.approx(1.6)
    assert ledger.is_balanced


def test_a_courier_s_contribution_is_its_part_of_the_firm_s_account(desk: tuple[Settlement, Orders]) -> None:
    settlement, orders = desk
    orders.close([0, 1, 2], Status.DELIVERED)
    settlement.settle_orders(orders)
    settlement.settle_vehicles(1, 7.0)
    settlement.settle_presence(3, 2.5)
    own = settlement.ledger.contribution / 10_000
    assert own == pytest.approx(
        [4.99 + 15 - 10.5 - 2.9 - 0.5, 15 - 2.9 - 0.5 - 7.0, 3.99 + 10 + 20 - 9.5 - 2.9 - 0.8, -2.5]
    )
    firms = dict(zip(settlement.firms, settlement.ledger.balance_usd("firm"), strict=True))
    assert firms == pytest.approx({"platform": own[0] + own[1], "rival_a": own[2], "rival_b": own[3]})
