"""Meals answer what they cost, all in, and how long they take; policies that move either move orders."""

import numpy as np
import pandas as pd
import pytest

from galleria.models.city import City
from galleria.models.market import Market
from galleria.models.opening.rest import Learn, Rest, rest_of
from galleria.models.settings.tree import Settings
from tests.market_worlds import BUSY_TOY, city_of, run_of, settings_of

WORLD = (*BUSY_TOY, "meals=us_2024", "meals.orders_per_household_day=0.5", "run.days=2", "drivers.pool=60")
"""Two hundred meals a day beside four hundred occasions to shop."""
DRAWN = ["placed_s", "origin", "destination", "store", "basket_usd"]


def meals_of(*overrides: str) -> pd.DataFrame:
    return run_of(*WORLD, *overrides)[1].tables["meals"]


def test_arms_with_other_prices_pair() -> None:
    """Dearer, some of the same meals are given up and none is added; cheaper, all of them stay and others come."""
    base = meals_of().set_index("occasion")
    dearer, cheaper = (meals_of(f"meals.fee_usd={fee}").set_index("occasion") for fee in (5.0, 2.0))
    assert set(dearer.index) < set(base.index) < set(cheaper.index)
    pd.testing.assert_frame_equal(dearer[DRAWN], base.loc[dearer.index, DRAWN])
    pd.testing.assert_frame_equal(cheaper.loc[base.index, DRAWN], base[DRAWN])
    assert 0.86 < len(dearer) / len(base) < 0.97
    assert dearer.fee_usd.unique().tolist() == [5.0]


def values_of(*overrides: str) -> "pd.Series[float]":
    market, outcome = run_of(*WORLD, *overrides)
    assert market.world.ledger.is_balanced
    return outcome.metrics.set_index("metric")["value"]


def test_a_cap_on_commissions_reaches_menus_and_orders() -> None:
    """Commissions of 25 % fall to 15 %; half of it goes off menu prices; more are ordered, and consumers gain."""
    before, capped = meals_of(), meals_of("policy=commission_cap")
    assert (capped.commission_usd / capped.basket_usd).to_numpy() == pytest.approx(0.15)
    assert (before.markup_usd / before.basket_usd).to_numpy() == pytest.approx(0.20)
    assert (capped.markup_usd / capped.basket_usd).to_numpy() == pytest.approx(0.20 - 0.5 * 0.10)
    assert set(before.occasion) < set(capped.occasion)
    then, now = values_of(), values_of("policy=commission_cap")
    assert now["meal_all_in_usd"] < then["meal_all_in_usd"] - 0.5
    assert now["meals_ordered"] > then["meals_ordered"]
    assert now["consumer_surplus_quoted_usd"] > then["consumer_surplus_quoted_usd"]


def test_taxes_fee_caps_and_prompts_reach_meals_and_their_orders() -> None:
    base = meals_of()
    taxed, capped, after = (
        meals_of(f"policy={name}") for name in ("gig_only_tax", "delivery_fee_cap", "tip_prompt_after")
    )
    assert taxed.tax_usd.unique().tolist() == [2.0]
    assert set(taxed.occasion) < set(base.occasion)
    assert capped.fee_usd.unique().tolist() == [2.99]
    assert set(capped.occasion) > set(base.occasion)
    assert (after.tip_usd < 0.3 * base.tip_usd.max()).all()
    assert set(after.occasion) > set(base.occasion)
    market, _ = run_of(*WORLD, "policy=gig_only_tax")
    both = pd.concat([run_of(*WORLD, "policy=gig_only_tax")[1].tables["orders"], taxed]).query("status == 'delivered'")
    assert market.world.ledger.is_balanced
    assert market.world.ledger.total_usd("government") == pytest.approx(both.tax_usd.sum(), abs=0.01)
    assert (meals_of("policy=delivery_fee_mn").tax_usd == 0).all()


