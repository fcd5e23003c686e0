"""Values of orders in the market: the baseline is its own equilibrium, and no policy or choice of a firm is in them."""

import numpy as np
import pytest

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.equilibrium import bertrand_nash
from galleria.agents.pricing.tariffs import TariffGame, best_tariff
from galleria.models.market import Market
from galleria.models.settings.strategy import NashSettings
from galleria.models.strategy.baseline import baseline_settings
from galleria.models.strategy.desk import Desk
from galleria.models.strategy.fees import HillClimbFees
from tests.market_worlds import BUSY_TOY, market_of, run_of, settings_of

SMALL = (*BUSY_TOY, "customers.calibration.sample=4000", "strategy=nash", "strategy.baseline_days=2")
MARKUP_USD = 0.6 / 0.12
"""Lambda / alpha, the mark-up of a courier that is small in its nest: no merger of two takes a fee up by more."""
OBSERVED = {"mall_direct": 4.99, "rival_a": 3.99, "rival_b": 4.99}


def desk_of(market: Market) -> Desk:
    return market.strategy.desk


def values_of(*overrides: str) -> Floats:
    return desk_of(market_of(*SMALL, *overrides)).values_usd


@pytest.mark.parametrize("market", ["base", "full"])
def test_the_equilibrium_of_the_baseline_is_the_baseline(market: str) -> None:
    opened = market_of(*SMALL, f"market={market}")
    desk = desk_of(opened)
    posted = desk.fees_usd
    priced = desk.today().priced
    assert (np.abs(desk.values_usd[priced]) > 0.05).all(), "without values of orders these fees are no equilibrium"
    assert (desk.values_usd[~priced] == 0).all()
    game = desk.game(desk.anticipated())
    np.testing.assert_allclose(game.zeta(posted), posted, atol=1e-9)
    elsewhere = np.where(priced, posted + 3.0, posted)
    np.testing.assert_allclose(bertrand_nash(game, elsewhere, 1e-9, 1.0), posted, atol=1e-6)
    opened.open_day(0)
    np.testing.assert_allclose(desk.fees_usd, posted, atol=1e-6)


def test_so_it_is_where_service_rates_are_set_too() -> None:
    opened = market_of(*SMALL, "strategy.fees.sets=fee_and_rate")
    desk, settings = desk_of(opened), opened.settings.strategy.fees
    assert isinstance(settings, NashSettings)
    observed = np.stack([desk.fees_usd, desk.rates])
    priced = desk.today().priced
    assert (np.abs(desk.values[:, priced]) > 1e-3).all(), "orders and baskets have values of their own"
    game = TariffGame(desk.game(desk.anticipated()), desk.basket_usd, settings.highest_rate)
    np.testing.assert_allclose(game.zeta(observed), observed, atol=1e-9)
    for courier in np.flatnonzero(priced).tolist():
        assert best_tariff(game, courier, observed)[1] < 1e-9
    opened.open_day(0)
    np.testing.assert_allclose(np.stack([desk.fees_usd, desk.rates]), observed, atol=1e-6)


def test_rates_that_are_set_are_on_bills_and_in_the_table_of_fees() -> None:
    market, outcome = run_of(
        *SMALL, "strategy.fees.sets=fee_and_rate", "policy=commission_cap", "policy.commission_cap.cap=0.1"
    )
    fees = outcome.tables["fees"].set_index("courier")
    rate, orders = fees["service_rate"]["rival_a"], market.world.orders
    assert rate > 0.1 + 0.05
    rows = np.flatnonzero(orders.courier[: orders.count] == 2)
    np.testing.assert_allclose(orders.service_usd[rows], rate * orders.basket_usd[rows])
    assert (fees["regret_usd_per_day"] >= 0).all()


def test_the_baseline_stands_still_for_weeks() -> None:
    """What is seen in the first week is what the baseline has shown, so nothing moves a fee by a cent.

    Nothing but what customers remember of late parcels, which had not happened when shares were observed: it counts
    by a few cents, and not at all here.
    """
    _, outcome = run_of(*SMALL, "strategy.baseline_days=7", "run.days=15", "customers.lateness_weight=0")
    fees = outcome.tables["fees"]
    assert set(fees["week"]) == {0, 1, 2}
    np.testing.assert_allclose(fees["fee_usd"], fees["courier"].map(OBSERVED), atol=0.01)
    measured = outcome.metrics.set_index("metric")["value"]
    for name, value in fees.groupby("courier")["value_usd"].first().items():
        assert measured[f"value_of_order_usd_{name}"] == value


