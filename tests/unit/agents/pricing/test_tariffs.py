"""Fee and service rate set together: best in both, the fee game where rates are out of reach, conduct inverted."""

from dataclasses import replace

import numpy as np
import pytest

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.conduct import values_of_orders
from galleria.agents.pricing.equilibrium import bertrand_nash
from galleria.agents.pricing.fees import ownership_of
from galleria.agents.pricing.tariffs import TariffGame, best_tariff
from galleria.experiments.verification.fees import mixed_game, solve

OBSERVED = np.array([[4.99, 3.99, 4.99, 0.0], [0.05, 0.10, 0.08, 0.0]])
OWNERS = ownership_of(("platform", "b", "c", "platform"))


def tariff_game(value: Floats, *, highest_rate: float = 0.5) -> TariffGame:
    """Mixed shoppers, orders and each dollar of their baskets worth something more to couriers, float64 [2, J]."""
    generator = np.random.default_rng(8)
    basket = 55 * np.exp(0.6 * generator.standard_normal(400) - 0.18)
    game = mixed_game(OWNERS)
    game = replace(game, margin_usd=game.margin_usd + value[0] + basket[:, None] * value[1])
    return TariffGame(game, basket, highest_rate)


def inverted() -> Floats:
    bare = tariff_game(np.zeros((2, 4)))
    features = np.column_stack([np.ones(400), bare.basket_usd])
    return values_of_orders(bare.fees, bare.price_usd(OBSERVED), features)


def test_what_was_observed_is_the_equilibrium_of_fees_and_rates() -> None:
    game = tariff_game(inverted())
    np.testing.assert_allclose(game.zeta(OBSERVED), OBSERVED, atol=1e-9)
    away = OBSERVED + np.array([[3.0, -1.0, 2.0, 0.0], [0.05, -0.04, 0.02, 0.0]])
    np.testing.assert_allclose(bertrand_nash(game, away, 1e-10, 1.0), OBSERVED, atol=1e-6)


@pytest.mark.parametrize("courier", [0, 1, 2])
def test_no_other_tariff_of_one_courier_is_better(courier: int) -> None:
    game = tariff_game(inverted())
    counted = game.fees.ownership[courier]
    best = counted @ game.profits(OBSERVED)
    for fee_step in (-1.5, -0.2, 0.0, 0.2, 1.5):
        for rate_step in (-0.04, -0.005, 0.0, 0.005, 0.04):
            other = OBSERVED.copy()
            other[:, courier] += fee_step, rate_step
            assert counted @ game.profits(other) <= best + 1e-12


def test_without_room_for_rates_it_is_the_game_of_fees() -> None:
    game = tariff_game(np.zeros((2, 4)), highest_rate=0.0)
    tariff = bertrand_nash(game, np.zeros((2, 4)), 1e-11, 1.0)
    assert (tariff[1] == 0).all()
    np.testing.assert_allclose(tariff[0], solve(game.fees), atol=1e-8)


def test_a_lower_commission_comes_back_in_the_rate_and_not_in_the_fee() -> None:
    """A dollar of basket that brings five cents less is five cents dearer: the rest of the tariff hardly moves."""
    value = inverted()
    capped = value.copy()
    capped[1, 1:3] -= 0.05
    after = bertrand_nash(tariff_game(capped), OBSERVED, 1e-9, 1.0)
    np.testing.assert_allclose(after[1, 1:3] - OBSERVED[1, 1:3], 0.05, atol=0.006)
    np.testing.assert_allclose(after[0, 1:3], OBSERVED[0, 1:3], atol=0.3)


def test_the_search_for_a_better_tariff_finds_none_in_equilibrium_and_the_same_one_elsewhere() -> None:
    game = tariff_game(inverted())
    assert best_tariff(game, 1, OBSERVED)[1] < 1e-9
    other = OBSERVED.copy()
    other[:, 1] = 9.0, 0.2
    best, gain = best_tariff(game, 1, other)
    counted = game.fees.ownership[1]
    assert gain == pytest.approx(counted @ (game.profits(OBSERVED) - game.profits(other)), rel=1e-4)
    np.testing.assert_allclose(best, OBSERVED[:, 1], atol=0.02)
