"""Values of orders: they make what was observed the equilibrium, and are those that made it."""

from dataclasses import replace

import numpy as np
import pytest

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.conduct import values_of_orders
from galleria.agents.pricing.equilibrium import bertrand_nash
from galleria.agents.pricing.fees import FeeGame, ownership_of
from galleria.experiments.verification.fees import mixed_game, solve

OBSERVED_USD = np.array([4.99, 3.99, 4.99, 0.0])
OWNERS = [("a", "b", "c", "d"), ("platform", "b", "c", "platform"), ("one", "one", "one", "one")]


def ones(game: FeeGame) -> Floats:
    return np.ones((len(game.margin_usd), 1))


@pytest.mark.parametrize("firms", OWNERS)
def test_what_was_observed_is_the_equilibrium_under_any_owners(firms: tuple[str, ...]) -> None:
    game = mixed_game(ownership_of(firms))
    value = values_of_orders(game, OBSERVED_USD, ones(game))[0]
    assert value[3] == 0.0, "its fee is not set in the game"
    assert (np.abs(value[:3]) > 0.1).all()
    with_value = replace(game, margin_usd=game.margin_usd + value)
    np.testing.assert_allclose(with_value.zeta(OBSERVED_USD), OBSERVED_USD, atol=1e-9)
    away = np.array([12.0, 0.5, 9.0, 0.0])
    np.testing.assert_allclose(bertrand_nash(with_value, away, 1e-10, 1.0), OBSERVED_USD, atol=1e-6)


def test_values_that_made_an_equilibrium_are_found_again() -> None:
    game = mixed_game(ownership_of(("platform", "b", "c", "platform")))
    value = np.array([2.5, -0.75, 1.0, 0.0])
    fee = solve(replace(game, margin_usd=game.margin_usd + value))
    assert (fee[:3] > 0).all(), "no fee is at a limit, where it says nothing about values"
    np.testing.assert_allclose(values_of_orders(game, fee, ones(game))[0], value, atol=1e-6)


def test_by_differences_the_firms_objective_is_flat_at_what_was_observed() -> None:
    """The derivative of profits, taken by steps of the fee and not by the formula."""
    game = mixed_game(ownership_of(("platform", "b", "b", "platform")))
    value = values_of_orders(game, OBSERVED_USD, ones(game))[0]
    game = replace(game, margin_usd=game.margin_usd + value)
    for courier in range(3):
        step = 1e-4 * np.eye(4)[courier]
        slope = game.objective(courier, OBSERVED_USD + step) - game.objective(courier, OBSERVED_USD - step)
        assert abs(slope / 2e-4) < 1e-8


def test_a_courier_that_nobody_can_order_from_has_no_value() -> None:
    game = mixed_game(np.eye(4))
    utility = game.demand.utility.copy()
    utility[:, 1] = -np.inf
    value = values_of_orders(replace(game, demand=replace(game.demand, utility=utility)), OBSERVED_USD, ones(game))
    assert value[0, 1] == 0.0
    assert np.isfinite(value).all()