@pytest.mark.parametrize(
    "arm",
    [
        "policy=[commission_cap]",
        "policy=[min_pay_seattle,gig_only_tax]",
        "market=merger",
        "market=spin_off",
        "couriers.rival_a.commission=0.3",
        "couriers.rival_a.pay.base_usd=12",
        "couriers.rival_b.fee_usd=9",
        "retailers.opt_in.share=0.9",
    ],
)
def test_no_policy_and_no_choice_is_in_the_values(arm: str) -> None:
    np.testing.assert_array_equal(values_of(arm), values_of())


def test_tastes_and_the_town_are() -> None:
    assert np.abs(values_of("customers.price_sensitivity.mean_per_usd=0.2") - values_of()).max() > 0.1


def test_an_entrant_has_the_value_of_the_courier_whose_constant_it_has() -> None:
    market = market_of(*SMALL, "market=entrant")
    value = dict(zip(market.world.channels.names, desk_of(market).values_usd.tolist(), strict=False))
    assert value["rival_c"] == value["rival_a"] != 0


def test_a_merger_moves_fees_from_those_observed_and_up() -> None:
    for name, dearer in (("merger_separate", ("rival_a", "rival_b")), ("platform_merger", ("rival_a",))):
        market = market_of(*SMALL, f"market={name}")
        market.open_day(0)
        fee = {courier.name: courier.posted.fee_usd for courier in market.world.couriers}
        assert all(fee[courier] > OBSERVED[courier] + 0.02 for courier in dearer)
        assert all(abs(fee[courier] - OBSERVED[courier]) < MARKUP_USD for courier in OBSERVED)


def test_a_cost_of_a_policy_moves_the_fee_by_about_as_much() -> None:
    """Pass-through of the mixed logit: most of a dollar an order more to pay comes back."""
    market = market_of(*SMALL, "couriers.rival_a.pay.base_usd=10.5")
    market.open_day(0)
    assert 0.6 < market.world.couriers[2].posted.fee_usd - 3.99 < 1.15


def test_without_values_the_equilibrium_is_that_of_margins_alone() -> None:
    desk = desk_of(market_of(*SMALL, "strategy.value_of_order=zero"))
    assert (desk.values_usd == 0).all()
    game = desk.game(desk.anticipated())
    assert np.abs(game.zeta(desk.fees_usd) - desk.fees_usd).max() > 0.5


def test_the_baseline_is_the_design_point_where_nothing_was_chosen() -> None:
    plain = settings_of(*BUSY_TOY)
    assert baseline_settings(plain).couriers == plain.couriers
    chosen = settings_of(
        *BUSY_TOY, "market=platform_merger", "couriers.rival_a.fee_usd=9", "couriers.rival_a.pay.base_usd=4",
        "policy=[gig_only_tax]", "retailers.opt_in.share=0.9", "strategy=pay",
    )  # fmt: skip
    before = baseline_settings(chosen)
    assert before.couriers == plain.couriers
    assert before.retailers == plain.retailers
    assert before.policy == {}
    assert before.strategy.pooled == {}
    assert before.strategy.pay is None


def test_a_hill_climber_counts_what_orders_are_worth() -> None:
    """The same books, but more orders in the second week: only who values them goes on."""
    directions = []
    for value in ("zero", "inverted"):
        market = market_of(*SMALL, "strategy=hill_climb", f"strategy.value_of_order={value}")
        market.run()
        rule = HillClimbFees(market.world, market.strategy.desk, market.settings.strategy.fees)  # type: ignore[arg-type]  # hill_climb
        rule.moved, rule.profit_usd = {"platform": "mall_direct"}, dict.fromkeys(market.settings.firms, 0.0)
        rule.profit_usd["platform"] = 1e-9
        rule.balance_usd = market.world.ledger.balance_usd("firm")
        rule.review(0)
        directions.append(rule.direction["mall_direct"])
    assert directions == [-1.0, 1.0]
