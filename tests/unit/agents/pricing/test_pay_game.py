"""Base pay as a strategy, on a pool of drivers small enough to recompute."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import bisect

from galleria.agents.drivers.contracts import NOBODY
from galleria.agents.drivers.labour import LabourSupply
from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.fees import ownership_of
from galleria.agents.pricing.pay import Levels, PayGame
from tests.market_worlds import BUSY_TOY, run_of

DELAY_H = np.array([-0.5, -0.2, 0.0, 0.2, 0.5, 1.0])
SUPPLY = LabourSupply(pool=300, median_usd_per_h=17.0, sd_log=0.4)
SMALL = (*BUSY_TOY, "customers.calibration.sample=2000", "run.days=15")


def game(margin_usd: float = 9.0, base_usd: float = 8.0) -> PayGame:
    """Two gig couriers and one with vans; a quarter of an hour later costs a gig courier a quarter of its orders."""
    share = 0.03 * np.clip(1 - DELAY_H, 0.0, None)[:, None] * np.array([1.0, 0.0, 0.6]) + np.array([0.0, 0.2, 0.0])
    return PayGame(
        delay_h=DELAY_H,
        share=share,
        profit_usd=share * np.array([margin_usd, 2.0, margin_usd + 1]),
        pay_usd=np.array([base_usd, 0.0, base_usd]),
        payer=np.array([0, NOBODY, 2]),
        trips_per_order=np.array([0.8, 0.0, 1.0]),
        net_usd=np.array([base_usd - 1, 0.0, base_usd - 1]),
        ownership=ownership_of(("platform", "platform", "rival")),
        occasions_per_h=np.full(24, 1000.0),
        supply=(SUPPLY,) * 24,
        busy_h=0.4,
        pickup_h=0.4,
        levels=Levels(0.5, 4.0, 20.0),
    )


def by_hand(play: PayGame, courier: int, pay_usd: Floats) -> float:
    """Work out a firm's profit again: bisection for the rate, for the idle drivers and for the delay, one hour."""

    def share_at(delay: float) -> Floats:
        return np.array([np.interp(delay, DELAY_H, play.share[:, k]) for k in range(3)])

    def pickup_h(delay: float, pay: Floats) -> float:
        orders = 1000.0 * share_at(delay)
        extra = play.trips_per_order * (pay - play.pay_usd)
        income, trips = sum(orders[k] * (play.net_usd[k] + extra[k]) for k in (0, 2)), orders[0] * 0.8 + orders[2]
        rate = float(bisect(lambda w: SUPPLY.drivers(w) * w - income, 1e-3, income, xtol=1e-12))
        drivers = SUPPLY.drivers(rate)

        def spare(idle: float) -> float:
            return float((drivers - idle) / (0.4 + 0.4 / np.sqrt(idle)) - trips)

        most = max(np.linspace(1e-3, drivers, 20_001).tolist(), key=spare)
        return 0.4 / float(np.sqrt(bisect(spare, most, drivers, xtol=1e-12)))

    seen = pickup_h(0.0, play.pay_usd)
    delay = float(bisect(lambda d: pickup_h(d, pay_usd) - seen - d, -0.5, 0.5, xtol=1e-7))
    profit = np.array([np.interp(delay, DELAY_H, play.profit_usd[:, k]) for k in range(3)])
    profit -= play.trips_per_order * (pay_usd - play.pay_usd) * share_at(delay)
    return float(play.ownership[courier] @ profit)


def test_at_the_pay_that_was_seen_nothing_changes() -> None:
    play = game()
    assert play.delay_at(play.pay_usd) == pytest.approx(0.0, abs=1e-6)
    np.testing.assert_allclose(play.profits(play.pay_usd), play.profit_usd[2], rtol=1e-5)
    assert play.fitted(0.1).service(play.pay_usd, 0.0) == pytest.approx((0.1, 1.0))


def test_dearer_pay_brings_drivers_nearer() -> None:
    play = game()
    delay = [play.delay_at(np.array([base, 0.0, 8.0])) for base in (6.0, 8.0, 10.0)]
    assert delay[0] > 1e-3 > -1e-3 > delay[2]


