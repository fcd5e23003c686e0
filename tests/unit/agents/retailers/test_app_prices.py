"""Prices on apps: they follow the commission in force wherever a price, a bill or an offer is worked out."""

import numpy as np
import pytest

from galleria.agents.customers.terms import Terms
from galleria.agents.retailers.app_prices import app_markup
from galleria.models.market import Market
from tests.market_worlds import BUSY_TOY, market_of, run_of

CAP = ("policy=commission_cap", "policy.commission_cap.cap=0.1")
RIVAL_A = 2


def terms_of(market: Market) -> Terms:
    return market.terms.of(market.world.couriers[RIVAL_A], np.ones(1), np.zeros(1, np.int64), np.zeros(1, np.bool_))


def test_a_part_of_a_change_of_the_commission_is_in_the_price() -> None:
    assert app_markup(0.12, -0.1, 0.5) == pytest.approx(0.07)
    assert app_markup(0.12, 0.1, 1.0) == pytest.approx(0.22)
    assert app_markup(0.12, 0.0, 0.5) == 0.12
    assert app_markup(0.0, -0.05, 1.0) == -0.05


def test_the_commission_in_force_counts_and_the_one_observed_is_where_prices_were() -> None:
    assert terms_of(market_of("city=toy")).markup == 0.12
    assert terms_of(market_of("city=toy", "couriers.rival_a.commission=0.3")).markup == pytest.approx(0.17)
    assert terms_of(market_of("city=toy", *CAP)).markup == pytest.approx(0.07)
    assert terms_of(market_of("city=toy", *CAP, "retailers.price_pass_through=0")).markup == 0.12


def test_a_cap_that_begins_late_or_grows_moves_prices_with_it() -> None:
    late = market_of("city=toy", *CAP, "policy.commission_cap.from_day=1", "policy.commission_cap.phase_in_days=4")
    seen = []
    for day in range(6):
        late.world.regulator.open_day(day)
        seen.append(float(terms_of(late).markup))
    np.testing.assert_allclose(seen, 0.12 - 0.05 * np.array([0, 0, 0.25, 0.5, 0.75, 1.0]))


def test_a_cap_above_every_commission_changes_no_bit() -> None:
    _, capped = run_of(*BUSY_TOY, "policy=commission_cap", "policy.commission_cap.cap=0.9")
    _, free = run_of(*BUSY_TOY)
    for name, table in free.tables.items():
        assert table.equals(capped.tables[name]), name


def test_customers_stores_and_the_price_in_all_follow() -> None:
    (stays, kept), (answers, fallen) = (
        run_of(*BUSY_TOY, *CAP, f"retailers.price_pass_through={share}") for share in (0.0, 1.0)
    )
    for market, markup in ((stays, 0.12), (answers, 0.02)):
        orders = market.world.orders
        rows = np.flatnonzero(orders.courier[: orders.count] == RIVAL_A)
        assert len(rows) > 3
        np.testing.assert_allclose(orders.markup_usd[rows], markup * orders.basket_usd[rows])
    before, after = (each.metrics.set_index("metric")["value"] for each in (kept, fallen))
    mean_usd = stays.settings.customers.basket.mean_usd
    assert after["all_in_usd_rival_a"] - before["all_in_usd_rival_a"] == pytest.approx(-0.1 * mean_usd)
    assert after["orders_rivals"] > before["orders_rivals"]


def test_a_store_that_joins_counts_the_price_it_can_ask() -> None:
    market = market_of("city=toy", *CAP, "retailers.price_pass_through=0.5")
    offer = market.membership.offer(
        market.terms.of(market.world.couriers[0], np.zeros(1), np.zeros(1, np.int64), np.zeros(1, np.bool_)),
        market._enforcement.subsidy,
    )
    assert offer.commission == 0.1
    assert offer.markup == pytest.approx(-0.025)