@pytest.mark.parametrize("policy", ["neutral", "commission_cap", "delivery_fee_cap", "gig_only_tax"])
def test_policies_that_need_not_bind_change_no_meal(policy: str) -> None:
    loose = {
        "commission_cap": ("policy.commission_cap.cap=1.0",),
        "delivery_fee_cap": ("policy.delivery_fee_cap.highest_usd=null",),
        "gig_only_tax": ("policy.gig_only_tax.usd_per_order=0.0",),
    }
    pd.testing.assert_frame_equal(meals_of(f"policy={policy}", *loose.get(policy, ())), meals_of())


def test_waits_that_are_not_the_usual_ones_move_orders() -> None:
    """At the usual waits of the market at rest as many are ordered as stated; where drivers lack, fewer."""
    few = (*WORLD, "drivers.pool=16", "run.days=1")
    rest = rest_of_market(*few)
    settings = settings_of(*few)
    assert rest is not None
    ordered = []
    for longer_h in (0.0, 0.5, -0.5):
        usual = rest._replace(meal_quote_h=rest.meal_quote_h - longer_h)
        market = Market(settings, city_of(settings.city), rest=usual)
        market.run()
        ordered.append(market.world.meals.orders.count)
    assert ordered[0] == pytest.approx(200, rel=0.15)
    assert ordered[1] < 0.75 * ordered[0]
    assert ordered[2] > 1.3 * ordered[0]


def test_what_is_usual_is_told_by_the_market_without_policies() -> None:
    """A policy of the first day does not hide its own effect on waits; what hours bring is as it makes them."""
    capped = ("policy=[min_pay_nyc_hourly,log_in_cap]", "policy.log_in_cap.utilisation=0.9")
    free, ruled = rest_of_market(*WORLD), rest_of_market(*WORLD, *capped)
    assert free is not None
    assert ruled is not None
    np.testing.assert_array_equal(free.meal_quote_h, ruled.meal_quote_h)
    assert (free.income_usd != ruled.income_usd).any()
    neutral = rest_of_market(*WORLD, "policy=neutral")
    assert neutral is not None
    for a, b in zip(free, neutral, strict=True):
        np.testing.assert_array_equal(a, b)


def rest_of_market(*overrides: str) -> Rest | None:
    settings = settings_of(*overrides)

    def run(point: Settings, city: City, replication: int, learn: Learn) -> None:
        Market(point, city, replication, learn=learn).run()

    return rest_of(settings, city_of(settings.city), run)


def test_couriers_pass_on_what_policies_cost_of_meals() -> None:
    """From the second day fees of meals rise by what a floor adds to the pay of a meal, and fewer are ordered."""
    floored = (*WORLD, "policy=[min_pay_seattle,pass_through]")
    market, outcome = run_of(*floored)
    meals = outcome.tables["meals"]
    first, second = (meals[meals.day == day] for day in (0, 1))
    assert (first.fee_usd == 4.0).all()
    delivered = first[(first.status == "delivered") & (first.delivered_s <= 86_400)]
    for courier, of_courier in second.groupby("courier"):
        dearer_usd = delivered.raised_usd[delivered.courier == courier].mean()
        assert dearer_usd > 1
        assert of_courier.fee_usd.to_numpy() == pytest.approx(4.0 + dearer_usd)
    alone = meals_of("policy=min_pay_seattle")
    assert set(second.occasion) < set(alone.occasion[alone.day == 1])
    added_usd = market.world.memory.burden.added_usd
    assert len(added_usd) == 2 * len(market.world.couriers)


def test_passing_on_looks_ahead_to_fewer_meals() -> None:
    """Under a floor on hours with few on line, an added dollar leads to fewer meals, and both are told together."""
    policy = "policy=[min_pay_nyc_hourly,log_in_cap,pass_through]"
    market, outcome = run_of(*WORLD, policy, "policy.log_in_cap.utilisation=0.5")
    couriers, burden = len(market.world.couriers), market.world.memory.burden
    added_usd, answer = burden.added_usd[couriers:], burden.answer[couriers:]
    carriers = market._meals.weights > 0
    assert (added_usd[carriers] > 0).all()
    assert (answer[carriers] < 1).all()
    assert (answer[carriers] > np.exp(-0.2 * added_usd[carriers])).all()
    assert set(outcome.tables["meals"].query("day == 1").fee_usd) == set((4.0 + added_usd[carriers]).tolist())
