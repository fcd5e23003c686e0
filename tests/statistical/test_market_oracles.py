"""Oracles of whole markets, model 10.4: fees and policies in the mean field (M5).

M5 is the oracle's table of customers (degrees of hurry only, alpha .25, all deliveries in one nest) on the
20 x 20 km grid without service radius, with the unit pay fixed and the calibration sample of 40,000 shoppers.
Signs must be exact, fees within 15 % of the oracle's.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pytest

from agents.kernel.arrays import Floats
from agents.pricing.concentration import diversion_ratios
from agents.pricing.equilibrium import bertrand_nash, best_response
from agents.pricing.fees import FeeGame, ownership_of
from models.settings.tree import Settings
from models.strategy.case import Conditions
from models.strategy.desk import Desk
from tests.market_worlds import market_of

MALL_DIRECT, WAREHOUSE, RIVAL_A, RIVAL_B = range(4)
GIG = [MALL_DIRECT, RIVAL_A, RIVAL_B]
PAY_USD = np.array([10.5, 0.0, 9.5, 9.5])


@dataclass(frozen=True)
class Case:
    """An equilibrium: its game, fees, shares of the channels, and consumer surplus of an occasion."""

    game: FeeGame
    fee_usd: Floats
    share: Floats
    surplus_usd: float


TABLE = (
    "customers.price_sensitivity.mean_per_usd=0.25",
    "customers.dissimilarity.on_demand=0.7",
    "customers.trip.time_by_basket=0",
    *(
        f"customers.purposes.{name}.{key}={value}"
        for name, share, usd_per_h in (("whenever", 0.65, 0.03), ("stock_up", 0.25, 0.30), ("today", 0.10, 2.0))
        for key, value in {
            "share": share,
            "value_of_delivery_time_usd_per_h": usd_per_h,
            "basket": 1,
            "need": 0,
            "travel_time_weight": 0.4,
            "in_mall": "true",
        }.items()
    ),
)
"""Customers as in the oracle's table."""


@lru_cache
def opened() -> tuple[FeeGame, Floats, Floats]:
    """Open the default market without service radius; return its game, the fees posted, and the sample's baskets."""
    with pytest.MonkeyPatch.context() as one_nest:
        one_nest.setattr(Settings, "shipped", property(lambda settings: (False,) * len(settings.couriers)))
        return _opened()


def _opened() -> tuple[FeeGame, Floats, Floats]:
    market = market_of(
        *TABLE,
        "strategy=nash",
        "strategy.value_of_order=zero",  # the oracle counts margins alone
        "city=grid",
        "city.home_places=600",
        *(f"couriers.{name}.observed.service_radius_km=1000" for name in ("mall_direct", "rival_a", "rival_b")),
    )
    desk = Desk(market.world, market.terms, market.settings.strategy.fees)
    expected = desk.expected()
    support_usd = np.array([courier.settings.support_usd for courier in market.world.couriers])
    unit_cost_usd = np.where(PAY_USD > 0, PAY_USD + support_usd, expected.unit_cost_usd)
    game = desk.game(Conditions(expected.quote_h, unit_cost_usd))
    return game, desk.fees_usd, desk.sample.occasions.basket_usd


def at(game: FeeGame, fee_usd: Floats) -> Case:
    return Case(game, fee_usd, game.demand.shares(fee_usd), game.demand.consumer_surplus_usd(fee_usd))


def equilibrium(game: FeeGame) -> Case:
    return at(game, bertrand_nash(game, opened()[1], 1e-8, 1.0))


@lru_cache
def baseline() -> Case:
    return equilibrium(opened()[0])


@lru_cache
def capped() -> Case:
    """Commission of the gig channels at most 10 %."""
    game, _, basket_usd = opened()
    lost = np.array([0.05, 0.0, 0.10, 0.10])
    return equilibrium(replace(game, margin_usd=game.margin_usd - lost * basket_usd[:, None]))


@lru_cache
def dearer_by_3() -> Case:
    """Gig pay 3 $ higher."""
    game = opened()[0]
    return equilibrium(replace(game, margin_usd=game.margin_usd - np.where(PAY_USD > 0, 3.0, 0.0)))


def test_the_table_is_where_the_calibration_put_it() -> None:
    game, posted, _ = opened()
    np.testing.assert_allclose(at(game, posted).share, [0.02, 0.26, 0.04, 0.02, 0.20, 0.16, 0.30], atol=2e-3)


