"""Games of fees of any size and ownership: the laws of differentiated Bertrand competition hold in all of them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from galleria.agents.customers.choice import Nests
from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.equilibrium import bertrand_nash
from galleria.agents.pricing.fees import Demand, FeeGame, ownership_of

MODEST = st.floats(-2.0, 4.0)
COST = st.floats(0.0, 12.0)


@st.composite
def games(draw: st.DrawFn, *, most: int = 5) -> FeeGame:
    """Draw a game of one to five couriers in one nest, each its own firm, some shoppers with their own margins."""
    couriers, shoppers = draw(st.integers(1, most)), draw(st.integers(1, 4))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    quality = np.array(draw(st.lists(MODEST, min_size=couriers, max_size=couriers)))
    cost_usd = np.array(draw(st.lists(COST, min_size=couriers, max_size=couriers)))
    alpha = draw(st.floats(0.1, 0.8)) * np.exp(0.2 * generator.standard_normal(shoppers))
    utility = np.column_stack([np.tile(quality, (shoppers, 1)), np.zeros(shoppers)])
    nests = Nests(np.array([0] * couriers + [1]), np.array([draw(st.floats(0.3, 1.0)), 1.0]))
    demand = Demand(utility, alpha, nests, couriers)
    return FeeGame(demand, -np.tile(cost_usd, (shoppers, 1)), np.eye(couriers), np.ones(couriers, bool), -60.0, 200.0)


def solve(game: FeeGame) -> Floats:
    return bertrand_nash(game, np.zeros(game.demand.couriers), 1e-10, 1.0)


@settings(max_examples=40, deadline=None)
@given(games())
def test_every_fee_is_above_cost_and_at_a_peak_of_profit(game: FeeGame) -> None:
    fee, step = solve(game), 1e-3
    assert np.all(fee > -game.margin_usd[0])
    for courier in range(game.demand.couriers):
        at_fee = game.objective(courier, fee)
        for move in (-step, step):
            assert game.objective(courier, fee + move * np.eye(len(fee))[courier]) <= at_fee


@settings(max_examples=40, deadline=None)
@given(games())
def test_names_and_order_of_couriers_do_not_matter(game: FeeGame) -> None:
    turned = np.arange(game.demand.couriers)[::-1]
    utility = game.demand.utility[:, [*turned, game.demand.couriers]]
    mirrored = FeeGame(
        Demand(utility, game.demand.price_sensitivity, game.demand.nests, game.demand.couriers),
        game.margin_usd[:, turned],
        game.ownership,
        game.priced,
        game.lowest_usd,
        game.highest_usd,
    )
    np.testing.assert_allclose(solve(mirrored), solve(game)[turned], atol=1e-7)


@settings(max_examples=40, deadline=None)
@given(games())
def test_a_merger_to_monopoly_raises_no_surplus_and_no_firm_loses_by_it(game: FeeGame) -> None:
    """With one margin a courier for all shoppers; with margins that differ, one fee may fall (model 10.4)."""
    joint = FeeGame(
        game.demand,
        game.margin_usd,
        ownership_of(("one",) * game.demand.couriers),
        game.priced,
        game.lowest_usd,
        game.highest_usd,
    )
    apart, together = solve(game), solve(joint)
    assert joint.profits(together).sum() >= game.profits(apart).sum() - 1e-9
    assert game.demand.consumer_surplus_usd(together) <= game.demand.consumer_surplus_usd(apart) + 1e-9


@settings(max_examples=40, deadline=None)
@given(games(), st.floats(0.1, 5.0))
def test_one_price_sensitivity_and_a_fixed_basket_shift_with_the_unit_of_money(game: FeeGame, factor: float) -> None:
    """Fees in cents are a hundred times fees in dollars."""
    other = FeeGame(
        Demand(game.demand.utility, game.demand.price_sensitivity / factor, game.demand.nests, game.demand.couriers),
        game.margin_usd * factor,
        game.ownership,
        game.priced,
        game.lowest_usd * factor,
        game.highest_usd * factor,
    )
    np.testing.assert_allclose(solve(other), solve(game) * factor, rtol=1e-6, atol=1e-6)
