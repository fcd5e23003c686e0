"""Games of fees that some shoppers do not pay: conditions by differences, conduct inverted, the same if all pay."""

from dataclasses import replace

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.concentration import diversion_ratios
from galleria.agents.pricing.conduct import values_of_orders
from galleria.agents.pricing.equilibrium import bertrand_nash
from galleria.agents.pricing.fees import FeeGame, ownership_of
from galleria.agents.pricing.tariffs import TariffGame
from galleria.experiments.verification.fees import mixed_game, solve

OBSERVED_USD = np.array([2.99, 3.99, 4.99, 0.0])
OWNERS = ownership_of(("platform", "b", "c", "platform"))


def members_game() -> FeeGame:
    """Two thirds do not pay the first courier's fee, a third not the second's; half of these pay a dollar instead."""
    game, generator = mixed_game(OWNERS), np.random.default_rng(3)
    pays_fee = np.ones_like(game.margin_usd)
    pays_fee[:, 0] = generator.random(400) > 2 / 3
    pays_fee[:, 1] = generator.random(400) > 1 / 3
    fixed_usd = np.zeros_like(pays_fee)
    fixed_usd[:, 1] = (1 - pays_fee[:, 1]) * (generator.random(400) > 1 / 2)
    utility = game.demand.utility.copy()
    utility[:, :4] -= game.demand.price_sensitivity[:, None] * fixed_usd
    demand = replace(game.demand, utility=utility, pays_fee=pays_fee)
    return replace(game, demand=demand, margin_usd=game.margin_usd + fixed_usd)


def with_values(game: FeeGame) -> FeeGame:
    price_usd = game.demand.price_usd(OBSERVED_USD)
    value = values_of_orders(game, price_usd, np.ones((400, 1)))[0]
    return replace(game, margin_usd=game.margin_usd + value)


def slope(game: FeeGame, courier: int, fee_usd: Floats) -> float:
    step = 1e-4 * np.eye(4)[courier]
    return (game.objective(courier, fee_usd + step) - game.objective(courier, fee_usd - step)) / 2e-4


def test_fees_are_best_where_the_firms_objective_is_flat_by_differences() -> None:
    fee_usd = solve(members_game())
    for courier in np.flatnonzero((fee_usd > 0) & members_game().priced).tolist():
        assert abs(slope(members_game(), courier, fee_usd)) < 1e-7
    assert (fee_usd[:3] > 0).any()
    assert np.abs(fee_usd - solve(replace(members_game(), demand=mixed_game(OWNERS).demand))).max() > 0.05


def test_what_was_observed_is_the_equilibrium_of_its_values_of_orders() -> None:
    game = with_values(members_game())
    for courier in range(3):
        assert abs(slope(game, courier, OBSERVED_USD)) < 1e-8
    np.testing.assert_allclose(game.zeta(OBSERVED_USD), OBSERVED_USD, atol=1e-9)
    away = OBSERVED_USD + np.array([2.0, -1.0, 3.0, 0.0])
    np.testing.assert_allclose(bertrand_nash(game, away, 1e-10, 1.0), OBSERVED_USD, atol=1e-6)


def test_so_it_is_of_fees_and_rates() -> None:
    game = members_game()
    basket = 55 * np.exp(0.6 * np.random.default_rng(8).standard_normal(400) - 0.18)
    observed = np.array([OBSERVED_USD, [0.05, 0.10, 0.08, 0.0]])
    features = np.column_stack([np.ones(400), basket])
    value = values_of_orders(game, TariffGame(game, basket, 0.5).price_usd(observed), features)
    game = replace(game, margin_usd=game.margin_usd + value[0] + basket[:, None] * value[1])
    tariffs = TariffGame(game, basket, 0.5)
    np.testing.assert_allclose(tariffs.zeta(observed), observed, atol=1e-8)
    counted = game.ownership[0]
    for row, size in ((0, 1e-4), (1, 1e-6)):
        step = np.zeros((2, 4))
        step[row, 0] = size
        slope_usd = counted @ (tariffs.profits(observed + step) - tariffs.profits(observed - step)) / (2 * size)
        assert abs(slope_usd) < 1e-7


def test_only_those_who_pay_a_fee_leave_when_it_rises() -> None:
    demand = members_game().demand
    free = demand.pays_fee == 0
    responses = demand.responses(demand.price_usd(OBSERVED_USD))
    assert (responses[free] == 0).all()
    np.testing.assert_allclose(responses.sum(axis=2), 0.0, atol=1e-12)
    assert (np.abs(responses[~free]).max(axis=1) > 0).any()
    ratios = diversion_ratios(demand, demand.price_usd(OBSERVED_USD))
    np.testing.assert_allclose(ratios.sum(axis=1), 0.0, atol=1e-9)
    np.testing.assert_allclose(np.diag(ratios[:, :4]), -1.0)


def test_where_all_pay_it_is_the_game_without_members() -> None:
    game = mixed_game(OWNERS)
    all_pay = replace(game, demand=replace(game.demand, pays_fee=np.ones_like(game.margin_usd)))
    np.testing.assert_allclose(solve(all_pay), solve(game), atol=1e-10)
