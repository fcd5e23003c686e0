"""A cap on commissions in the analytic market of the default table, when sellers' prices answer (model 7.3, 7.6).

Rivals ask 30 % before, as they did before the caps of 2020; what an order is worth to them is inverted there, so the
equilibrium without a cap is what was observed. The cap of 15 % leaves mall-direct alone.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pytest

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.equilibrium import bertrand_nash
from galleria.agents.pricing.tariffs import TariffGame
from galleria.models.strategy.desk import Desk
from tests.market_worlds import market_of

RIVALS = [2, 3]
TABLE = (
    "strategy=nash",
    "city=grid",
    "city.home_places=600",
    "customers.calibration.sample=10000",
    "couriers.rival_a.observed.commission=0.3",
    "couriers.rival_b.observed.commission=0.3",
    "policy=commission_cap",
)
MEAN_BASKET_USD, CUT = 55.0, 0.15


class Equilibrium(NamedTuple):
    """Fees and service rates, float64 [2, J], prices in all at a mean basket, shares, sellers' shares, mean baskets."""

    tariff: Floats
    all_in_usd: Floats
    share: Floats
    kept: Floats
    basket_usd: Floats


@lru_cache
def equilibrium(pass_through: float, cap: float, sets: str = "fee") -> Equilibrium:
    market = market_of(
        *TABLE,
        f"retailers.price_pass_through={pass_through}",
        f"policy.commission_cap.cap={cap}",
        f"strategy.fees.sets={sets}",
    )
    desk = Desk(market.world, market.terms, market.settings.strategy.fees)
    game, tariff = desk.game(desk.baseline), np.stack([desk.fees_usd, desk.rates])
    if sets == "fee":
        tariff = np.stack([bertrand_nash(game, tariff[0], 1e-10, 1.0), tariff[1]])
        price = tariff[0]
    else:
        tariffs = TariffGame(game, desk.basket_usd, 0.5)
        tariff = bertrand_nash(tariffs, tariff, 1e-10, 1.0)
        price = tariffs.price_usd(tariff)
    terms = desk.today().terms
    markup, commission = (np.array([getattr(offer, name) for offer in terms]) for name in ("markup", "commission"))
    all_in_usd = tariff[0] + (tariff[1] + markup) * MEAN_BASKET_USD
    chance = game.demand.of_couriers(price)[0]
    basket_usd = desk.basket_usd @ chance / chance.sum(axis=0)
    return Equilibrium(tariff, all_in_usd, game.demand.shares(price), markup - commission, basket_usd)


def change(pass_through: float, sets: str = "fee") -> tuple[Floats, Floats, float]:
    """Return by how much fees and prices in all of the rivals rise, $, and their orders, as a share."""
    before, after = equilibrium(pass_through, 1.0, sets), equilibrium(pass_through, 0.15, sets)
    fee_usd = (after.tariff[0] - before.tariff[0])[RIVALS]
    orders = after.share[RIVALS].sum() / before.share[RIVALS].sum() - 1
    return fee_usd, (after.all_in_usd - before.all_in_usd)[RIVALS], float(orders)


@pytest.mark.parametrize("sets", ["fee", "fee_and_rate"])
def test_without_a_cap_the_equilibrium_is_what_was_observed(sets: str) -> None:
    before = equilibrium(0.5, 1.0, sets)
    np.testing.assert_allclose(before.tariff[0], [4.99, 0.0, 3.99, 4.99], atol=1e-6)
    np.testing.assert_allclose(before.tariff[1], [0.0, 0.0, 0.1, 0.1], atol=1e-8)


def test_fees_rise_the_less_the_more_sellers_prices_fall_and_orders_turn_from_loss_to_gain() -> None:
    """A courier loses .15 of its baskets and takes back about as much where prices stay; as these fall, so does all."""
    fees, prices, orders = zip(*(change(each) for each in (0.0, 0.5, 0.8, 1.0)), strict=True)
    assert (np.diff(np.array(fees), axis=0) < 0).all()
    assert (np.array(fees) > 1).all()
    np.testing.assert_allclose(fees[0], CUT * equilibrium(0.0, 1.0).basket_usd[RIVALS], rtol=0.15)
    np.testing.assert_allclose(prices[0], fees[0], atol=1e-9)
    assert (np.diff(np.array(prices), axis=0) < 0).all()
    assert (prices[-1] < 0).all()
    assert (np.diff(orders) > 0).all()
    assert orders[0] < -0.4
    assert orders[-1] > 0


def test_where_prices_answer_in_full_and_rates_are_free_it_does_not_matter_who_pays() -> None:
    """Neutrality of Gans and King: what sellers no longer pay customers do, to the last cent of every basket."""
    before, after = equilibrium(1.0, 1.0, "fee_and_rate"), equilibrium(1.0, 0.15, "fee_and_rate")
    np.testing.assert_allclose((after.tariff - before.tariff)[0], 0.0, atol=1e-6)
    np.testing.assert_allclose((after.tariff - before.tariff)[1, RIVALS], CUT, atol=1e-8)
    np.testing.assert_allclose(after.all_in_usd, before.all_in_usd, atol=1e-6)
    np.testing.assert_allclose(after.share, before.share, rtol=1e-7)
    np.testing.assert_allclose(after.kept, before.kept, atol=1e-12)


def test_short_of_that_customers_pay_more_and_order_less() -> None:
    for pass_through in (0.0, 0.5):
        _, prices, orders = change(pass_through, "fee_and_rate")
        np.testing.assert_allclose(prices, (1 - pass_through) * CUT * MEAN_BASKET_USD, rtol=0.1)
        assert orders < -0.1
