"""Measures against closed forms, against the tables of the same run, and welfare against the ledger's sinks."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import ndtri

from galleria.agents.customers.choice import log_sum
from galleria.agents.drivers.shifts import further_apps
from galleria.agents.fleets.vans import VanFleet
from galleria.agents.pricing.concentration import hhi
from galleria.agents.retailers.retailer import other_store
from galleria.models.measures import measures_table, registry
from galleria.models.measures.statistics import atkinson, gini, mean, quantile, ratio
from galleria.models.money.settlement import SINKS
from tests.market_worlds import BUSY_TOY, market_of, run_of

if TYPE_CHECKING:
    import pandas as pd

# fmt: off
PROMISED = [
    "orders_placed", "orders_delivered", "orders_cancelled", "orders_open", "occasions", "share_mall_direct",
    "share_warehouse", "share_store_mall", "share_store_big_box", "share_none", "hhi_delivery", "hhi_all",
    "consumer_surplus_usd", "driver_surplus_usd", "retailer_profit_usd", "platform_profit_usd", "public_revenue_usd",
    "external_cost_usd", "welfare_usd", "driver_gross_usd_per_online_h", "driver_net_usd_per_online_h",
    "driver_net_usd_per_engaged_h", "driver_utilisation", "drivers_online_mean", "pickup_min_mean",
    "delivery_min_mean", "delivery_min_p50", "delivery_min_p90", "on_time_share", "bundle_size_mean",
    "deadhead_share", "vkt_km", "vkt_km_per_order", "co2_kg", "mall_visits", "opt_in_share", "warehouse_orders",
    "tip_usd_per_order", "gini_driver_earnings", "fee_mall_direct_usd", "fee_rival_a_usd",
]
# fmt: on

WORLDS = {
    "toy": (*BUSY_TOY, "run.days=2"),
    "hurried": (
        *BUSY_TOY,
        "customers.observed_share.rival_a=0.14",
        "customers.observed_share.rival_b=0.12",
        "customers.observed_share.none=0.10",
        "couriers.rival_a.patience_h=0.0",
        "couriers.rival_a.observed.preparation_min=8.0",
        "couriers.rival_b.patience_h=0.0",
        "couriers.rival_b.observed.preparation_min=8.0",
        "drivers.pool=15",
        "retailers.picking.cv=1.5",
        "dispatch.lookahead_min=0.0",
    ),
    "rent": (*BUSY_TOY, "retailers.rent_share_of_walk_in=0.05", "retailers.rent_share_of_delivered=0.02"),
    "full": (*BUSY_TOY, "market=full"),
    "bundled": (*BUSY_TOY, "dispatch=lap_bundled"),
    "meals": (*BUSY_TOY, "meals=us_2024", "meals.orders_per_household_day=0.5", "drivers.pool=60"),
    "toil": (*BUSY_TOY, "run.days=2", "drivers.log_on_cost_usd=0.5", "drivers.app_cost_usd_per_h=0.2"),
}


def values(*overrides: str) -> "pd.Series[float]":
    return run_of(*overrides)[1].metrics.set_index("metric")["value"]


def test_gini_of_the_lognormal() -> None:
    """2 Phi(sigma / sqrt 2) - 1 = 0.276326 at sigma 0.5 (model M7), on the quantiles of the law."""
    n = 200_000
    assert gini(np.exp(0.5 * ndtri((np.arange(n) + 0.5) / n))) == pytest.approx(0.276326, abs=2e-5)
    assert gini(np.full(7, 3.0)) == pytest.approx(0)
    assert gini(np.array([0.0, 0.0, 0.0, 5.0])) == pytest.approx(0.75)
    assert np.isnan(gini(np.array([])))
    assert np.isnan(gini(np.array([-1.0, 1.0])))


def test_atkinson_of_the_lognormal() -> None:
    """1 - exp(-e sigma^2 / 2), on the quantiles of the law; nothing given up where all have the same."""
    n = 200_000
    values = np.exp(0.5 * ndtri((np.arange(n) + 0.5) / n))
    for aversion in (0.5, 1.0):
        assert atkinson(values, aversion) == pytest.approx(1 - np.exp(-aversion * 0.125), abs=2e-5)
        assert atkinson(np.full(5, 2.0), aversion) == pytest.approx(0)
        assert np.isnan(atkinson(np.array([-1.0, 3.0]), aversion))
    assert atkinson(np.array([0.0, 2.0]), 1.0) == 1


def test_hhi_of_nobody_is_not_a_number() -> None:
    assert np.isnan(hhi([0.0, 0.0]))
    assert hhi([8.0, 2.0]) == pytest.approx(6800)


def test_figures_of_nothing_are_not_numbers() -> None:
    assert np.isnan([mean(np.array([])), quantile(np.array([]), 0.5), ratio(1.0, 0.0)]).all()
    assert ratio(1.0, 4.0) == 0.25


def test_the_promised_measures_are_there_with_units_and_definitions() -> None:
    metrics = run_of(*WORLDS["toy"])[1].metrics
    assert set(PROMISED) <= set(metrics["metric"])
    assert metrics["metric"].is_unique
    for each in registry():
        assert each.unit
        assert each.definition.endswith(".")


@pytest.mark.parametrize("world", WORLDS)
def test_welfare_is_what_was_felt_less_what_was_used_up(world: str) -> None:
    """Transfers cancel: gross money utility less resources, forgone wages and external costs (model L3)."""
    market, _ = run_of(*WORLDS[world])
    value, days = values(*WORLDS[world]), market.settings.run.days
    ledger = market.world.ledger
    gross = value["consumer_surplus_usd"] * days - ledger.total_usd("customers")
    resources = sum(ledger.total_usd(sink) for sink in SINKS)
    forgone = float(market.world.drivers.forgone_usd.sum())
    expected = gross - resources - forgone - value["external_cost_usd"] * days
    assert value["welfare_usd"] * days == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("world", WORLDS)
def test_couriers_contributions_are_their_firms_profits(world: str) -> None:
    market, _ = run_of(*WORLDS[world])
    of_firm = dict.fromkeys(market.settings.firms, 0)
    for courier, units in zip(market.settlement.couriers, market.world.ledger.contribution.tolist(), strict=True):
        of_firm[courier.firm] += units
    assert list(of_firm.values()) == [
        int(market.world.ledger.balance[market.settlement.firm(name)]) for name in of_firm
    ]


def test_what_shifts_cost_is_in_net_pay_and_surplus() -> None:
    """Every log-on and every hour on further apps, from the drivers' own books; nothing at default costs."""
    market, outcome = run_of(*WORLDS["toil"])
    drivers, ledger = market.world.drivers, market.world.ledger
    assert ledger.total_usd("log-on") > 1
    expected = 0.2 * float(further_apps(drivers.apps) @ drivers.online_s) / 3600
    assert ledger.total_usd("apps") == pytest.approx(expected, abs=0.01)
    net_usd = sum(ledger.posted_usd(leg) for leg in ("pay", "tip")) - ledger.total_usd("driving")
    surplus = net_usd - ledger.total_usd("log-on") - ledger.total_usd("apps") - drivers.forgone_usd.sum()
    value = outcome.metrics.set_index("metric")["value"]
    assert value["driver_surplus_usd"] * 2 == pytest.approx(surplus, abs=0.01)
    assert run_of(*WORLDS["toy"])[0].world.ledger.total_usd("log-on") == 0