def test_nash_fees_are_the_oracle_and_nobody_wants_another() -> None:
    nash, start = baseline(), at(opened()[0], opened()[1])
    np.testing.assert_allclose(nash.fee_usd[GIG], [8.18, 6.35, 6.24], rtol=0.15)
    assert nash.fee_usd[WAREHOUSE] == 0.0
    assert nash.share[MALL_DIRECT] < start.share[MALL_DIRECT]
    assert nash.surplus_usd < start.surplus_usd
    for courier in GIG:
        best, gain = best_response(nash.game, courier, nash.fee_usd, 1e-7)
        assert gain < 1e-12
        assert best == pytest.approx(nash.fee_usd[courier], abs=1e-5)


def test_a_cap_on_commissions_comes_back_as_fees() -> None:
    base, cap = baseline(), capped()
    chance = base.game.demand.of_couriers(base.fee_usd)[0]
    mean_basket_usd = (chance * opened()[2][:, None]).sum(axis=0) / chance.sum(axis=0)
    lost_usd = np.array([0.05, 0.0, 0.10, 0.10]) * mean_basket_usd
    passed_on = ((cap.fee_usd - base.fee_usd)[GIG]) / lost_usd[GIG]
    assert np.all((passed_on > 0.75) & (passed_on < 1.3))
    assert np.all(cap.share[GIG] < base.share[GIG])
    assert cap.surplus_usd < base.surplus_usd


def test_dearer_pay_is_nearly_the_same_as_that_cap() -> None:
    """A basket of 59 $ loses 5 points of commission, one of 30 $ ten points: 3 $ each."""
    np.testing.assert_allclose(dearer_by_3().fee_usd[GIG], capped().fee_usd[GIG], rtol=0.03)
    np.testing.assert_allclose(dearer_by_3().share, capped().share, atol=1e-3)


def test_a_tax_on_gig_deliveries_is_passed_on_and_fills_the_warehouse() -> None:
    base, game = baseline(), opened()[0]
    taxed_utility = game.demand.utility.copy()
    taxed_utility[:, GIG] -= 2.0 * game.demand.price_sensitivity[:, None]
    taxed = equilibrium(replace(game, demand=replace(game.demand, utility=taxed_utility)))
    rise_usd = 2.0 + (taxed.fee_usd - base.fee_usd)[GIG]
    assert np.all((rise_usd > 1.2) & (rise_usd < 2.8))
    assert taxed.share[WAREHOUSE] > base.share[WAREHOUSE]
    assert np.all(taxed.share[GIG] < base.share[GIG])


def test_merged_rivals_raise_both_fees_and_mall_direct_hardly_follows() -> None:
    base = baseline()
    merged = equilibrium(replace(opened()[0], ownership=ownership_of(("platform", "platform", "rivals", "rivals"))))
    rise_usd = merged.fee_usd - base.fee_usd
    assert rise_usd[RIVAL_A] > 0.1
    assert rise_usd[RIVAL_B] > 0.1
    assert 0 <= rise_usd[MALL_DIRECT] < 0.1 * rise_usd[RIVAL_A]
    assert merged.surplus_usd < base.surplus_usd


def test_bundling_halves_the_fee_of_mall_direct_and_triples_its_share() -> None:
    base, game = baseline(), opened()[0]
    saving = np.array([4.0, 0.0, 0.0, 0.0])
    bundled = equilibrium(replace(game, margin_usd=game.margin_usd + saving))
    assert 0.4 < bundled.fee_usd[MALL_DIRECT] / base.fee_usd[MALL_DIRECT] < 0.65
    assert 2.5 < bundled.share[MALL_DIRECT] / base.share[MALL_DIRECT] < 4.0
    assert bundled.surplus_usd > base.surplus_usd


def test_mall_direct_takes_its_orders_from_where_the_model_says() -> None:
    """Model 7.7: warehouse 0.39, each kind of store 0.12, not buying 0.27; oracle of a simpler town, so 0.06 off."""
    ratios = diversion_ratios(opened()[0].demand, opened()[1])[MALL_DIRECT]
    np.testing.assert_allclose(ratios[[WAREHOUSE, 4, 5, 6]], [0.39, 0.12, 0.12, 0.27], atol=0.06)
