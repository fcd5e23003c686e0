"""Membership through the whole market: who is served, what is paid, constants and conduct at the fee schedule."""

import numpy as np
import pandas as pd

from galleria.models.market import Market
from tests.market_worlds import BUSY_TOY, market_of, run_of

SMALL = (*BUSY_TOY, "customers.calibration.sample=4000", "run.days=2")
PILOT = (*SMALL, "market=pilot")
FREE_ABOVE = "couriers.mall_direct.fee_schedule={members_only: false, members_fee_usd: 1.5, members_free_above_usd: 25}"
FREE_THEN = FREE_ABOVE.replace("mall_direct.", "mall_direct.observed.")
MALL_DIRECT = 0


def orders_of(market: Market) -> pd.DataFrame:
    """Return mall-direct's orders with their baskets, fees, hours and whether customers are members."""
    orders, households = market.world.orders, market.world.households
    rows = np.flatnonzero(orders.courier[: orders.count] == MALL_DIRECT)
    return pd.DataFrame(
        {
            "basket": orders.basket_usd[rows],
            "fee": orders.fee_usd[rows],
            "hour": orders.placed_s[rows] / 3600 % 24,
            "member": households.member[orders.household[rows]],
        }
    )


def test_the_pilot_serves_members_by_noon_free_above_the_threshold() -> None:
    orders = orders_of(run_of(*PILOT)[0])
    assert orders["member"].all()
    assert orders["hour"].max() < 12
    assert (orders["fee"] == np.where(orders["basket"] > 25, 0.0, 2.99)).all()
    assert set(orders["fee"]) == {0.0, 2.99}


def test_fees_of_members_and_others_are_in_the_ledger() -> None:
    market, outcome = run_of(*SMALL, FREE_ABOVE, FREE_THEN)
    orders = orders_of(market)
    expected = np.where(orders["member"], np.where(orders["basket"] > 25, 0.0, 1.5), 4.99)
    np.testing.assert_allclose(orders["fee"], expected)
    assert set(orders["fee"]) == {0.0, 1.5, 4.99}
    assert market.world.ledger.is_balanced
    measured = outcome.metrics.set_index("metric")["value"]
    assert measured["fee_mall_direct_usd"] == orders["fee"].mean()


def test_constants_give_the_observed_shares_at_the_schedule() -> None:
    """On the sample, at what was observed: shares as they were, whatever the schedule was."""
    for overrides in (PILOT, (*SMALL, FREE_THEN)):
        market = market_of(*overrides, "strategy=nash")
        desk = market.strategy.desk
        share = desk.shares(desk.observed())
        for name, target in market.settings.customers.observed_share.items():
            assert abs(share[market.world.channels.number(name)] - target) < 1e-8
    plain = market_of(*SMALL).world.channels.constants
    assert market_of(*PILOT).world.channels.constants[MALL_DIRECT] > plain[MALL_DIRECT] + 0.3


def test_who_is_a_member_is_drawn_once_and_more_are_the_same_and_others() -> None:
    few, many = (market_of(*SMALL, f"customers.members_share={share}").world.households for share in (0.3, 0.8))
    assert abs(few.member.mean() - 0.3) < 0.1
    assert abs(many.member.mean() - 0.8) < 0.1
    assert (many.member | ~few.member).all()
    assert (few.home == many.home).all()


def test_without_schedules_it_does_not_matter_who_is_a_member() -> None:
    _, few = run_of(*SMALL, "customers.members_share=0.1")
    _, many = run_of(*SMALL, "customers.members_share=0.9")
    pd.testing.assert_frame_equal(few.metrics, many.metrics, check_exact=True)


def test_a_schedule_that_charges_all_alike_is_none_to_the_bit() -> None:
    alike = "{members_only: false, members_fee_usd: null, members_free_above_usd: null}"
    _, none = run_of(*SMALL)
    _, same = run_of(*SMALL, f"couriers.mall_direct.fee_schedule={alike}")
    pd.testing.assert_frame_equal(none.metrics, same.metrics, check_exact=True)


def test_the_equilibrium_of_the_pilot_is_the_pilot() -> None:
    """Conduct is inverted at the schedule: the fee below the threshold is the firm's to set, and it is its best."""
    market = market_of(*PILOT, "strategy=nash", "strategy.baseline_days=1")
    desk = market.strategy.desk
    game = desk.game(desk.anticipated())
    np.testing.assert_allclose(game.zeta(desk.fees_usd), desk.fees_usd, atol=1e-8)
    market.open_day(0)
    np.testing.assert_allclose(desk.fees_usd[:4], [2.99, 0.0, 3.99, 4.99], atol=1e-6)


def test_fees_that_are_set_move_what_is_paid_below_the_threshold_only() -> None:
    market, _ = run_of(*PILOT, "strategy=nash", "strategy.baseline_days=1", "couriers.mall_direct.pay.base_usd=14")
    orders, posted = orders_of(market), market.world.couriers[MALL_DIRECT].posted.fee_usd
    assert posted > 2.99 + 0.5
    assert (orders["fee"] == np.where(orders["basket"] > 25, 0.0, posted)).all()


def test_a_floor_on_fees_holds_for_members_too() -> None:
    floor = ("policy=delivery_fee_cap", "policy.delivery_fee_cap.lowest_usd=2", "policy.delivery_fee_cap.highest_usd=9")
    orders = orders_of(run_of(*PILOT, *floor)[0])
    np.testing.assert_allclose(orders["fee"], np.where(orders["basket"] > 25, 2.0, 2.99))