@pytest.mark.parametrize("world", WORLDS)
def test_every_account_belongs_to_somebody_or_to_a_sink(world: str) -> None:
    market, _ = run_of(*WORLDS[world])
    assert set(market.world.ledger._block) == {
        *("customers", "firm", "store", "marketplace", "driver", "landlord", "government", "restaurants"),
        *SINKS,
    }


@pytest.mark.parametrize("world", WORLDS)
def test_counts_and_shares_add_up(world: str) -> None:
    value = values(*WORLDS[world])
    shares = value[[name for name in value.index if name.startswith("share_") and name != "share_below_minimum_wage"]]
    assert shares.sum() == pytest.approx(1)
    assert value["orders_placed"] == pytest.approx(
        value["orders_delivered"] + value["orders_cancelled"] + value["orders_open"]
    )
    assert value["retailer_profit_usd"] == pytest.approx(
        value["retailer_profit_joined_usd"] + value["retailer_profit_not_joined_usd"]
    )
    assert value.filter(regex="^value_share_").sum() == pytest.approx(1)
    assert value.filter(regex="^vkt_.*(gig|van|own)").sum() == pytest.approx(value["vkt_km"])
    assert value.filter(regex="^driver_h_").sum() == pytest.approx(24 * value["drivers_online_mean"])
    assert value["cancelled_share"] == pytest.approx(value["orders_cancelled"] / value["orders_placed"])
    assert 0 <= value["driver_utilisation"] <= 1
    assert 0 <= value["deadhead_share"] <= 1


