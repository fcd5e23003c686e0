"""Quotes, promises and surge: averages by hand, quantiles that come to rest, who pays when."""

import numpy as np
import pytest

from galleria.agents.couriers.quotes import Quotes, QuoteSettings
from galleria.agents.kernel.order import Status
from tests.market_worlds import run_of

BUSY = ("city=toy", "city.households=400", "customers.occasions_per_household_day=1.0", "drivers.pool=60")
COURIERS = ("mall_direct", "rival_a", "rival_b")


def settings(by: str = "courier", rule: str = "mean_and_sd") -> QuoteSettings:
    return QuoteSettings.model_validate(
        {"by": by, "rule": rule, "rate": 0.1, "safety": 0.84, "quantile": 0.8, "initial_sd_min": 10.0}
    )


def test_before_anything_is_seen_the_quote_is_what_was_observed() -> None:
    for by in ("courier", "zone_hour"):
        for rule in ("mean_and_sd", "quantile"):
            quotes = Quotes(settings(by, rule), 35.0, zones=3)
            assert quotes.mean_quote_h(12) == pytest.approx(35 / 60)
            assert quotes.zones_h(12) == pytest.approx([35 / 60] * 3 if by == "zone_hour" else [35 / 60])


def test_mean_and_deviation_move_by_the_rate() -> None:
    quotes = Quotes(settings(), 35.0, zones=1)
    mean_s = 35 * 60 - 0.84 * 600
    quotes.learn(mean_s + 100.0, 0, 12)
    variance = 0.9 * (600.0**2 + 0.1 * 100.0**2)
    assert quotes.mean_quote_h(0) * 3600 == pytest.approx(mean_s + 10 + 0.84 * np.sqrt(variance))


def test_a_zone_and_an_hour_learn_for_themselves() -> None:
    quotes = Quotes(settings("zone_hour"), 35.0, zones=2)
    for _ in range(200):
        quotes.learn(7200.0, 1, 18)
    assert quotes.zones_h(18)[1] > 1.9
    assert quotes.zones_h(18)[0] == quotes.zones_h(17)[1] == pytest.approx(35 / 60)


def test_the_quantile_comes_to_rest_where_four_of_five_are_faster() -> None:
    rng = np.random.default_rng(1)
    took_s = rng.gamma(4.0, 400.0, 8000)
    quotes = Quotes(settings(rule="quantile"), 35.0, zones=1)
    below = []
    for took in took_s.tolist():
        below.append(took <= quotes.mean_quote_h(0) * 3600)
        quotes.learn(took, 0, 0)
    assert np.mean(below[500:]) == pytest.approx(0.8, abs=0.02)


def of_each(key: str) -> tuple[str, ...]:
    return tuple(f"couriers.{name}.{key}" for name in COURIERS)


def test_a_fixed_promise_is_what_every_order_is_promised_and_late_ones_are_credited() -> None:
    market, outcome = run_of(*BUSY, *of_each("promise.hours=0.5"), *of_each("promise.credit_usd=3.0"))
    orders = market.world.orders
    gig = np.flatnonzero(np.isin(orders.courier[: orders.count], market.world.channels.gig))
    assert len(gig) > 20
    np.testing.assert_allclose(orders.promised_s[gig] - orders.placed_s[gig], 0.5 * 3600)
    late = (orders.status[gig] == Status.DELIVERED) & (orders.delivered_s[gig] > orders.promised_s[gig])
    assert 0 < late.sum() < len(gig)
    assert market.world.ledger.posted_usd("credit") == pytest.approx(3.0 * late.sum())
    metrics = outcome.metrics.set_index("metric")["value"]
    assert 0 < metrics["on_time_share"] < 1
    assert {f"on_time_share_{name}" for name in COURIERS} <= set(metrics.index)


def test_quotes_by_zone_and_hour_differ_between_customers() -> None:
    market, _ = run_of(
        *BUSY, *of_each("quote.by=zone_hour"), *of_each("quote.rule=quantile"), *of_each("quote.rate=0.5")
    )
    fleets = [courier.fleet for courier in market.world.couriers if hasattr(courier.fleet, "quotes")]
    assert any(np.ptp(fleet.quotes.zones_h(18)) > 0 for fleet in fleets)
    assert market.world.orders.count > 50


def test_a_surge_is_paid_by_customers_and_goes_to_drivers() -> None:
    plain, _ = run_of(*BUSY, "drivers.pool=25")
    surging, _ = run_of(*BUSY, "drivers.pool=25", *of_each("surge.gain=1.0"), *of_each("surge.target=0.1"))
    orders = surging.world.orders
    placed = slice(0, orders.count)
    surged = orders.surge_usd[placed] > 0
    assert surged.any()
    assert (orders.fee_usd[placed][surged] > orders.surge_usd[placed][surged]).all()
    assert not (plain.world.orders.surge_usd > 0).any()
    for name in COURIERS:
        rows = np.flatnonzero(orders.courier[placed] == surging.world.channels.number(name))
        moment = np.floor(orders.placed_s[rows] / surging.settings.dispatch.requote_s)
        zone = surging.world.city.places.zone[orders.origin[rows]]
        here = np.unique(np.column_stack([moment, zone, orders.surge_usd[rows]]), axis=0)
        assert len(here) == len(np.unique(here[:, :2], axis=0)), "one surcharge for each moment and zone of stores"
    paid = orders.pay_usd[placed][orders.driver[placed] >= 0]
    assert paid.max() > plain.world.orders.pay_usd.max()
