"""Fees: first-order conditions by differences, and no desk that wants another fee; closed forms are rows."""

import numpy as np
import pytest

from galleria.agents.pricing.concentration import (
    by_firm,
    diversion_ratios,
    hhi,
    upward_pricing_pressure,
)
from galleria.agents.pricing.equilibrium import bertrand_nash, best_response
from galleria.agents.pricing.fees import FeeGame, ownership_of
from galleria.experiments.verification.fees import COST_USD, EACH_FOR_ITSELF, QUALITY, logit_game, mixed_game, solve


@pytest.mark.parametrize(
    "game",
    [
        logit_game(QUALITY, COST_USD, ownership_of(("a", "b", "b"))),
        logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF, dissimilarity=0.5),
        mixed_game(ownership_of(("platform", "a", "b", "platform"))),
        mixed_game(ownership_of(("platform", "a", "a", "platform"))),
    ],
    ids=["merged", "nested", "mixed", "mixed, merged"],
)
def test_nobody_gains_by_another_fee(game: FeeGame) -> None:
    """Each fee of the fixed point is the best of all fees, found by searching along it."""
    fee = solve(game)
    for courier in np.flatnonzero(game.priced).tolist():
        best, gain = best_response(game, courier, fee, 1e-9)
        assert gain < 1e-12
        assert best == pytest.approx(fee[courier], abs=2e-6)


def test_fees_outside_the_game_and_limits_hold() -> None:
    game = mixed_game(ownership_of(("platform", "a", "b", "platform")))
    fee = solve(game)
    assert fee[3] == 0.0
    capped = FeeGame(game.demand, game.margin_usd, game.ownership, game.priced, 0.0, 5.0)
    at_cap = solve(capped)
    assert at_cap.max() == 5.0
    assert best_response(capped, int(at_cap.argmax()), at_cap, 1e-9)[1] < 1e-12


def test_a_firm_that_owns_the_warehouse_charges_more_for_mall_direct() -> None:
    """It wins back part of the orders that a higher fee drives away, so it prices the cannibalisation in."""
    together = solve(mixed_game(ownership_of(("platform", "a", "b", "platform"))))
    apart = solve(mixed_game(ownership_of(("mall", "a", "b", "warehouse"))))
    assert together[0] > apart[0]


def test_the_responses_of_demand_are_its_derivatives() -> None:
    demand = mixed_game(np.eye(4)).demand
    fee, step = np.array([5.0, 4.0, 4.5, 0.5]), 1e-5
    exact = demand.responses(fee).mean(axis=0)
    for k in range(4):
        move = np.eye(4)[k] * step
        by_difference = (demand.shares(fee + move) - demand.shares(fee - move)) / (2 * step)
        np.testing.assert_allclose(exact[k], by_difference, atol=1e-9)


def test_zeta_solves_the_first_order_conditions() -> None:
    game = mixed_game(ownership_of(("platform", "a", "a", "platform")))
    fee, step = solve(game), 1e-4
    for courier in np.flatnonzero(game.priced).tolist():
        move = np.eye(4)[courier] * step
        slope = (game.objective(courier, fee + move) - game.objective(courier, fee - move)) / (2 * step)
        assert slope == pytest.approx(0.0, abs=1e-9)


def test_flat_demand_has_no_equilibrium() -> None:
    game = logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF, alpha=1e-9)
    unlimited = FeeGame(game.demand, game.margin_usd, game.ownership, game.priced, -np.inf, np.inf)
    with pytest.raises(ValueError, match="no equilibrium of fees"):
        bertrand_nash(unlimited, COST_USD, 1e-12, 1e-3)


def test_all_who_leave_a_courier_go_somewhere() -> None:
    demand = mixed_game(np.eye(4)).demand
    np.testing.assert_allclose(diversion_ratios(demand, np.full(4, 4.0)).sum(axis=1), 0.0, atol=1e-12)


def test_the_same_nest_takes_more_of_those_who_leave() -> None:
    apart = diversion_ratios(logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF).demand, COST_USD)
    nested = diversion_ratios(logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF, dissimilarity=0.5).demand, COST_USD)
    assert nested[0, 1] > apart[0, 1]
    assert nested[0, 3] < apart[0, 3]


def test_pressure_of_a_merger_is_diversion_times_margin_less_the_saving() -> None:
    game = logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF)
    price = solve(game)
    ratios = diversion_ratios(game.demand, price)
    pressure = upward_pricing_pressure(game, price, np.array([0.1, 0.0, 0.0]))
    assert pressure[0, 1] == pytest.approx(ratios[0, 1] * (price[1] - COST_USD[1]) - 0.1)
    assert pressure[1, 0] == pytest.approx(ratios[1, 0] * (price[0] - COST_USD[0]))
    np.testing.assert_array_equal(np.diag(pressure), 0.0)


def test_pressure_foretells_the_first_step_of_merged_fees() -> None:
    """At the fees from before the merger, the markup form moves each merged fee by its pressure times A_k / A_k'."""
    before = logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF)
    price = solve(before)
    merged = logit_game(QUALITY, COST_USD, ownership_of(("a", "b", "b")))
    share = before.demand.shares(price)
    first_step = merged.zeta(price) - price
    pressure = upward_pricing_pressure(before, price, np.zeros(3))
    np.testing.assert_allclose(
        first_step[1:], [pressure[1, 2] * (1 - share[1]), pressure[2, 1] * (1 - share[2])], atol=1e-9
    )
    assert first_step[0] == pytest.approx(0.0, abs=1e-9)


def test_concentration_rises_by_twice_the_product_of_the_merging_shares() -> None:
    shares = {"mall_direct": 20.0, "warehouse": 40.0, "rival_a": 25.0, "rival_b": 15.0}
    owner = {"mall_direct": "platform", "warehouse": "platform", "rival_a": "a", "rival_b": "b"}
    apart = hhi(by_firm(shares, owner).values())
    merged = hhi(by_firm(shares, {**owner, "rival_b": "a"}).values())
    assert apart == pytest.approx(60**2 + 25**2 + 15**2)
    assert merged - apart == pytest.approx(2 * 25 * 15)
    assert np.isnan(hhi(by_firm({}, {}).values()))


def test_probabilities_of_couriers_are_those_of_the_whole_tree() -> None:
    """Also where a shopper has no courier at all, and at fees so far off that exponentials would overflow."""
    demand = mixed_game(np.eye(4)).demand
    demand.utility[3, :4] = -np.inf
    for fee in (np.array([5.0, 4.0, 4.5, 0.5]), np.full(4, -9000.0), np.full(4, 9000.0)):
        mine, within = demand.of_couriers(fee)
        np.testing.assert_allclose(mine, demand.probabilities(fee)[:, :4], atol=1e-12)
        np.testing.assert_allclose(within.sum(axis=1)[np.arange(400) != 3], 1.0, atol=1e-12)
        assert not mine[3].any()
