"""Stores join for what mall-direct brings, leave when it costs them, and settle where nobody would move."""

import numpy as np
import pytest

from galleria.agents.retailers.opt_in import Offer, expected_gain, review_opt_in
from tests.market_worlds import BUSY_TOY, market_of, run_of, settings_of

SETTINGS = settings_of("city=toy").retailers


def test_the_expected_gain_is_the_sum_of_its_parts() -> None:
    offer = Offer(50.0, commission=0.15, markup=0.05, subsidy_usd=1.0, subsidy_usd_per_week=30.0, diverted_share=0.1)
    orders, margin, back, others = np.array([100.0, 0.0]), np.full(2, 0.45), np.array([0.25, 0.1]), np.array([0, 2])
    gain = expected_gain(orders, margin, back, others, offer, SETTINGS)
    kept = (0.45 - 0.15 + 0.05 - 0.25 * SETTINGS.returns.loss_share) * 50 + 1
    lost = 0.1 * 0.45 * 50 * (1 + SETTINGS.unplanned_share)
    second = SETTINGS.integration_usd_per_week + SETTINGS.on_call.share * SETTINGS.on_call.usd_per_h * 10.5 * 7 - 30
    fixed = second + SETTINGS.setup_usd_per_week
    assert gain.tolist() == pytest.approx([100 * (kept - lost - SETTINGS.picking_cost_usd) - fixed, -second])
    errs = settings_of(
        "city=toy", "retailers.stock.record_error=0.1", "retailers.stock.record_error_per_further_courier=0.05"
    ).retailers
    alone, of_three = expected_gain(np.full(2, 100.0), margin, back[:1], others, offer, errs)
    assert alone == pytest.approx(100 * (0.9 * (kept - lost) - SETTINGS.picking_cost_usd) - fixed)
    assert of_three == pytest.approx(100 * (0.8 * (kept - lost) - SETTINGS.picking_cost_usd) - second)


def test_reviews_follow_the_logit_and_only_reviewers_move() -> None:
    n = 200_000
    uniform = np.random.default_rng(5).random(n)
    joined = np.arange(n) % 2 == 0
    gain, peers, everyone = np.full(n, 60.0), np.full(n, 0.5), np.ones(n, np.bool_)
    after = review_opt_in(joined, gain, peers, everyone, uniform, SETTINGS.opt_in)
    scale = SETTINGS.opt_in.noise_usd_per_week
    p_join = 1 / (1 + np.exp(-(60 + SETTINGS.opt_in.peer_usd_per_week * 0.5) / scale))
    p_leave = 1 / (1 + np.exp((60 + SETTINGS.opt_in.sunk_usd_per_week) / scale))
    error = 4 * 0.5 / np.sqrt(n / 2)
    assert after[~joined].mean() == pytest.approx(p_join, abs=error)
    assert after[joined].mean() == pytest.approx(1 - p_leave, abs=error)
    nobody = np.zeros(n, np.bool_)
    assert (review_opt_in(joined, gain, peers, nobody, uniform, SETTINGS.opt_in) == joined).all()


def test_weekly_reviews_change_who_is_on_mall_direct() -> None:
    dear = ("retailers=logit_dynamic", "retailers.opt_in.reviewed_per_week=1.0", "run.days=8")
    free, costly = ("retailers.integration_usd_per_week=0",), ("retailers.integration_usd_per_week=100000",)
    left = run_of(*BUSY_TOY, *dear, *costly)[1].tables["days"]["opt_in_share"].to_numpy()
    assert left[0] == left[6] == 0.5
    assert left[7] == 0.0
    stayed = run_of(*BUSY_TOY, *dear, *free)[1].tables["days"]["opt_in_share"].to_numpy()
    assert stayed[7] > left[7]


def test_in_equilibrium_all_join_what_costs_nothing_and_nobody_what_ruins() -> None:
    free = market_of(
        *BUSY_TOY,
        "retailers=equilibrium",
        "retailers.integration_usd_per_week=0",
        "retailers.on_call.share=0",
        "retailers.setup_usd_per_week=0",
    )
    assert free.evidence().joining.adoption == (1.0, 1.0)
    assert free.membership.opt_in_share == 1.0
    ruinous = market_of(*BUSY_TOY, "retailers=equilibrium", "retailers.integration_usd_per_week=100000")
    assert ruinous.evidence().joining.adoption == (0.0, 0.0)
    assert ruinous.membership.opt_in_share == 0.0


def test_exclusive_stores_are_on_no_other_app_and_pay_less() -> None:
    market = market_of(*BUSY_TOY, "retailers.opt_in.exclusive=true")
    names = list(market.settings.couriers)
    in_mall = market.world.stores.mall >= 0
    mall_direct = market.world.stores.listed[:, names.index("mall_direct")] & in_mall
    assert mall_direct.any()
    for rival in ("rival_a", "rival_b"):
        assert not market.world.stores.listed[mall_direct, names.index(rival)].any()
    terms = market.terms.of(
        market.world.couriers[names.index("mall_direct")], np.ones(1), np.zeros(1, np.int64), np.zeros(1, np.bool_)
    )
    cut = market.settings.retailers.opt_in.exclusive_commission_cut
    assert terms.commission == pytest.approx(market.settings.couriers["mall_direct"].commission - cut)