def test_measures_of_service_are_those_of_the_table_of_orders() -> None:
    market, outcome = run_of(*WORLDS["toy"])
    value = outcome.metrics.set_index("metric")["value"]
    orders = outcome.tables["orders"]
    gig = orders[(orders["status"] == "delivered") & (orders["courier"] != "warehouse")]
    minutes = (gig["delivered_s"] - gig["placed_s"]) / 60
    assert len(gig) > 30
    assert value["delivery_min_mean"] == pytest.approx(minutes.mean())
    assert value["delivery_min_p90"] == pytest.approx(minutes.quantile(0.9))
    assert value["pickup_min_mean"] == pytest.approx(((gig["arrived_s"] - gig["accepted_s"]) / 60).mean())
    assert value["on_time_share"] == pytest.approx((gig["delivered_s"] <= gig["promised_s"]).mean())
    assert value["tip_usd_per_order"] == pytest.approx(gig["tip_usd"].mean())
    km = gig["pickup_km"].sum() + gig["loaded_km"].sum()
    assert value["deadhead_share"] == pytest.approx(gig["pickup_km"].sum() / km)
    delivered = (orders["status"] == "delivered").sum()
    fleet = market.world.couriers[1].fleet
    assert isinstance(fleet, VanFleet)
    van_km = sum(plan.km for plan in fleet.tours)
    assert value["vkt_km_per_order"] == pytest.approx((km + van_km) / delivered)
    firms = orders["courier"].map({"mall_direct": "p", "warehouse": "p", "rival_a": "a", "rival_b": "b"})
    assert value["hhi_delivery"] == pytest.approx(10_000 * (firms.value_counts(normalize=True) ** 2).sum())


def test_drivers_figures_come_from_the_same_hours_and_dollars() -> None:
    market, outcome = run_of(*WORLDS["toy"])
    value, drivers = outcome.metrics.set_index("metric")["value"], outcome.tables["drivers"]
    hours = drivers["online_s"].sum() / 3600
    assert value["drivers_online_mean"] == pytest.approx(hours / 48)
    assert value["driver_net_usd_per_online_h"] == pytest.approx(drivers["net_usd"].sum() / hours)
    engaged = hours - drivers["idle_s"].sum() / 3600
    assert value["driver_utilisation"] == pytest.approx(engaged / hours)
    assert value["driver_surplus_usd"] * 2 == pytest.approx(drivers["net_usd"].sum() - drivers["forgone_usd"].sum())
    assert market.settings.run.days == 2


