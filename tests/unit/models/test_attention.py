"""Attention and promotions through the whole market: shifts from what was observed, in choice, money and surplus."""

import numpy as np
import pytest

from galleria.agents.customers.choice import Nests, log_sum
from galleria.agents.customers.utility import expected_misjudgement_usd
from galleria.models.market import Market
from tests.market_worlds import BUSY_TOY, market_of, run_of

SMALL = (*BUSY_TOY, "customers.calibration.sample=4000", "run.days=2", "customers.lateness_weight=0")
FIRST = "couriers.mall_direct.attention_usd=6"
LAST = "couriers.mall_direct.attention_usd=-6"
DISCOUNT = "couriers.mall_direct.promotion_usd=2"


def first_day(*overrides: str) -> Market:
    """Return a market in which the first day's shoppers have come."""
    market = market_of(*SMALL, "run.days=1", *overrides)
    market.run()
    return market


def value_of(*overrides: str) -> dict[str, float]:
    metrics = run_of(*SMALL, *overrides)[1].metrics
    return dict(zip(metrics["metric"], metrics["value"], strict=True))


def test_who_is_ranked_first_gets_orders_and_who_is_ranked_last_loses_them() -> None:
    last, usual, first = (value_of(*given)["orders_mall_direct"] for given in ((LAST,), (), (FIRST,)))
    assert last < usual < first


@pytest.mark.parametrize("given", [FIRST, LAST, DISCOUNT])
def test_constants_and_conduct_are_those_without(given: str) -> None:
    """What was observed had no attention beyond itself: a shift is not absorbed by what is inverted."""
    nash = ("strategy=nash", "strategy.baseline_days=1")
    usual, shifted = market_of(*SMALL, *nash), market_of(*SMALL, *nash, given)
    np.testing.assert_array_equal(shifted.world.channels.constants, usual.world.channels.constants)
    np.testing.assert_array_equal(shifted.strategy.desk.values_usd, usual.strategy.desk.values_usd)


def test_in_choices_attention_is_a_cheaper_fee_and_a_promotion_too() -> None:
    """Three dollars each way: shoppers choose the same, to the last of them."""
    attention, fee = first_day("couriers.mall_direct.attention_usd=3"), first_day("couriers.mall_direct.fee_usd=1.99")
    promotion = first_day("couriers.mall_direct.promotion_usd=3")
    chosen = [market.world.memory.days[0].choice for market in (fee, attention, promotion)]
    assert (chosen[0] == chosen[1]).all()
    assert (chosen[0] == chosen[2]).all()


def test_surplus_counts_the_promotion_and_not_the_attention() -> None:
    fee, promotion, attention = (
        first_day(f"couriers.mall_direct.{given}").world.memory.days[0].surplus_usd
        for given in ("fee_usd=1.99", "promotion_usd=3", "attention_usd=3")
    )
    np.testing.assert_allclose(promotion, fee, atol=1e-9)
    assert (attention <= fee + 1e-12).all()
    assert (attention < fee - 1e-3).any()


@pytest.mark.parametrize("given", [FIRST, LAST])
def test_nobody_is_better_off_for_choosing_by_another_worth_than_they_have(given: str) -> None:
    """By chances on the sample, before any queue or price answers."""
    market, alpha = market_of(*SMALL, given), market_of(*SMALL).strategy.desk.sample.households.price_sensitivity
    nests = market.world.channels.nests
    desk = market.strategy.desk
    seen = desk.demand(desk.today()).utility_at(desk.price_usd)
    attention_usd = np.array([offer.appeal.attention_usd for offer in desk.today().terms])
    really = seen.copy()
    really[:, : len(attention_usd)] -= alpha[:, None] * attention_usd
    led = log_sum(seen, nests) / alpha - expected_misjudgement_usd(seen, nests, attention_usd)
    best = log_sum(really, nests) / alpha
    assert (led <= best + 1e-12).all()
    assert (led < best - 1e-4).any()


def test_misjudgement_is_the_attention_of_what_is_chosen() -> None:
    nests = Nests(np.array([0, 1, 2]), np.ones(3))
    utility = np.array([[30.0, 0.0, 0.0], [0.0, 30.0, 0.0], [0.0, 0.0, 30.0]])
    usd = expected_misjudgement_usd(utility, nests, np.array([2.0, -1.0]))
    np.testing.assert_allclose(usd, [2.0, -1.0, 0.0], atol=1e-9)


def test_the_courier_pays_its_promotions() -> None:
    market, _ = run_of(*SMALL, DISCOUNT)
    orders, ledger = market.world.orders, market.world.ledger
    mine = orders.courier[: orders.count] == 0
    assert (orders.promotion_usd[: orders.count] == np.where(mine, 2.0, 0.0)).all()
    delivered = int((mine & np.isfinite(orders.delivered_s[: orders.count])).sum())
    assert delivered > 10
    assert ledger.posted_usd("promotion") == pytest.approx(2.0 * delivered)
    assert ledger.is_balanced
    usual, cheap = value_of(), value_of(DISCOUNT)
    assert cheap["all_in_usd_mall_direct"] == pytest.approx(usual["all_in_usd_mall_direct"] - 2.0, abs=0.3)
    assert cheap["take_rate_mall_direct"] < usual["take_rate_mall_direct"]


def test_a_firm_that_sets_its_fee_takes_a_promotion_back_in_it() -> None:
    """A dollar given and a dollar charged are one to customers and to the firm."""
    market = market_of(*SMALL, "strategy=nash", "strategy.baseline_days=1", DISCOUNT)
    market.open_day(0)
    fees = [courier.posted.fee_usd for courier in market.world.couriers]
    np.testing.assert_allclose(fees, [4.99 + 2.0, 0.0, 3.99, 4.99], atol=1e-5)
