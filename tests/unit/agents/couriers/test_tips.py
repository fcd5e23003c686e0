"""Tips: less where customers are asked for them only after they pay, in what they weigh, pay and drivers get."""

import numpy as np
import pytest

from galleria.agents.couriers.tips import tip_in_force
from galleria.models.market import Market
from tests.market_worlds import BUSY_TOY, market_of, run_of

RIVAL_A, MOVED = 2, "couriers.rival_a.tip_prompt=after"
ANSWER, LAW = "policy=tip_prompt_after", "policy=[tip_prompt_before,tip_prompt_after]"


def tip_of(market: Market) -> float:
    return market.terms.of(
        market.world.couriers[RIVAL_A], np.ones(1), np.zeros(1, np.int64), np.zeros(1, np.bool_)
    ).tip_usd


def test_a_part_of_the_tip_is_left_and_comes_back() -> None:
    assert tip_in_force(3.0, 1.0, 1.0, 0.25) == 3.0
    assert tip_in_force(3.0, 1.0, 0.0, 0.25) == 0.75
    assert tip_in_force(0.75, 0.0, 1.0, 0.25) == 3.0
    assert tip_in_force(4.0, 1.0, 0.5, 0.25) == 2.5


def test_the_prompt_is_the_couriers_or_the_answer_of_all_or_the_laws() -> None:
    left = market_of("city=toy").settings.customers.tip_left_after_checkout
    assert tip_of(market_of("city=toy")) == 3.0
    assert tip_of(market_of("city=toy", MOVED)) == pytest.approx(3.0 * left)
    assert tip_of(market_of("city=toy", ANSWER)) == pytest.approx(3.0 * left)
    assert tip_of(market_of("city=toy", ANSWER, "policy.tip_prompt_after.share=0.5")) == pytest.approx(1.5 * (1 + left))
    assert tip_of(market_of("city=toy", LAW)) == 3.0, "the law has the last word though it is named first"
    assert tip_of(market_of("city=toy", MOVED, "policy=tip_prompt_before")) == 3.0


def test_tips_that_were_observed_with_the_prompt_behind_checkout_rise_when_the_law_moves_it() -> None:
    seen = ("city=toy", "couriers.rival_a.observed.tip_prompt=after", "couriers.rival_a.observed.tip_usd=0.8")
    assert tip_of(market_of(*seen)) == 0.8
    assert tip_of(market_of(*seen, "policy=tip_prompt_before")) == pytest.approx(0.8 / 0.23)


def test_dates_and_phases_hold() -> None:
    market = market_of(
        "city=toy", ANSWER, "policy.tip_prompt_after.from_day=1", "policy.tip_prompt_after.phase_in_days=2"
    )
    tips = []
    for day in range(4):
        market.world.regulator.open_day(day)
        tips.append(tip_of(market))
    np.testing.assert_allclose(tips, 3.0 * (1 - 0.77 * np.array([0, 0, 0.5, 1.0])))


def test_customers_weigh_what_they_pay_and_drivers_get_it() -> None:
    (market, moved), (_, before) = (run_of(*BUSY_TOY, *given) for given in ((MOVED,), ()))
    orders = market.world.orders
    rows = np.flatnonzero(orders.courier[: orders.count] == RIVAL_A)
    np.testing.assert_allclose(orders.tip_usd[rows], 3.0 * 0.23)
    tips_usd = orders.tip_usd[: orders.count][orders.driver[: orders.count] >= 0].sum()
    assert market.world.ledger.posted_usd("tip") == pytest.approx(tips_usd, abs=0.05)
    after, then = (each.metrics.set_index("metric")["value"] for each in (moved, before))
    assert after["all_in_usd_rival_a"] == pytest.approx(then["all_in_usd_rival_a"] - 3.0 * 0.77)
    assert after["orders_rivals"] > then["orders_rivals"]
    sample = market_of(*BUSY_TOY, MOVED).strategy.desk
    assert sample.shares()[RIVAL_A] > market_of(*BUSY_TOY).strategy.desk.shares()[RIVAL_A]