def test_who_would_have_come_to_the_mall_is_followed_to_the_store() -> None:
    """Shopper by shopper: the second choice, the store it would have been, and what the neighbours would have sold."""
    overrides = ("city=toy", "city.households=1500", "customers.occasions_per_household_day=2.0", "run.tables=all")
    market = market_of(*overrides, "retailers.mall.stores=6", "couriers.mall_direct.fee_usd=0.0")
    outcome = market.run()
    value = outcome.metrics.set_index("metric")["value"]
    occasions, stores = market.today.occasions, market.world.stores
    home = market.world.households.home[occasions.household]
    visited = market.world.shopping.store_visited(occasions, home)
    own = visits = 0
    margin_usd = 0.0
    for row in np.flatnonzero(occasions.choice == 0).tolist():
        taste = (occasions.utility + occasions.noise)[row]
        taste[0] = -np.inf
        if market.world.channels.names[int(taste.argmax())] == "store_mall":
            visits += 1
            own += int(market.today.choices.store[row, 0]) == int(visited[row])
            other = int(other_store(stores, visited[[row]], occasions.source_pick[[row]])[0])
            margin_usd += 0.25 * float(occasions.basket_usd[row]) * float(stores.margin[other])
    assert 0 < own < visits
    assert value["cannibalisation_rate"] == pytest.approx(own / (occasions.choice == 0).sum())
    assert value["mall_visits_displaced"] == visits
    assert value["mall_externality_usd"] == pytest.approx(margin_usd)
    moved = outcome.tables["diversion"].set_index(["channel", "instead"])["occasions"]
    assert moved["mall_direct", "store_mall"] == visits
    assert value["warehouse_orders_displaced"] == moved["mall_direct", "warehouse"]
    np.testing.assert_array_equal(
        moved.groupby("channel").sum()[list(market.world.channels.names)], np.bincount(occasions.choice)
    )


def test_what_a_courier_refuses_is_not_what_it_cannot_reach() -> None:
    """Nobody may wait: rivals quote nothing while an order does; the mall that is closed is no refusal."""
    strict = ("couriers.rival_a.longest_wait_min=0.001", "couriers.rival_b.longest_wait_min=60000")
    value = values(*BUSY_TOY, *strict, "dispatch=lap")
    assert value["unavailable_share_rival_a"] > 0.01
    assert value["unavailable_share_rival_b"] == 0
    assert value["unavailable_share_warehouse"] == 0


def test_a_take_rate_is_what_the_courier_keeps_of_what_is_paid() -> None:
    _, outcome = run_of(*WORLDS["toy"])
    value, orders = outcome.metrics.set_index("metric")["value"], outcome.tables["orders"]
    rival = orders[(orders["courier"] == "rival_a") & (orders["status"] == "delivered")]
    basket = rival["basket_usd"].sum()
    kept = 3.99 * len(rival) + (0.10 + 0.20) * basket
    assert value["take_rate_rival_a"] == pytest.approx(kept / (3.99 * len(rival) + 1.22 * basket))


def test_cancelled_orders_cost_customers_the_choice_and_the_wait() -> None:
    market, outcome = run_of(*WORLDS["hurried"])
    value = outcome.metrics.set_index("metric")["value"]
    orders, count = market.world.orders, market.world.orders.count
    cancelled = np.flatnonzero(orders.status[:count] == 2)
    assert len(cancelled) >= 3
    delivered = np.flatnonzero(orders.status[:count] == 1)
    took_h = (orders.delivered_s[delivered] - orders.placed_s[delivered]) / 3600
    late = orders.delay_usd_per_h[delivered] @ (took_h - orders.expected_s[delivered] / 3600)
    lost = orders.value_usd[cancelled].sum() + 4 * orders.delay_usd_per_h[cancelled].sum()
    assert (orders.value_usd[cancelled] >= 0).all()
    assert value["consumer_surplus_usd"] == pytest.approx(value["consumer_surplus_quoted_usd"] - late - lost)


def test_a_lump_of_money_moves_surplus_one_for_one() -> None:
    """A dollar less of delivery fee for all couriers, met by no change of choice, is a dollar more of surplus."""
    market, _ = run_of(*WORLDS["toy"])
    occasions, person = market.today.occasions, market.today.occasions.household
    alpha = market.world.households.price_sensitivity[person]
    before = log_sum(occasions.utility, market.world.channels.nests) / alpha
    after = log_sum(occasions.utility + alpha[:, None], market.world.channels.nests) / alpha
    np.testing.assert_allclose(after - before, 1, rtol=1e-9)


def test_the_page_of_measures_is_up_to_date() -> None:
    """If this fails: python -m galleria.models.measures > docs/measures.md."""
    page = Path(__file__).parents[4] / "docs" / "measures.md"
    assert page.read_text(encoding="utf-8") == measures_table()