@pytest.mark.parametrize("courier", [0, 2])
def test_the_best_response_is_the_best_of_the_five_levels(courier: int) -> None:
    play = game()
    levels = [7.0, 7.5, 8.0, 8.5, 9.0]
    np.testing.assert_allclose(play.grid(8.0), levels)
    profit = []
    for level in levels:
        pay_usd = play.pay_usd.copy()
        pay_usd[courier] = level
        profit.append(by_hand(play, courier, pay_usd))
    best, gain = play.best_pay(courier, play.pay_usd)
    assert best == levels[int(np.argmax(profit))]
    assert gain == pytest.approx(max(profit) - profit[2], abs=1e-6)
    assert best != 8.0


def test_responses_end_where_nobody_regrets() -> None:
    play = game()
    pay_usd = play.pay_usd
    for _ in range(40):
        before, pay_usd = pay_usd, play.respond(pay_usd)
        if (before == pay_usd).all():
            break
    assert [play.best_pay(k, pay_usd)[1] for k in (0, 2)] == [0.0, 0.0]
    assert (pay_usd[[0, 2]] != 8.0).any()
    assert ((pay_usd[[0, 2]] >= 4) & (pay_usd[[0, 2]] <= 20)).all()


def test_orders_worth_more_are_worth_more_pay() -> None:
    """Thin margins want cheaper drivers, fat ones more of them; limits are kept."""
    thin, fat = (game(margin).best_pay(0, game().pay_usd)[0] for margin in (0.5, 60.0))
    assert thin < 8.0 < fat
    np.testing.assert_allclose(game().grid(4.2), [4.0, 4.2, 4.7, 5.2])


def test_drivers_who_cannot_keep_up_cost_orders() -> None:
    """Twice the highest throughput: half the orders are refused, and only those that need drivers."""
    play = game()
    crowded = replace(play, occasions_per_h=20 * play.occasions_per_h, supply=(replace(SUPPLY, pool=20),) * 24)
    served = crowded.service(crowded.pay_usd, 0.0).served_share
    assert 0 < served < 0.5
    expected = crowded.profit_usd[2] * np.array([served, 1.0, served])
    np.testing.assert_allclose(crowded.profits(crowded.pay_usd), expected, rtol=1e-3)


def test_a_brand_in_a_pool_pays_what_the_leader_pays() -> None:
    pooled = replace(game(), payer=np.array([0, NOBODY, 0]))
    assert pooled.sets_pay.tolist() == [0]
    dearer = pooled.pay_usd + np.array([1.0, 0.0, 0.0])
    cost = pooled.share[2] * np.array([0.8, 0.0, 1.0])
    unmoved = replace(pooled, share=np.tile(pooled.share[2], (6, 1)), profit_usd=np.tile(pooled.profit_usd[2], (6, 1)))
    np.testing.assert_allclose(unmoved.profits(dearer), pooled.profit_usd[2] - cost)


def test_couriers_of_a_market_set_pay_each_week_and_report_regret() -> None:
    market, outcome = run_of(*SMALL, "strategy=pay")
    pay, orders = outcome.tables["pay"], outcome.tables["orders"]
    assert set(pay["courier"]) == {"mall_direct", "rival_a", "rival_b"}
    assert (pay["regret_usd_per_day"] >= 0).all()
    assert (pay["regret_usd_per_day"] > 0).any()
    assert (pay["idle_drivers"] > 0).all()
    by_week = pay.pivot_table(index="courier", columns="week", values="base_usd")
    assert by_week[0].to_dict() == {"mall_direct": 10.5, "rival_a": 9.5, "rival_b": 9.5}
    assert (by_week[1] != by_week[0]).any()
    assert ((by_week.diff(axis=1).dropna(axis=1).abs() <= 1.0 + 1e-9).all()).all()
    singles = orders[(orders["bundle"] == 1) & (orders["accepted_s"] >= 7 * 86_400) & (orders["day"] < 14)]
    for courier, base_usd in by_week[1].items():
        np.testing.assert_allclose(singles.loc[singles["courier"] == courier, "pay_usd"], base_usd)
    assert market.world.ledger.is_balanced


def test_pay_that_is_not_set_is_as_posted() -> None:
    assert "pay" not in run_of(*SMALL)[1].tables
    first = [run_of(*SMALL, f"strategy={name}")[1].tables["orders"].query("day < 6") for name in ("fixed", "pay")]
    assert first[0].equals(first[1])
